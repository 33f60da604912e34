"""From the places of a run to the entries of its list; refused where a decision changed since."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone

from jifen import cities
from jifen.lists import ListRules
from jifen.office.casework.models import Decision
from jifen.office.lists.admission_floor import find_place, find_raised_people
from jifen.office.lists.faults import ListFault
from jifen.office.lists.filing import (
    find_first_filing_day,
    list_accepted_cases,
    list_entering_decisions,
)
from jifen.office.lists.models import Entry, Run, RunPlace
from jifen.office.lists.models import State as Standing
from jifen.office.lists.snapshots import to_entrant
from jifen.office.lists.words import say
from jifen.policy.text import Text


def make_entries_of_run(run: Run, rules: ListRules, until: date) -> Iterator[Entry]:
    """Those inside the quota, with their decisions as they stand now. Raises ListFault where the
    decisions of the filing are not those that were ranked."""
    if (
        changed_numbers := _list_obsolete_numbers(run)
        if run.supplements
        else _list_changed_numbers(run, rules)
    ):
        raise ListFault("JF-Q034", _describe_stale_run(changed_numbers))
    places = run.places.filter(admitted=True).order_by("position")
    rows = Decision.objects.filter(pk__in=places.values("decision"))
    # not the facts and the result, which are most of a decision
    rows = rows.select_related("application").only("signed_at", "application__district")
    decisions = {d.pk: d for d in rows}
    policy = cities.load_edition(run.city, run.policy_version, run.policy_hash)
    threshold = policy.rules_on(find_first_filing_day(rules, run.year)).decision.threshold_on(
        find_first_filing_day(rules, run.year)
    )
    for place in places:
        yield _make_entry(run, place, decisions[place.decision], threshold, until)


def _list_changed_numbers(run: Run, rules: ListRules) -> list[str]:
    """The numbers of all, inside the quota or not, whose decision is gone, new or another: each
    may move everybody below."""
    rows = list_entering_decisions(list_accepted_cases(rules, run.year)).values_list(
        "pk", "total", "application__number"
    )
    current_numbers = {(pk, total): number or "" for pk, total, number in rows.iterator()}
    ranked_numbers = {(p.decision, p.total): p.number for p in run.places.all()}
    numbers_by_key = current_numbers | ranked_numbers
    return sorted({numbers_by_key[key] for key in current_numbers.keys() ^ ranked_numbers.keys()})


def _list_obsolete_numbers(run: Run) -> list[str]:
    """The numbers of those who are not, or no longer, to be entered."""
    raised_decisions = {snapshot.decision for snapshot in find_raised_people(run).people}
    return [p.number for p in run.places.order_by("position") if p.decision not in raised_decisions]


def _make_entry(
    run: Run, place: RunPlace, decision: Decision, threshold: Decimal, until: date
) -> Entry:
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
        line=max(threshold, Decimal(0)),
        place=find_place(base, to_entrant(run, place)) if base else place.place,
        state=Standing.PUBLIC,
        decided_on=timezone.localtime(signed_at).date(),
        public_until=until,
    )


def _describe_stale_run(numbers: list[str]) -> Text:
    examples = "、".join(numbers[:5])
    return say(
        "actions.places.decisions_changed_or_came_after",
        numbers_count=len(numbers),
        examples=examples,
    )
