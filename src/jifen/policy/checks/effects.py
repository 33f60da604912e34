"""JF-C106: a parameter that changes nothing: a reading, an overlay, a deferral, a condition."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from jifen.policy.catalogue import named
from jifen.policy.checks.parts import conditions
from jifen.policy.checks.scene import (
    PolicyCheck,
    Rule,
    RulesCheck,
    Scene,
    boundaries,
    place_of,
    tell_at,
)
from jifen.policy.checks.truth import outcomes
from jifen.policy.fault import Fault, PolicyError
from jifen.policy.model import Rules, facts_used
from jifen.policy.months import month_of, month_text
from jifen.policy.policy import Overlay, Policy

_RULE = Rule("JF-C106", "warning", "a parameter without effect")


def _content(rules: Rules) -> tuple[Any, ...]:
    """All that decides something in rules."""
    lines = [(i.id, i.group, i.mechanism, i.when, i.non_decreasing_in) for i in rules.indicators]
    return (
        lines,
        rules.groups,
        rules.requirements,
        rules.cautions,
        rules.decision,
        rules.contributions,
        rules.reference,
        rules.floor,
        rules.precision,
    )


def _differ(
    policy: Policy, other: Policy, days: Iterable[date], readings: Mapping[str, str]
) -> bool:
    """Whether the rules differ on some day; rules that cannot be built count as different, since
    their own faults are reported already.
    """
    try:
        return any(_content(policy.at(d)) != _content(other.at(d, readings)) for d in days)
    except PolicyError:
        return True


def _readings(policy: Policy) -> Iterator[Fault]:
    for switch in policy.switches:
        for reading in switch.readings:
            if reading.id == switch.default:
                continue
            if not _differ(policy, policy, boundaries(policy), {switch.id: reading.id}):
                path = ("switches", switch.id, "readings", reading.id)
                place, clause = place_of(policy.document, path), named("switch", switch.id)
                yield tell_at(policy, _RULE, place, clause, "reading", reading=reading.id)
    for overlay in policy.overlays:
        if not _overlay_matters(policy, overlay):
            place = place_of(policy.document, ("overlays", overlay.id))
            clause = named("overlay", overlay.id)
            yield tell_at(policy, _RULE, place, clause, "overlay", overlay=overlay.id)


def _overlay_matters(policy: Policy, overlay: Overlay) -> bool:
    others = tuple(one for one in policy.overlays if one is not overlay)
    without = replace(policy, overlays=others, _rules={})
    days = [day for day in boundaries(policy) if overlay.covers(day)]
    return _differ(policy, without, days, {})


def _always(scene: Scene) -> Iterator[Fault]:
    for path, condition in conditions(scene.rules):
        if outcomes(condition, scene.rules.vocabulary) == {True}:
            yield scene.tell(_RULE, path, "always_met")
    for indicator in scene.rules.indicators:
        for ident in indicator.non_decreasing_in:
            if ident not in facts_used(indicator):
                path = ("indicators", indicator.id, "expect_non_decreasing_in")
                yield scene.tell(_RULE, path, "expectation", fact=ident)
    yield from _deferrals(scene)


def _deferrals(scene: Scene) -> Iterator[Fault]:
    rules, until = scene.rules, scene.policy.until
    derived = (rules.vocabulary[ident].derive for ident in rules.used)
    from_records = any(d and rules.vocabulary[d.source].type == "contributions" for d in derived)
    for months in rules.contributions.deferred:
        late = until is not None and months.since > month_of(until)
        if from_records and not late and months.since <= months.until:
            continue
        yield scene.tell(
            _RULE,
            ("contributions", "deferred", months.id),
            "deferral",
            first=month_text(months.since),
            last=month_text(months.until),
        )


READINGS = PolicyCheck(_RULE, _readings)
ALWAYS = RulesCheck(_RULE, _always)
