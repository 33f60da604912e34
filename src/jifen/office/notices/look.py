"""What anybody with the code of a paper is told about it: whether it holds, and no points."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen.office.notices.models import Notice
from jifen.statements.codes import read_code

State = Literal["valid", "not_yet", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A paper as everybody with its code sees it. `ended_on`: the day from which it no longer
    holds, and `why`; `replaced`: by a newer paper. `name` is masked.
    `since`: the first day on which it holds, where the paper names one."""

    notice: Notice
    state: State
    kind: str
    number: str
    name: str
    result: str
    line: str
    city: str
    office: str
    issued_on: date
    since: date | None
    until: date | None
    ended_on: date | None
    why: str


def find(code: str, on: date, city: str = "") -> Seen | None:
    """The paper of a code, typed or scanned; None where there is none (of that city)."""
    tidy = read_code(code)
    if tidy is None:
        return None
    rows = Notice.objects.filter(code=tidy).select_related("revocation", "series")
    found = (rows.filter(series__city=city) if city else rows).first()
    return seen(found, on) if found else None


def seen(notice: Notice, on: date) -> Seen:
    """How a paper stands on a day."""
    revocation = getattr(notice, "revocation", None)
    content = notice.content
    return Seen(
        notice=notice,
        state=state_on(notice, on),
        kind=notice.kind,
        number=notice.number,
        name=content["masked"],
        result=notice.result,
        line=content["line"],
        city=content["city"],
        office=content["office"],
        issued_on=notice.issued_on,
        since=notice.since,
        until=notice.until,
        ended_on=revocation.on if revocation else None,
        why=revocation.why if revocation else "",
    )


def state_on(notice: Notice, on: date) -> State:
    """Whether a paper holds on a day."""
    revocation = getattr(notice, "revocation", None)
    if revocation and revocation.on <= on:
        return "revoked"
    if notice.since and on < notice.since:
        return "not_yet"
    return "expired" if notice.until and notice.until < on else "valid"


def first_day(notice: Notice) -> date:
    """The day from which a paper holds: that of its issue, where it names none."""
    return notice.since or notice.issued_on
