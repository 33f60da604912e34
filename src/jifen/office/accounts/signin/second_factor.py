"""A second factor of the last minutes, which acts that a stolen session must not do require."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from jifen.office.accounts.models import User

FRESH_SECONDS = 5 * 60
"""Seconds for which a second factor counts as fresh."""


def has_fresh_second_factor(request: HttpRequest) -> bool:
    """Whether the user gave a second factor within the last minutes; a password is none."""
    user = request.user if isinstance(request.user, User) else None
    shown_at = [
        float(record["at"])
        for record in get_authentication_records(request, user)
        if record.get("method") == "mfa"
    ]
    return bool(shown_at) and time.time() - max(shown_at) < FRESH_SECONDS


def build_second_factor_url(user: User, back: str) -> str:
    """The address of the page that asks for the second factor and then leads to `back`."""
    with_code = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if with_code else "mfa_reauthenticate_webauthn")
    return f"{page}?{urlencode({'next': back})}"
