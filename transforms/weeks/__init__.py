"""Count a week as it ends, and decide what of it may be shown."""
