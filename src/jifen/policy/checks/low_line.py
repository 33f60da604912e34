"""JF-C120: a line below 0: a sign too many, since a line that everybody reaches is 0."""

from collections.abc import Iterator

from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault
from jifen.policy.quantity import plain

_RULE = Rule("JF-C120", "error", "a line below 0")


def _run(scene: Scene) -> Iterator[Fault]:
    for number, line in enumerate(scene.rules.decision.lines):
        if line.points < 0:
            path = ("decision", "lines", number, "points")
            yield scene.tell(_RULE, path, "below", points=plain(line.points))


CHECK = RulesCheck(_RULE, _run)
