"""views.db: what the pipeline holds between two runs."""
