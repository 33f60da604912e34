"""One-time codes: a code of the last half minute is still accepted, and each is accepted once.

A code that is read in its last second is typed in the next half minute; RFC 6238, 5.2, lets it
count for one step more. The library accepts one step back and one ahead (a phone whose clock is
fast), but remembers only for one step that a code was used: here it is remembered for as long as
the code counts.
"""

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.forms import Form

from jifen.office.accounts.models import User
from jifen.office.accounts.signin.adapters import begin_or_refuse
from jifen.office.accounts.signin.brakes import forgive_attempt

NO_CODE = ""
"""A code that is never right."""


class _UsedOnceCode(Form):
    """A code that was used before is refused as wrong, and counts as a wrong attempt."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code. Raises ValidationError."""
        attempt = begin_or_refuse(context.request, self.user.username, guessed="code of ")
        code = self.cleaned_data["code"]
        if cache.get(_build_cache_key(self.user, code)):
            self.cleaned_data["code"] = NO_CODE
        valid: str = super().clean_code()  # type: ignore[misc] # of the library's form beside it
        forgive_attempt(attempt)
        if self.authenticator.type == Authenticator.Type.TOTP:
            remember_used_code(self.user, valid)
        return valid


class SignInForm(_UsedOnceCode, AuthenticateForm):  # type: ignore[misc] # carries no types
    """The second step of signing in."""


class ReauthenticationCodeForm(_UsedOnceCode, ReauthenticateForm):  # type: ignore[misc] # carries no types
    """A code before an act that a stolen session must not do."""


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc] # carries no types
    """The first code of a new phone; it does not sign in as well."""

    def clean_code(self) -> str:
        """The code. Raises ValidationError."""
        valid: str = super().clean_code()
        remember_used_code(self.user, valid)
        return valid


def remember_used_code(user: User, code: str) -> None:
    """Remember that a code was used, for as long as it would be accepted."""
    counts_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    cache.set(_build_cache_key(user, code), True, counts_for)


def _build_cache_key(user: User, code: str) -> str:
    return f"signin.code:{user.pk}:{normalize_user_code(code)}"
