"""Formulas of derived numbers: a closed set of operations on whole numbers.

The same formula is worked out for one person (Python integers), for a population (arrays) and in
the compiled kernel (vectors): each of these is a set of `Operations`. A fact that does not apply
counts as 0.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, Protocol

Directions = dict[str, int]
"""Fact → 1 (more of it never lowers the number), -1 (never raises it) or 0 (may do both)."""
NumberRange = tuple[int, int]
Combining = Literal["sum", "least", "greatest", "product"]


class Operations(Protocol):
    """Arithmetic on one kind of values: integers, arrays or vectors."""

    def read_fact(self, fact_id: str) -> Any:
        """A whole-number fact; 0 where it does not apply."""

    def read_answer(self, fact_id: str, numbers: tuple[tuple[str, int], ...]) -> Any:
        """The number that belongs to the answer of a choice; 0 where it does not apply."""

    def make_constant(self, number: int) -> Any:
        """A constant."""

    def add(self, first: Any, second: Any) -> Any: ...

    def subtract_to_zero(self, first: Any, second: Any) -> Any:
        """`one` less `other`, but never below 0."""

    def take_least(self, first: Any, second: Any) -> Any: ...

    def take_greatest(self, first: Any, second: Any) -> Any: ...

    def multiply(self, first: Any, second: Any) -> Any: ...


class Formula(Protocol):
    """How a derived number follows from facts."""

    def list_facts(self) -> tuple[str, ...]:
        """The facts that it reads, each once."""

    def find_directions(self) -> Directions:
        """How the number moves with each number that it reads (not with choices)."""

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        """The least and the most number, for the ranges of the facts that are numbers."""

    def evaluate_with(self, of: Operations) -> Any:
        """The number."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A constant."""

    number: int

    def list_facts(self) -> tuple[str, ...]:
        return ()

    def find_directions(self) -> Directions:
        return {}

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        del ranges
        return self.number, self.number

    def evaluate_with(self, of: Operations) -> Any:
        return of.make_constant(self.number)


@dataclass(frozen=True, slots=True)
class FactTerm:
    """A whole-number fact itself."""

    fact: str

    def list_facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def find_directions(self) -> Directions:
        return {self.fact: 1}

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        return ranges[self.fact]

    def evaluate_with(self, of: Operations) -> Any:
        return of.read_fact(self.fact)


@dataclass(frozen=True, slots=True)
class ByAnswer:
    """A number for each answer of a choice."""

    fact: str
    numbers: tuple[tuple[str, int], ...]

    def list_facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def find_directions(self) -> Directions:
        return {}

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        del ranges
        every = [0, *(number for _, number in self.numbers)]
        return min(every), max(every)

    def evaluate_with(self, of: Operations) -> Any:
        return of.read_answer(self.fact, self.numbers)


@dataclass(frozen=True, slots=True)
class Combined:
    """Terms added up, multiplied, or the least or the greatest of them. None is below 0, so that
    more of a term never lowers what comes out."""

    how: Combining
    terms: tuple[Formula, ...]

    def list_facts(self) -> tuple[str, ...]:
        return _list_unique_facts(self.terms)

    def find_directions(self) -> Directions:
        return _merge_directions(term.find_directions() for term in self.terms)

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        ends = [term.find_range(ranges) for term in self.terms]
        combine = _COMBINE[self.how]
        return (
            reduce(combine, (low for low, _ in ends)),
            reduce(combine, (high for _, high in ends)),
        )

    def evaluate_with(self, of: Operations) -> Any:
        combine = {
            "sum": of.add,
            "least": of.take_least,
            "greatest": of.take_greatest,
            "product": of.multiply,
        }[self.how]
        return reduce(combine, (term.evaluate_with(of) for term in self.terms))


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of one term when another is taken away; never below 0."""

    of: Formula
    less: Formula

    def list_facts(self) -> tuple[str, ...]:
        return _list_unique_facts((self.of, self.less))

    def find_directions(self) -> Directions:
        falling = {fact_id: -sign for fact_id, sign in self.less.find_directions().items()}
        return _merge_directions((self.of.find_directions(), falling))

    def find_range(self, ranges: Mapping[str, NumberRange]) -> NumberRange:
        (low, high), (least, most) = self.of.find_range(ranges), self.less.find_range(ranges)
        return max(low - most, 0), max(high - least, 0)

    def evaluate_with(self, of: Operations) -> Any:
        return of.subtract_to_zero(self.of.evaluate_with(of), self.less.evaluate_with(of))


def _list_unique_facts(terms: Iterable[Formula]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact_id for term in terms for fact_id in term.list_facts()))


def _merge_directions(several: Iterable[Directions]) -> Directions:
    merged: Directions = {}
    for directions in several:
        for fact_id, sign in directions.items():
            merged[fact_id] = sign if merged.get(fact_id, sign) == sign else 0
    return merged


_COMBINE: dict[str, Callable[[int, int], int]] = {
    "sum": lambda one, other: one + other,
    "least": min,
    "greatest": max,
    "product": lambda one, other: one * other,
}


@dataclass(frozen=True, slots=True)
class PersonOperations:
    """Operations on the facts of one person."""

    values: Mapping[str, Any]

    def read_fact(self, fact_id: str) -> int:
        return self.values[fact_id] or 0

    def read_answer(self, fact_id: str, numbers: tuple[tuple[str, int], ...]) -> int:
        return dict(numbers).get(self.values[fact_id], 0)

    def make_constant(self, number: int) -> int:
        return number

    def add(self, first: int, second: int) -> int:
        return first + second

    def subtract_to_zero(self, first: int, second: int) -> int:
        return max(first - second, 0)

    def take_least(self, first: int, second: int) -> int:
        return min(first, second)

    def take_greatest(self, first: int, second: int) -> int:
        return max(first, second)

    def multiply(self, first: int, second: int) -> int:
        return first * second
