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
Range = tuple[int, int]
Combining = Literal["sum", "least", "greatest", "product"]


class Operations(Protocol):
    """Arithmetic on one kind of values: integers, arrays or vectors."""

    def fact(self, ident: str) -> Any:
        """A whole-number fact; 0 where it does not apply."""

    def answer(self, ident: str, numbers: tuple[tuple[str, int], ...]) -> Any:
        """The number that belongs to the answer of a choice; 0 where it does not apply."""

    def whole(self, number: int) -> Any:
        """A constant."""

    def add(self, one: Any, other: Any) -> Any: ...

    def rest(self, one: Any, other: Any) -> Any:
        """`one` less `other`, but never below 0."""

    def least(self, one: Any, other: Any) -> Any: ...

    def greatest(self, one: Any, other: Any) -> Any: ...

    def product(self, one: Any, other: Any) -> Any: ...


class Formula(Protocol):
    """How a derived number follows from facts."""

    def facts(self) -> tuple[str, ...]:
        """The facts that it reads, each once."""

    def directions(self) -> Directions:
        """How the number moves with each number that it reads (not with choices)."""

    def span(self, ranges: Mapping[str, Range]) -> Range:
        """The least and the most number, for the ranges of the facts that are numbers."""

    def work_out(self, of: Operations) -> Any:
        """The number."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A constant."""

    number: int

    def facts(self) -> tuple[str, ...]:
        return ()

    def directions(self) -> Directions:
        return {}

    def span(self, ranges: Mapping[str, Range]) -> Range:
        del ranges
        return self.number, self.number

    def work_out(self, of: Operations) -> Any:
        return of.whole(self.number)


@dataclass(frozen=True, slots=True)
class FactTerm:
    """A whole-number fact itself."""

    fact: str

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def directions(self) -> Directions:
        return {self.fact: 1}

    def span(self, ranges: Mapping[str, Range]) -> Range:
        return ranges[self.fact]

    def work_out(self, of: Operations) -> Any:
        return of.fact(self.fact)


@dataclass(frozen=True, slots=True)
class ByAnswer:
    """A number for each answer of a choice."""

    fact: str
    numbers: tuple[tuple[str, int], ...]

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def directions(self) -> Directions:
        return {}

    def span(self, ranges: Mapping[str, Range]) -> Range:
        del ranges
        every = [0, *(number for _, number in self.numbers)]
        return min(every), max(every)

    def work_out(self, of: Operations) -> Any:
        return of.answer(self.fact, self.numbers)


@dataclass(frozen=True, slots=True)
class Combined:
    """Terms added up, multiplied, or the least or the greatest of them. None is below 0, so that
    more of a term never lowers what comes out."""

    how: Combining
    terms: tuple[Formula, ...]

    def facts(self) -> tuple[str, ...]:
        return _each_once(self.terms)

    def directions(self) -> Directions:
        return _joined(term.directions() for term in self.terms)

    def span(self, ranges: Mapping[str, Range]) -> Range:
        ends = [term.span(ranges) for term in self.terms]
        combine = _NUMBERS[self.how]
        return (
            reduce(combine, (low for low, _ in ends)),
            reduce(combine, (high for _, high in ends)),
        )

    def work_out(self, of: Operations) -> Any:
        combine = {
            "sum": of.add,
            "least": of.least,
            "greatest": of.greatest,
            "product": of.product,
        }[self.how]
        return reduce(combine, (term.work_out(of) for term in self.terms))


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of one term when another is taken away; never below 0."""

    of: Formula
    less: Formula

    def facts(self) -> tuple[str, ...]:
        return _each_once((self.of, self.less))

    def directions(self) -> Directions:
        falling = {ident: -sign for ident, sign in self.less.directions().items()}
        return _joined((self.of.directions(), falling))

    def span(self, ranges: Mapping[str, Range]) -> Range:
        (low, high), (least, most) = self.of.span(ranges), self.less.span(ranges)
        return max(low - most, 0), max(high - least, 0)

    def work_out(self, of: Operations) -> Any:
        return of.rest(self.of.work_out(of), self.less.work_out(of))


def _each_once(terms: Iterable[Formula]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ident for term in terms for ident in term.facts()))


def _joined(several: Iterable[Directions]) -> Directions:
    found: Directions = {}
    for directions in several:
        for ident, sign in directions.items():
            found[ident] = sign if found.get(ident, sign) == sign else 0
    return found


_NUMBERS: dict[str, Callable[[int, int], int]] = {
    "sum": lambda one, other: one + other,
    "least": min,
    "greatest": max,
    "product": lambda one, other: one * other,
}


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Operations on the facts of one person."""

    values: Mapping[str, Any]

    def fact(self, ident: str) -> int:
        return self.values[ident] or 0

    def answer(self, ident: str, numbers: tuple[tuple[str, int], ...]) -> int:
        return dict(numbers).get(self.values[ident], 0)

    def whole(self, number: int) -> int:
        return number

    def add(self, one: int, other: int) -> int:
        return one + other

    def rest(self, one: int, other: int) -> int:
        return max(one - other, 0)

    def least(self, one: int, other: int) -> int:
        return min(one, other)

    def greatest(self, one: int, other: int) -> int:
        return max(one, other)

    def product(self, one: int, other: int) -> int:
        return one * other
