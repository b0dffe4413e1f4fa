"""history.db: what counting needs of weeks whose uploads are purged."""
