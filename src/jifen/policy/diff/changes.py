"""Two lists of statements → what was added, removed and changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jifen.policy.diff.statements import Key, Statement, rules_statements
from jifen.policy.model import Rules
from jifen.policy.text import EMPTY, Text

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs: before and after in words (empty where it did not stand)."""

    kind: Kind
    about: str
    id: str
    label: Text
    before: Text
    after: Text


def rules_changes(old: Rules, new: Rules) -> tuple[Change, ...]:
    """What differs between two sets of rules."""
    return compare(rules_statements(old), rules_statements(new))


def compare(old: Mapping[Key, Statement], new: Mapping[Key, Statement]) -> tuple[Change, ...]:
    """Every key whose words differ: in the order of the new list, what was removed at the end."""
    keys = [*new, *(key for key in old if key not in new)]
    found = [_change(key, old.get(key), new.get(key)) for key in keys]
    return tuple(change for change in found if change)


def _change(key: Key, old: Statement | None, new: Statement | None) -> Change | None:
    about, ident = key
    if old is None and new is not None:
        return Change("added", about, ident, new.label, EMPTY, new.words)
    if new is None and old is not None:
        return Change("removed", about, ident, old.label, old.words, EMPTY)
    if old is None or new is None or (old.words == new.words and _same_name(about, old, new)):
        return None
    before, after = _by_line(old, new)
    if before == after:
        before, after = old.label, new.label
    return Change("changed", about, ident, new.label, before, after)


def _by_line(old: Statement, new: Statement) -> tuple[Text, Text]:
    """The lines that differ, where others stay; else the whole sentences."""
    gone = [row for row in old.rows if row not in new.rows]
    come = [row for row in new.rows if row not in old.rows]
    if not gone or not come or len(gone) == len(old.rows):
        return old.words, new.words
    after = _joined(come)
    rest = Text(f"{after.zh}（其余不变）", f"{after.en} (the rest stays)")
    return _joined(gone), rest


def _joined(rows: list[Text]) -> Text:
    return Text("；".join(row.zh for row in rows), "; ".join(row.en for row in rows))


def _same_name(about: str, old: Statement, new: Statement) -> bool:
    """Only the words of a warning or a question are a rule; a new name of an indicator is none."""
    return about not in ("warning", "switch") or old.label == new.label
