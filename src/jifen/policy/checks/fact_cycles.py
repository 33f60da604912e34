"""JF-C108: facts that are asked after, or derived from, one another in a circle."""

from collections.abc import Callable, Iterator

from jifen.policy.catalogue import name_element
from jifen.policy.checks.context import CheckRule, PolicyCheck, build_fault_at
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Fact

_RULE = CheckRule("JF-C108", "error", "facts in a circle")
_LINKS: tuple[tuple[str, Callable[[Fact], str]], ...] = (
    ("asked", lambda fact: fact.asked_after),
    ("derived", lambda fact: fact.derive.source if fact.derive else ""),
)


def _find_cycles(policy: Policy) -> Iterator[Fault]:
    for how, link in _LINKS:
        reported: set[str] = set()
        for fact in policy.vocabulary:
            circle = _trace_cycle(policy, fact, link)
            if circle and not reported & set(circle):
                reported |= set(circle)
                clause, path = name_element("fact", fact.id), " → ".join([*circle, fact.id])
                yield build_fault_at(
                    policy, _RULE, fact.place, clause, how, fact=fact.id, path=path
                )


def _trace_cycle(policy: Policy, fact: Fact, link: Callable[[Fact], str]) -> list[str]:
    """The ids on the way from a fact back to itself; empty where there is no such way."""
    path, current = [fact.id], link(fact)
    while current in policy.vocabulary and current not in path:
        path.append(current)
        current = link(policy.vocabulary[current])
    return path if current == fact.id else []


CHECK = PolicyCheck(_RULE, _find_cycles)
