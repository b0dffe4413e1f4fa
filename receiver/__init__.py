"""Accept uploads, append them to the log, answer once they are durable.  The only writer of `log.db`."""
