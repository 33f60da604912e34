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

_TOKEN_BYTES = 32
_TOKEN_LENGTH = 43  # of that many bytes in base64
_YEAR = 365 * 24 * 3600
_MOST_DEVICES = 20
"""How many devices of an account are remembered: those last used."""


def find_known_device(request: HttpRequest, account: str) -> str | None:
    """The hash of the token of this device, where the account signed in on it before."""
    token = _token_of(request)
    if token is None:
        return None
    digest = _hash_token(token)
    devices = KnownDevice.objects.filter(digest=digest, user__username__iexact=account.strip())
    return digest if devices.exists() else None


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember that the account signed in on this device."""
    token = _token_of(request) or secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    KnownDevice.objects.update_or_create(
        user=user, digest=_hash_token(token), defaults={"last_seen": now}
    )
    by_last_use = (
        KnownDevice.objects.filter(user=user).order_by("-last_seen").values_list("pk", flat=True)
    )
    KnownDevice.objects.filter(pk__in=list(by_last_use[_MOST_DEVICES:])).delete()
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        cookie_name(), token, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure
    )


def cookie_name() -> str:
    """With the prefix that binds a cookie to this host, where there is a certificate."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def _token_of(request: HttpRequest) -> str | None:
    token = request.COOKIES.get(cookie_name(), "")
    return token if len(token) == _TOKEN_LENGTH and token.isascii() else None


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
