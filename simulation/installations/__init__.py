"""One installation through the weeks, and the report that says what it is."""
