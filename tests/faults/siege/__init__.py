"""Every attack that was ever found, at once, on all that `make run` starts, while honest people use it."""
