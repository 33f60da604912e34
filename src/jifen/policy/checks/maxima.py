"""JF-C104: a maximum above what can be reached; JF-C105: a cap that never cuts anything."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import prod
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.evaluation import find_extremes, list_applicable_values
from jifen.policy.checks.rule_elements import walk_scales, walk_units
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.multiplier import Multiplier
from jifen.policy.mechanisms.scale import Scale, ScaleBand
from jifen.policy.model import Group
from jifen.policy.quantity import format_number
from jifen.policy.text import Text

_UNREACHABLE_RULE = CheckRule("JF-C104", "warning", "a maximum that cannot be reached")
_NEVER_BINDS_RULE = CheckRule("JF-C105", "info", "a cap that is exactly what can be reached")
Cap = tuple[tuple[str | int, ...], Decimal, Decimal, Text]
"""Its path, its points, the most that could be reached without it, and what allows so many."""


def list_caps(context: CheckContext) -> Iterator[Cap]:
    """Every cap of the rules."""
    for path, _, unit in walk_units(context.rules):
        if unit.most is not None:
            free = replace(unit, most=None).compile_score(context.scale)
            reached = Decimal(free({unit.of: _greatest_value(context, unit.of)})) / context.scale
            yield (
                (*path, "most"),
                unit.most,
                reached,
                POLICY.format_phrase("range_allows", fact=unit.of),
            )
    for path, _, scale in walk_scales(context.rules):
        for number, band in enumerate(scale.bands):
            if band.slope and band.slope.most is not None:
                where = (*path, "bands", number, "rises", "most")
                reached = _find_slope_top(context, scale, band)
                allow = POLICY.format_phrase("ends_allow", number=number + 1)
                yield where, band.slope.most, reached, allow
    for group in context.rules.groups:
        if group.most is not None:
            reached = _find_group_top(context, group)
            allow = POLICY.format_phrase("members_allow")
            yield ("groups", group.id, "most"), group.most, reached, allow


def _greatest_value(context: CheckContext, ident: str) -> Any:
    return list_applicable_values(context.rules.vocabulary[ident], ())[-1]


def _find_slope_top(context: CheckContext, scale: Scale, band: ScaleBand) -> Decimal:
    slope = replace(band.slope, most=None) if band.slope else None
    free = Scale(scale.of, (replace(band, slope=slope),))
    values = list_applicable_values(
        context.rules.vocabulary[scale.of], [end for _, end in free.list_breaks()]
    )
    score = free.compile_score(context.scale)
    return Decimal(max(score({scale.of: value}) for value in values)) / context.scale


def _find_group_top(context: CheckContext, group: Group) -> Decimal:
    """The most that the members can give, each within its own cap."""
    rules = context.rules
    tops = [
        find_extremes(indicator, rules.vocabulary, context.scale)[1]
        for indicator in rules.indicators
        if indicator.group == group.id and not isinstance(indicator.mechanism, Multiplier)
    ]
    for inner in rules.groups:
        if inner.parent == group.id:
            top = _find_group_top(context, inner)
            top = top if inner.most is None else min(top, inner.most)
            top = top if inner.rounding is None else inner.rounding.round_points(top)
            tops.append(top * _find_greatest_factor(context, inner))
    if group.combine == "best_of":
        return max(tops, default=Decimal(0))
    return sum(tops, Decimal(0))


def _find_greatest_factor(context: CheckContext, group: Group) -> Decimal:
    """By how much the multipliers of a group can raise what it gives."""
    factors = [
        mechanism.by
        for indicator in context.rules.indicators
        if indicator.group == group.id
        and isinstance(mechanism := indicator.mechanism, Multiplier)
        and mechanism.of == "group"
    ]
    return prod((max(by, Decimal(1)) for by in factors), start=Decimal(1))


def _find_unreachable_caps(context: CheckContext) -> Iterator[Fault]:
    for path, most, reached, by in list_caps(context):
        if reached < most and not (reached <= 0 and context.is_alternative):
            points = {"most": format_number(most), "reached": format_number(reached)}
            yield context.build_fault(_UNREACHABLE_RULE, path, "above", by=by, **points)


def _find_idle_caps(context: CheckContext) -> Iterator[Fault]:
    for path, most, reached, by in list_caps(context):
        if reached == most:
            yield context.build_fault(
                _NEVER_BINDS_RULE, path, "never_binds", most=format_number(most), by=by
            )


UNREACHABLE = RulesCheck(_UNREACHABLE_RULE, _find_unreachable_caps)
NEVER_BINDS = RulesCheck(_NEVER_BINDS_RULE, _find_idle_caps)
