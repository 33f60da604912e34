"""The checks of a proposal: a reform, a variant of a sweep, a draft, on the days of its trial."""

from collections.abc import Iterable
from datetime import date

from jifen.policy.checks import RULES_CHECKS, merge_faults
from jifen.policy.checks.context import CheckContext, patch_document
from jifen.policy.fault import Fault, PolicyError
from jifen.policy.policy import Policy


def find_proposal_faults(policy: Policy, days: Iterable[date]) -> list[Fault]:
    """The errors and warnings of a reformed policy on some days under the default readings: every
    error, and the warnings that its reforms bring. Faults stand where the text of each is: in the
    file of the reform, or in that of the measure."""
    every = sorted(set(days))
    own = {_identify_fault(fault) for fault in _find_faults(policy.unreformed, every)}
    return [
        fault
        for fault in _find_faults(policy, every)
        if fault.severity == "error"
        or (fault.severity == "warning" and _identify_fault(fault) not in own)
    ]


def _identify_fault(fault: Fault) -> tuple[str, str, str]:
    """What makes two faults the same wherever they stand."""
    return fault.code, fault.clause, fault.found


def _find_faults(policy: Policy, days: Iterable[date]) -> list[Fault]:
    """All faults of the rules, looked at once where they are the same on several days."""
    faults, seen = list[Fault](), set[int]()
    for day in days:
        try:
            rules = policy.rules_on(day)
        except PolicyError as error:
            faults += error.faults
            continue
        if id(rules) not in seen:
            seen.add(id(rules))
            context = CheckContext(policy, rules, patch_document(policy, day, {}))
            faults += [fault for check in RULES_CHECKS for fault in check.run(context)]
    return merge_faults(faults)
