"""How the server deals with slow clients."""

from jifen.office.site.settings.environment import read_whole_number

# Threads that answer requests; each may hold a connection to the database.
JIFEN_THREADS = read_whole_number("JIFEN_THREADS", 32, 512, "how many threads answer requests")
# A head comes within so many seconds; a body within so many, and one more for each such portion.
JIFEN_HEAD_SECONDS = read_whole_number(
    "JIFEN_HEAD_SECONDS", 10, 600, "how long the head of a request may take, in seconds"
)
JIFEN_BODY_SECONDS = read_whole_number(
    "JIFEN_BODY_SECONDS", 10, 600, "how long a body may take besides its size, in seconds"
)
JIFEN_BODY_RATE = read_whole_number(
    "JIFEN_BODY_RATE", 50_000, 10**9, "the fewest bytes of a body that come in a second"
)
