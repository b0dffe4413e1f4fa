"""The bounds of what the receiver takes.  Each has its own answer when it is passed.

The API description is made from these names, so it cannot fall out of step with what the code enforces.
"""

# A report
BODY_BYTES_MAX = 256 * 1024  # on the wire, and inflated
DEPTH_MAX = 32
NODES_MAX = 20_000  # values in a report, nested ones included
STRING_LENGTH_MAX = 1024  # characters
KEY_LENGTH_MAX = 128  # characters
INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
UUID_PATTERN = "[0-9A-Za-z-]{16,64}"

# A connection
HEADER_BYTES_MAX = 16 * 1024
HEADER_SECONDS_MAX = 10  # from the first byte of a request, or from the connection, to the end of the header
BODY_SECONDS_MAX = 30  # from the end of the header to the end of the body
ANSWER_SECONDS_MAX = 30  # that a client may leave its answer unread
IDLE_SECONDS_MAX = 5  # between two requests
LINGER_SECONDS_MAX = 2  # that a refused client may go on sending before the connection goes
STOP_SECONDS_MAX = 2  # that a body under way may still take once the receiver is told to stop
CONNECTIONS_MAX = 1_000

# A network (IPv4 /24, IPv6 /48)
NETWORK_UPLOADS_A_MINUTE = 60
NETWORK_UPLOADS_A_DAY = 1_000
NETWORKS_MAX = 100_000  # that are remembered at once; beyond it the one not heard of for longest is forgotten
NETWORK_LOOKUPS_A_MINUTE = 10  # GET and DELETE /data
NETWORK_LOOKUPS_A_DAY = 200
LOOKUPS_AT_ONCE_MAX = 4
LOOKUP_UPLOADS_MAX = 200_000  # that are newer than views.db and are searched one after the other

# The log
WAITING_UPLOADS_MAX = 10_000  # uploads in memory that wait for their commit
WAITING_BYTES_MAX = 64 * 1024 * 1024  # of bodies that wait for their commit
BATCH_UPLOADS_MAX = 1_000  # uploads that share one commit
CHECKPOINT_BYTES = 4 * 1024 * 1024  # of WAL after which a pause is used to bring it into the database
CHECKPOINT_BYTES_BUSY = 4 * CHECKPOINT_BYTES  # after which it is done without waiting for a pause
WAL_BYTES_MAX = 1024 * 1024 * 1024  # a reader that never ends its transaction keeps the WAL growing until here
TAIL_UPLOADS = 20_000  # checked at every start: more than a WAL holds between two checkpoints
FREE_SHARE_MIN = 0.05  # of the disk: not ready below it, or
FREE_BYTES_MIN = 256 * 1024 * 1024  # below this, whichever is less
CLOCK_SECONDS_BEHIND_MAX = 3600  # that the clock may be behind the last upload
PURGE_TRIES_MAX, PURGE_WAIT_SECONDS = 60, 1  # for a reader that keeps the purge from its end
