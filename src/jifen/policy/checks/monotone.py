"""JF-C109: points that fall although the policy says that more of a fact never costs points."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jifen.policy.checks.evaluate import axes, gated, people, walk
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.words import points_text
from jifen.policy.model import Indicator
from jifen.policy.stretches import breaks_of

_RULE = Rule("JF-C109", "error", "points that fall where they are expected not to")


def _run(scene: Scene) -> Iterator[Fault]:
    for indicator in scene.rules.indicators:
        for ident in indicator.non_decreasing_in:
            breaks = breaks_of(indicator)
            if ident in breaks and scene.rules.vocabulary[ident].is_number:
                worst = _worst(scene, indicator, ident)
                if worst:
                    yield _fault(scene, indicator, ident, *worst)


def _worst(scene: Scene, indicator: Indicator, ident: str) -> tuple[int, Any, Any] | None:
    """The largest fall between neighbouring values: (points × scale, from, to)."""
    breaks = breaks_of(indicator)
    values = walk(scene.rules.vocabulary[ident], breaks[ident], len(breaks) == 1)
    score = gated(indicator, scene.scale)
    others = {k: v for k, v in axes(indicator, scene.rules.vocabulary).items() if k != ident}
    found: tuple[int, Any, Any] | None = None
    for person in people(others, 5_000):
        points = [score({**person, ident: value}) for value in values]
        for n in range(1, len(points)):
            drop = points[n - 1] - points[n]
            if drop > 0 and (found is None or drop > found[0]):
                found = (drop, values[n - 1], values[n])
    return found


def _fault(scene: Scene, indicator: Indicator, ident: str, drop: int, low: Any, high: Any) -> Fault:
    fact = scene.rules.vocabulary[ident]
    return scene.tell(
        _RULE,
        ("indicators", indicator.id, "expect_non_decreasing_in"),
        "falls",
        low=fact.say(low),
        high=fact.say(high),
        fact=ident,
        lost=points_text(Decimal(drop) / scene.scale),
    )


CHECK = RulesCheck(_RULE, _run)
