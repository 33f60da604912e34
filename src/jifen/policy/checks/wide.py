"""JF-C116: points or conditions that depend on so many facts at once that bounds are not exact."""

from collections.abc import Iterator
from math import prod

from jifen.policy.catalogue import listed
from jifen.policy.checks.parts import Path
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.condition import Condition
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules
from jifen.policy.sharing import JointSet, Sharing, sharing_of
from jifen.policy.stretches import condition_answers

_RULE = Rule("JF-C116", "warning", "too many facts at once for exact bounds")


def _run(scene: Scene) -> Iterator[Fault]:
    sharing = sharing_of(scene.rules)
    yield from _alone(scene, sharing)
    yield from _conditions(scene, sharing)
    absent = {number: tuple(answers) for number, answers in enumerate(sharing.answers) if answers}
    for joint in sharing.sets(absent):
        alone = max(sharing.runs(line, absent[line]) for line in joint.lines)
        if not joint.exact and alone <= sharing.most:
            yield _together(scene, sharing, joint)


def _alone(scene: Scene, sharing: Sharing) -> Iterator[Fault]:
    for number, indicator in enumerate(scene.rules.indicators):
        facts = tuple(sharing.answers[number])
        runs = sharing.runs(number, facts)
        if runs > sharing.most:
            path = ("indicators", indicator.id)
            yield _combinations(scene, path, runs, facts, sharing.most)


def _conditions(scene: Scene, sharing: Sharing) -> Iterator[Fault]:
    for path, when in _decisive(scene.rules):
        answers = condition_answers(when, scene.rules.vocabulary)
        runs = prod(len(values) for values in answers.values())
        if runs > sharing.most:
            yield _combinations(scene, path, runs, tuple(answers), sharing.most)


def _decisive(rules: Rules) -> Iterator[tuple[Path, Condition]]:
    """Conditions that are answered by themselves: of eligibility, of warnings, of vetoes."""
    for requirement in rules.requirements:
        yield ("conditions", requirement.id, "when"), requirement.when
    for caution in rules.cautions:
        yield ("warnings", caution.id, "when"), caution.when
    for indicator in rules.indicators:
        if isinstance(indicator.mechanism, Veto):
            yield ("indicators", indicator.id, "veto", "when"), indicator.mechanism.when


def _together(scene: Scene, sharing: Sharing, joint: JointSet) -> Fault:
    ids = [scene.rules.indicators[line].id for line in joint.lines]
    fine = [ident for ident in joint.facts if sharing.shared[ident] is None]
    words = {
        "indicators": listed(ids),
        "facts": listed(joint.facts),
        "most": f"{sharing.most:,}",
    }
    if fine:
        return scene.tell(_RULE, ("indicators", ids[0]), "fine", fine=listed(fine), **words)
    return scene.tell(_RULE, ("indicators", ids[0]), "together", runs=f"{joint.runs:,}", **words)


def _combinations(scene: Scene, path: Path, runs: int, facts: tuple[str, ...], most: int) -> Fault:
    return scene.tell(
        _RULE,
        path,
        "combinations",
        runs=f"{runs:,}",
        count=len(facts),
        facts=listed(facts),
        most=f"{most:,}",
    )


CHECK = RulesCheck(_RULE, _run)
