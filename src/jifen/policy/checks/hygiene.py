"""JF-C111: an element that is called certain and names no source."""

from collections.abc import Iterator

from jifen.policy.checks.parts import Path
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault
from jifen.policy.model import Basis

_RULE = Rule("JF-C111", "warning", "certain without a source")


def _bases(scene: Scene) -> Iterator[tuple[Path, Basis]]:
    rules = scene.rules
    for number, line in enumerate(rules.decision.lines):
        yield ("decision", "lines", number), line.basis
    for number, quota in enumerate(rules.decision.quotas):
        yield ("decision", "quotas", number), quota.basis
    for months in rules.contributions.deferred:
        yield ("contributions", "deferred", months.id), months.basis
    for group in rules.groups:
        yield ("groups", group.id), group.basis
    for indicator in rules.indicators:
        yield ("indicators", indicator.id), indicator.basis
    for requirement in rules.requirements:
        yield ("conditions", requirement.id), requirement.basis
    for caution in rules.cautions:
        yield ("warnings", caution.id), caution.basis
    for overlay in scene.policy.overlays:
        yield ("overlays", overlay.id), overlay.basis
    for switch in scene.policy.switches:
        yield ("switches", switch.id), switch.basis


def _run(scene: Scene) -> Iterator[Fault]:
    for path, basis in _bases(scene):
        if basis.confidence == "certain" and not basis.sources:
            yield scene.tell(_RULE, (*path, "confidence"), "certain")


CHECK = RulesCheck(_RULE, _run)
