"""The log: written, checked, salvaged, imported and exported."""
