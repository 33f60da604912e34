"""Adapters for django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from jifen.office.accounts.models import User
from jifen.office.accounts.signin.access_log import record_refusal
from jifen.office.accounts.signin.brakes import (
    MustWait,
    SignInAttempt,
    begin_attempt,
    forgive_attempt,
)
from jifen.office.accounts.signin.devices import find_known_device, remember_device
from jifen.office.accounts.signin.sources import source_of
from jifen.office.accounts.words import say
from jifen.office.vault.seal import seal, unseal

SECRET = "mfa.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # carries no types
    """Anybody may sign up for themselves or an employer; staff get their roles from the city."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Yes."""
        del request
        return True

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what was done."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError while the next one has to wait."""
        self._attempt = begin_or_refuse(request, str(credentials.get("username", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """The library calls this when the password was right."""
        forgive_attempt(self._attempt)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Remember the device after a sign-in with every factor."""
        response: HttpResponse = super().post_login(request, user, **options)
        remember_device(request, response, user)
        return response


def begin_or_refuse(request: HttpRequest, account: str, guessed: str = "") -> SignInAttempt:
    """Count an attempt on an account (or on what is `guessed` of it) from the source of a request.
    Raises ValidationError in words while the next one has to wait."""
    device = find_known_device(request, account)
    try:
        return begin_attempt(f"{guessed}{account}", source_of(request), device)
    except MustWait as wait:
        record_refusal(request, account, wait.seconds)
        minutes, seconds = divmod(wait.seconds, 60)
        words = _WAIT("en" if get_language() == "en" else "zh")
        raise ValidationError(words.format(minutes=minutes, seconds=seconds)) from None


_WAIT = say("signin.adapters.wait")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # carries no types
    """Secrets of one-time codes are sealed like identity numbers."""

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return seal(text, SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        """Plain."""
        return unseal(encrypted_text, SECRET)
