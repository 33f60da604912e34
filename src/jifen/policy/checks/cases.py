"""JF-C115: a worked case that names facts, readings or lines that there are not."""

from collections.abc import Iterable, Iterator
from typing import Any

from jifen.policy.catalogue import POLICY, listed, name_of, named
from jifen.policy.checks.scene import Rule, place_of, tell_at
from jifen.policy.fault import Fault, nearest
from jifen.policy.policy import Policy
from jifen.policy.source import Node

RULE = Rule("JF-C115", "error", "a worked case that names what there is not")


def case_faults(policy: Policy, cases: Iterable[Any], node: Node) -> Iterator[Fault]:
    """The faults of worked cases; `node` is the file that they were read from."""
    facts = policy.vocabulary.ids
    switches = {switch.id: tuple(r.id for r in switch.readings) for switch in policy.switches}
    for case in cases:
        path = ("cases", case.id)
        named = dict.fromkeys([*case.own_facts, *_of_people(case)])
        for ident in named:
            if ident not in facts:
                yield _fault(policy, node, case, (*path, "facts", ident), "fact", ident, facts)
        for switch, reading in case.readings.items():
            at = (*path, "readings", switch)
            if switch not in switches:
                yield _fault(policy, node, case, at, "switch", switch, switches)
            elif reading not in switches[switch]:
                yield _fault(policy, node, case, at, "reading", reading, switches[switch])


def _of_people(case: Any) -> Iterator[str]:
    for facts in getattr(case, "people", {}).values():
        yield from facts


def _fault(
    policy: Policy,
    node: Node,
    case: Any,
    path: tuple[str, ...],
    what: str,
    found: str,
    known: Iterable[str],
) -> Fault:
    hint = nearest(found, known)
    every = list(known)
    return tell_at(
        policy,
        RULE,
        place_of(node, path),
        named("example", case.id),
        "case",
        what=name_of(what),
        word=found,
        city=policy.city,
        version=policy.version,
        known=listed(every) if every else POLICY.phrase("none"),
        hint=hint,
    )
