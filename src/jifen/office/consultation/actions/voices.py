"""Who speaks: somebody who signed in, or an e-mail address that a link will confirm; and how often
they may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import Comment, Mail
from jifen.office.vault.seal import blind_index, blind_indexes
from jifen.policy.text import Lang

MOST_A_DAY = 5
"""Links to one address within a day: nobody's letter-box is filled by others."""
MOST_COMMENTS_A_DAY = 30
"""Comments of one account within a day."""
LONGEST_ADDRESS = 254
_PURPOSE = "consultation.address"


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who comments or supports: a user, or else an address that was checked for its
    form."""

    user: User | None
    email: str
    lang: Lang

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a row that is theirs."""
        if self.user is not None:
            return {"user": self.user, "lang": self.lang}
        return {"email": self.email, "address_index": index_of(self.email), "lang": self.lang}

    @property
    def rows(self) -> Q:
        """Their rows."""
        if self.user is not None:
            return Q(user=self.user)
        return Q(address_index__in=indexes_of(self.email))


def voice_of(user: User | None, email: str, lang: Lang) -> Voice:
    """Raises ConsultationFault where nobody signed in and the address is none."""
    if user is not None:
        return Voice(user, "", lang)
    typed = email.strip()
    try:
        validate_email(typed)
    except ValidationError as error:
        raise refused("JF-D012", "address", "email") from error
    if len(typed) > LONGEST_ADDRESS:
        raise refused("JF-D012", "address", "email")
    return Voice(None, typed, lang)


def index_of(email: str) -> str:
    """By which an address is found; large and small letters are one address."""
    return blind_index(email, _PURPOSE)


def indexes_of(email: str) -> list[str]:
    """The same under every key that rows may have been written with."""
    return blind_indexes(email, _PURPOSE)


def refuse_too_many(voice: Voice) -> None:
    """Raises ConsultationFault where an account or an address did too much within a day."""
    since = timezone.now() - timedelta(days=1)
    if voice.user is not None:
        if Comment.objects.filter(user=voice.user, posted_at__gt=since).count() >= (
            MOST_COMMENTS_A_DAY
        ):
            raise refused("JF-D012", "too_many", most=MOST_COMMENTS_A_DAY)
        return
    mails = Mail.objects.filter(address_index__in=indexes_of(voice.email), made_at__gt=since)
    if mails.count() >= MOST_A_DAY:
        raise refused("JF-D012", "too_many", most=MOST_A_DAY)


def mail_link(kind: str, email: str, at: datetime, **about: Any) -> None:
    """Have a link sent that confirms a comment, a support or a subscription."""
    Mail.objects.create(kind=kind, address_index=index_of(email), made_at=at, due_at=at, **about)
