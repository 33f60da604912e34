"""The order of selection: who of a ranking is taken, by place and then city-wide, or draw by draw.

`decision.selection` of a measure says it (`SelectionRule`). A time stamp is one key more, behind
all others, earlier first. At every edge (the quota of a place, what is left city-wide, the share of
a place) those level with each other are taken by the measure's `level`: all of them, or none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby

from jifen.policy.model import SelectionRule
from jifen.scoring.ranking import (
    Entrant,
    Level,
    Ranked,
    RankedPlace,
    admit_within_quota,
    order_entrants,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS_IN_SECOND = 1_000_000
_SECONDS_IN_DAY = 86_400


@dataclass(frozen=True, slots=True)
class FiledApplication:
    """Where somebody filed, when first, and since when the points are what they are. A time without
    a zone is read as UTC."""

    place: str = ""
    filed: datetime | None = None
    reached: datetime | None = None

    def find_stamp(self, rule: SelectionRule) -> datetime | None:
        """The time that counts under a rule: `filed` stays, `reached` moves; None for neither."""
        if rule.stamp == "none":
            return None
        return self.filed if rule.stamp == "filed" else self.reached


@dataclass(frozen=True, slots=True)
class Draw:
    """One of several draws: how many are taken, of those whose stamp is not later than `at`."""

    people: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """Who was taken, round by round, best first; `empty`: places that nobody took."""

    rounds: tuple[tuple[str, ...], ...]
    empty: int

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody who was taken, round after round."""
        return tuple(name for taken in self.rounds for name in taken)


def stamp_entrants(
    entrants: Iterable[Entrant], filings: Mapping[str, FiledApplication], rule: SelectionRule
) -> list[Entrant]:
    """The entrants with the stamp as their last key. Raises ValueError for somebody who has none
    where the rule asks for one."""
    if rule.stamp == "none":
        return list(entrants)
    return [
        replace(
            entrant,
            tie_break_keys=(
                *entrant.tie_break_keys,
                make_stamp_key(_find_stamp(entrant.name, filings, rule)),
            ),
        )
        for entrant in entrants
    ]


def make_stamp_key(stamp: datetime) -> Decimal:
    """A time as a key of which more is better: seconds before 1970, to the microsecond."""
    since = _read_as_utc(stamp) - _EPOCH
    seconds = since.days * _SECONDS_IN_DAY + since.seconds
    return -(Decimal(seconds) + Decimal(since.microseconds) / _MICROSECONDS_IN_SECOND)


def _read_as_utc(stamp: datetime) -> datetime:
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _find_stamp(
    name: str, filings: Mapping[str, FiledApplication], rule: SelectionRule
) -> datetime:
    stamp = filings.get(name, FiledApplication()).find_stamp(rule)
    if stamp is None:
        raise ValueError(f"{name} cannot be ranked without the time '{rule.stamp}'")
    return stamp


def select_people(placed: Ranked, quota: int, rule: SelectionRule) -> Selected:
    """One round within one quota."""
    taken = tuple(admit_within_quota(placed, quota, rule.level))
    return Selected((taken,), max(0, quota - len(taken)))


def select_by_place(
    placed: Ranked,
    filings: Mapping[str, FiledApplication],
    quotas: Mapping[str, int],
    rule: SelectionRule,
) -> Selected:
    """The quota of each place first; then, where the rule says so, what is left for those outside,
    city-wide and best first, of each place at most `percent` of its quota (whole people).
    `placed`: the ranking of everybody. Raises ValueError for a place without a quota."""
    if rule.places is None:
        raise ValueError("the measure has no quotas of places")
    place_of = {name: filings.get(name, FiledApplication()).place for name, _ in placed}
    strange = sorted(set(place_of.values()) - set(quotas))
    if strange:
        raise ValueError(f"no quota is known of the place '{strange[0]}'")
    inside: set[str] = set()
    left = 0
    for place, quota in quotas.items():
        own = [(name, standing) for name, standing in placed if place_of[name] == place]
        taken = admit_within_quota(_rank_anew(own), quota, rule.level)
        inside.update(taken)
        left += max(0, quota - len(taken))
    first = tuple(name for name, _ in placed if name in inside)
    if rule.places.then == "nobody":
        return Selected((first,), left)
    outside = [(name, standing) for name, standing in placed if name not in inside]
    second = tuple(_take_city_wide(outside, place_of, quotas, left, rule))
    return Selected((first, second), max(0, left - len(second)))


def _rank_anew(placed: Sequence[tuple[str, RankedPlace]]) -> Ranked:
    """Places among some of the ranked; who was level stays level."""
    ranked: Ranked = []
    for level_people in _group_level(placed):
        rank = len(ranked) + 1
        ranked += [
            (name, replace(standing, rank=rank, shared_by=len(level_people)))
            for name, standing in level_people
        ]
    return ranked


def _group_level(placed: Sequence[tuple[str, RankedPlace]]) -> Iterator[Ranked]:
    for _, level_people in groupby(placed, key=lambda row: row[1].rank):
        yield list(level_people)


def _take_city_wide(
    outside: Ranked,
    place_of: Mapping[str, str],
    quotas: Mapping[str, int],
    left: int,
    rule: SelectionRule,
) -> Iterator[str]:
    percent = rule.places.percent if rule.places else None
    room = {
        place: len(outside) if percent is None else int(quota * percent / 100)
        for place, quota in quotas.items()
    }
    for level_people in _group_level(outside):
        if left <= 0:
            return
        candidates = [
            name
            for place, names in _group_by_place([name for name, _ in level_people], place_of)
            for name in names
            if _has_room(len(names), room[place], rule.level)
        ]
        if rule.level == "none" and len(candidates) > left:
            return  # the next would pass by those level at the last place
        yield from candidates
        left -= len(candidates)
        for name in candidates:
            room[place_of[name]] -= 1


def _group_by_place(
    names: Sequence[str], place_of: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    ordered = sorted(names, key=place_of.__getitem__)
    for place, of_place in groupby(ordered, key=place_of.__getitem__):
        yield place, list(of_place)


def _has_room(people: int, room: int, level: Level) -> bool:
    return people > 0 and (room > 0 if level == "all" else people <= room)


def draw_repeatedly(
    entrants: Iterable[Entrant],
    filings: Mapping[str, FiledApplication],
    draws: Sequence[Draw],
    rule: SelectionRule,
) -> Selected:
    """Draw after draw from those who wait: who is taken leaves, whose stamp is later than the draw
    waits. `entrants` are stamped already. `empty`: what the last draw left."""
    waiting, rounds, empty = list(entrants), list[tuple[str, ...]](), 0
    for draw in draws:
        pool = [entrant for entrant in waiting if _is_in_time(entrant.name, filings, draw, rule)]
        taken = select_people(order_entrants(pool), draw.people, rule)
        rounds.append(taken.names)
        empty, gone = taken.empty, set(taken.names)
        waiting = [entrant for entrant in waiting if entrant.name not in gone]
    return Selected(tuple(rounds), empty)


def _is_in_time(
    name: str, filings: Mapping[str, FiledApplication], draw: Draw, rule: SelectionRule
) -> bool:
    if draw.at is None:
        return True
    filing = filings.get(name, FiledApplication())
    stamp = filing.find_stamp(rule) or filing.filed
    return stamp is None or _read_as_utc(stamp) <= _read_as_utc(draw.at)
