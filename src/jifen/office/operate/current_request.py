"""The request that a thread answers now, for the lines that it logs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class CurrentRequest:
    """A request and the number under which its lines are found."""

    number: str
    request: HttpRequest

    @property
    def account(self) -> int | None:
        """The number of the account; None before it is known, which nothing here changes: asking
        for it would read the session."""
        user = getattr(self.request, "_cached_user", None)
        return getattr(user, "pk", None)

    @property
    def route(self) -> str:
        """The pattern of the address. The address itself may hold a secret, and is never logged."""
        return find_route(self.request)


_CURRENT: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)
_META_KEY = "jifen.current_request"


def get_current_request(request: object = None) -> CurrentRequest | None:
    """The request of this thread, or the one that a request of Django's was (it logs errors when
    the answer has left all of ours)."""
    meta = getattr(request, "META", {})
    return _CURRENT.get() or meta.get(_META_KEY)


@contextmanager
def hold_current_request(current: CurrentRequest) -> Iterator[None]:
    """Lines that are logged in the block belong to this request."""
    token = _CURRENT.set(current)
    current.request.META[_META_KEY] = current
    try:
        yield
    finally:
        _CURRENT.reset(token)


def find_route(request: HttpRequest) -> str:
    """The pattern of the address of a request: one of a few hundred, whatever is asked for."""
    if match := getattr(request, "resolver_match", None):
        return f"/{match.route}"
    return "/static/" if request.path_info.startswith("/static/") else "none"
