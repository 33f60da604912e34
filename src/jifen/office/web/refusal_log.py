"""The log of what was refused to somebody who signed in, or to a token of the API: an address that
is not theirs (404), an act that they may not do or a form of another site (403), a request that no
page of ours makes (400), a body beyond what its page takes (413), and more than a budget allows
(429). Whoever tries many shows there. A form with a value that cannot be used is none of these."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from jifen.office.accounts.models import User
from jifen.office.accounts.signin.sources import source_of
from jifen.office.audit.accesses import record_access

REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
)
MOST_A_MINUTE = 30
"""Rows for one account: the log says that somebody tries, and cannot be filled by it."""


class RefusalLogMiddleware:
    """Names the view and its key, never what was typed into an address or a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the page, noted where it is a refusal."""
        response = self._get_response(request)
        if response.status_code in REFUSALS and (actor := _find_actor(request)):
            _record_refusal(request, actor, response.status_code)
        return response


def _find_actor(request: HttpRequest) -> str:
    """Who asked, as the log names them; '' for somebody who is nobody here."""
    token = getattr(request, "auth", None)
    if token is not None and getattr(token, "pk", None):
        return f"{type(token).__name__.lower()}:{token.pk}"
    user = getattr(request, "user", None)
    return f"user:{user.pk}" if isinstance(user, User) else ""


def _record_refusal(request: HttpRequest, actor: str, status: int) -> None:
    match = request.resolver_match or _resolve(request)
    if match is None or not _is_within_allowance(actor):
        return
    kept = {name: str(value)[:40] for name, value in match.kwargs.items() if name in _KEYS}
    record_access(
        "access.refused",
        actor=actor,
        subject=f"page:{match.view_name}"[:120],
        source=_find_source(request),
        details={"status": int(status), "method": str(request.method)[:10]} | kept,
    )


def _resolve(request: HttpRequest) -> ResolverMatch | None:
    """The view that a request refused before its page was for."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _find_source(request: HttpRequest) -> str:
    """The address that asked; a request without one is answered as it is, and noted."""
    try:
        return source_of(request)
    except PermissionDenied:
        return "unknown"


_KEYS = ("key", "pk", "version", "number", "record")


def _is_within_allowance(actor: str) -> bool:
    counter = f"access.refused:{actor}"
    cache.add(counter, 0, 60)
    try:
        return cache.incr(counter) <= MOST_A_MINUTE
    except ValueError:  # it ended between the two
        return True
