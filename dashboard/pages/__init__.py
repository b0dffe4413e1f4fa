"""The pages that Datasette does not have."""
