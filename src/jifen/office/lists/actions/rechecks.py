"""A place in a published ranking after a recheck: it stays under the new decision where that still
stands at or above the last place inside the quota, and is lost where it does not."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from jifen.office.casework.models import Decision
from jifen.office.lists.actions.moving import move
from jifen.office.lists.documents import exact
from jifen.office.lists.floor import base_of, compared, floor_of, place_in, standing_of
from jifen.office.lists.models import Entry, Run
from jifen.office.lists.rules import LIVE, SYSTEM
from jifen.scoring.ranking import Entrant

BELOW = "below_last"


def recheck_due(day: date) -> int:
    """Whose decision was replaced, and whose new one is signed; how many. Until it is signed the
    place waits."""
    rows = Entry.objects.filter(Exists(_newer()), state__in=LIVE, place__isnull=False)
    rows = rows.filter(decision__void_at__isnull=False).order_by("pk")
    return sum(_follow(pk, day) for pk in list(rows.values_list("pk", flat=True)))


def _newer() -> QuerySet[Decision]:
    """The standing decision of the same case."""
    rows = Decision.objects.filter(application=OuterRef("decision__application"))
    return rows.filter(signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True)


def _follow(pk: int, day: date) -> int:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=pk)
        new = _standing(entry)
        run = entry.publicity.run if entry.publicity else None
        if new is None or run is None or entry.state not in LIVE:
            return 0  # another worker was first
        return _moved(entry, new, base_of(run), day)


def _standing(entry: Entry) -> Decision | None:
    rows = Decision.objects.filter(application__decisions__listing=entry, listing__isnull=True)
    rows = rows.filter(signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True)
    return rows.first()


def _moved(entry: Entry, new: Decision, run: Run, day: date) -> int:
    found, lacking = compared(run, [new.pk])
    if lacking:
        return 0  # nobody can say yet: the staff's page does
    one, floor = found[0].entrant if found else None, floor_of(run)
    reached = new.outcome == "reached"
    if one is None or floor is None or not reached or standing_of(one) < floor:
        return move([entry], "remove", SYSTEM, day, why=BELOW)
    return _kept(entry, new, one, run, day)


def _kept(entry: Entry, new: Decision, one: Entrant, run: Run, day: date) -> int:
    """What changed stands in the history; the published list stays as it was."""
    said = f"{exact(entry.total)} → {exact(one.total)}"
    values = {"decision": new, "total": one.total, "place": place_in(run, one)}
    return move([entry], "recheck", SYSTEM, day, why=said, values=values)
