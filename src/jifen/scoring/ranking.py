"""The order of a ranked measure (Chengdu 2018): score, then the tie keys; who is inside a quota.

Only those who may enter (at the line, eligible, no veto) are ranked. People equal in score and in
every tie key share a rank: the measure names no further key, and none is invented.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.scoring.result import Assessment


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the ranking: 1 is first; equals share it."""

    rank: int
    total: Decimal
    keys: tuple[Any, ...]


def rank(results: Mapping[str, Assessment]) -> list[tuple[str, Place]]:
    """Who may enter, best first. Raises ValueError for a result whose total is not definite."""
    entered = [(name, _key(name, result)) for name, result in results.items() if result.reached]
    entered.sort(key=lambda entry: entry[1], reverse=True)
    placed: list[tuple[str, Place]] = []
    for number, (name, key) in enumerate(entered, start=1):
        equal = placed and (placed[-1][1].total, *placed[-1][1].keys) == key
        place = placed[-1][1].rank if equal else number
        placed.append((name, Place(place, key[0], key[1:])))
    return placed


def _key(name: str, result: Assessment) -> tuple[Any, ...]:
    known = result.situation.values
    keys = [tie.fact for tie in result.rules.decision.ties]
    absent = [fact for fact in keys if fact not in known]
    if result.total is None or absent:
        missing = ", ".join(dict.fromkeys([*result.missing, *absent]))
        raise ValueError(f"{name} cannot be ranked while facts are missing: {missing}")
    return (result.total, *(known[fact] or 0 for fact in keys))


def admitted(ranked: Iterable[tuple[str, Place]], quota: int) -> list[str]:
    """Everybody whose place is inside the quota; those level with the last place are all in."""
    return [name for name, place in ranked if place.rank <= quota]
