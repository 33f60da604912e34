"""The order of a ranked measure (Chengdu 2018): score, then the tie keys; who is inside a quota.

Only those who may enter (at the line, eligible, no veto) are ranked. People equal in score and in
every tie key are level and share a place: the measure names no further key, and none is invented.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from jifen.scoring.result import Assessment
from jifen.scoring.tree import GroupNode, build_tree

Level = Literal["all", "none"]
"""Those level at the last place, where not all of them fit the quota: all are in, or none."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who is ranked: the exact score, and the tie keys in their order (more is better).
    `scores`: what comes before the keys where the measure does not rank by the total."""

    name: str
    total: Decimal
    tie_break_keys: tuple[Decimal, ...] = ()
    scores: tuple[Decimal, ...] | None = None


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place in the ranking: 1 is first; equals share it, and the next place is that much lower.
    `level`: how many share it."""

    rank: int
    total: Decimal
    tie_break_keys: tuple[Decimal, ...]
    shared_by: int = 1


Ranked = list[tuple[str, RankedPlace]]


def order_entrants(entrants: Iterable[Entrant]) -> Ranked:
    """Best first; those who are level in the order of their names, so that the same people give
    the same list in whatever order they come."""
    rows = sorted(entrants, key=lambda e: e.name)
    rows.sort(key=_sort_key, reverse=True)  # stable: names stay in order
    placed: Ranked = []
    for _, group in groupby(rows, key=_sort_key):
        level, rank_ = list(group), len(placed) + 1
        placed += [
            (one.name, RankedPlace(rank_, one.total, one.tie_break_keys, len(level)))
            for one in level
        ]
    return placed


def _sort_key(entrant: Entrant) -> tuple[Decimal, ...]:
    scores = (entrant.total,) if entrant.scores is None else entrant.scores
    return (*scores, *entrant.tie_break_keys)


def rank_assessments(results: Mapping[str, Assessment]) -> Ranked:
    """Who may enter, best first. Raises ValueError for a result whose total is not definite."""
    found = (build_entrant(name, result) for name, result in results.items() if result.reached)
    return order_entrants(found)


def build_entrant(name: str, result: Assessment) -> Entrant:
    """Somebody by the result of the measure. A key that does not apply counts as 0 (no home: no
    years of residence). Raises ValueError where the total or a key is not definite."""
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
        result.total if ident == "total" else score_group(result, ident)  # type: ignore[misc]
        for ident in decision.ranked_by
    )


def score_group(result: Assessment, group: str) -> Decimal:
    """What the indicators of a group come to, its own cap and those of its members applied.
    Raises ValueError where it is not definite, KeyError for an unknown group."""
    root = build_tree(result.rules, 10**result.rules.precision)
    node = next((one for one in _walk_groups(root) if one.id == group), None)
    if node is None:
        raise KeyError(group)
    lows = [line.scaled_low for line in result.lines]
    highs = [line.scaled_high for line in result.lines]
    low, high = node.tally_bounds(lows, highs, [True] * len(lows))
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
    """Everybody whose place is inside the quota, in order. `level` 'all': those level at the last
    place are all in, also beyond the quota; 'none': they are in only where they all fit."""
    if quota < 0:
        raise ValueError(f"the quota {quota}; expected 0 or more")
    return [name for name, place in ranked if _last_rank_taken(place, level) <= quota]


def _last_rank_taken(place: RankedPlace, level: Level) -> int:
    return place.rank if level == "all" else place.rank + place.shared_by - 1
