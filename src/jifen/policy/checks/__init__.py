"""Static checks: what is wrong with rules before anyone is scored.

One file per check, each with a stable code. `check` looks at the default rules of the first day,
at each boundary of an overlay and under each reading; the same fault is said once.
"""

from collections.abc import Iterable

from jifen.policy.checks import cases as _cases
from jifen.policy.checks import (
    circles,
    cliff_list,
    constants,
    dead_rows,
    effects,
    gaps,
    hygiene,
    line_dates,
    low_line,
    maxima,
    monotone,
    overlaps,
    overlay_clash,
    wide,
)
from jifen.policy.checks import unused_facts as _unused
from jifen.policy.checks.cases import case_faults
from jifen.policy.checks.scene import PolicyCheck, Rule, RulesCheck, scenes
from jifen.policy.checks.unused_facts import unused_facts
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy

RULES_CHECKS: tuple[RulesCheck, ...] = (
    gaps.CHECK,
    overlaps.CHECK,
    dead_rows.CHECK,
    maxima.UNREACHABLE,
    maxima.NEVER_BINDS,
    effects.ALWAYS,
    constants.CHECK,
    monotone.CHECK,
    cliff_list.CHECK,
    hygiene.CHECK,
    line_dates.CHECK,
    low_line.CHECK,
    wide.CHECK,
)
POLICY_CHECKS: tuple[PolicyCheck, ...] = (effects.READINGS, circles.CHECK, overlay_clash.CHECK)
_RULES: list[Rule] = [
    *(one.rule for one in RULES_CHECKS),
    *(one.rule for one in POLICY_CHECKS),
    _unused.RULE,
    _cases.RULE,
]
CODES: dict[str, Rule] = {rule.code: rule for rule in sorted(_RULES, key=lambda rule: rule.code)}

__all__ = ["CODES", "POLICY_CHECKS", "RULES_CHECKS", "case_faults", "check", "unused_facts"]


def check(policy: Policy) -> list[Fault]:
    """Every fault of a version, in the order of its text; merged where it shows on several days.

    Errors make a policy unfit; warnings and infos do not.
    """
    found: list[Fault] = []
    for scene in scenes(policy, found):
        for one in RULES_CHECKS:
            found += one.run(scene)
    for whole in POLICY_CHECKS:
        found += whole.run(policy)
    return merged(found)


def merged(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by place and code."""
    unique = {(fault.code, fault.place, fault.found): fault for fault in faults}
    return sorted(
        unique.values(), key=lambda f: (f.place.file, f.place.line, f.place.column, f.code)
    )
