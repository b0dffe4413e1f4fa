"""The canned queries of metadata.yml, the things they are about, and their results as people see them."""
