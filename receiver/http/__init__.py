"""The requests that the receiver answers."""
