"""What a check looks at: the rules of one day under chosen readings, and where they stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from jifen.policy.catalogue import POLICY, name_element
from jifen.policy.fault import Fault, Place, PolicyError
from jifen.policy.model import Rules
from jifen.policy.patch import apply_changes
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE, select_purpose
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text


@dataclass(frozen=True)
class CheckContext:
    """Rules as they count on a day under chosen readings, with the document that gave them."""

    policy: Policy
    rules: Rules
    document: Node

    @property
    def scale(self) -> int:
        """How many of the smallest unit make a point."""
        return int(10**self.rules.precision)

    @property
    def is_alternative(self) -> bool:
        """Whether these are the rules of another reading or purpose than the first: what gives no
        points there (a group that a reading empties) is meant to."""
        defaults = {switch.id: switch.default for switch in self.policy.switches}
        chosen, purpose = dict(self.rules.readings), self.rules.purpose
        others = any(chosen.get(ident, reading) != reading for ident, reading in defaults.items())
        return others or (purpose is not None and purpose.id != self.policy.purposes[0].id)

    def build_plain_fault(
        self, rule: "CheckRule", path: Iterable[str | int], found: str, expected: str, remedy: str
    ) -> Fault:
        """A fault at the deepest part of a path that stands in the document."""
        steps = list(path)
        return build_plain_fault_at(
            self.policy,
            rule,
            self.find_place(steps),
            format_heading(steps).en,
            found,
            expected,
            remedy,
        )

    def build_fault(
        self, rule: "CheckRule", path: Iterable[str | int], kind: str, **values: Any
    ) -> Fault:
        """A fault in both languages at the deepest part of a path that stands in the document."""
        steps = list(path)
        return build_fault_at(
            self.policy, rule, self.find_place(steps), format_heading(steps), kind, **values
        )

    def find_place(self, steps: Sequence[str | int]) -> Place:
        """The deepest part of a path that stands in the document. Where that is the text of the
        measure, and a reform changes another part of the same element (an indicator, the lines),
        the change is the place: it is what made the fault."""
        place = find_place(self.document, steps)
        if any(place.file == reform.file for reform in self.policy.reforms):
            return place
        changes = [
            (_count_common_steps(path, steps), node.place)
            for reform in self.policy.reforms
            for path, node in reform.change.items()
        ]
        common, changed = max(changes, key=lambda change: change[0], default=(0, place))
        return changed if common >= (1 if steps[0] == "decision" else 2) else place


@dataclass(frozen=True, slots=True)
class CheckRule:
    """The identity of a check: stable code, severity, and what it looks for in a few words."""

    code: str
    severity: str
    title: str


@dataclass(frozen=True, slots=True)
class RulesCheck:
    """A check of the rules of a day."""

    rule: CheckRule
    run: Callable[[CheckContext], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """A check of a version as a whole: its dates, overlays, readings, vocabulary."""

    rule: CheckRule
    run: Callable[[Policy], Iterator[Fault]]


def build_fault_at(
    policy: Policy, rule: "CheckRule", place: Place, clause: Text, kind: str, **values: Any
) -> Fault:
    """A fault in both languages, with the words of a kind in the catalogue."""
    return Fault.from_words(
        rule.code,
        place,
        POLICY.fault_words(rule.code, kind, **values),
        clause=clause,
        line_text=find_line(policy, place),
        severity=rule.severity,
    )


def find_line(policy: Policy, place: Place) -> str:
    """The line of a place, in the policy's own text or in that of a reform."""
    lines = policy.texts.get(place.file, ())
    return lines[place.line - 1][:200] if 0 < place.line <= len(lines) else ""


def build_plain_fault_at(
    policy: Policy,
    rule: CheckRule,
    place: Place,
    clause: str,
    found: str,
    expected: str,
    remedy: str,
) -> Fault:
    """A fault whose words are in one language, with the line that it is about."""
    line = find_line(policy, place)
    return Fault(rule.code, place, found, expected, remedy, clause, line, rule.severity)


def find_place(document: Node, path: Iterable[str | int]) -> Place:
    """The place of the deepest part of a path (keys, ids or numbers of list items) that stands."""
    node = document
    for step in path:
        inner = _find_child(node, step)
        if inner is None:
            return node.place
        node = inner
    return node.place


def _find_child(node: Node, step: str | int) -> Node | None:
    if isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    for item in node.items:
        ident = item.mapping.get("id")
        if ident is not None and ident.value == step:
            return item
    return node.mapping.get(step)


def _count_common_steps(path: str, steps: Sequence[str | int]) -> int:
    """How many steps a path of a change and one of the document have in common."""
    pairs = zip(path.split("."), map(str, steps), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def format_heading(path: list[str | int]) -> Text:
    """The clause of a path: `indicator 'age'`."""
    if path[0] == "contributions":
        return name_element("deferred months", path[-1])
    if len(path) > 1 and isinstance(path[1], str) and path[0] != "decision":
        return name_element(str(path[0]).removesuffix("s"), path[1])
    return EMPTY


def list_contexts(policy: Policy, broken: list[Fault]) -> Iterator[CheckContext]:
    """The default rules on the first day and at each boundary of an overlay, then every other
    reading and every other purpose; the faults of rules that cannot be built go to `broken`.
    """
    days = list_boundaries(policy)
    for day in days:
        yield from _build_context(policy, day, {}, broken)
    for switch in policy.switches:
        for reading in switch.readings:
            if reading.id != switch.default:
                for day in days:
                    yield from _build_context(policy, day, {switch.id: reading.id}, broken)
    for purpose in policy.purposes[1:]:
        for day in days:
            yield from _build_context(policy, day, {CHOICE: purpose.id}, broken)


def list_boundaries(policy: Policy) -> list[date]:
    """The first day, each day on which an overlay begins or has just ended, and each on which a
    figure that conditions name changes."""
    days = {policy.since}
    for overlay in policy.overlays:
        days |= {overlay.since}
        days |= {overlay.until + timedelta(days=1)} if overlay.until else set()
    days |= policy.list_days_of_figures()
    return sorted(day for day in days if policy.in_force_on(day) or day == policy.since)


def _build_context(
    policy: Policy, day: date, readings: dict[str, str], broken: list[Fault]
) -> Iterator[CheckContext]:
    try:
        rules = policy.rules_on(day, readings)
    except PolicyError as error:
        broken += error.faults
        return
    yield CheckContext(policy, rules, patch_document(policy, day, readings))


def patch_document(policy: Policy, day: date, readings: dict[str, str]) -> Node:
    """The document as it counts on a day: a changed value stands where the change is written."""
    node, lost = policy.document, list[Fault]()
    for overlay in policy.overlays:
        if overlay.covers(day):
            node = apply_changes(node, dict(overlay.change), lost)
    for switch in policy.switches:
        chosen = switch.find_reading(readings.get(switch.id, switch.default))
        node = apply_changes(node, dict(chosen.change), lost)
    for reform in policy.reforms:
        node = apply_changes(node, dict(reform.change), lost)
    if policy.purposes:
        node = select_purpose(node, readings.get(CHOICE, policy.purposes[0].id))
    return node
