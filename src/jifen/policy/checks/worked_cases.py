"""JF-C115: a worked case that names facts, readings or lines that there are not."""

from collections.abc import Iterable, Iterator
from typing import Any

from jifen.policy.catalogue import POLICY, join_list, name_element, translate_name
from jifen.policy.checks.context import CheckRule, build_fault_at, find_place
from jifen.policy.fault import Fault, find_nearest
from jifen.policy.people import flatten_people
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.source import Node

RULE = CheckRule("JF-C115", "error", "a worked case that names what there is not")


def find_case_faults(policy: Policy, cases: Iterable[Any], node: Node) -> Iterator[Fault]:
    """The faults of worked cases; `node` is the file that they were read from."""
    facts = policy.vocabulary.ids
    switches = policy.choices
    for case in cases:
        path = ("cases", case.id)
        own_facts = flatten_people(policy.vocabulary.people, case.own_facts)
        named = dict.fromkeys([*own_facts, *_list_facts_of_people(policy, case)])
        for ident in named:
            if ident not in facts:
                yield _build_fault(
                    policy, node, case, (*path, "facts", ident), "fact", ident, facts
                )
        for switch, reading in case.readings.items():
            is_purpose = switch == CHOICE and policy.purposes
            at = (*path, CHOICE) if is_purpose else (*path, "readings", switch)
            if is_purpose and reading not in switches[switch]:
                yield _build_fault(policy, node, case, at, CHOICE, reading, switches[switch])
            elif switch not in switches:
                yield _build_fault(policy, node, case, at, "switch", switch, switches)
            elif reading not in switches[switch]:
                yield _build_fault(policy, node, case, at, "reading", reading, switches[switch])


def _list_facts_of_people(policy: Policy, case: Any) -> Iterator[str]:
    for facts in getattr(case, "people", {}).values():
        yield from flatten_people(policy.vocabulary.people, facts)


def _build_fault(
    policy: Policy,
    node: Node,
    case: Any,
    path: tuple[str, ...],
    what: str,
    word: str,
    known: Iterable[str],
) -> Fault:
    hint = find_nearest(word, known)
    every = list(known)
    return build_fault_at(
        policy,
        RULE,
        find_place(node, path),
        name_element("example", case.id),
        "case",
        what=translate_name(what),
        word=word,
        city=policy.city,
        version=policy.version,
        known=join_list(every) if every else POLICY.format_phrase("none"),
        hint=hint,
    )
