"""The settlement notice on paper (积分入户通知单), numbered and verifiable as every other; and the
days to settle, which run from its being given out."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from jifen.lists import find_settlement_deadline
from jifen.office.audit.portions import in_portions
from jifen.office.casework.models import Decision
from jifen.office.lists.actions.state_changes import move_entries
from jifen.office.lists.models import Entry, State
from jifen.office.lists.queries import find_rules
from jifen.office.lists.rules import SYSTEM
from jifen.office.notices.actions.issuance import issue_notice, issue_settlement
from jifen.office.notices.actions.revocation import revoke_notice
from jifen.office.notices.content.case_steps import build_settlement
from jifen.office.notices.content.layout import format_points
from jifen.office.notices.models import Notice, NoticeKind, Printing, RevocationReason, Sheet

logger = logging.getLogger("jifen.lists")
ENDED_STATES = (State.FORFEITED, State.LAPSED, State.REMOVED)
LATE_AFTER = timedelta(days=3)
"""A slip is printed within minutes; one that took longer was held up."""


def issue_due_slips(day: date) -> int:
    """A slip for whoever was told to settle and has none with that last day; how many. One that
    fails holds up nobody and is tried again the next time. A case that retention removed has no
    slip to print."""
    rows = Entry.objects.filter(
        ~Exists(_list_current_slips()), state=State.NOTICED, decision__isnull=False
    )
    rows = rows.select_related("decision__application__person", "decision__application__unit")
    return sum(_issue_slip(entry, day) for entry in in_portions(rows.order_by("pk")))


def withdraw_due_slips(day: date) -> int:
    """Slips of those who have left the list end with it; how many."""
    del day  # from the day on which the place ended
    rows = Notice.objects.filter(kind=NoticeKind.SETTLEMENT, revocation__isnull=True)
    rows = rows.filter(decision__listing__state__in=ENDED_STATES)
    withdrawn = 0
    for slip in in_portions(rows.select_related("series", "decision__listing")):
        entry = slip.decision.listing if slip.decision else None
        if entry and entry.ended_on:
            withdrawn += revoke_notice(slip, entry.ended_on, RevocationReason.LIST)
    return withdrawn


def has_stuck_printing() -> Exists:
    """Entries whose slip cannot be printed for now (a character that no font has), or for days
    was not."""
    fresh = timezone.now() - LATE_AFTER
    rows = Printing.objects.filter(
        notice__kind=NoticeKind.SETTLEMENT,
        notice__decision=OuterRef("decision"),
        notice__until=OuterRef("settle_by"),
    )
    return Exists(rows.exclude(stuck={}, due_at__gte=fresh))


def delay_due_settlements(day: date) -> int:
    """The days to settle run from the slip being given out: who got it late, because it could not
    be printed or written, has them in full from then on; how many. The next slip says so."""
    return sum(
        _delay_settlement(pk, day) for pk in {*_list_printed_late(), *_list_never_written(day)}
    )


def _list_printed_late() -> Iterator[int]:
    entry = "notice__decision__listing__"
    told = Max(f"{entry}events__at", filter=Q(**{f"{entry}events__act__in": ("notify", "delay")}))
    rows = Sheet.objects.filter(
        notice__kind=NoticeKind.SETTLEMENT, notice__until=F(f"{entry}settle_by")
    )
    rows = rows.filter(**{f"{entry}state": State.NOTICED})
    slip_rows = rows.annotate(told=told).values_list("notice__decision__listing", "told", "made_at")
    for pk, told_at, made_at in slip_rows:
        if made_at - told_at > LATE_AFTER:
            yield pk


def _list_never_written(day: date) -> list[int]:
    rows = Entry.objects.filter(
        ~Exists(_list_current_slips()), state=State.NOTICED, settle_by__lt=day
    )
    return list(rows.filter(decision__isnull=False).values_list("pk", flat=True))


def _delay_settlement(pk: int, day: date) -> int:
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=pk)
        last = find_settlement_deadline(find_rules(entry.city, entry.rules), day)
        if entry.state != State.NOTICED or last == entry.settle_by:
            return 0
        values = {"noticed_on": day, "settle_by": last}
        return move_entries([entry], "delay", SYSTEM, day, why="slip_late", values=values)


def _list_current_slips() -> QuerySet[Notice]:
    """The slip of an entry that names its last day."""
    rows = Notice.objects.filter(decision=OuterRef("decision"), kind=NoticeKind.SETTLEMENT)
    return rows.filter(until=OuterRef("settle_by"))


def _issue_slip(entry: Entry, day: date) -> int:
    if entry.decision is None or entry.settle_by is None:
        return 0
    try:
        return int(_make_slip(entry.decision, entry.settle_by, day) is not None)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("settlement slip of entry %s", entry.pk)
        return 0


def _make_slip(decision: Decision, last: date, day: date) -> Notice | None:
    """The first slip, or another with a later last day."""
    rows = Notice.objects.filter(decision=decision, kind=NoticeKind.SETTLEMENT)
    if not rows.exists():
        return issue_settlement(decision, last, day)

    def listed(on: date) -> dict[str, Any]:
        total = format_points(decision.total.normalize())
        return build_settlement(decision.application, total, last, on)

    case, event = decision.application, f"settlement:{decision.pk}:{last}"
    return issue_notice(
        NoticeKind.SETTLEMENT, case, event, listed, decision=decision, until=last, on=day
    )
