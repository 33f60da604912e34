"""Requests by route and status, and how long they took."""

from prometheus_client import Counter, Gauge, Histogram

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter(
    "jifen_requests", "Answered requests, by pattern of the address", ("method", "route", "status")
)
SECONDS = Histogram(
    "jifen_request_seconds",
    "Seconds until an answer began, by pattern of the address",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
IN_PROGRESS = Gauge("jifen_requests_in_progress", "Requests that are being answered now")


def count_request(method: str | None, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(name_method(method), route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def name_method(method: str | None) -> str:
    """A method of HTTP; 'other' for whatever else a client may send."""
    return method if method in _METHODS else "other"
