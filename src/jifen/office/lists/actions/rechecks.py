"""A place in a published ranking after a recheck: it stays under the new decision where that still
stands at or above the last place inside the quota, and is lost where it does not."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from jifen.office.casework.models import Decision
from jifen.office.lists.actions.state_changes import move_entries
from jifen.office.lists.admission_floor import (
    find_base_run,
    find_floor,
    find_place,
    read_comparable,
)
from jifen.office.lists.documents import format_exact
from jifen.office.lists.models import Entry, Run
from jifen.office.lists.ranking_keys import make_rank_key
from jifen.office.lists.rules import LIVE, SYSTEM
from jifen.scoring.ranking import Entrant

BELOW = "below_last"


def apply_due_rechecks(day: date) -> int:
    """Whose decision was replaced, and whose new one is signed; how many. Until it is signed the
    place waits."""
    rows = Entry.objects.filter(Exists(_newer_decisions()), state__in=LIVE, place__isnull=False)
    rows = rows.filter(decision__void_at__isnull=False).order_by("pk")
    return sum(_follow_recheck(pk, day) for pk in list(rows.values_list("pk", flat=True)))


def _newer_decisions() -> QuerySet[Decision]:
    """The standing decision of the same case."""
    rows = Decision.objects.filter(application=OuterRef("decision__application"))
    return rows.filter(signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True)


def _follow_recheck(pk: int, day: date) -> int:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=pk)
        new = _find_new_decision(entry)
        run = entry.publicity.run if entry.publicity else None
        if new is None or run is None or entry.state not in LIVE:
            return 0  # another worker was first
        return _move_place(entry, new, find_base_run(run), day)


def _find_new_decision(entry: Entry) -> Decision | None:
    rows = Decision.objects.filter(application__decisions__listing=entry, listing__isnull=True)
    rows = rows.filter(signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True)
    return rows.first()


def _move_place(entry: Entry, new: Decision, run: Run, day: date) -> int:
    snapshots, without_tie_keys = read_comparable(run, [new.pk])
    if without_tie_keys:
        return 0  # nobody can say yet: the staff's page does
    entrant, floor = snapshots[0].entrant if snapshots else None, find_floor(run)
    reached = new.outcome == "reached"
    if entrant is None or floor is None or not reached or make_rank_key(entrant) < floor:
        return move_entries([entry], "remove", SYSTEM, day, why=BELOW)
    return _keep_place(entry, new, entrant, run, day)


def _keep_place(entry: Entry, new: Decision, entrant: Entrant, run: Run, day: date) -> int:
    """What changed stands in the history; the published list stays as it was."""
    change = f"{format_exact(entry.total)} → {format_exact(entrant.total)}"
    values = {"decision": new, "total": entrant.total, "place": find_place(run, entrant)}
    return move_entries([entry], "recheck", SYSTEM, day, why=change, values=values)
