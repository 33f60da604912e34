"""A run from frozen decisions: read, ranked, made again, compared. Nothing is written here."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet

from jifen import cities
from jifen.office.casework.models import Decision
from jifen.office.lists.documents import compute_digest, format_exact, make_run_statement
from jifen.office.lists.models import Run, RunPlace
from jifen.office.lists.ranking_keys import flatten_keys, ranks_by_total
from jifen.office.lists.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.ranking import Entrant, Level, admit_within_quota, build_entrant, order_entrants


@dataclass(frozen=True, slots=True)
class EntrantSnapshot:
    """What a ranking takes from one decision."""

    number: str
    decision: int
    name: str
    entrant: Entrant


class MissingTieKeys(ValueError):
    """People who cannot be ranked, because a tie key of theirs is not known."""

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers
        examples = "、".join(numbers[:5])
        self.words = say(
            "snapshots.cases_lack_a_confirmed_tie", numbers_count=len(numbers), examples=examples
        )
        super().__init__(self.words.en)


def read_entrants(
    decisions: QuerySet[Decision], policy: Policy, ties: Sequence[str], *, again: bool = False
) -> Iterator[EntrantSnapshot]:
    """Whoever enters, in the order of the decisions. `again`: totals by the engine anew, not as
    kept. Raises Lacking with everybody who cannot be ranked."""
    names = ("application__number", "pk", "application__person__name", "total", "facts", "on")
    without_tie_keys: list[str] = []
    for number, pk, name, total, text, on in (
        decisions.order_by("pk").values_list(*names).iterator(chunk_size=5_000)
    ):
        facts = json.loads(text)
        try:
            by_total = policy.rules_on(on).decision.ranks_by_total
            keys = None if again or not by_total else _read_tie_keys(facts, ties)
            if keys is None:
                entry = flatten_keys(build_entrant(number, assess(policy, facts, on)))
            else:
                entry = Entrant(number, total, keys)
        except ValueError:
            without_tie_keys.append(number)
            continue
        yield EntrantSnapshot(number, pk, name, entry)
    if without_tie_keys:
        raise MissingTieKeys(without_tie_keys)


def _read_tie_keys(facts: dict[str, Any], ties: Sequence[str]) -> tuple[Decimal, ...] | None:
    """The tie keys where they stand among the frozen facts (one that does not apply is 0); None
    where one is derived from records, which the engine does."""
    if not all(tie in facts for tie in ties):
        return None
    try:
        return tuple(Decimal(str(facts[tie] or 0)) for tie in ties)
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One line of a ranking."""

    position: int
    name: str
    total: Decimal
    keys: list[str]
    place: int
    level: int
    admitted: bool


def rank_people(run: Run, people: Iterable[Entrant]) -> list[RankingRow]:
    """The ranking of these people by the quota and the rule of a run."""
    placed = order_entrants(people)
    level: Level = "all" if run.level == "all" else "none"
    inside = len(admit_within_quota(placed, run.quota, level))
    return [
        RankingRow(
            position,
            name,
            placed_person.total,
            [format_exact(key) for key in placed_person.tie_break_keys],
            placed_person.rank,
            placed_person.shared_by,
            position <= inside,
        )
        for position, (name, placed_person) in enumerate(placed, 1)
    ]


@dataclass(frozen=True, slots=True)
class RecomputedRun:
    """A run made again. `same`: every byte agrees. `gone`: decisions that retention has removed,
    for which the kept row stands in. `apart`: numbers whose rows differ."""

    same: bool
    then: str
    now: str
    statement: str
    ranked: int
    removed: int
    differing: tuple[str, ...]


def recompute_run(run: Run, *, again: bool = False) -> RecomputedRun:
    """Rank the frozen decisions of a run anew; `again`: score their frozen facts too."""
    policy = cities.load_edition(run.city, run.policy_version, run.policy_hash)
    stored_places = {place.decision: place for place in run.places.order_by("position")}
    rows = Decision.objects.filter(pk__in=RunPlace.objects.filter(run=run).values("decision"))
    entrants_by_decision = {
        snapshot.decision: snapshot.entrant
        for snapshot in read_entrants(rows, policy, run.ties, again=again)
    }
    removed_places = [
        place for pk, place in stored_places.items() if pk not in entrants_by_decision
    ]
    people = [
        *entrants_by_decision.values(),
        *(to_entrant(run, place) for place in removed_places),
    ]
    by_number = {place.number: place for place in stored_places.values()}
    places = [_make_place(run, row, by_number[row.name]) for row in rank_people(run, people)]
    statement = make_run_statement(run, places)
    digest = compute_digest(statement)
    differing = tuple(
        place.number
        for place in places
        if _list_compared_values(place) != _list_compared_values(by_number[place.number])
    )
    same = digest == run.digest
    return RecomputedRun(
        same, run.digest, digest, statement, len(places), len(removed_places), differing
    )


def to_entrant(run: Run, place: RunPlace) -> Entrant:
    """Somebody as the frozen row says."""
    keys = tuple(map(Decimal, place.keys))
    return Entrant(place.number, place.total, keys, None if ranks_by_total(run.ties) else ())


def _make_place(run: Run, row: RankingRow, stored: RunPlace) -> RunPlace:
    return RunPlace(
        run=run,
        position=row.position,
        number=row.name,
        decision=stored.decision,
        name=stored.name,
        total=row.total,
        keys=row.keys,
        place=row.place,
        level=row.level,
        admitted=row.admitted,
    )


def _list_compared_values(place: RunPlace) -> tuple[Any, ...]:
    return (place.place, place.level, format_exact(place.total), list(place.keys), place.admitted)


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """One person who stands differently in two runs; None: not in that run."""

    number: str
    name: str
    before: RunPlace | None
    after: RunPlace | None

    @property
    def label(self) -> Text:
        """What it comes to."""
        if self.before is None:
            return say("snapshots.entered")
        if self.after is None:
            return say("snapshots.no_longer_ranked")
        if self.before.admitted != self.after.admitted:
            inside = self.after.admitted
            return say("snapshots.now_inside") if inside else say("snapshots.now_outside")
        if self.before.total != self.after.total:
            return say("snapshots.other_points")
        return say("snapshots.another_place")


def compare_runs(earlier: Run, later: Run) -> list[PlaceDifference]:
    """Between two runs, person by person, in the order of the later one."""
    before, after = ({p.number: p for p in run.places.all()} for run in (earlier, later))
    all_places = [*after.values(), *(p for number, p in before.items() if number not in after)]
    differences = (
        PlaceDifference(place.number, place.name, before.get(place.number), after.get(place.number))
        for place in all_places
    )
    return [
        candidate for candidate in differences if _is_different(candidate.before, candidate.after)
    ]


def _is_different(earlier: RunPlace | None, later: RunPlace | None) -> bool:
    if earlier is None or later is None:
        return True
    compared_columns = ("place", "total", "keys", "admitted")
    return any(getattr(earlier, name) != getattr(later, name) for name in compared_columns)
