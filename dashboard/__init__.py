"""What Datasette serves: the public dashboard, and the maintainers' explorer.

Every word and every query is in `metadata.yml`; the words on columns are the comments of the tables' own DDL.
"""
