"""JF-C112: a fact of the city that no version of its measure uses."""

from collections.abc import Iterator, Sequence

from jifen.policy.catalogue import name_element
from jifen.policy.checks.context import CheckRule, build_fault_at, list_contexts
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy

RULE = CheckRule("JF-C112", "info", "a fact that no version uses")


def find_unused_facts(policies: Sequence[Policy]) -> Iterator[Fault]:
    """Facts that no version of a city uses on any day under any reading, nor leads to one."""
    used: set[str] = set()
    for policy in policies:
        for context in list_contexts(policy, []):
            used |= set(context.rules.used)
    for policy in policies[-1:]:
        vocabulary = policy.vocabulary
        for ident in tuple(used):
            used |= _list_derivation_sources(policy, ident)
        for fact in vocabulary:
            if fact.id not in used:
                clause = name_element("fact", fact.id)
                words = {"fact": fact.id, "city": policy.city}
                yield build_fault_at(policy, RULE, fact.place, clause, "unused", **words)


def _list_derivation_sources(policy: Policy, ident: str) -> set[str]:
    """The records and facts from which a fact is derived."""
    source_ids: set[str] = set()
    derive = policy.vocabulary[ident].derive
    while derive and derive.source in policy.vocabulary and derive.source not in source_ids:
        source_ids.add(derive.source)
        derive = policy.vocabulary[derive.source].derive
    return source_ids
