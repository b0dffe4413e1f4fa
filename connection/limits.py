"""The limits of a connection, for every server.

The comment on each limit is its line in docs/receiver.md (`receiver/reference.py`): what it limits, and after an arrow
what happens when it is exceeded: the name of a refusal, or words.
"""

# A connection
HEADER_BYTES_MAX = 16 * 1024  # header with the request line -> HeaderTooLarge
HEADER_SECONDS_MAX = 10  # for a header, from the connection or its first byte -> TooSlow, or closed if nothing was sent
BODY_BYTES_MAX = 256 * 1024  # body, before and after decompression -> TooLarge
BODY_SECONDS_MAX = 30  # for a body, from the end of the header -> TooSlow
BODY_SECONDS_MAX_CROWDED = 5  # the same while half of all connections or more are in use -> TooSlow
ANSWER_SECONDS_MAX = 30  # for a client to read its answer -> closed
IDLE_SECONDS_MAX = 5  # between two requests -> closed
LINGER_SECONDS_MAX = 2  # for a client whose request is answered already to stop sending -> closed
STOP_SECONDS_MAX = 2  # for a body that is arriving when the server is told to stop -> Busy
CONNECTIONS_MAX = 1_000  # connections -> the one that was silent longest is closed; Busy if all are being answered
NETWORK_CONNECTIONS_MAX = 100  # connections of a network, loopback and proxies apart -> its own most silent is closed
