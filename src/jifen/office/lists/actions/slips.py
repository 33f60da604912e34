"""The settlement notice on paper (积分入户通知单), numbered and verifiable as every other."""

import logging
from datetime import date

from django.db import DatabaseError
from django.db.models import Exists, OuterRef, QuerySet

from jifen.office.audit.portions import in_portions
from jifen.office.lists.models import Entry, State
from jifen.office.notices.actions.issue import for_settlement
from jifen.office.notices.actions.revoke import withdraw
from jifen.office.notices.models import Kind, Notice, Why

logger = logging.getLogger("jifen.lists")
ENDED = (State.FORFEITED, State.LAPSED, State.REMOVED)


def slips_due(day: date) -> int:
    """A slip for whoever was told to settle and has none; how many. One that fails holds up nobody
    and is tried again the next time. A case that retention removed has no slip to print."""
    rows = Entry.objects.filter(~Exists(_slips()), state=State.NOTICED, decision__isnull=False)
    rows = rows.select_related("decision__application__person", "decision__application__unit")
    return sum(_issue(entry, day) for entry in in_portions(rows.order_by("pk")))


def withdraw_due(day: date) -> int:
    """Slips of those who have left the list end with it; how many."""
    del day  # from the day on which the place ended
    rows = Notice.objects.filter(kind=Kind.SETTLEMENT, revocation__isnull=True)
    rows = rows.filter(decision__listing__state__in=ENDED)
    done = 0
    for slip in in_portions(rows.select_related("series", "decision__listing")):
        entry = slip.decision.listing if slip.decision else None
        if entry and entry.ended_on:
            done += withdraw(slip, entry.ended_on, Why.LIST)
    return done


def _slips() -> QuerySet[Notice]:
    return Notice.objects.filter(decision=OuterRef("decision"), kind=Kind.SETTLEMENT)


def _issue(entry: Entry, day: date) -> int:
    if entry.decision is None or entry.settle_by is None:
        return 0
    try:
        return int(for_settlement(entry.decision, entry.settle_by, day) is not None)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("settlement slip of entry %s", entry.pk)
        return 0
