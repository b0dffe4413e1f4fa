"""The weeks as they were published, in editions.db: append-only, and nothing else can make it again."""
