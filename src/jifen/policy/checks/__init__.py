"""Static checks: what is wrong with rules before anyone is scored.

One file per check, each with a stable code. `check_policy` looks at the default rules of the first
day, at each boundary of an overlay and under each reading; a fault that shows on several days is
reported once.
"""

from collections.abc import Iterable

from jifen.policy.checks import (
    band_gaps,
    band_overlaps,
    cliff_list,
    combination_limit,
    constants,
    dead_rows,
    fact_cycles,
    idle_parameters,
    maxima,
    missing_sources,
    monotonicity,
    negative_threshold,
    overlay_conflicts,
    purposes_as_readings,
    threshold_dates,
)
from jifen.policy.checks import unused_facts as _unused
from jifen.policy.checks import worked_cases as _cases
from jifen.policy.checks.context import CheckRule, PolicyCheck, RulesCheck, list_contexts
from jifen.policy.checks.unused_facts import find_unused_facts
from jifen.policy.checks.worked_cases import find_case_faults
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy

RULES_CHECKS: tuple[RulesCheck, ...] = (
    band_gaps.CHECK,
    band_overlaps.CHECK,
    dead_rows.CHECK,
    maxima.UNREACHABLE,
    maxima.NEVER_BINDS,
    idle_parameters.ALWAYS,
    constants.CHECK,
    monotonicity.CHECK,
    cliff_list.CHECK,
    missing_sources.CHECK,
    threshold_dates.CHECK,
    negative_threshold.CHECK,
    combination_limit.CHECK,
)
POLICY_CHECKS: tuple[PolicyCheck, ...] = (
    idle_parameters.READINGS,
    fact_cycles.CHECK,
    overlay_conflicts.CHECK,
    purposes_as_readings.CHECK,
)
_RULES: list[CheckRule] = [
    *(check.rule for check in RULES_CHECKS),
    *(check.rule for check in POLICY_CHECKS),
    _unused.RULE,
    _cases.RULE,
]
CODES: dict[str, CheckRule] = {
    rule.code: rule for rule in sorted(_RULES, key=lambda rule: rule.code)
}

__all__ = [
    "CODES",
    "POLICY_CHECKS",
    "RULES_CHECKS",
    "check_policy",
    "find_case_faults",
    "find_unused_facts",
]


def check_policy(policy: Policy) -> list[Fault]:
    """Every fault of a version, in the order of its text; merged where it shows on several days.

    Errors make a policy unfit; warnings and infos do not.
    """
    faults: list[Fault] = []
    for context in list_contexts(policy, faults):
        for rules_check in RULES_CHECKS:
            faults += rules_check.run(context)
    for policy_check in POLICY_CHECKS:
        faults += policy_check.run(policy)
    return merge_faults(faults)


def merge_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by place and code."""
    unique = {(fault.code, fault.place, fault.found): fault for fault in faults}
    return sorted(
        unique.values(), key=lambda f: (f.place.file, f.place.line, f.place.column, f.code)
    )
