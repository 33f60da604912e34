"""What every mechanism offers, and what it may ask while a policy is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from jifen.policy.possible_points import BoundsFunction
from jifen.policy.shapes import Entry, Shape
from jifen.policy.source import Node
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

FactValues = Mapping[str, Any]
"""Facts of one person: id → value; None says that the fact does not apply."""

ScoreFunction = Callable[[FactValues], int]
"""Facts → points in the policy's smallest unit (tenths where the precision is 1)."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of an indicator's table: what must be so, and what it gives."""

    when: Text
    gives: Text


class Mechanism(Protocol):
    """A way in which facts give points."""

    def list_facts(self) -> tuple[str, ...]:
        """The facts that it reads, in the order in which they are asked."""

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        """Where the points may change: (fact, value) at which a new stretch begins. Between two
        breaks of a fact the points only rise or only fall.
        """

    def compile_score(self, scale: int) -> ScoreFunction:
        """A function from the facts to points × scale. Every fact must be known."""

    def compile_bounds(self, scale: int) -> BoundsFunction:
        """A function from what each fact may be to the least and the most points × scale. Never
        too narrow; exact where the mechanism reads one fact."""

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        """The table for the policy page."""

    def find_row(self, values: FactValues) -> int | None:
        """Which of the rows decides for these facts; None where not one of them alone does."""

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        """The rule in one sentence."""


@dataclass(frozen=True, slots=True)
class MechanismDeclaration:
    """How a mechanism stands in a policy: its key, its shape and how it is built."""

    key: str
    shape: Shape
    build: "Callable[[Entry, MechanismLinker], Mechanism | None]"
    doc: str


class MechanismLinker(Protocol):
    """What a mechanism may ask while it is built: facts, conditions, points. Faults are noted."""

    vocabulary: Vocabulary

    @property
    def precision(self) -> int: ...

    def read_fact(self, entry: Entry, key: str, types: frozenset[str] | None = None) -> str: ...

    def read_condition(self, entry: Entry, key: str) -> Any: ...

    def read_points(self, entry: Entry, key: str) -> Decimal: ...

    def read_cell(self, node: Node) -> Decimal | None: ...

    def report_fault(self, code: str, place: Any, kind: str, /, **values: Any) -> None: ...
