"""What every mechanism offers, and what it may ask while a policy is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from jifen.policy.possible import Span
from jifen.policy.shapes import Entry, Shape
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

Values = Mapping[str, Any]
"""Facts of one person: id → value; None says that the fact does not apply."""

Score = Callable[[Values], int]
"""Facts → points in the policy's smallest unit (tenths where the precision is 1)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an indicator's table: what must be so, and what it gives."""

    when: Text
    gives: Text


class Mechanism(Protocol):
    """A way in which facts give points."""

    def facts(self) -> tuple[str, ...]:
        """The facts that it reads, in the order in which they are asked."""

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        """Where the points may change: (fact, value) at which a new stretch begins. Between two
        breaks of a fact the points only rise or only fall.
        """

    def score(self, scale: int) -> Score:
        """A function from the facts to points × scale. Every fact must be known."""

    def span(self, scale: int) -> Span:
        """A function from what each fact may be to the least and the most points × scale. Never
        too narrow; exact where the mechanism reads one fact."""

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        """The table for the policy page."""

    def case(self, values: Values) -> int | None:
        """Which of the rows decides for these facts; None where not one of them alone does."""

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        """The rule in one sentence."""


@dataclass(frozen=True, slots=True)
class Declared:
    """How a mechanism stands in a policy: its key, its shape and how it is built."""

    key: str
    shape: Shape
    build: "Callable[[Entry, Linker], Mechanism | None]"
    doc: str


class Linker(Protocol):
    """What a mechanism may ask while it is built: facts, conditions, points. Faults are noted."""

    vocabulary: Vocabulary

    @property
    def precision(self) -> int: ...

    def fact(self, entry: Entry, key: str, types: frozenset[str] | None = None) -> str: ...

    def condition(self, entry: Entry, key: str) -> Any: ...

    def points(self, entry: Entry, key: str) -> Decimal: ...

    def tell(self, code: str, place: Any, kind: str, /, **values: Any) -> None: ...
