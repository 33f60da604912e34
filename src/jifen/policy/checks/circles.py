"""JF-C108: facts that are asked after, or derived from, one another in a circle."""

from collections.abc import Callable, Iterator

from jifen.policy.catalogue import named
from jifen.policy.checks.scene import PolicyCheck, Rule, tell_at
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Fact

_RULE = Rule("JF-C108", "error", "facts in a circle")
_LINKS: tuple[tuple[str, Callable[[Fact], str]], ...] = (
    ("asked", lambda fact: fact.asked_after),
    ("derived", lambda fact: fact.derive.source if fact.derive else ""),
)


def _run(policy: Policy) -> Iterator[Fault]:
    for how, link in _LINKS:
        reported: set[str] = set()
        for fact in policy.vocabulary:
            circle = _circle(policy, fact, link)
            if circle and not reported & set(circle):
                reported |= set(circle)
                clause, path = named("fact", fact.id), " → ".join([*circle, fact.id])
                yield tell_at(policy, _RULE, fact.place, clause, how, fact=fact.id, path=path)


def _circle(policy: Policy, fact: Fact, link: Callable[[Fact], str]) -> list[str]:
    """The ids on the way from a fact back to itself; empty where there is no such way."""
    way, at = [fact.id], link(fact)
    while at in policy.vocabulary and at not in way:
        way.append(at)
        at = link(policy.vocabulary[at])
    return way if at == fact.id else []


CHECK = PolicyCheck(_RULE, _run)
