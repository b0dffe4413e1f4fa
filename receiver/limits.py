"""The limits of what the receiver accepts, and of what it does with it; those of a connection are in `connection/`.

The comment on each limit is its line in docs/receiver.md (`receiver/reference.py`): what it limits, and after an arrow
what happens when it is exceeded: the name of a refusal, or words.  The API description is made from the values.
"""

import files

# A report
DEPTH_MAX = 32  # levels of nesting -> BeyondLimit
NODES_MAX = 20_000  # values, nested ones included -> BeyondLimit
STRING_LENGTH_MAX = 1024  # characters in a string -> BeyondLimit
KEY_LENGTH_MAX = 128  # characters in a key -> BeyondLimit
INTEGER_MIN = -(2**63)  # smallest integer -> NotJson
INTEGER_MAX = 2**63 - 1  # largest integer -> NotJson
UUID_PATTERN = "[0-9A-Za-z-]{16,64}"  # form of a uuid -> NotAReport

# A network (IPv4 /24, IPv6 /48)
NETWORK_UPLOADS_A_MINUTE = 60  # uploads a minute -> TooMany
NETWORK_UPLOADS_A_DAY = 1_000  # uploads a day -> TooMany
NETWORK_BYTES_A_MINUTE = 2 * 1024 * 1024  # bytes of reports a minute, decompressed -> TooMany
NETWORK_BYTES_AT_ONCE = 512 * 1024  # the same at once: what fills a minute would keep others waiting -> TooMany
NETWORK_BYTES_A_DAY = 32 * 1024 * 1024  # bytes of reports a day, decompressed -> TooMany
NETWORK_BYTES_SURE = 64 * 1024  # bytes of reports a day that no flood of others takes away
DISK_DAYS_MIN = 20  # days over which the free disk is spread for all networks together, beyond these -> TooMany
NETWORK_DRY_RUNS_A_MINUTE = 10  # `POST /data?dry_run=1` a minute -> TooMany
NETWORK_DRY_RUNS_A_DAY = 200  # `POST /data?dry_run=1` a day -> TooMany
DRY_RUNS_AT_ONCE_MAX = 2  # `POST /data?dry_run=1` at once, of all networks -> Busy
NETWORK_LOOKUPS_A_MINUTE = 10  # `GET` and `DELETE /data` a minute -> TooMany
NETWORK_LOOKUPS_A_DAY = 200  # `GET` and `DELETE /data` a day -> TooMany
NETWORKS_MAX = 100_000  # networks remembered at once -> the one not seen for longest is forgotten
LOOKUPS_AT_ONCE_MAX = 4  # `GET` and `DELETE /data` at once, of all networks -> Busy
ANSWERS_AT_ONCE_MAX = 32  # `GET /data` that are being read at once -> the one begun first is closed
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
