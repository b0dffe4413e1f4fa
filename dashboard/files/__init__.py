"""Figures as files: CSV, and the database itself."""
