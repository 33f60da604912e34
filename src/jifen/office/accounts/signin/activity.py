"""When a session was last used, for its owner's list of sessions: noted once a minute, and never
waited for."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jifen.office.audit.writing import write_if_free

NOTED = timedelta(minutes=1)


class ActivityMiddleware:
    """In the place of the library's, which writes for every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        may_be = settings.SESSION_COOKIE_NAME in request.COOKIES
        if may_be and request.user.is_authenticated and not _is_noted(request):
            write_if_free(lambda: UserSession.objects.create_from_request(request))
        return self._get_response(request)


def _is_noted(request: HttpRequest) -> bool:
    """Whether the row of the session is as it would be written, give or take a minute."""
    row = UserSession.objects.filter(session_key=request.session.session_key or "").first()
    if row is None or row.user_id != request.user.pk:
        return False
    agent = request.headers.get("User-Agent", "")
    same_agent = row.user_agent == agent[: UserSession._meta.get_field("user_agent").max_length]
    same = same_agent and row.ip == get_adapter().get_client_ip(request)
    return bool(same and timezone.now() - row.last_seen_at < NOTED)
