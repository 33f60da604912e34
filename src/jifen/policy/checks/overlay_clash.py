"""JF-C113: two overlays that change the same place on the same days."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from jifen.policy.catalogue import named
from jifen.policy.checks.scene import PolicyCheck, Rule, tell_at
from jifen.policy.fault import Fault
from jifen.policy.policy import Overlay, Policy

_RULE = Rule("JF-C113", "error", "overlays that change the same place at the same time")


def _run(policy: Policy) -> Iterator[Fault]:
    for first, second in combinations(policy.overlays, 2):
        if not _together(first, second):
            continue
        for path, node in second.change.items():
            if any(_same(path, other) for other in first.change):
                clause = named("overlay", second.id)
                words = {"path": path, "other": first.id, "own": second.id}
                yield tell_at(policy, _RULE, node.place, clause, "clash", **words)


def _together(first: Overlay, second: Overlay) -> bool:
    ends = [one.until or date.max for one in (first, second)]
    return first.since <= ends[1] and second.since <= ends[0]


def _same(path: str, other: str) -> bool:
    return path == other or path.startswith(other + ".") or other.startswith(path + ".")


CHECK = PolicyCheck(_RULE, _run)
