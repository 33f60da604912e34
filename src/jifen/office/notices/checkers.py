"""Schools and offices that check many notices at once; every look-up is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record, record_many
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.lookup import NoticeStatus, find_notice_status
from jifen.office.notices.models import Checker, LookUp
from jifen.office.notices.words import say
from jifen.office.vault.names import normalize_name

PREFIX = "jifen_check_"
MOST = 500


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """One notice to be checked; `holder_name`: whose it is said to be ('' : not to be compared)."""

    code: str
    holder_name: str = ""


@dataclass(frozen=True, slots=True)
class LookUpAnswer:
    """The answer to a query. `notice_status`: None where there is no such notice; `name_matches`:
    None where no name was asked about."""

    query: NoticeQuery
    notice_status: NoticeStatus | None
    name_matches: bool | None

    @property
    def state(self) -> str:
        """valid, not_yet, expired, revoked or unknown."""
        return self.notice_status.state if self.notice_status else "unknown"


def admit_checker(user: User, city: str, name: str) -> tuple[Checker, str]:
    """Give a school or an office a token, which is shown once. Raises NoticeFault."""
    if not name.strip():
        words = say("checkers.give_the_name")
        raise NoticeFault("JF-T005", words, "name")
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            checker = Checker.objects.create(
                city=city, name=name.strip()[:80], token_hash=_hash_token(secret), made_by=user
            )
            _record_act("checker.admitted", user, checker)
    except IntegrityError:
        words = say("checkers.it_has_a_token_already")
        raise NoticeFault("JF-T006", words, "name") from None
    return checker, secret


def dismiss_checker(user: User, checker: Checker) -> None:
    """End its token."""
    with transaction.atomic():
        rows = Checker.objects.filter(pk=checker.pk, ended_at__isnull=True)
        rows.update(ended_at=timezone.now())
        _record_act("checker.dismissed", user, checker)


def _record_act(act: str, user: User, checker: Checker) -> None:
    subject, details = f"checker:{checker.pk}", {"name": checker.name}
    record(act, actor=f"user:{user.pk}", subject=subject, city=checker.city, details=details)


def find_checker(secret: str) -> Checker | None:
    """The school or office of a token, whose use is recorded."""
    checker = Checker.objects.filter(token_hash=_hash_token(secret), ended_at__isnull=True).first()
    if checker:
        Checker.objects.filter(pk=checker.pk).update(used_at=timezone.now())
    return checker


def _hash_token(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def look_up_notices(
    checker: Checker, queries: Sequence[NoticeQuery], purpose: str, on: date
) -> list[LookUpAnswer]:
    """Check notices of the checker's own city. Queries and answers are recorded in the table that
    holders see and in the audit log, in one transaction."""
    with transaction.atomic():
        answers = [_answer_query(checker, query, on) for query in queries]
        LookUp.objects.bulk_create(
            LookUp(
                checker=checker,
                notice=one.notice_status.notice if one.notice_status else None,
                purpose=purpose.strip()[:100],
                state=one.state,
            )
            for one in answers
        )
        audit_records = [_build_audit_record(checker, answer) for answer in answers]
        record_many(audit_records, actor=f"checker:{checker.pk}")
    return answers


def _answer_query(checker: Checker, query: NoticeQuery, on: date) -> LookUpAnswer:
    status = find_notice_status(query.code, on, checker.city)
    if status is None or not query.holder_name:
        return LookUpAnswer(query, status, None)
    return LookUpAnswer(query, status, _is_same_name(status.notice.person.name, query.holder_name))


def _is_same_name(registered: str, stated: str) -> bool:
    return normalize_name(registered) == normalize_name(stated)


def _build_audit_record(checker: Checker, answer: LookUpAnswer) -> dict[str, object]:
    subject = f"notice:{answer.notice_status.notice.pk}" if answer.notice_status else ""
    details = {"state": answer.state}
    return {"act": "notice.looked_up", "subject": subject, "city": checker.city, "details": details}
