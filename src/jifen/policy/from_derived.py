"""A mechanism that reads derived numbers, seen from the facts from which they are reckoned.

Whatever reads a derived number is put into one of these, so that bounds, forms and tables ask for
facts. Its points must only rise or only fall with a derived number; then they only rise or only
fall with each fact, and the ends of a fact show all that they can do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jifen.policy.derived import say_formula
from jifen.policy.formulas import OfPerson
from jifen.policy.mechanisms.base import Mechanism, Row, Score, Values
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import DerivedNumber
from jifen.policy.possible import Possible, Span
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Fact, Vocabulary

_FINE = 10_000
"""Points in their smallest unit: a policy has at most four places."""


@dataclass(frozen=True, slots=True)
class FromDerived:
    """`inner` reads `numbers` (and perhaps facts)."""

    inner: Mechanism
    numbers: tuple[DerivedNumber, ...]

    def facts(self) -> tuple[str, ...]:
        own = self.own_facts()
        return tuple(dict.fromkeys((*own, *(i for n in self.numbers for i in n.formula.facts()))))

    def own_facts(self) -> tuple[str, ...]:
        """The facts that `inner` reads as they are."""
        derived = {number.fact.id for number in self.numbers}
        return tuple(ident for ident in self.inner.facts() if ident not in derived)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        own = set(self.own_facts())
        yield from (one for one in self.inner.breaks() if one[0] in own)

    def worked_out(self, values: Values) -> dict[str, int]:
        """The derived numbers of a person of whom every fact is known."""
        person = OfPerson(values)
        return {number.fact.id: number.formula.work_out(person) for number in self.numbers}

    def score(self, scale: int) -> Score:
        points, own = self.inner.score(scale), self.own_facts()
        numbers = [(number.fact.id, number.formula) for number in self.numbers]

        def score(v: Values) -> int:
            person = OfPerson(v)
            seen = {ident: v[ident] for ident in own}
            for ident, formula in numbers:
                seen[ident] = formula.work_out(person)
            return points(seen)

        return score

    def span(self, scale: int) -> Span:
        inner = self.inner.span(scale)

        def span(possible: Possible) -> tuple[int, int]:
            ranges = {
                ident: (min(v or 0 for v in values), max(v or 0 for v in values))
                for number in self.numbers
                for ident in number.formula.directions()
                for values in [possible[ident]]
            }
            ends = {n.fact.id: n.formula.span(ranges) for n in self.numbers}
            return inner({**possible, **ends})

        return span

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        reckoned = (
            Row(number.fact.label, say_formula(number.formula, vocabulary))
            for number in self.numbers
        )
        return (*self.inner.rows(vocabulary), *reckoned)

    def case(self, values: Values) -> int | None:
        own = {ident: values[ident] for ident in self.own_facts()}
        return self.inner.case({**own, **self.worked_out(values)})

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        said = [self.inner.words(vocabulary, lang)]
        for number in self.numbers:
            label, how = number.fact.label(lang), say_formula(number.formula, vocabulary)(lang)
            said.append(f"{label} = {how}" if lang == "en" else f"{label}＝{how}")
        return ("; " if lang == "en" else "；").join(said)

    def direction(self, fact: str) -> int:
        """1 where more of a fact never costs points, -1 where it never brings any, 0 where some of
        the derived numbers move one way and some the other."""
        signs = {
            sign * (_slope(part, number.fact) or 0)
            for number in self.numbers
            for part in _parts(self.inner, number.fact.id)
            if (sign := number.formula.directions().get(fact, 0))
        } - {0}
        if fact in self.own_facts():
            return 0
        return signs.pop() if len(signs) == 1 else 0


def read_through(mechanism: Mechanism) -> Mechanism:
    """The mechanism as it is written, whether or not it reads derived numbers."""
    return mechanism.inner if isinstance(mechanism, FromDerived) else mechanism


def with_derived(mechanism: Mechanism, derived: dict[str, DerivedNumber]) -> Mechanism:
    """The mechanism, put into a FromDerived where it reads derived numbers."""
    read = tuple(derived[ident] for ident in mechanism.facts() if ident in derived)
    return FromDerived(mechanism, read) if read else mechanism


def turning(mechanism: Mechanism) -> str:
    """A derived number with which the points of a mechanism rise and fall; empty where none."""
    if not isinstance(mechanism, FromDerived):
        return ""
    for number in mechanism.numbers:
        signs = {_slope(part, number.fact) for part in _parts(mechanism.inner, number.fact.id)}
        if None in signs or len(signs - {0}) > 1:
            return number.fact.id
    for ident in mechanism.facts():
        moved = [n for n in mechanism.numbers if ident in n.formula.directions()]
        several = len(moved) > 1 or (moved and ident in mechanism.own_facts())
        if several and mechanism.direction(ident) == 0:
            return moved[0].fact.id
    return ""


def _parts(mechanism: Mechanism, ident: str) -> Iterator[Mechanism]:
    """The parts of a mechanism whose points move with a number."""
    if isinstance(mechanism, FirstOf):
        for step in mechanism.steps:
            if step.inner:
                yield from _parts(step.inner, ident)
    elif isinstance(mechanism, SumOf):
        for part in mechanism.parts:
            yield from _parts(part, ident)
    elif not isinstance(mechanism, PointsIf | Veto) and ident in mechanism.facts():
        yield mechanism


def _slope(mechanism: Mechanism, number: Fact) -> int | None:
    """1, -1 or 0 (level) for points that only rise, only fall or stay; None where they do both."""
    least, most = int(number.least), int(number.most)
    near = {least, most}
    for _, value in mechanism.breaks():
        near |= {int(value) - 1, int(value), int(value) + 1}
    score = mechanism.score(_FINE)
    points = [score({number.id: value}) for value in sorted(near) if least <= value <= most]
    signs = {(low < high) - (high < low) for low, high in pairwise(points)} - {0}
    if len(signs) > 1:
        return None
    return signs.pop() if signs else 0
