"""JF-C106: a reading, an overlay, a deferral or a condition that has no effect on the rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from jifen.policy.catalogue import name_element
from jifen.policy.checks.condition_outcomes import find_outcomes
from jifen.policy.checks.context import (
    CheckContext,
    CheckRule,
    PolicyCheck,
    RulesCheck,
    build_fault_at,
    find_place,
    list_boundaries,
)
from jifen.policy.checks.rule_elements import walk_conditions
from jifen.policy.fault import Fault, PolicyError
from jifen.policy.model import Rules, list_facts_used
from jifen.policy.months import format_month, to_month
from jifen.policy.policy import Overlay, Policy
from jifen.policy.purposes import CHOICE

_RULE = CheckRule("JF-C106", "warning", "a parameter without effect")


def _collect_content(rules: Rules) -> tuple[Any, ...]:
    """All that decides something in rules."""
    lines = [(i.id, i.group, i.mechanism, i.when, i.non_decreasing_in) for i in rules.indicators]
    return (
        lines,
        rules.groups,
        rules.requirements,
        rules.ways,
        rules.cautions,
        rules.decision,
        rules.contributions,
        rules.records,
        rules.reference,
        rules.floor,
        rules.precision,
    )


def _rules_differ(
    policy: Policy, other: Policy, days: Iterable[date], readings: Mapping[str, str]
) -> bool:
    """Whether the rules differ on some day; rules that cannot be built count as different, since
    their own faults are reported already.
    """
    try:
        purposes = [{CHOICE: purpose.id} for purpose in policy.purposes] or [{}]
        return any(
            _collect_content(policy.rules_on(d, chosen))
            != _collect_content(other.rules_on(d, {**readings, **chosen}))
            for d in days
            for chosen in purposes
        )
    except PolicyError:
        return True


def _find_idle_changes(policy: Policy) -> Iterator[Fault]:
    for switch in policy.switches:
        for reading in switch.readings:
            if reading.id == switch.default:
                continue
            if not _rules_differ(policy, policy, list_boundaries(policy), {switch.id: reading.id}):
                path = ("switches", switch.id, "readings", reading.id)
                place, clause = find_place(policy.document, path), name_element("switch", switch.id)
                yield build_fault_at(policy, _RULE, place, clause, "reading", reading=reading.id)
    for overlay in policy.overlays:
        if not _overlay_matters(policy, overlay):
            place = find_place(policy.document, ("overlays", overlay.id))
            clause = name_element("overlay", overlay.id)
            yield build_fault_at(policy, _RULE, place, clause, "overlay", overlay=overlay.id)


def _overlay_matters(policy: Policy, overlay: Overlay) -> bool:
    others = tuple(other for other in policy.overlays if other is not overlay)
    without = replace(policy, overlays=others, _rules={})
    days = [day for day in list_boundaries(policy) if overlay.covers(day)]
    return _rules_differ(policy, without, days, {})


def _find_idle_conditions(context: CheckContext) -> Iterator[Fault]:
    for path, condition in walk_conditions(context.rules):
        if find_outcomes(condition, context.rules.vocabulary) == {True}:
            yield context.build_fault(_RULE, path, "always_met")
    for indicator in context.rules.indicators:
        for fact_id in indicator.non_decreasing_in:
            if fact_id not in list_facts_used(indicator):
                path = ("indicators", indicator.id, "expect_non_decreasing_in")
                yield context.build_fault(_RULE, path, "expectation", fact=fact_id)
    yield from _find_idle_deferrals(context)


def _find_idle_deferrals(context: CheckContext) -> Iterator[Fault]:
    rules, until = context.rules, context.policy.until
    derived = (rules.vocabulary[fact_id].derive for fact_id in rules.used)
    from_records = any(d and rules.vocabulary[d.source].type == "contributions" for d in derived)
    for months in rules.contributions.deferred:
        late = until is not None and months.since > to_month(until)
        if from_records and not late and months.since <= months.until:
            continue
        yield context.build_fault(
            _RULE,
            ("contributions", "deferred", months.id),
            "deferral",
            first=format_month(months.since),
            last=format_month(months.until),
        )


READINGS = PolicyCheck(_RULE, _find_idle_changes)
ALWAYS = RulesCheck(_RULE, _find_idle_conditions)
