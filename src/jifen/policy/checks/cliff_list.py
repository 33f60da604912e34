"""JF-C110: the list of cliffs, so that whoever drafts a rule sees where it drops."""

from collections.abc import Iterator

from jifen.policy.checks.cliffs import cliffs
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault

_RULE = Rule("JF-C110", "info", "a cliff: a value at which points fall, with the size of the drop")


def _run(scene: Scene) -> Iterator[Fault]:
    known = {indicator.id for indicator in scene.rules.indicators}
    for cliff in cliffs(scene.rules):
        kind = "indicators" if cliff.about in known else "conditions"
        yield scene.tell(_RULE, (kind, cliff.about), "cliff", words=cliff.words())


CHECK = RulesCheck(_RULE, _run)
