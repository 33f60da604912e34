"""Two versions side by side: changed statements, each with the points that it moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from jifen.policy.diff.changes import ChangeKind, RuleChange, compare_statements
from jifen.policy.diff.points import PointChange, compare_indicator_points
from jifen.policy.diff.statements import (
    KIND_LABELS,
    list_policy_statements,
    list_purpose_statements,
    list_rules_statements,
)
from jifen.policy.model import Indicator, Rules
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.text import Lang, Text
from jifen.policy.words import say

SCHEMA = "jifen.policy-diff.v1"
_KIND_LABELS = {
    "added": say("diff.difference.kind_labels_added"),
    "removed": say("diff.difference.kind_labels_removed"),
    "changed": say("diff.difference.kind_labels_changed"),
}


@dataclass(frozen=True, slots=True)
class DifferenceItem:
    """One difference with the points that it moves (none where it is not about points)."""

    change: RuleChange
    points: tuple[PointChange, ...]


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """What differs between two versions, each looked at on its own day."""

    city: str
    old: tuple[str, Text, date]
    new: tuple[str, Text, date]
    items: tuple[DifferenceItem, ...]

    @property
    def rows(self) -> tuple[DifferenceItem, ...]:
        """The differences for a table: groups last, without those that `groups` sums up."""
        shown = [item for item in self.items if not _is_moved_group(item)]
        return tuple(sorted(shown, key=lambda item: item.change.about == "group"))

    @property
    def groups(self) -> tuple[tuple[ChangeKind, tuple[Text, ...]], ...]:
        """The groups that are new and those that are gone: they only sort the indicators."""
        moved = [item.change for item in self.items if _is_moved_group(item)]
        kinds: tuple[ChangeKind, ...] = ("added", "removed")
        named = [(kind, tuple(c.label for c in moved if c.kind == kind)) for kind in kinds]
        return tuple((kind, labels) for kind, labels in named if labels)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON form, schema jifen.policy-diff.v1."""
        return {
            "schema": SCHEMA,
            "city": self.city,
            "old": {"version": self.old[0], "on": self.old[2].isoformat()},
            "new": {"version": self.new[0], "on": self.new[2].isoformat()},
            "changes": [_item_to_dict(item, lang) for item in self.items],
        }

    def to_text(self, lang: Lang = "zh") -> str:
        """Plain text: one paragraph for each difference."""
        head = f"{self.old[1](lang)} → {self.new[1](lang)}"
        if not self.items:
            return head + say("diff.difference.no_difference")(lang)
        return (
            "\n\n".join([head, *("\n".join(_format_lines(item, lang)) for item in self.items)])
            + "\n"
        )


def find_difference(old: Policy, new: Policy) -> PolicyDifference:
    """What a person would meet: the old version as it ended against the new one as it is now."""
    days = (_last_day(old), _last_day(new))
    before, after = old.rules_on(days[0]), new.rules_on(days[1])
    changes = compare_statements(
        list_rules_statements(before)
        | list_purpose_statements(old, days[0])
        | list_policy_statements(old),
        list_rules_statements(after)
        | list_purpose_statements(new, days[1])
        | list_policy_statements(new),
    )
    # Every version states its line from its own first day: only another figure is a change.
    same_lines = {
        ident
        for ident, chosen in _list_line_choices(old, new)
        if _list_figures(old.rules_on(days[0], chosen))
        == _list_figures(new.rules_on(days[1], chosen))
    }
    changes = tuple(
        change for change in changes if change.about != "line" or change.id not in same_lines
    )
    items = tuple(
        DifferenceItem(change, _compare_points(change, before, after)) for change in changes
    )
    return PolicyDifference(
        new.city, (old.version, old.title, days[0]), (new.version, new.title, days[1]), items
    )


def _list_line_choices(old: Policy, new: Policy) -> Iterator[tuple[str, dict[str, str]]]:
    """The ids under which lines are stated, with the purpose that each is about: the first purpose,
    then those that both versions have."""
    yield "line", {}
    both = {purpose.id for purpose in old.purposes} & {purpose.id for purpose in new.purposes}
    for purpose in new.purposes[1:]:
        if purpose.id in both:
            yield f"line/{purpose.id}", {CHOICE: purpose.id}


def _last_day(policy: Policy) -> date:
    """The version's last day; where it is open, a day on which all that has begun stands."""
    if policy.until:
        return policy.until
    return max([policy.since, *(overlay.since for overlay in policy.overlays)])


def _list_figures(rules: Rules) -> list[Decimal]:
    """The lines one after another, an equal one that only goes on counted once."""
    return [figure for figure, _ in groupby(line.points for line in rules.decision.thresholds)]


def _is_moved_group(item: DifferenceItem) -> bool:
    return item.change.about == "group" and item.change.kind != "changed"


def _compare_points(change: RuleChange, before: Rules, after: Rules) -> tuple[PointChange, ...]:
    if change.about != "indicator":
        return ()
    old, new = _find_indicator(before, change.id), _find_indicator(after, change.id)
    return compare_indicator_points(old, new, before, after)


def _find_indicator(rules: Rules, ident: str) -> Indicator | None:
    return next((i for i in rules.indicators if i.id == ident), None)


def _item_to_dict(item: DifferenceItem, lang: Lang) -> dict[str, Any]:
    change = item.change
    return {
        "kind": change.kind,
        "about": change.about,
        "id": change.id,
        "label": change.label(lang),
        "before": change.before(lang) or None,
        "after": change.after(lang) or None,
        "points": [
            {"facts": p.facts(lang), "before": _to_number(p.before), "after": _to_number(p.after)}
            for p in item.points
        ],
    }


def _to_number(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _format_lines(item: DifferenceItem, lang: Lang) -> Iterator[str]:
    change = item.change
    about, label = KIND_LABELS[change.about](lang), change.label(lang)
    name = about if about == label else f"{about} {label}"
    yield f"[{_KIND_LABELS[change.kind](lang)}] {name}"
    if change.before(lang):
        yield f"  - {change.before(lang)}"
    if change.after(lang):
        yield f"  + {change.after(lang)}"
    for points in item.points:
        yield f"    {points.describe_change()(lang)}"
