"""JF-C107: a figure that the fact can never have: outside its range, or between its steps."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jifen.policy.break_points import smallest_step
from jifen.policy.catalogue import POLICY
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.rule_elements import ElementPath, walk_conditions, walk_scales, walk_units
from jifen.policy.condition import Compare, list_atoms
from jifen.policy.fault import Fault, Place
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.quantity import Quantity, format_number
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import Fact

_RULE = CheckRule("JF-C107", "error", "a figure outside the range or the steps of its fact")


def _list_figures(context: CheckContext) -> Iterator[tuple[ElementPath, str, Decimal, int]]:
    """Every figure that is compared with a fact: path, fact, figure, and how far into the text."""
    for path, condition in walk_conditions(context.rules):
        for atom in list_atoms(condition):
            if isinstance(atom, Compare) and not isinstance(atom.constant, str):
                yield path, atom.fact, Decimal(atom.constant), atom.offset
    for path, _, scale in walk_scales(context.rules):
        for number, band in enumerate(scale.bands):
            for end in dict.fromkeys((band.low, band.high)):
                if end is not None:
                    yield (*path, "bands", number), scale.of, end, 0
    for path, _, unit in walk_units(context.rules):
        for key, quantity in _list_quantities(unit):
            yield (*path, key), unit.of, quantity.amount, 0


def _list_quantities(unit: PerUnit) -> Iterator[tuple[str, Quantity]]:
    yield "every", unit.every
    if unit.starts_at:
        yield "starts_at", unit.starts_at
    if unit.first:
        yield "first", unit.first[0]
    if unit.half:
        yield "half", unit.half[0]


def _check_figures(context: CheckContext) -> Iterator[Fault]:
    for path, fact_id, figure, offset in _list_figures(context):
        fact = context.rules.vocabulary[fact_id]
        if not fact.least <= figure <= fact.most:
            yield _shift_column(_build_fault(context, path, fact, figure, "outside"), offset)
        elif figure % smallest_step(fact):
            yield _shift_column(_build_fault(context, path, fact, figure, "between"), offset)


def _shift_column(fault: Fault, offset: int) -> Fault:
    """The fault at the comparison itself, which stands so far into the text of a condition."""
    place = fault.place
    return replace(fault, place=Place(place.file, place.line, place.column + offset))


def _build_fault(
    context: CheckContext, path: ElementPath, fact: Fact, figure: Decimal, kind: str
) -> Fault:
    return context.build_fault(
        _RULE,
        path,
        kind,
        figure=format_number(figure),
        fact=fact.id,
        least=format_number(fact.least),
        most=format_number(fact.most),
        step=format_number(smallest_step(fact)),
        unit=POLICY.format_phrase("counted_in", unit=fact.unit) if fact.unit else EMPTY,
    )


CHECK = RulesCheck(_RULE, _check_figures)
