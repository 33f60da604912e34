"""An indicator or a condition as a table over codes, filled by the plain evaluator.

A table has one dimension for each fact, in stretches of codes that the evaluator does not tell
apart. The evaluator fills every cell, so a table cannot differ from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import chain, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.derived_mechanism import FromDerived
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.table import PointsTable
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import DerivedNumber, Indicator
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary
from jifen.scoring.population.axis import Axis, Cut, is_wide
from jifen.scoring.population.cuts import TooFine, condition_cuts, mechanism_cuts
from jifen.scoring.words import say

MOST_CELLS = 4_000_000
_MOST_CACHED = 20_000
_JUST_ABOVE = Decimal("1e-12")
Cuts = dict[str, set[Cut]]
Evaluate = Callable[[Mapping[str, Any]], int]


class TooWide(ValueError):
    """An indicator or condition that cannot be held as a table: `id` names it, `words` say why in
    both languages."""

    def __init__(self, element_id: str, words: Text) -> None:
        self.id, self.words = element_id, words
        super().__init__(words.en)


def _too_fine_text(indicator_id: str) -> Text:
    return say("population.tables.the_indicator_gives_too_many", indicator_id=indicator_id)


def _too_many_text(source: "TableSource", size: int) -> Text:
    facts = len(source.facts)
    return say(
        "population.tables.depends_on_facts_at_once",
        source_id=source.id,
        facts=facts,
        size=size,
        most_cells=MOST_CELLS,
    )


@dataclass(frozen=True, slots=True, eq=False)
class TableSource:
    """What a table is built from: its id, its facts, their cuts and the evaluator.

    Sources are compared by identity; preparing the same element again gives the same object. Its
    facts include derived numbers, by their keys in `derived`.
    """

    id: str
    facts: tuple[str, ...]
    cuts: Cuts
    evaluate: Evaluate
    derived: Mapping[str, DerivedNumber] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeTable:
    """Points (or 0 and 1) by stretches of codes: `starts[k]` holds the first codes of the
    stretches of fact k, and `cells` int32 of shape (stretches of fact 0, of fact 1, …)."""

    id: str
    facts: tuple[str, ...]
    starts: tuple[tuple[int, ...], ...]
    cells: NDArray[np.int32]

    @property
    def least(self) -> int:
        """The lowest outcome."""
        return int(self.cells.min())

    @property
    def most(self) -> int:
        """The highest outcome."""
        return int(self.cells.max())


def prepare_indicator(indicator: Indicator, vocabulary: Vocabulary, scale: int) -> TableSource:
    """An indicator with its own condition."""
    mechanism: Any = indicator.mechanism  # a frozen value: mypy cannot know that it has a hash
    try:
        return _prepare_mechanism(indicator.id, mechanism, indicator.when, vocabulary, scale)
    except TooFine:
        raise TooWide(indicator.id, _too_fine_text(indicator.id)) from None


@lru_cache(maxsize=_MOST_CACHED)
def _prepare_mechanism(
    element_id: str,
    mechanism: Any,
    condition: Condition | None,
    vocabulary: Vocabulary,
    scale: int,
) -> TableSource:
    """Cached, because most indicators are the same in a thousand variants of a policy."""
    if isinstance(mechanism, FromDerived):
        return _prepare_derived(element_id, mechanism, condition, vocabulary, scale)
    points = mechanism.compile_score(scale)
    when = condition.compile_test() if condition else None

    def evaluate(person: Mapping[str, Any]) -> int:
        return points(person) if when is None or when(person) else 0

    cuts = chain(
        condition_cuts(condition) if condition else (), _collect_cuts(mechanism, vocabulary, scale)
    )
    first = list_condition_facts(condition) if condition else ()
    facts = tuple(dict.fromkeys(first + mechanism.list_facts()))
    return TableSource(element_id, facts, _group_cuts_by_fact(cuts, vocabulary), evaluate)


def _prepare_derived(
    element_id: str,
    mechanism: FromDerived,
    condition: Condition | None,
    vocabulary: Vocabulary,
    scale: int,
) -> TableSource:
    """An indicator that reads derived numbers is tabulated over them. The key of a number contains
    its formula, so that variants of a policy with different formulas have different columns."""
    inner: Any = mechanism.inner  # a frozen value: mypy cannot know that it has a hash
    inner_source = _prepare_mechanism(element_id, inner, condition, vocabulary, scale)
    keys = {number.fact.id: _derived_key(number) for number in mechanism.numbers}
    ids = {key: fact_id for fact_id, key in keys.items()}

    def evaluate(person: Mapping[str, Any]) -> int:
        return inner_source.evaluate({ids.get(key, key): value for key, value in person.items()})

    facts = tuple(keys.get(fact_id, fact_id) for fact_id in inner_source.facts)
    cuts = {
        keys.get(fact_id, fact_id): fact_cuts for fact_id, fact_cuts in inner_source.cuts.items()
    }
    return TableSource(
        element_id, facts, cuts, evaluate, {keys[n.fact.id]: n for n in mechanism.numbers}
    )


def _derived_key(number: DerivedNumber) -> str:
    fact = number.fact
    return f"={fact.id} {fact.least} {fact.most} {number.formula}"


@lru_cache(maxsize=_MOST_CACHED)
def prepare_condition(element_id: str, condition: Condition, vocabulary: Vocabulary) -> TableSource:
    """A condition: 1 where it holds, 0 where not."""
    holds = condition.compile_test()
    cuts = _group_cuts_by_fact(condition_cuts(condition), vocabulary)
    return TableSource(
        element_id, list_condition_facts(condition), cuts, lambda person: int(holds(person))
    )


def _collect_cuts(
    mechanism: Mechanism, vocabulary: Vocabulary, scale: int
) -> Iterator[tuple[str, Cut]]:
    if isinstance(mechanism, PointsIf | Veto):
        yield from condition_cuts(mechanism.when)
    elif isinstance(mechanism, FirstOf):
        for step in mechanism.steps:
            yield from condition_cuts(step.when) if step.when else ()
            yield from _collect_cuts(step.inner, vocabulary, scale) if step.inner else ()
    elif isinstance(mechanism, SumOf):
        for part in mechanism.parts:
            yield from _collect_cuts(part, vocabulary, scale)
    elif isinstance(mechanism, PointsTable):
        yield from ((fact_id, Cut(start, False)) for fact_id, start in mechanism.list_breaks())
    else:
        (fact,) = mechanism.list_facts()
        if vocabulary[fact].is_number:
            for cut in mechanism_cuts(mechanism, vocabulary[fact], scale):
                yield fact, cut


def _group_cuts_by_fact(named_cuts: Iterable[tuple[str, Cut]], vocabulary: Vocabulary) -> Cuts:
    """Cuts by fact, inside the range of the fact; of whole numbers in the form 'from n on'."""
    cuts: Cuts = {}
    for fact_id, named in named_cuts:
        fact = vocabulary[fact_id]
        cut = Cut(_first_whole_number(named), False) if fact.type in WHOLE_TYPES else named
        if fact.least < cut.value <= fact.most or (cut.after and cut.value == fact.least):
            cuts.setdefault(fact_id, set()).add(cut)
    return cuts


def _first_whole_number(cut: Cut) -> Any:
    floor = cut.value.to_integral_value("ROUND_FLOOR")
    return floor if floor == cut.value and not cut.after else floor + 1


def build_axes(vocabulary: Vocabulary, sources: Sequence[TableSource]) -> dict[str, Axis]:
    """The axis of every fact: wide numbers get a code for each stretch of any of the cuts. Then
    those of derived numbers, by their keys."""
    cuts: dict[str, set[Cut]] = {}
    for source in sources:
        for fact_id, fact_cuts in source.cuts.items():
            cuts.setdefault(fact_id, set()).update(fact_cuts)
    derived = {key: number for source in sources for key, number in source.derived.items()}
    used = dict.fromkeys(fact_id for source in sources for fact_id in source.facts)
    used |= dict.fromkeys(
        fact_id for number in derived.values() for fact_id in number.formula.list_facts()
    )
    axes = {}
    for fact_id in vocabulary.ids:
        if fact_id in used:
            fact = vocabulary[fact_id]
            wide = tuple(sorted(cuts.get(fact_id, ()))) if is_wide(fact) else None
            axes[fact_id] = Axis(fact, wide)
    return axes | {key: Axis(number.fact) for key, number in derived.items()}


def tabulate(source: TableSource, axes: Mapping[str, Axis]) -> OutcomeTable:
    """Run the evaluator once for every combination of stretches, then join equal neighbours."""
    return _tabulate_cached(source, tuple(axes[fact_id] for fact_id in source.facts))


@lru_cache(maxsize=_MOST_CACHED)
def _tabulate_cached(source: TableSource, axes: tuple[Axis, ...]) -> OutcomeTable:
    stretches = [
        _list_stretches(axis, source.cuts.get(fact_id, set()))
        for fact_id, axis in zip(source.facts, axes, strict=True)
    ]
    size = int(np.prod([len(fact_stretches) for fact_stretches in stretches], dtype=np.int64))
    if size > MOST_CELLS:
        raise TooWide(source.id, _too_many_text(source, size))
    cells = np.empty(size, np.int32)
    for number, case in enumerate(product(*stretches)):
        cells[number] = source.evaluate(
            dict(zip(source.facts, (value for _, value in case), strict=True))
        )
    starts = [[first for first, _ in fact_stretches] for fact_stretches in stretches]
    return _merge_neighbours(
        source, starts, cells.reshape([len(fact_stretches) for fact_stretches in stretches])
    )


def _list_stretches(axis: Axis, cuts: set[Cut]) -> list[tuple[int, Any]]:
    """(first code, a value) of each stretch; code 0 first, where the fact may not apply."""
    fact = axis.fact
    if fact.type == "bool":
        return [(0, False), (1, True)]
    if fact.type == "choice":
        stretches: list[tuple[int, Any]] = [(n + 1, option) for n, option in enumerate(fact.ids)]
    else:
        stretches = [(1, _to_typed_number(fact, fact.least))]
        for cut in sorted(cuts):
            stretches.append((axis.encode_cut(cut), _value_at_cut(fact, cut)))
    return stretches if fact.always_applies else [(0, None), *stretches]


def _value_at_cut(fact: Fact, cut: Cut) -> Any:
    return _to_typed_number(fact, cut.value) if not cut.after else cut.value + _JUST_ABOVE


def _to_typed_number(fact: Fact, value: Any) -> Any:
    return int(value) if fact.type in WHOLE_TYPES else value


def find_distinct_positions(cells: NDArray[np.int32], axis: int) -> list[int]:
    """The places along an axis whose part differs from the one before; the first is 0."""
    parts = np.moveaxis(cells, axis, 0)
    changed = [
        position
        for position in range(1, len(parts))
        if not np.array_equal(parts[position], parts[position - 1])
    ]
    return [0, *changed]


def slice_at(cells: NDArray[np.int32], axis: int, position: int) -> NDArray[np.int32]:
    """The part of a table at one place of an axis; of a single axis, an array without any."""
    return np.asarray(np.moveaxis(cells, axis, 0)[position])


def _merge_neighbours(
    source: TableSource, starts: list[list[int]], cells: NDArray[np.int32]
) -> OutcomeTable:
    """Equal neighbours made one; a fact that makes no difference is left out."""
    facts = []
    for axis, fact_id in reversed(list(enumerate(source.facts))):
        different = find_distinct_positions(cells, axis)
        cells = cells.take(different, axis)
        starts[axis] = [0, *(starts[axis][n] for n in different[1:])]
        if len(different) == 1:
            cells = slice_at(cells, axis, 0)
            del starts[axis]
        else:
            facts.append(fact_id)
    return OutcomeTable(source.id, tuple(facts[::-1]), tuple(map(tuple, starts)), cells)
