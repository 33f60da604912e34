"""The credential of a holder: the line is reached, and until when."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.keys import load_notice_keys
from jifen.office.notices.lookup import get_first_day, get_state_on
from jifen.office.notices.models import Notice
from jifen.office.notices.publication import CREDENTIAL, REVOKED
from jifen.office.notices.words import say
from jifen.statements.credential import SALT_BYTES, CredentialOrigin, sign_credential


def can_give_credential(notice: Notice, state: str) -> bool:
    """Whether a credential can be made of a notice that stands so."""
    return notice.result == "reached" and notice.until is not None and state == "valid"


def issue_credential(user: User, notice: Notice) -> str:
    """An SD-JWT VC for a notice that holds, says that the line is reached and has a last day.
    Raises NoticeFault."""
    state = get_state_on(notice, timezone.localdate())
    if not can_give_credential(notice, state) or notice.until is None:
        raise NoticeFault("JF-T007", _NO_CREDENTIAL)
    base = settings.JIFEN_ADDRESS
    place = CredentialOrigin(base, base + CREDENTIAL, base + REVOKED, notice.pk)
    salts = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    with transaction.atomic():
        subject, city = f"notice:{notice.pk}", notice.series.city
        record("notice.credential", actor=f"user:{user.pk}", subject=subject, city=city)
    days = get_first_day(notice), notice.until
    return sign_credential(days, timezone.now(), place, salts, load_notice_keys())


_NO_CREDENTIAL = say("credentials.no_credential")
