"""JF-C120: a line below 0: a sign too many, since a line that everybody reaches is 0."""

from collections.abc import Iterator

from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.fault import Fault
from jifen.policy.quantity import format_number

_RULE = CheckRule("JF-C120", "error", "a line below 0")


def _find_negative_thresholds(context: CheckContext) -> Iterator[Fault]:
    for number, line in enumerate(context.rules.decision.thresholds):
        if line.points < 0:
            path = ("decision", "lines", number, "points")
            yield context.build_fault(_RULE, path, "below", points=format_number(line.points))


CHECK = RulesCheck(_RULE, _find_negative_thresholds)
