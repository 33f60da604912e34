"""JF-C111: an element that is called certain and names no source."""

from collections.abc import Iterator, Sequence
from typing import Any

from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.rule_elements import ElementPath
from jifen.policy.fault import Fault
from jifen.policy.model import Basis

_RULE = CheckRule("JF-C111", "warning", "certain without a source")


def _list_bases(context: CheckContext) -> Iterator[tuple[ElementPath, Basis]]:
    rules = context.rules
    for number, line in enumerate(rules.decision.thresholds):
        yield ("decision", "lines", number), line.basis
    for number, quota in enumerate(rules.decision.quotas):
        yield ("decision", "quotas", number), quota.basis
    if rules.decision.selection and rules.decision.selection.basis:
        yield ("decision", "selection"), rules.decision.selection.basis
    for months in rules.contributions.deferred:
        yield ("contributions", "deferred", months.id), months.basis
    lists: list[tuple[str, Sequence[Any]]] = [
        ("groups", rules.groups),
        ("indicators", rules.indicators),
        ("conditions", rules.requirements),
        ("ways", rules.ways),
        ("warnings", rules.cautions),
        ("overlays", context.policy.overlays),
        ("switches", context.policy.switches),
    ]
    for key, elements in lists:
        for element in elements:
            yield (key, element.id), element.basis
    for rule in rules.records:
        yield ("records", rule.fact), rule.basis


def _find_missing_sources(context: CheckContext) -> Iterator[Fault]:
    for path, basis in _list_bases(context):
        if basis.confidence == "certain" and not basis.sources:
            yield context.build_fault(_RULE, (*path, "confidence"), "certain")


CHECK = RulesCheck(_RULE, _find_missing_sources)
