"""JF-C113: two overlays that change the same place on the same days."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from jifen.policy.catalogue import name_element
from jifen.policy.checks.context import CheckRule, PolicyCheck, build_fault_at
from jifen.policy.fault import Fault
from jifen.policy.policy import Overlay, Policy

_RULE = CheckRule("JF-C113", "error", "overlays that change the same place at the same time")


def _find_conflicts(policy: Policy) -> Iterator[Fault]:
    for first, second in combinations(policy.overlays, 2):
        if not _overlap_in_time(first, second):
            continue
        for path, node in second.change.items():
            if any(_paths_overlap(path, other) for other in first.change):
                clause = name_element("overlay", second.id)
                words = {"path": path, "other": first.id, "own": second.id}
                yield build_fault_at(policy, _RULE, node.place, clause, "clash", **words)


def _overlap_in_time(first: Overlay, second: Overlay) -> bool:
    ends = [overlay.until or date.max for overlay in (first, second)]
    return first.since <= ends[1] and second.since <= ends[0]


def _paths_overlap(path: str, other: str) -> bool:
    return path == other or path.startswith(other + ".") or other.startswith(path + ".")


CHECK = PolicyCheck(_RULE, _find_conflicts)
