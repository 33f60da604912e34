"""JF-C102: values of a fact that lie in two bands of its scale."""

from collections.abc import Iterator

from jifen.policy.checks.band_gaps import find_stretches, format_stretch
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.rule_elements import walk_scales
from jifen.policy.fault import Fault

_RULE = CheckRule("JF-C102", "error", "bands that overlap")


def _find_overlaps(context: CheckContext) -> Iterator[Fault]:
    for path, _, scale in walk_scales(context.rules):
        fact = context.rules.vocabulary[scale.of]
        for low, high in find_stretches(scale, fact, lambda held: held > 1):
            numbers = [n for n, band in enumerate(scale.bands) if band.holds_value(low)]
            yield context.build_fault(
                _RULE,
                (*path, "bands", numbers[1]),
                "overlap",
                values=format_stretch(low, high, fact),
                fact=fact.id,
                first=numbers[0] + 1,
                second=numbers[1] + 1,
            )


CHECK = RulesCheck(_RULE, _find_overlaps)
