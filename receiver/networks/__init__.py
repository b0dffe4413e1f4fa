"""Which network an upload comes from, how much a network may send, and what is stored about it."""
