"""Turn the log into the latest-per-uuid views (private) and the weekly aggregates (public)."""
