"""What the library asks of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from jifen.office.vault.seal import seal, unseal

_SECRET = "mfa.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # carries no types
    """Anybody may sign up for themselves or an employer; staff get their roles from the city."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Yes."""
        del request
        return True

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what was done."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # carries no types
    """Secrets of one-time codes are sealed like identity numbers."""

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return seal(text, _SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        """Plain."""
        return unseal(encrypted_text, _SECRET)
