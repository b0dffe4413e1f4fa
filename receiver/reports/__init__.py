"""What a body must be to be a report."""
