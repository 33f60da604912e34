"""From the places of a run to the entries of its list; refused where a decision changed since."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone

from jifen import cities
from jifen.lists import ListRules
from jifen.office.casework.models import Decision
from jifen.office.lists.faults import ListFault
from jifen.office.lists.filing import accepted, entering, filing_of
from jifen.office.lists.floor import place_in, raised
from jifen.office.lists.frozen import kept_as
from jifen.office.lists.models import Entry, Run, RunPlace
from jifen.office.lists.models import State as Standing
from jifen.policy.text import Text


def entries_of_run(run: Run, rules: ListRules, until: date) -> Iterator[Entry]:
    """Those inside the quota, with their decisions as they stand now. Raises ListFault where the
    decisions of the filing are not those that were ranked."""
    if apart := _supplement_apart(run) if run.supplements else _apart(run, rules):
        raise ListFault("JF-Q034", _stale(apart))
    places = run.places.filter(admitted=True).order_by("position")
    rows = Decision.objects.filter(pk__in=places.values("decision"))
    # not the facts and the result, which are most of a decision
    rows = rows.select_related("application").only("signed_at", "application__district")
    standing = {d.pk: d for d in rows}
    policy = cities.load(run.city, run.policy_version)
    line = policy.rules_on(filing_of(rules, run.year)).decision.threshold_on(
        filing_of(rules, run.year)
    )
    for place in places:
        yield _entry(run, place, standing[place.decision], line, until)


def _apart(run: Run, rules: ListRules) -> list[str]:
    """The numbers of all, inside the quota or not, whose decision is gone, new or another: each
    may move everybody below."""
    rows = entering(accepted(rules, run.year)).values_list("pk", "total", "application__number")
    now = {(pk, total): number or "" for pk, total, number in rows.iterator()}
    then = {(p.decision, p.total): p.number for p in run.places.all()}
    every = now | then
    return sorted({every[key] for key in now.keys() ^ then.keys()})


def _supplement_apart(run: Run) -> list[str]:
    """The numbers of those who are not, or no longer, to be entered."""
    still = {one.decision for one in raised(run).people}
    return [p.number for p in run.places.order_by("position") if p.decision not in still]


def _entry(run: Run, place: RunPlace, decision: Decision, line: Decimal, until: date) -> Entry:
    signed_at = decision.signed_at or timezone.now()
    base = run.supplements
    return Entry(
        decision=decision,
        city=run.city,
        district=decision.application.district,
        rules=run.rules,
        number=place.number,
        name=place.name,
        total=place.total,
        line=max(line, Decimal(0)),
        place=place_in(base, kept_as(place)) if base else place.place,
        state=Standing.PUBLIC,
        decided_on=timezone.localtime(signed_at).date(),
        public_until=until,
    )


def _stale(numbers: list[str]) -> Text:
    some = "、".join(numbers[:5])
    return Text(
        f"{len(numbers)} 人的决定在排名之后已变更或新作出（{some}），请重新排名。",
        f"{len(numbers)} decisions changed or came after the ranking ({some}): open a new run.",
    )
