"""JF-C102: values of a fact that lie in two bands of its scale."""

from collections.abc import Iterator

from jifen.policy.checks.gaps import span, stretches_where
from jifen.policy.checks.parts import scales
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault

_RULE = Rule("JF-C102", "error", "bands that overlap")


def _run(scene: Scene) -> Iterator[Fault]:
    for path, _, scale in scales(scene.rules):
        fact = scene.rules.vocabulary[scale.of]
        for low, high in stretches_where(scale, fact, lambda held: held > 1):
            numbers = [n for n, band in enumerate(scale.bands) if band.holds(low)]
            yield scene.tell(
                _RULE,
                (*path, "bands", numbers[1]),
                "overlap",
                values=span(low, high, fact),
                fact=fact.id,
                first=numbers[0] + 1,
                second=numbers[1] + 1,
            )


CHECK = RulesCheck(_RULE, _run)
