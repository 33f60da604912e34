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
class ListActRule:
    """In `state`, one of `sides` may do `act`, which leads to `goal`."""

    state: str
    act: str
    sides: tuple[str, ...]
    next_state: str


TABLE: tuple[ListActRule, ...] = (
    ListActRule(S.DUE, "publish", (SYSTEM,), S.PUBLIC),
    ListActRule(S.PUBLIC, "hold", (SYSTEM,), S.HELD),
    ListActRule(S.PUBLIC, "close", (SYSTEM,), S.FORMAL),
    ListActRule(S.HELD, "close", (SYSTEM,), S.FORMAL),
    ListActRule(S.FORMAL, "notify", (SYSTEM,), S.NOTICED),
    ListActRule(S.NOTICED, "settle", (WINDOW,), S.SETTLED),
    ListActRule(S.NOTICED, "give_up", (PERSON,), S.FORFEITED),
    ListActRule(S.NOTICED, "forfeit", (SYSTEM,), S.FORFEITED),
    ListActRule(S.NOTICED, "delay", (SYSTEM,), S.NOTICED),
    *(ListActRule(state, "lapse", (SYSTEM, WINDOW), S.LAPSED) for state in LIVE),
    *(ListActRule(state, "remove", (SYSTEM,), S.REMOVED) for state in LIVE),
    *(ListActRule(state, "recheck", (SYSTEM,), state) for state in LIVE),
)
OBJECTIONS: tuple[ListActRule, ...] = (
    ListActRule(J.FILED, "answer", (PERSON,), J.FILED),
    ListActRule(J.FILED, "hear", (WINDOW,), J.HEARD),
    ListActRule(J.FILED, "withdraw", (ANYBODY,), J.WITHDRAWN),
    ListActRule(J.HEARD, "withdraw", (ANYBODY,), J.WITHDRAWN),
    ListActRule(J.HEARD, "uphold", (DECIDER,), J.UPHELD),
    ListActRule(J.HEARD, "dismiss", (DECIDER,), J.DISMISSED),
)


def find_next_state(
    state: str, act: str, side: str, table: tuple[ListActRule, ...] = TABLE
) -> str | None:
    """Where an act of a side leads; None where it may not be done."""
    rules = (r for r in table if (r.state, r.act) == (state, act) and side in r.sides)
    return next((rule.next_state for rule in rules), None)


def list_acts(
    state: str, sides: Iterable[str], table: tuple[ListActRule, ...] = TABLE
) -> frozenset[str]:
    """What somebody of these sides may do."""
    own_sides = set(sides)
    return frozenset(r.act for r in table if r.state == state and own_sides.intersection(r.sides))


def draw_diagram(table: tuple[ListActRule, ...] = TABLE) -> str:
    """A table as a Mermaid state diagram."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in table:
        if rule.next_state != rule.state:
            arrows.setdefault((str(rule.state), str(rule.next_state)), []).append(rule.act)
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {table[0].state}", *lines])
