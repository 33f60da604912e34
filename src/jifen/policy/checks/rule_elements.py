"""The parts of rules that several checks walk: scales, units and conditions, with their paths."""

from collections.abc import Iterator

from jifen.policy.condition import Condition
from jifen.policy.derived_mechanism import unwrap_mechanism
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.mechanisms.scale import Scale
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Indicator, Rules

ElementPath = tuple[str | int, ...]


def walk_scales(rules: Rules) -> Iterator[tuple[ElementPath, Indicator, Scale]]:
    """Every scale with its path."""
    for indicator in rules.indicators:
        mechanism = unwrap_mechanism(indicator.mechanism)
        base: ElementPath = ("indicators", indicator.id)
        if isinstance(mechanism, Scale):
            yield (*base, "scale"), indicator, mechanism
        if isinstance(mechanism, SumOf):
            for number, part in enumerate(mechanism.parts):
                if isinstance(part, Scale):
                    yield (*base, "sum_of", "parts", number, "scale"), indicator, part


def walk_units(rules: Rules) -> Iterator[tuple[ElementPath, Indicator, PerUnit]]:
    """Every per_unit, those inside ladders and sums too."""
    for indicator in rules.indicators:
        base: ElementPath = ("indicators", indicator.id)
        mechanism = unwrap_mechanism(indicator.mechanism)
        if isinstance(mechanism, PerUnit):
            yield (*base, "per_unit"), indicator, mechanism
        if isinstance(mechanism, FirstOf):
            for number, step in enumerate(mechanism.steps):
                if isinstance(step.inner, PerUnit):
                    path = (*base, "first_of", "steps", number, "per_unit")
                    yield path, indicator, step.inner
        if isinstance(mechanism, SumOf):
            for number, part in enumerate(mechanism.parts):
                if isinstance(part, PerUnit):
                    yield (*base, "sum_of", "parts", number, "per_unit"), indicator, part


def walk_conditions(rules: Rules) -> Iterator[tuple[ElementPath, Condition]]:
    """Every condition of the rules, whatever it decides."""
    for indicator in rules.indicators:
        yield from _walk_indicator_conditions(indicator)
    for requirement in rules.requirements:
        yield ("conditions", requirement.id, "when"), requirement.when
    for way in rules.ways:
        yield ("ways", way.id, "when"), way.when
    for caution in rules.cautions:
        yield ("warnings", caution.id, "when"), caution.when


def _walk_indicator_conditions(indicator: Indicator) -> Iterator[tuple[ElementPath, Condition]]:
    base: ElementPath = ("indicators", indicator.id)
    if indicator.when:
        yield (*base, "when"), indicator.when
    mechanism = unwrap_mechanism(indicator.mechanism)
    if isinstance(mechanism, PointsIf):
        yield (*base, "condition", "when"), mechanism.when
    if isinstance(mechanism, Veto):
        yield (*base, "veto", "when"), mechanism.when
    if isinstance(mechanism, FirstOf):
        for number, step in enumerate(mechanism.steps):
            if step.when:
                yield (*base, "first_of", "steps", number, "when"), step.when
    if isinstance(mechanism, SumOf):
        for number, part in enumerate(mechanism.parts):
            if isinstance(part, PointsIf):
                yield (*base, "sum_of", "parts", number, "condition", "when"), part.when
