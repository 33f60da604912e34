"""The last place inside the quota of a published ranking, and who has come to stand at or above it
since, by a recheck or by a decision that came late. Nothing is written here."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from jifen import cities
from jifen.office.casework.models import Decision
from jifen.office.lists.filing import find_rank_rules, list_accepted_cases, list_entering_decisions
from jifen.office.lists.models import Entry, Run, State
from jifen.office.lists.ranking_keys import RankKey, make_rank_key, ranks_by_total
from jifen.office.lists.rules import LIVE
from jifen.office.lists.snapshots import (
    EntrantSnapshot,
    MissingTieKeys,
    read_entrants,
    to_entrant,
)
from jifen.scoring.ranking import Entrant


def find_base_run(run: Run) -> Run:
    """The ranking of the year: the run itself, or the one to which it is a supplement."""
    return run.supplements or run


def find_floor(run: Run) -> RankKey | None:
    """The last place inside the quota; None where nobody is inside."""
    last = find_base_run(run).places.filter(admitted=True).order_by("-position").first()
    return make_rank_key(to_entrant(run, last)) if last else None


def find_place(run: Run, entrant: Entrant) -> int:
    """The place that somebody's score has in a ranking: nobody else's moves for it."""
    others = run.places.exclude(number=entrant.name)
    if not ranks_by_total(run.ties):
        own_key = make_rank_key(entrant)
        return 1 + sum(make_rank_key(to_entrant(run, other)) > own_key for other in others)
    people_above = others.filter(total__gt=entrant.total).count()
    level = others.filter(total=entrant.total).values_list("keys", flat=True)
    return (
        1 + people_above + sum(tuple(map(Decimal, keys)) > entrant.tie_break_keys for keys in level)
    )


@dataclass(frozen=True, slots=True)
class RaisedPeople:
    """Who would be inside and is on no list; `lacking`: numbers of those whose tie keys are not
    known, so that nobody can say."""

    people: tuple[EntrantSnapshot, ...] = ()
    without_tie_keys: tuple[str, ...] = ()


def find_raised_people(run: Run) -> RaisedPeople:
    """Who stands at or above the last place by now, and is not entered. Who settled, gave up or
    lapsed does not come back by another decision."""
    base, floor = find_base_run(run), find_floor(run)
    if floor is None:
        return RaisedPeople()
    rows = list_entering_decisions(
        list_accepted_cases(find_rank_rules(base.city, base.year), base.year)
    )
    rows = rows.filter(listing__isnull=True)
    if ranks_by_total(base.ties):
        rows = rows.filter(total__gte=floor[0])
    entered = Entry.objects.filter(city=base.city, rules=base.rules).exclude(state=State.REMOVED)
    rows = rows.exclude(application__number__in=entered.values("number"))
    snapshots, without_tie_keys = read_comparable(base, list(rows.values_list("pk", flat=True)))
    admitted = [snapshot for snapshot in snapshots if make_rank_key(snapshot.entrant) >= floor]
    return RaisedPeople(tuple(admitted), tuple(without_tie_keys))


def list_waiting_entries(run: Run) -> list[Entry]:
    """Places whose decision is replaced, while nobody can say yet by what."""
    base = find_base_run(run)
    rows = Entry.objects.filter(city=base.city, rules=base.rules, state__in=LIVE)
    rows = rows.filter(Q(publicity__run=base) | Q(publicity__run__supplements=base))
    return list(rows.filter(decision__void_at__isnull=False).order_by("place", "number"))


def read_comparable(run: Run, decisions: list[int]) -> tuple[list[EntrantSnapshot], list[str]]:
    """Decisions as a run would rank them, by its own measure only; and the numbers of those that
    lack a tie key."""
    rows = Decision.objects.filter(policy=run.policy, policy_version=run.policy_version)
    snapshots: list[EntrantSnapshot] = []
    policy = cities.load_edition(run.city, run.policy_version, run.policy_hash)
    try:
        snapshots.extend(read_entrants(rows.filter(pk__in=decisions), policy, run.ties))
    except MissingTieKeys as error:
        return snapshots, error.numbers
    return snapshots, []
