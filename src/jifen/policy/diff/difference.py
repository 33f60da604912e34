"""Two versions side by side: changed statements, each with the points that it moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from jifen.policy.diff.changes import Change, Kind, compare
from jifen.policy.diff.points import PointChange, indicator_points
from jifen.policy.diff.statements import KINDS, policy_statements, rules_statements
from jifen.policy.model import Indicator, Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

SCHEMA = "jifen.policy-diff.v1"
_SAID = {
    "added": Text("新增", "added"),
    "removed": Text("取消", "removed"),
    "changed": Text("修改", "changed"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One difference with the points that it moves (none where it is not about points)."""

    change: Change
    points: tuple[PointChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions, each looked at on its own day."""

    city: str
    old: tuple[str, Text, date]
    new: tuple[str, Text, date]
    items: tuple[Item, ...]

    @property
    def rows(self) -> tuple[Item, ...]:
        """The differences for a table: groups last, without those that `groups` sums up."""
        told = [item for item in self.items if not _is_moved_group(item)]
        return tuple(sorted(told, key=lambda item: item.change.about == "group"))

    @property
    def groups(self) -> tuple[tuple[Kind, tuple[Text, ...]], ...]:
        """The groups that are new and those that are gone: they only sort the indicators."""
        moved = [item.change for item in self.items if _is_moved_group(item)]
        kinds: tuple[Kind, ...] = ("added", "removed")
        named = [(kind, tuple(c.label for c in moved if c.kind == kind)) for kind in kinds]
        return tuple((kind, labels) for kind, labels in named if labels)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON form, schema jifen.policy-diff.v1."""
        return {
            "schema": SCHEMA,
            "city": self.city,
            "old": {"version": self.old[0], "on": self.old[2].isoformat()},
            "new": {"version": self.new[0], "on": self.new[2].isoformat()},
            "changes": [_item(item, lang) for item in self.items],
        }

    def to_text(self, lang: Lang = "zh") -> str:
        """Plain text: one paragraph for each difference."""
        head = f"{self.old[1](lang)} → {self.new[1](lang)}"
        if not self.items:
            return head + ("\n\nNo difference.\n" if lang == "en" else "\n\n没有差异。\n")
        return "\n\n".join([head, *("\n".join(_lines(item, lang)) for item in self.items)]) + "\n"


def difference(old: Policy, new: Policy) -> Difference:
    """What a person would meet: the old version as it ended against the new one as it is now."""
    days = (_last_day(old), _last_day(new))
    before, after = old.at(days[0]), new.at(days[1])
    changes = compare(
        rules_statements(before) | policy_statements(old),
        rules_statements(after) | policy_statements(new),
    )
    # Every version states its line from its own first day: only another figure is a change.
    if _figures(before) == _figures(after):
        changes = tuple(change for change in changes if change.about != "line")
    items = tuple(Item(change, _points(change, before, after)) for change in changes)
    return Difference(
        new.city, (old.version, old.title, days[0]), (new.version, new.title, days[1]), items
    )


def _last_day(policy: Policy) -> date:
    """The version's last day; where it is open, a day on which all that has begun stands."""
    if policy.until:
        return policy.until
    return max([policy.since, *(overlay.since for overlay in policy.overlays)])


def _figures(rules: Rules) -> list[Decimal]:
    """The lines one after another, an equal one that only goes on counted once."""
    return [figure for figure, _ in groupby(line.points for line in rules.decision.lines)]


def _is_moved_group(item: Item) -> bool:
    return item.change.about == "group" and item.change.kind != "changed"


def _points(change: Change, before: Rules, after: Rules) -> tuple[PointChange, ...]:
    if change.about != "indicator":
        return ()
    old, new = _find(before, change.id), _find(after, change.id)
    return indicator_points(old, new, before, after)


def _find(rules: Rules, ident: str) -> Indicator | None:
    return next((i for i in rules.indicators if i.id == ident), None)


def _item(item: Item, lang: Lang) -> dict[str, Any]:
    change = item.change
    return {
        "kind": change.kind,
        "about": change.about,
        "id": change.id,
        "label": change.label(lang),
        "before": change.before(lang) or None,
        "after": change.after(lang) or None,
        "points": [
            {"facts": p.facts(lang), "before": _number(p.before), "after": _number(p.after)}
            for p in item.points
        ],
    }


def _number(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _lines(item: Item, lang: Lang) -> Iterator[str]:
    change = item.change
    about, label = KINDS[change.about](lang), change.label(lang)
    name = about if about == label else f"{about} {label}"
    yield f"[{_SAID[change.kind](lang)}] {name}"
    if change.before(lang):
        yield f"  - {change.before(lang)}"
    if change.after(lang):
        yield f"  + {change.after(lang)}"
    for points in item.points:
        yield f"    {points.words()(lang)}"
