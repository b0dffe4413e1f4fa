"""The log: written, checked, salvaged, brought in and taken out."""
