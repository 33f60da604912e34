"""JF-C104: a maximum above what can be reached; JF-C105: a cap that never cuts anything."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.checks.evaluate import applicable, extremes
from jifen.policy.checks.parts import scales, units
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.scale import Band, Scale
from jifen.policy.model import Group
from jifen.policy.quantity import plain
from jifen.policy.text import Text

_ABOVE = Rule("JF-C104", "warning", "a maximum that cannot be reached")
_NEVER = Rule("JF-C105", "warning", "a cap that never binds")
Cap = tuple[tuple[str | int, ...], Decimal, Decimal, Text]
"""Its path, its points, the most that could be reached without it, and what allows so many."""


def caps(scene: Scene) -> Iterator[Cap]:
    """Every cap of the rules."""
    for path, _, unit in units(scene.rules):
        if unit.most is not None:
            free = replace(unit, most=None).score(scene.scale)
            reached = Decimal(free({unit.of: _most(scene, unit.of)})) / scene.scale
            yield (*path, "most"), unit.most, reached, POLICY.phrase("range_allows", fact=unit.of)
    for path, _, scale in scales(scene.rules):
        for number, band in enumerate(scale.bands):
            if band.slope and band.slope.most is not None:
                where = (*path, "bands", number, "rises", "most")
                reached = _slope_top(scene, scale, band)
                allow = POLICY.phrase("ends_allow", number=number + 1)
                yield where, band.slope.most, reached, allow
    for group in scene.rules.groups:
        if group.most is not None:
            reached = _group_top(scene, group)
            allow = POLICY.phrase("members_allow")
            yield ("groups", group.id, "most"), group.most, reached, allow


def _most(scene: Scene, ident: str) -> Any:
    return applicable(scene.rules.vocabulary[ident], ())[-1]


def _slope_top(scene: Scene, scale: Scale, band: Band) -> Decimal:
    slope = replace(band.slope, most=None) if band.slope else None
    free = Scale(scale.of, (replace(band, slope=slope),))
    values = applicable(scene.rules.vocabulary[scale.of], [end for _, end in free.breaks()])
    score = free.score(scene.scale)
    return Decimal(max(score({scale.of: value}) for value in values)) / scene.scale


def _group_top(scene: Scene, group: Group) -> Decimal:
    """The most that the members can give, each within its own cap."""
    rules = scene.rules
    tops = [
        extremes(indicator, rules.vocabulary, scene.scale)[1]
        for indicator in rules.indicators
        if indicator.group == group.id
    ]
    for inner in rules.groups:
        if inner.parent == group.id:
            top = _group_top(scene, inner)
            tops.append(top if inner.most is None else min(top, inner.most))
    if group.combine == "best_of":
        return max(tops, default=Decimal(0))
    return sum(tops, Decimal(0))


def _above(scene: Scene) -> Iterator[Fault]:
    for path, most, reached, by in caps(scene):
        if reached < most:
            points = {"most": plain(most), "reached": plain(reached)}
            yield scene.tell(_ABOVE, path, "above", by=by, **points)


def _never(scene: Scene) -> Iterator[Fault]:
    for path, most, reached, by in caps(scene):
        if reached == most:
            yield scene.tell(_NEVER, path, "never_binds", most=plain(most), by=by)


UNREACHABLE = RulesCheck(_ABOVE, _above)
NEVER_BINDS = RulesCheck(_NEVER, _never)
