"""When a session was last used, for its owner's list of sessions: written once a minute, and never
while the database is busy."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jifen.office.audit.writing import write_if_free

NOTE_INTERVAL = timedelta(minutes=1)


class ActivityMiddleware:
    """Replaces the middleware of the library, which writes for every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        may_be_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if may_be_signed_in and request.user.is_authenticated and not _is_up_to_date(request):
            write_if_free(lambda: UserSession.objects.create_from_request(request))
        return self._get_response(request)


def _is_up_to_date(request: HttpRequest) -> bool:
    """Whether the row of the session differs from what would be written by less than a minute."""
    session = UserSession.objects.filter(session_key=request.session.session_key or "").first()
    if session is None or session.user_id != request.user.pk:
        return False
    agent = request.headers.get("User-Agent", "")
    same_agent = session.user_agent == agent[: UserSession._meta.get_field("user_agent").max_length]
    is_same = same_agent and session.ip == get_adapter().get_client_ip(request)
    return bool(is_same and timezone.now() - session.last_seen_at < NOTE_INTERVAL)
