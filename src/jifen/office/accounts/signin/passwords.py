"""Refusal of passwords that are easy to guess, wherever one is set.

zxcvbn knows 30,000 passwords of breaches, words and names, walks on the keyboard, repetitions and
dates, and estimates how many guesses a password takes. What attackers of an office here try first
stands in `LOCAL`. Django's list of 20,000 common passwords is asked too (settings/signin.py).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from jifen.office.accounts.words import say
from jifen.policy.text import Text

LOCAL = (
    *("jifen", "juzhuzheng", "luohu", "shebao", "renshe", "shanghai", "pudong", "chengdu"),
    *("beijing", "zhongguo", "woaini", "woai", "mima", "admin", "guanliyuan", "5201314"),
)
LEAST_SCORE = 3
"""Of 0 to 4: more than 10^8 guesses, out of reach of attempts that are braked."""

_LONGEST_READ = 72
"""How many characters are looked at: further ones make a password no weaker."""


class GuessablePasswordValidator:
    """A validator of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError in words for a password that is guessed soon."""
        if estimate_strength(password, user) < LEAST_SCORE:
            raise ValidationError(_in_language(_TOO_WEAK), code="password_guessed_soon")

    def get_help_text(self) -> str:
        """What a password must be."""
        return _in_language(_HELP)


def estimate_strength(password: str, user: Any = None) -> int:
    """How hard a password is to guess, from 0 to 4, for whoever knows the names of the user."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists take a tenth of a second to load

    names = [getattr(user, field, "") for field in ("username", "name")]
    estimate = zxcvbn(password[:_LONGEST_READ], user_inputs=[*LOCAL, *filter(None, names)])
    return int(estimate["score"])


def _in_language(words: Text) -> str:
    return words("en" if get_language() == "en" else "zh")


_TOO_WEAK = say("signin.passwords.too_weak")
_HELP = say("signin.passwords.help")
