"""How an installation finds its uploads, and how uploads leave the log."""
