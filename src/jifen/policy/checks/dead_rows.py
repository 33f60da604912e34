"""JF-C103: a band, a step, an answer or a condition that can never decide anything."""

from collections.abc import Iterator
from typing import Any

from jifen.policy.checks.condition_outcomes import find_outcomes
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.evaluation import (
    combine_values,
    is_countable,
    list_applicable_values,
    list_axes,
)
from jifen.policy.checks.rule_elements import walk_conditions, walk_scales
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.model import Indicator

_RULE = CheckRule("JF-C103", "error", "a row that can never decide")


def _find_dead_rows(context: CheckContext) -> Iterator[Fault]:
    yield from _find_dead_bands(context)
    for indicator in context.rules.indicators:
        if isinstance(indicator.mechanism, FirstOf):
            yield from _find_dead_steps(context, indicator, indicator.mechanism)
        if isinstance(indicator.mechanism, ChoicePoints) and indicator.when:
            yield from _find_dead_answers(context, indicator, indicator.mechanism)
    for path, condition in walk_conditions(context.rules):
        if "first_of" not in path and find_outcomes(condition, context.rules.vocabulary) == {False}:
            yield context.build_fault(_RULE, path, "never_met")


def _find_dead_bands(context: CheckContext) -> Iterator[Fault]:
    for path, _, scale in walk_scales(context.rules):
        values = list_applicable_values(
            context.rules.vocabulary[scale.of], [v for _, v in scale.list_breaks()]
        )
        deciding = {_find_first_band(scale.bands, value) for value in values}
        for number in range(len(scale.bands)):
            if number not in deciding:
                where = (*path, "bands", number)
                yield context.build_fault(_RULE, where, "band", number=number + 1, fact=scale.of)


def _find_first_band(bands: tuple[Any, ...], value: Any) -> int | None:
    return next((number for number, band in enumerate(bands) if band.holds_value(value)), None)


def _list_admitted(context: CheckContext, indicator: Indicator) -> list[Any] | None:
    """People who meet the indicator's `when`; None where there are too many to look at."""
    values = list_axes(indicator, context.rules.vocabulary)
    if not is_countable(values):
        return None
    holds = indicator.when.compile_test() if indicator.when else lambda person: True
    return [person for person in combine_values(values) if holds(person)]


def _find_dead_steps(
    context: CheckContext, indicator: Indicator, ladder: FirstOf
) -> Iterator[Fault]:
    admitted = _list_admitted(context, indicator)
    if admitted is None:
        return
    tests = [step.when.compile_test() if step.when else None for step in ladder.steps]
    deciding = {
        next((n for n, holds in enumerate(tests) if holds is None or holds(person)), None)
        for person in admitted
    }
    for number in range(len(ladder.steps)):
        if number not in deciding:
            path = ("indicators", indicator.id, "first_of", "steps", number)
            yield context.build_fault(_RULE, path, "step", number=number + 1)


def _find_dead_answers(
    context: CheckContext, indicator: Indicator, choice: ChoicePoints
) -> Iterator[Fault]:
    admitted = _list_admitted(context, indicator)
    if admitted is None:
        return
    reached = {person[choice.of] for person in admitted}
    for option, points in choice.points:
        if option not in reached and points:
            path = ("indicators", indicator.id, "choice", "points", option)
            yield context.build_fault(_RULE, path, "answer", answer=option)


CHECK = RulesCheck(_RULE, _find_dead_rows)
