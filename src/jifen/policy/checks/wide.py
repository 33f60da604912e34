"""JF-C116: points or conditions that depend on so many facts at once that bounds are not exact."""

from collections.abc import Iterator
from math import prod

from jifen.policy.checks.parts import Path
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.condition import Condition
from jifen.policy.fault import Fault, one_of
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules
from jifen.policy.sharing import JointSet, Sharing, sharing_of
from jifen.policy.stretches import condition_answers

_RULE = Rule("JF-C116", "warning", "too many facts at once for exact bounds")
_REMEDY = (
    "split it into indicators of fewer facts, or leave it: while these facts are not known, bounds"
    " hold but may be too wide, and a result says 'exact: false'"
)


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
            yield _fault(
                scene,
                ("indicators", indicator.id),
                f"{runs:,} combinations of what {len(facts)} facts may be: {one_of(facts)}",
                sharing.most,
            )


def _conditions(scene: Scene, sharing: Sharing) -> Iterator[Fault]:
    for path, when in _decisive(scene.rules):
        answers = condition_answers(when, scene.rules.vocabulary)
        runs = prod(len(values) for values in answers.values())
        if runs > sharing.most:
            yield _fault(
                scene,
                path,
                f"{runs:,} combinations of what {len(answers)} facts may be: {one_of(answers)}",
                sharing.most,
            )


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
    shared = f"the indicators {one_of(ids)}, which share {one_of(joint.facts)}"
    fine = [ident for ident in joint.facts if sharing.shared[ident] is None]
    what = (
        f"more than {sharing.most:,} values of {one_of(fine)} at which points change, some up and"
        f" some down, in {shared}"
        if fine
        else f"{joint.runs:,} evaluations for {shared}"
    )
    return _fault(scene, ("indicators", ids[0]), what, sharing.most)


def _fault(scene: Scene, path: Path, found: str, most: int) -> Fault:
    return scene.fault(_RULE, path, found, f"at most {most:,}", _REMEDY)


CHECK = RulesCheck(_RULE, _run)
