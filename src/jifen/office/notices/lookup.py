"""What anybody with the code of a notice learns of it: whether it is valid, but not the points."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen.office.notices.models import Notice
from jifen.statements.codes import read_code

NoticeState = Literal["valid", "not_yet", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """A notice as everybody with its code sees it. `ended_on`: the day from which it no longer
    holds, and `why`; `replaced`: by a newer notice. `name` is masked.
    `since`: the first day on which it holds, where the notice names one."""

    notice: Notice
    state: NoticeState
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


def find_notice_status(code: str, on: date, city: str = "") -> NoticeStatus | None:
    """The notice of a code, typed or scanned; None where there is none (of that city)."""
    normalized = read_code(code)
    if normalized is None:
        return None
    rows = Notice.objects.filter(code=normalized).select_related("revocation", "series")
    notice = (rows.filter(series__city=city) if city else rows).first()
    return describe_notice_status(notice, on) if notice else None


def describe_notice_status(notice: Notice, on: date) -> NoticeStatus:
    """The status of a notice on a day."""
    revocation = getattr(notice, "revocation", None)
    content = notice.content
    return NoticeStatus(
        notice=notice,
        state=get_state_on(notice, on),
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


def get_state_on(notice: Notice, on: date) -> NoticeState:
    """Whether a notice holds on a day."""
    revocation = getattr(notice, "revocation", None)
    if revocation and revocation.on <= on:
        return "revoked"
    if notice.since and on < notice.since:
        return "not_yet"
    return "expired" if notice.until and notice.until < on else "valid"


def get_first_day(notice: Notice) -> date:
    """The day from which a notice holds: that of its issue, where it names none."""
    return notice.since or notice.issued_on
