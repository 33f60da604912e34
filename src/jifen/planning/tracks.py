"""One fact through the days: what it will be, or between what it will lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.facts.measures import ABSENT
from jifen.planning.days import Mask, Numbers
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.population.axis import Axis

NOT_APPLICABLE, UNKNOWN = -1, -2
"""In a track of numbers: the fact does not apply; nothing is known of it."""
YUAN_PLACES = 2


@dataclass(frozen=True, eq=False)
class Track:
    """A fact by day. Numbers: `low` and `high` (int32) are values times 10 ** `places`, equal where
    the value is known. Answers: they are numbers of `answers`."""

    fact: Fact
    low: Numbers
    high: Numbers
    answers: tuple[Any, ...] = ()

    @property
    def places(self) -> int:
        """Decimal places of the numbers."""
        return decimal_places(self.fact)

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, not answers."""
        return not self.answers

    @cached_property
    def has_open_days(self) -> bool:
        """Whether its value is between bounds on some day."""
        return self.low is not self.high and bool((self.low != self.high).any())

    @cached_property
    def has_absent_days(self) -> bool:
        """Whether nothing is known of it on some day."""
        if self.answers:
            return ABSENT in self.answers and bool((self.low == self.answers.index(ABSENT)).any())
        return bool((self.low == UNKNOWN).any())

    def value_on(self, day_number: int) -> tuple[Any, Any]:
        """The least and the most on a day; ABSENT twice where nothing is known."""
        return self._decode_value(int(self.low[day_number])), self._decode_value(
            int(self.high[day_number])
        )

    def list_changes(self) -> NDArray[np.intp]:
        """The numbers of the days on which it is not what it was the day before."""
        return self._changes

    @cached_property
    def _changes(self) -> NDArray[np.intp]:
        moved = self.low[1:] != self.low[:-1]
        if self.high is not self.low:
            moved |= self.high[1:] != self.high[:-1]
        return np.flatnonzero(moved) + 1

    def _decode_value(self, number: int) -> Any:
        if self.answers:
            return self.answers[number]
        if number < 0:
            return None if number == NOT_APPLICABLE else ABSENT
        return Decimal(number).scaleb(-self.places) if self.places else number

    def encode_codes(self, axis: Axis, *, high: bool) -> NDArray[Any]:
        """The codes of one end on every day."""
        numbers = self.high if high else self.low
        if self.answers:
            table = [axis.absent if v is ABSENT else axis.encode(v) for v in self.answers]
            return np.array(table, axis.dtype)[numbers]
        if axis.cuts is None and not self.places:
            codes = np.minimum(numbers, int(self.fact.most)) - (int(self.fact.least) - 1)
            if numbers.min(initial=0) < 0:
                codes = np.where(numbers == NOT_APPLICABLE, 0, codes)
                codes = np.where(numbers == UNKNOWN, axis.absent, codes)
            return codes.astype(axis.dtype)
        return self._encode_by_value(axis, numbers)

    def _encode_by_value(self, axis: Axis, numbers: Numbers) -> NDArray[Any]:
        distinct, where = np.unique(numbers, return_inverse=True)
        values = [self._decode_value(int(number)) for number in distinct]
        table = [axis.absent if v is ABSENT else axis.encode(v) for v in values]
        return np.array(table, axis.dtype)[where]


def decimal_places(fact: Fact) -> int:
    """Places kept of a number: fen of yuan, none of whole numbers."""
    return YUAN_PLACES if fact.type == "yuan" else 0


def is_held_as_number(fact: Fact) -> bool:
    """Whether a fact is held as numbers: whole ones and yuan can grow and fall with time."""
    return fact.type in WHOLE_TYPES or fact.type == "yuan"


def constant_track(fact: Fact, value: Any, days: int) -> Track:
    """A fact that is the same on every day (ABSENT: unknown on every day)."""
    if is_held_as_number(fact):
        numbers = np.full(days, encode_number(fact, value), np.int32)
        return Track(fact, numbers, numbers)
    indexes = np.zeros(days, np.int32)
    return Track(fact, indexes, indexes, (value,))


def encode_number(fact: Fact, value: Any) -> int:
    """A value as a track of numbers holds it."""
    if value is ABSENT:
        return UNKNOWN
    if value is None:
        return NOT_APPLICABLE
    return min(int(Decimal(value).scaleb(decimal_places(fact))), _MOST_HELD)


_MOST_HELD = 2**30
"""Over ten million yuan no city asks how much more: what is above counts the same."""


def bounded_track(fact: Fact, low: Numbers, high: Numbers) -> Track:
    """A number between bounds, inside the range of its fact."""
    most = min(int(fact.most.scaleb(decimal_places(fact))), _MOST_HELD)
    low = np.minimum(low, most).astype(np.int32)
    high = low if high is low else np.minimum(high, most).astype(np.int32)
    return Track(fact, low, high)


def exact_track(fact: Fact, values: Numbers) -> Track:
    """A number that is known on every day."""
    values = np.minimum(
        values, min(int(fact.most.scaleb(decimal_places(fact))), _MOST_HELD)
    ).astype(np.int32)
    return Track(fact, values, values)


def answer_track(fact: Fact, values: Sequence[Any]) -> Track:
    """An answer for every day, one by one."""
    answers = tuple(dict.fromkeys(values))
    indexes = np.array([answers.index(value) for value in values], np.int32)
    return Track(fact, indexes, indexes, answers)


def replace_since(track: Track, value: Any, since: Mask) -> Track:
    """The same, but another value on the days of a mask."""
    if track.is_number:
        number = encode_number(track.fact, value)
        low = np.where(since, number, track.low).astype(np.int32)
        high = np.where(since, number, track.high).astype(np.int32)
        return Track(track.fact, low, high)
    answers = (*track.answers, value)
    low = np.where(since, len(track.answers), track.low).astype(np.int32)
    high = np.where(since, len(track.answers), track.high).astype(np.int32)
    return Track(track.fact, low, high, answers)
