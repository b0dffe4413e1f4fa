"""Figures, never assertions on time: `make bench` prints one JSON object a line."""
