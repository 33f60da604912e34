"""JF-C110: the list of cliffs, so that whoever drafts a rule sees where it drops."""

from collections.abc import Iterator

from jifen.policy.checks.cliffs import find_cliffs
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.fault import Fault

_RULE = CheckRule(
    "JF-C110", "info", "a cliff: a value at which points fall, with the size of the drop"
)


def _report_cliffs(context: CheckContext) -> Iterator[Fault]:
    known = {indicator.id for indicator in context.rules.indicators}
    for cliff in find_cliffs(context.rules):
        kind = "indicators" if cliff.about in known else "conditions"
        yield context.build_fault(_RULE, (kind, cliff.about), "cliff", words=cliff.describe_cliff())


CHECK = RulesCheck(_RULE, _report_cliffs)
