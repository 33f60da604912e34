"""The ranking of a measure (Chengdu 2018): by score, then by tie-break keys, within a quota.

Only people who reach the threshold, are eligible and have no veto are ranked. People with equal
scores and equal tie-break keys share a rank, because the measure names no further key.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from jifen.scoring.result import Assessment
from jifen.scoring.tree import GroupNode, build_tree

Level = Literal["all", "none"]
"""People tied at the last rank of the quota, where not all of them fit: all are in, or none."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person to be ranked: the exact score, and the tie-break keys in order (more is better).
    `scores`: group scores that come before the keys where a measure does not rank by the total."""

    name: str
    total: Decimal
    tie_break_keys: tuple[Decimal, ...] = ()
    scores: tuple[Decimal, ...] | None = None


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A rank: 1 is first. Ties share a rank, and the next rank is lower by their number.
    `shared_by`: how many people have this rank."""

    rank: int
    total: Decimal
    tie_break_keys: tuple[Decimal, ...]
    shared_by: int = 1


Ranked = list[tuple[str, RankedPlace]]


def order_entrants(entrants: Iterable[Entrant]) -> Ranked:
    """Best first. Ties are listed by name, so that the same people always give the same list."""
    rows = sorted(entrants, key=lambda entrant: entrant.name)
    rows.sort(key=_sort_key, reverse=True)  # stable: names stay in order
    placed: Ranked = []
    for _, group in groupby(rows, key=_sort_key):
        tied, rank_ = list(group), len(placed) + 1
        placed += [
            (
                tied_entrant.name,
                RankedPlace(rank_, tied_entrant.total, tied_entrant.tie_break_keys, len(tied)),
            )
            for tied_entrant in tied
        ]
    return placed


def _sort_key(entrant: Entrant) -> tuple[Decimal, ...]:
    scores = (entrant.total,) if entrant.scores is None else entrant.scores
    return (*scores, *entrant.tie_break_keys)


def rank_assessments(results: Mapping[str, Assessment]) -> Ranked:
    """Everybody who may be ranked, best first. Raises ValueError where a total is not definite."""
    entrants = (build_entrant(name, result) for name, result in results.items() if result.reached)
    return order_entrants(entrants)


def build_entrant(name: str, result: Assessment) -> Entrant:
    """The entrant of an assessment. A key that does not apply counts as 0 (no home: no years of
    residence). Raises ValueError where the total or a key is not definite."""
    known = result.situation.values
    facts = [tie.fact for tie in result.rules.decision.ties]
    absent = [fact for fact in facts if fact not in known]
    if result.total is None or absent:
        missing = ", ".join(dict.fromkeys([*result.missing, *absent]))
        raise ValueError(f"{name} cannot be ranked while facts are missing: {missing}")
    keys = tuple(Decimal(known[fact] or 0) for fact in facts)
    return Entrant(name, result.total, keys, _group_scores(result))


def _group_scores(result: Assessment) -> tuple[Decimal, ...] | None:
    """The scores of groups by which a measure ranks; None where it ranks by the total. They are
    definite where the total is: a total is only where every line that counts is."""
    decision = result.rules.decision
    if decision.ranks_by_total:
        return None
    return tuple(
        result.total if group_id == "total" else score_group(result, group_id)  # type: ignore[misc]
        for group_id in decision.ranked_by
    )


def score_group(result: Assessment, group: str) -> Decimal:
    """What the indicators of a group come to, its own cap and those of its members applied.
    Raises ValueError where it is not definite, KeyError for an unknown group."""
    root = build_tree(result.rules, 10**result.rules.precision)
    target = next((node for node in _walk_groups(root) if node.id == group), None)
    if target is None:
        raise KeyError(group)
    ends = [line.multiplies or (line.scaled_low, line.scaled_high) for line in result.lines]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    low, high = target.tally_bounds(lows, highs, [True] * len(lows))
    if low != high:
        raise ValueError(f"the score of '{group}' is not definite while facts are missing")
    return result.points(low)


def _walk_groups(node: GroupNode) -> Iterator[GroupNode]:
    yield node
    for group in node.groups:
        yield from _walk_groups(group)


def admit_within_quota(
    ranked: Sequence[tuple[str, RankedPlace]], quota: int, level: Level = "all"
) -> list[str]:
    """Everybody whose rank is inside the quota, in order. `level` 'all': people tied at the last
    rank are all in, also beyond the quota; 'none': they are in only where they all fit."""
    if quota < 0:
        raise ValueError(f"the quota {quota}; expected 0 or more")
    return [name for name, place in ranked if _last_rank_taken(place, level) <= quota]


def _last_rank_taken(place: RankedPlace, level: Level) -> int:
    return place.rank if level == "all" else place.rank + place.shared_by - 1
