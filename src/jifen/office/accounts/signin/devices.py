"""Devices on which somebody signed in before: a random token in a cookie, its hash in a table.

A known device is not held up by what strangers try on the account (`brakes.py`). It opens nothing:
the password, and the second factor where there is one, are asked for as on any other.
"""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jifen.office.accounts.models import KnownDevice, User

_TOKEN = 32
_LENGTH = 43  # of that many bytes in base64
_YEAR = 365 * 24 * 3600
_MOST = 20
"""So many devices of an account are known, those last used."""


def known_device(request: HttpRequest, account: str) -> str | None:
    """The hash of the token of this device, where the account signed in on it before."""
    token = _token_of(request)
    if token is None:
        return None
    digest = _digest(token)
    known = KnownDevice.objects.filter(digest=digest, user__username__iexact=account.strip())
    return digest if known.exists() else None


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The account signed in on this device."""
    token = _token_of(request) or secrets.token_urlsafe(_TOKEN)
    now = timezone.now()
    KnownDevice.objects.update_or_create(
        user=user, digest=_digest(token), defaults={"last_seen": now}
    )
    kept = KnownDevice.objects.filter(user=user).order_by("-last_seen").values_list("pk", flat=True)
    KnownDevice.objects.filter(pk__in=list(kept[_MOST:])).delete()
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        cookie_name(), token, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure
    )


def cookie_name() -> str:
    """With the prefix that binds a cookie to this host, where there is a certificate."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def _token_of(request: HttpRequest) -> str | None:
    token = request.COOKIES.get(cookie_name(), "")
    return token if len(token) == _LENGTH and token.isascii() else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
