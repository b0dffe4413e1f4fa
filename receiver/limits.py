"""The limits of what the receiver accepts, and of what it does with it.

The comment on each limit is its line in docs/receiver.md (`receiver/reference.py`): what it limits, and after an arrow
what happens when it is exceeded: the name of a refusal, or words.  The API description is made from the values.
"""

import files

# A report
BODY_BYTES_MAX = 256 * 1024  # body, before and after decompression -> TooLarge
DEPTH_MAX = 32  # levels of nesting -> BeyondLimit
NODES_MAX = 20_000  # values, nested ones included -> BeyondLimit
STRING_LENGTH_MAX = 1024  # characters in a string -> BeyondLimit
KEY_LENGTH_MAX = 128  # characters in a key -> BeyondLimit
INTEGER_MIN = -(2**63)  # smallest integer -> NotJson
INTEGER_MAX = 2**63 - 1  # largest integer -> NotJson
UUID_PATTERN = "[0-9A-Za-z-]{16,64}"  # form of a uuid -> NotAReport

# A connection
HEADER_BYTES_MAX = 16 * 1024  # header with the request line -> HeaderTooLarge
HEADER_SECONDS_MAX = 10  # for a header, from the connection or its first byte -> TooSlow, or closed if nothing was sent
BODY_SECONDS_MAX = 30  # for a body, from the end of the header -> TooSlow
ANSWER_SECONDS_MAX = 30  # for a client to read its answer -> closed
IDLE_SECONDS_MAX = 5  # between two requests -> closed
LINGER_SECONDS_MAX = 2  # for a refused client to stop sending -> closed
STOP_SECONDS_MAX = 2  # for a body that is arriving when the receiver is told to stop -> Busy
CONNECTIONS_MAX = 1_000  # connections -> the one that has waited longest for its header is closed; Busy if none waits

# A network (IPv4 /24, IPv6 /48)
NETWORK_UPLOADS_A_MINUTE = 60  # uploads a minute -> TooMany
NETWORK_UPLOADS_A_DAY = 1_000  # uploads a day -> TooMany
NETWORK_LOOKUPS_A_MINUTE = 10  # `GET` and `DELETE /data` a minute -> TooMany
NETWORK_LOOKUPS_A_DAY = 200  # `GET` and `DELETE /data` a day -> TooMany
NETWORKS_MAX = 100_000  # networks remembered at once -> the one not seen for longest is forgotten
LOOKUPS_AT_ONCE_MAX = 4  # `GET` and `DELETE /data` at once, of all networks -> Busy
LOOKUP_UPLOADS_MAX = 200_000  # uploads newer than `views.db` that a look-up searches -> ViewsBehind

# The log
WAITING_UPLOADS_MAX = 10_000  # uploads waiting for their commit -> Busy
WAITING_BYTES_MAX = 64 * 1024 * 1024  # bodies waiting for their commit -> Busy
BATCH_UPLOADS_MAX = 1_000  # uploads in one commit -> the rest wait for the next
CHECKPOINT_BYTES = 4 * 1024 * 1024  # WAL before it is copied into the database -> copied at the next pause
CHECKPOINT_BYTES_BUSY = 4 * CHECKPOINT_BYTES  # WAL that is copied without a pause -> copied at once
WAL_BYTES_MAX = 1024 * 1024 * 1024  # WAL while a reader does not end its transaction -> Busy, NotReady
TAIL_UPLOADS = 20_000  # uploads checked at each start, more than a WAL holds -> `make check-log` checks the rest
FREE_SHARE_MIN = files.FREE_SHARE_MIN  # of the disk must be free, or FREE_BYTES_MIN if that is less -> NotReady
FREE_BYTES_MIN = files.FREE_BYTES_MIN  # of the disk must be free, or FREE_SHARE_MIN if that is less -> NotReady
CLOCK_SECONDS_BEHIND_MAX = 3600  # by which the clock may be behind the last upload -> NotReady
PURGE_TRIES_MAX = 60  # attempts to finish a purge while a reader is blocking it -> tried again an hour later
PURGE_WAIT_SECONDS = 1  # between two of these attempts
