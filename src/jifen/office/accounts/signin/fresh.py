"""A second factor that was shown a moment ago, for what a stolen session must not do."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from jifen.office.accounts.models import User

LASTS = 5 * 60
"""Seconds for which a second factor counts as fresh."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever asks showed a second factor within the last minutes; a password alone is
    none."""
    user = request.user if isinstance(request.user, User) else None
    shown = [
        float(record["at"])
        for record in get_authentication_records(request, user)
        if record.get("method") == "mfa"
    ]
    return bool(shown) and time.time() - max(shown) < LASTS


def where_to_show_it(user: User, back: str) -> str:
    """The page that asks for the second factor, and leads back."""
    with_code = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if with_code else "mfa_reauthenticate_webauthn")
    return f"{page}?{urlencode({'next': back})}"
