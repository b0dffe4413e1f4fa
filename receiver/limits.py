"""The bounds of what the receiver takes.  Each has its own answer when it is passed."""

BODY_BYTES_MAX = 256 * 1024  # on the wire, and inflated
DEPTH_MAX = 32
NODES_MAX = 20_000  # values in a report, nested ones included
STRING_LENGTH_MAX = 1024  # characters
KEY_LENGTH_MAX = 128  # characters
UUID_PATTERN = "[0-9A-Za-z-]{16,64}"
WAITING_UPLOADS_MAX = 10_000  # uploads in memory that wait for their commit
BATCH_UPLOADS_MAX = 1_000  # uploads that share one commit
