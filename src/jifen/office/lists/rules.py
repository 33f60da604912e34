"""What may follow what on a list: pure decisions. One table for entries, one for objections; the
diagrams in the docs are drawn from them."""

from collections.abc import Iterable
from dataclasses import dataclass

from jifen.office.lists.models.entry import State
from jifen.office.lists.models.objection import ObjectionState

SYSTEM, WINDOW, PERSON, ANYBODY, DECIDER = "system", "window", "person", "anybody", "decider"
"""The worker; staff at the windows; the person listed; whoever signed in; who decides."""
S, J = State, ObjectionState
LIVE = (S.DUE, S.PUBLIC, S.HELD, S.FORMAL, S.NOTICED)
"""States in which an entry can still lapse or be removed."""
OPEN = (J.FILED, J.HEARD)


@dataclass(frozen=True, slots=True)
class Rule:
    """In `state`, one of `sides` may do `act`, which leads to `goal`."""

    state: str
    act: str
    sides: tuple[str, ...]
    goal: str


TABLE: tuple[Rule, ...] = (
    Rule(S.DUE, "publish", (SYSTEM,), S.PUBLIC),
    Rule(S.PUBLIC, "hold", (SYSTEM,), S.HELD),
    Rule(S.PUBLIC, "close", (SYSTEM,), S.FORMAL),
    Rule(S.HELD, "close", (SYSTEM,), S.FORMAL),
    Rule(S.FORMAL, "notify", (SYSTEM,), S.NOTICED),
    Rule(S.NOTICED, "settle", (WINDOW,), S.SETTLED),
    Rule(S.NOTICED, "give_up", (PERSON,), S.FORFEITED),
    Rule(S.NOTICED, "forfeit", (SYSTEM,), S.FORFEITED),
    Rule(S.NOTICED, "delay", (SYSTEM,), S.NOTICED),
    *(Rule(state, "lapse", (SYSTEM, WINDOW), S.LAPSED) for state in LIVE),
    *(Rule(state, "remove", (SYSTEM,), S.REMOVED) for state in LIVE),
    *(Rule(state, "recheck", (SYSTEM,), state) for state in LIVE),
)
OBJECTIONS: tuple[Rule, ...] = (
    Rule(J.FILED, "answer", (PERSON,), J.FILED),
    Rule(J.FILED, "hear", (WINDOW,), J.HEARD),
    Rule(J.FILED, "withdraw", (ANYBODY,), J.WITHDRAWN),
    Rule(J.HEARD, "withdraw", (ANYBODY,), J.WITHDRAWN),
    Rule(J.HEARD, "uphold", (DECIDER,), J.UPHELD),
    Rule(J.HEARD, "dismiss", (DECIDER,), J.DISMISSED),
)


def goal(state: str, act: str, side: str, table: tuple[Rule, ...] = TABLE) -> str | None:
    """Where an act of a side leads; None where it may not be done."""
    found = (r for r in table if (r.state, r.act) == (state, act) and side in r.sides)
    return next((rule.goal for rule in found), None)


def acts(state: str, sides: Iterable[str], table: tuple[Rule, ...] = TABLE) -> frozenset[str]:
    """What somebody of these sides may do."""
    own = set(sides)
    return frozenset(r.act for r in table if r.state == state and own.intersection(r.sides))


def diagram(table: tuple[Rule, ...] = TABLE) -> str:
    """A table as a Mermaid state diagram."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in table:
        if rule.goal != rule.state:
            arrows.setdefault((str(rule.state), str(rule.goal)), []).append(rule.act)
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {table[0].state}", *lines])
