"""Schools and offices that check many papers at once; every look-up is kept."""

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
from jifen.office.notices.look import Seen, find
from jifen.office.notices.models import Checker, LookUp
from jifen.office.vault.names import normalize_name
from jifen.policy.text import Text

PREFIX = "jifen_check_"
MOST = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One paper to be checked; `name`: of whom it is said to be ('' : not asked)."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; None where there is no such paper. `name_matches`: None where not asked."""

    asked: Asked
    seen: Seen | None
    name_matches: bool | None

    @property
    def state(self) -> str:
        """valid, not_yet, expired, revoked or unknown."""
        return self.seen.state if self.seen else "unknown"


def admit(user: User, city: str, name: str) -> tuple[Checker, str]:
    """Give a school or an office a token, which is shown once. Raises NoticeFault."""
    if not name.strip():
        words = Text("请填写学校或部门名称。", "Give the name of the school or office.")
        raise NoticeFault("JF-T005", words, "name")
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            made = Checker.objects.create(
                city=city, name=name.strip()[:80], token_hash=_hash(secret), made_by=user
            )
            _log("checker.admitted", user, made)
    except IntegrityError:
        words = Text("这个名称已有令牌，请先停用。", "It has a token already: end that one first.")
        raise NoticeFault("JF-T006", words, "name") from None
    return made, secret


def dismiss(user: User, checker: Checker) -> None:
    """Its token opens nothing any more."""
    with transaction.atomic():
        rows = Checker.objects.filter(pk=checker.pk, ended_at__isnull=True)
        rows.update(ended_at=timezone.now())
        _log("checker.dismissed", user, checker)


def _log(act: str, user: User, checker: Checker) -> None:
    subject, details = f"checker:{checker.pk}", {"name": checker.name}
    record(act, actor=f"user:{user.pk}", subject=subject, city=checker.city, details=details)


def checker_of(secret: str) -> Checker | None:
    """Whose token it is."""
    found = Checker.objects.filter(token_hash=_hash(secret), ended_at__isnull=True).first()
    if found:
        Checker.objects.filter(pk=found.pk).update(used_at=timezone.now())
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def look_up(checker: Checker, asked: Sequence[Asked], purpose: str, on: date) -> list[Answer]:
    """Check papers of the checker's own city. What was asked and found is kept, in the table that
    holders see and in the log, together or not at all."""
    with transaction.atomic():
        found = [_answer(checker, one, on) for one in asked]
        LookUp.objects.bulk_create(
            LookUp(
                checker=checker,
                notice=one.seen.notice if one.seen else None,
                purpose=purpose.strip()[:100],
                state=one.state,
            )
            for one in found
        )
        said = [_entry(checker, one) for one in found]
        record_many(said, actor=f"checker:{checker.pk}")
    return found


def _answer(checker: Checker, asked: Asked, on: date) -> Answer:
    seen = find(asked.code, on, checker.city)
    if seen is None or not asked.name:
        return Answer(asked, seen, None)
    return Answer(asked, seen, _same(seen.notice.person.name, asked.name))


def _same(one: str, other: str) -> bool:
    return normalize_name(one) == normalize_name(other)


def _entry(checker: Checker, one: Answer) -> dict[str, object]:
    subject = f"notice:{one.seen.notice.pk}" if one.seen else ""
    details = {"state": one.state}
    return {"act": "notice.looked_up", "subject": subject, "city": checker.city, "details": details}
