"""A run from frozen decisions: read, ranked, made again, compared. Nothing is written here."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet

from jifen import cities
from jifen.office.casework.models import Decision
from jifen.office.lists.documents import digest_of, exact, statement_of
from jifen.office.lists.models import Run, RunPlace
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.ranking import Entrant, Level, admit_within_quota, build_entrant, order_entrants


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a ranking takes from one decision."""

    number: str
    decision: int
    name: str
    entrant: Entrant


class Lacking(ValueError):
    """People who cannot be ranked, because a tie key of theirs is not known."""

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers
        some = "、".join(numbers[:5])
        self.words = Text(
            f"{len(numbers)} 件的排序项（参保、居住年限）没有认定：{some}。",
            f"{len(numbers)} cases lack a confirmed tie key: {some}.",
        )
        super().__init__(self.words.en)


def entrants(
    decisions: QuerySet[Decision], policy: Policy, ties: Sequence[str], *, again: bool = False
) -> Iterator[Frozen]:
    """Whoever enters, in the order of the decisions. `again`: totals by the engine anew, not as
    kept. Raises Lacking with everybody who cannot be ranked."""
    names = ("application__number", "pk", "application__person__name", "total", "facts", "on")
    lacking: list[str] = []
    for number, pk, name, total, text, on in (
        decisions.order_by("pk").values_list(*names).iterator(chunk_size=5_000)
    ):
        facts = json.loads(text)
        try:
            by_total = policy.rules_on(on).decision.ranks_by_total
            keys = None if again or not by_total else _keys(facts, ties)
            if keys is None:
                found = build_entrant(number, assess(policy, facts, on))
            else:
                found = Entrant(number, total, keys)
        except ValueError:
            lacking.append(number)
            continue
        yield Frozen(number, pk, name, found)
    if lacking:
        raise Lacking(lacking)


def _keys(facts: dict[str, Any], ties: Sequence[str]) -> tuple[Decimal, ...] | None:
    """The tie keys where they stand among the frozen facts (one that does not apply is 0); None
    where one is derived from records, which the engine does."""
    if not all(tie in facts for tie in ties):
        return None
    try:
        return tuple(Decimal(str(facts[tie] or 0)) for tie in ties)
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ranking."""

    position: int
    name: str
    total: Decimal
    keys: list[str]
    place: int
    level: int
    admitted: bool


def ranked(run: Run, people: Iterable[Entrant]) -> list[Row]:
    """The ranking of these people by the quota and the rule of a run."""
    placed = order_entrants(people)
    level: Level = "all" if run.level == "all" else "none"
    inside = len(admit_within_quota(placed, run.quota, level))
    return [
        Row(
            n,
            name,
            p.total,
            [exact(key) for key in p.tie_break_keys],
            p.rank,
            p.shared_by,
            n <= inside,
        )
        for n, (name, p) in enumerate(placed, 1)
    ]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A run made again. `same`: every byte agrees. `gone`: decisions that retention has removed,
    for which the kept row stands in. `apart`: numbers whose rows differ."""

    same: bool
    then: str
    now: str
    statement: str
    ranked: int
    gone: int
    apart: tuple[str, ...]


def recompute(run: Run, *, again: bool = False) -> Recomputed:
    """Rank the frozen decisions of a run anew; `again`: score their frozen facts too."""
    policy = cities.load(run.city, run.policy_version)
    kept = {place.decision: place for place in run.places.order_by("position")}
    rows = Decision.objects.filter(pk__in=RunPlace.objects.filter(run=run).values("decision"))
    found = {f.decision: f.entrant for f in entrants(rows, policy, run.ties, again=again)}
    gone = [place for pk, place in kept.items() if pk not in found]
    people = [*found.values(), *map(kept_as, gone)]
    by_number = {place.number: place for place in kept.values()}
    places = [_place(run, row, by_number[row.name]) for row in ranked(run, people)]
    statement = statement_of(run, places)
    digest = digest_of(statement)
    apart = tuple(p.number for p in places if _said(p) != _said(by_number[p.number]))
    same = digest == run.digest
    return Recomputed(same, run.digest, digest, statement, len(places), len(gone), apart)


def kept_as(place: RunPlace) -> Entrant:
    """Somebody as the frozen row says."""
    return Entrant(place.number, place.total, tuple(map(Decimal, place.keys)))


def _place(run: Run, row: Row, kept: RunPlace) -> RunPlace:
    return RunPlace(
        run=run,
        position=row.position,
        number=row.name,
        decision=kept.decision,
        name=kept.name,
        total=row.total,
        keys=row.keys,
        place=row.place,
        level=row.level,
        admitted=row.admitted,
    )


def _said(place: RunPlace) -> tuple[Any, ...]:
    return (place.place, place.level, exact(place.total), list(place.keys), place.admitted)


@dataclass(frozen=True, slots=True)
class Apart:
    """One person who stands differently in two runs; None: not in that run."""

    number: str
    name: str
    before: RunPlace | None
    after: RunPlace | None

    @property
    def words(self) -> Text:
        """What it comes to."""
        if self.before is None:
            return Text("新进入", "entered")
        if self.after is None:
            return Text("不再排名", "no longer ranked")
        if self.before.admitted != self.after.admitted:
            inside = self.after.admitted
            return Text("进入名额", "now inside") if inside else Text("落出名额", "now outside")
        if self.before.total != self.after.total:
            return Text("分值变化", "other points")
        return Text("名次变化", "another place")


def difference(one: Run, other: Run) -> list[Apart]:
    """Between two runs, person by person, in the order of the later one."""
    before, after = ({p.number: p for p in run.places.all()} for run in (one, other))
    every = [*after.values(), *(p for number, p in before.items() if number not in after)]
    found = (Apart(p.number, p.name, before.get(p.number), after.get(p.number)) for p in every)
    return [apart for apart in found if _differs(apart.before, apart.after)]


def _differs(one: RunPlace | None, other: RunPlace | None) -> bool:
    if one is None or other is None:
        return True
    kept = ("place", "total", "keys", "admitted")
    return any(getattr(one, name) != getattr(other, name) for name in kept)
