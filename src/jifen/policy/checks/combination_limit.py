"""JF-C116: points or conditions that depend on so many facts at once that bounds are not exact."""

from collections.abc import Iterator
from math import prod

from jifen.policy.break_points import list_condition_answers
from jifen.policy.catalogue import join_list
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.rule_elements import ElementPath
from jifen.policy.condition import Condition
from jifen.policy.fault import Fault
from jifen.policy.joint_sets import JointSet, Sharing, find_sharing
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules

_RULE = CheckRule("JF-C116", "warning", "too many facts at once for exact bounds")


def _find_wide_sets(context: CheckContext) -> Iterator[Fault]:
    sharing = find_sharing(context.rules)
    yield from _find_wide_indicators(context, sharing)
    yield from _find_wide_conditions(context, sharing)
    absent = {number: tuple(answers) for number, answers in enumerate(sharing.answers) if answers}
    for joint in sharing.find_joint_sets(absent):
        alone = max(sharing.count_runs(line, absent[line]) for line in joint.indicators)
        if not joint.exact and alone <= sharing.most:
            yield _build_joint_fault(context, sharing, joint)


def _find_wide_indicators(context: CheckContext, sharing: Sharing) -> Iterator[Fault]:
    for number, indicator in enumerate(context.rules.indicators):
        facts = tuple(sharing.answers[number])
        runs = sharing.count_runs(number, facts)
        if runs > sharing.most:
            path = ("indicators", indicator.id)
            yield _build_combinations_fault(context, path, runs, facts, sharing.most)


def _find_wide_conditions(context: CheckContext, sharing: Sharing) -> Iterator[Fault]:
    for path, when in _list_deciding_conditions(context.rules):
        answers = list_condition_answers(when, context.rules.vocabulary)
        runs = prod(len(values) for values in answers.values())
        if runs > sharing.most:
            yield _build_combinations_fault(context, path, runs, tuple(answers), sharing.most)


def _list_deciding_conditions(rules: Rules) -> Iterator[tuple[ElementPath, Condition]]:
    """Conditions that decide on their own: requirements, ways, warnings and vetoes."""
    for requirement in rules.requirements:
        yield ("conditions", requirement.id, "when"), requirement.when
    for way in rules.ways:
        yield ("ways", way.id, "when"), way.when
    for caution in rules.cautions:
        yield ("warnings", caution.id, "when"), caution.when
    for indicator in rules.indicators:
        if isinstance(indicator.mechanism, Veto):
            yield ("indicators", indicator.id, "veto", "when"), indicator.mechanism.when


def _build_joint_fault(context: CheckContext, sharing: Sharing, joint: JointSet) -> Fault:
    ids = [context.rules.indicators[line].id for line in joint.indicators]
    fine = [ident for ident in joint.facts if sharing.shared[ident] is None]
    words = {
        "indicators": join_list(ids),
        "facts": join_list(joint.facts),
        "most": f"{sharing.most:,}",
    }
    if fine:
        return context.build_fault(
            _RULE, ("indicators", ids[0]), "fine", fine=join_list(fine), **words
        )
    return context.build_fault(
        _RULE, ("indicators", ids[0]), "together", runs=f"{joint.runs:,}", **words
    )


def _build_combinations_fault(
    context: CheckContext, path: ElementPath, runs: int, facts: tuple[str, ...], most: int
) -> Fault:
    return context.build_fault(
        _RULE,
        path,
        "combinations",
        runs=f"{runs:,}",
        count=len(facts),
        facts=join_list(facts),
        most=f"{most:,}",
    )


CHECK = RulesCheck(_RULE, _find_wide_sets)
