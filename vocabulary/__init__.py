"""What every room may import: names, versions, the release calendar, the fields of a report and how it is read."""
