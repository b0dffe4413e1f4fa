"""The database behind the link: one file for each request, and what it says of itself."""
