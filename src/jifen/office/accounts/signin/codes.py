"""One-time codes: a code of the last half minute is still right, and each is right once.

Somebody who reads a code in its last second types it in the next half minute; RFC 6238, 5.2, lets
it count for one step more. The library asks one step back and one ahead (a phone whose clock is
fast), but forgets that a code was used after one step: it is kept here for as long as it counts.
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
from jifen.office.accounts.signin.brakes import forgive

NO_CODE = ""
"""Right for nobody."""


class _Once(Form):
    """Whoever types a code that was used is told that it is wrong, and it counts as a wrong one."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code. Raises ValidationError."""
        attempt = begin_or_refuse(context.request, self.user.username, guessed="code of ")
        code = self.cleaned_data["code"]
        if cache.get(_key(self.user, code)):
            self.cleaned_data["code"] = NO_CODE
        valid: str = super().clean_code()  # type: ignore[misc] # of the library's form beside it
        forgive(attempt)
        if self.authenticator.type == Authenticator.Type.TOTP:
            remember(self.user, valid)
        return valid


class SignInForm(_Once, AuthenticateForm):  # type: ignore[misc] # carries no types
    """The second step of signing in."""


class AgainForm(_Once, ReauthenticateForm):  # type: ignore[misc] # carries no types
    """A code before something delicate."""


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc] # carries no types
    """The first code of a new phone; it does not sign in as well."""

    def clean_code(self) -> str:
        """The code. Raises ValidationError."""
        valid: str = super().clean_code()
        remember(self.user, valid)
        return valid


def remember(user: User, code: str) -> None:
    """A code was used."""
    counts_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    cache.set(_key(user, code), True, counts_for)


def _key(user: User, code: str) -> str:
    return f"signin.code:{user.pk}:{normalize_user_code(code)}"
