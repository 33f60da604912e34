"""Staff sign in with a second factor, and are signed out when they leave their desk."""

import time
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from jifen.office.accounts.openid.sessions import must_ask_again
from jifen.office.accounts.roles import is_staff
from jifen.office.audit.writing import write_if_free

_OPEN_PATHS = ("/account/", "/static/")
_SEEN_KEY, _BEGAN_KEY = "staff_seen", "staff_began"


class StaffMiddleware:
    """Whoever has a password that somebody else set reaches the page to set another, and no other.
    Without a second factor a member of the staff reaches the pages to set one up, and no other.
    A session of the staff ends after half an hour without a request, and after eight hours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self._get_response(request)
        if must_ask_again(request.session) or _is_over(request):
            logout(request)
            return _redirect(request, reverse("account_login"))
        if not request.path.startswith(_OPEN_PATHS) and (page := _find_unfinished(request)):
            return _redirect(request, reverse(page))
        return self._get_response(request)


def _is_over(request: HttpRequest) -> bool:
    """Whether a session of the staff, or a password that somebody else set, has ended."""
    return _is_first_password_over(request) or (
        is_staff(request.user) and _is_session_over(request)
    )


def _find_unfinished(request: HttpRequest) -> str:
    """The page on which somebody has to finish signing in; '' where nothing is left to do."""
    if has_first_password(request):
        return "account_change_password"
    return "mfa_index" if needs_second_factor(request) else ""


def has_first_password(request: HttpRequest) -> bool:
    """Whether the user's password was set by somebody else."""
    return getattr(request.user, "password_ends_at", None) is not None


def _is_first_password_over(request: HttpRequest) -> bool:
    ends_at = getattr(request.user, "password_ends_at", None)
    return ends_at is not None and ends_at < timezone.now()


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether somebody of the staff has none yet."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not is_staff(user):
        return False
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    has_second_factor = Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()
    return not bool(has_second_factor)


def _is_session_over(request: HttpRequest) -> bool:
    now, session = int(time.time()), request.session
    changed = session.modified
    last_seen, began = session.get(_SEEN_KEY, now), session.setdefault(_BEGAN_KEY, now)
    idle, longest = settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS
    is_over = bool(now - last_seen > idle or now - began > longest)
    if now - session.get(_SEEN_KEY, 0) > 60:  # one write a minute is enough
        session[_SEEN_KEY] = now
        if not changed:
            is_over |= not _save_if_free(session)
    return is_over


def _save_if_free(session: SessionBase) -> bool:
    """Save the session unless the database is busy; then the next request saves it. Returns False
    where the session was ended elsewhere."""
    try:
        write_if_free(session.save)
    except UpdateError as error:
        if not isinstance(error.__context__, OperationalError):
            return False  # ended elsewhere, meanwhile
    session.modified = False
    return True


def _redirect(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
