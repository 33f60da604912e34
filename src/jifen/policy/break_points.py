"""Where points can change: representative values of each fact of an indicator or condition.

Between two break points of a fact points only rise or only fall, so what holds at the ends of
every stretch holds everywhere. Bounds, static checks, differences and cliffs all look here.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jifen.policy.condition import Condition, list_atoms, list_condition_facts
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.condition import PointsIf, list_condition_breaks
from jifen.policy.mechanisms.each_record import EachRecord
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.mechanisms.scale import Scale
from jifen.policy.mechanisms.table import PointsTable
from jifen.policy.mechanisms.tiers import Tiers
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Indicator, list_facts_used
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary

AnswerView = Callable[[str, str], Hashable]
"""(fact, answer) → what the rules can see of it: answers with the same are alike to them."""

_SMALLEST_STEPS = {"yuan": Decimal("0.01"), "number": Decimal("0.0001"), "ratio": Decimal("0.0001")}


def smallest_step(fact: Fact) -> Decimal:
    """The smallest difference between two values of a number fact."""
    return Decimal(1) if fact.type in WHOLE_TYPES else _SMALLEST_STEPS[fact.type]


def list_representatives(fact: Fact, breaks: Iterable[Decimal]) -> tuple[Any, ...]:
    """Values of a fact that between them show everything that the fact can do."""
    if fact.type == "bool":
        return (False, True)
    if fact.type == "choice":
        return fact.ids
    step, near = smallest_step(fact), {fact.least, fact.most}
    for value in breaks:
        near |= {value - step, value, value + step}
    values = sorted(value for value in near if fact.least <= value <= fact.most)
    whole = fact.type in WHOLE_TYPES
    return tuple(int(value) if whole else value for value in values)


def list_answers(fact: Fact, breaks: Iterable[Decimal], apart: AnswerView) -> tuple[Any, ...]:
    """The representatives and "does not apply" (None), which is an answer as well; not where the
    fact always applies, and not for a yes/no, where it does what no does. Of choices that `apart`
    does not tell apart the first represents the rest."""
    values = list_representatives(fact, breaks)
    if fact.type == "choice":
        values = tuple({apart(fact.id, option): option for option in reversed(values)}.values())[
            ::-1
        ]
    return values if fact.always_applies or fact.type == "bool" else (None, *values)


def find_breaks(indicator: Indicator) -> dict[str, set[Decimal]]:
    """The break points of every fact of an indicator."""
    breaks: dict[str, set[Decimal]] = {fact_id: set() for fact_id in list_facts_used(indicator)}
    for fact_id, value in indicator.mechanism.list_breaks():
        breaks[fact_id].add(value)
    for fact_id, value in list_condition_breaks(indicator.when) if indicator.when else ():
        breaks[fact_id].add(value)
    return breaks


_KNOWN_MECHANISMS = (
    ChoicePoints,
    PointsIf,
    Veto,
    FirstOf,
    Scale,
    PerUnit,
    Accrual,
    Tiers,
    EachRecord,
    PointsTable,
)
"""Mechanisms of which `_view_by` knows all that they see of a choice."""


def _view_all(fact: str, option: str) -> Hashable:
    return fact, option


def _view_by(
    conditions: Iterable[Condition], table: ChoicePoints | PointsTable | None
) -> AnswerView:
    """What conditions and a table of points see of a choice."""
    compared = [atom for condition in conditions for atom in list_atoms(condition)]
    views: dict[str, Mapping[Any, Any]] = {}
    if isinstance(table, ChoicePoints):
        views = {table.of: dict(table.points)}
    elif isinstance(table, PointsTable):
        views = {axis.fact: axis.map_answers() for axis in table.axes}

    def apart(fact: str, option: str) -> Hashable:
        seen = [atom.compile_test()({fact: option}) for atom in compared if atom.fact == fact]
        return (*seen, views[fact].get(option) if fact in views else None)

    return apart


def _list_conditions(indicator: Indicator) -> Iterator[Condition]:
    """Every condition of an indicator and its mechanism."""
    mechanism = indicator.mechanism
    if indicator.when:
        yield indicator.when
    if isinstance(mechanism, PointsIf | Veto):
        yield mechanism.when
    if isinstance(mechanism, FirstOf):
        yield from (step.when for step in mechanism.steps if step.when)


def find_answer_view(indicator: Indicator) -> AnswerView:
    """What an indicator sees of the answers to a choice."""
    mechanism = indicator.mechanism
    if not isinstance(mechanism, _KNOWN_MECHANISMS):
        return _view_all
    table = mechanism if isinstance(mechanism, ChoicePoints | PointsTable) else None
    return _view_by(_list_conditions(indicator), table)


def list_indicator_answers(
    indicator: Indicator, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative answers to every fact of an indicator."""
    break_points, apart = find_breaks(indicator), find_answer_view(indicator)
    return {
        fact_id: list_answers(vocabulary[fact_id], breaks, apart)
        for fact_id, breaks in break_points.items()
    }


def list_condition_answers(
    condition: Condition, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative answers to every fact of a condition."""
    break_points, apart = _find_condition_breaks(condition), _view_by([condition], None)
    return {
        fact_id: list_answers(vocabulary[fact_id], breaks, apart)
        for fact_id, breaks in break_points.items()
    }


def list_condition_representatives(
    condition: Condition, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of a condition."""
    break_points = _find_condition_breaks(condition)
    return {
        fact_id: list_representatives(vocabulary[fact_id], breaks)
        for fact_id, breaks in break_points.items()
    }


def _find_condition_breaks(condition: Condition) -> dict[str, set[Decimal]]:
    breaks: dict[str, set[Decimal]] = {
        fact_id: set() for fact_id in list_condition_facts(condition)
    }
    for fact_id, value in list_condition_breaks(condition):
        breaks[fact_id].add(value)
    return breaks
