"""Two lists of statements → what was added, removed and changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jifen.policy.diff.statements import RuleStatement, StatementKey, list_rules_statements
from jifen.policy.model import Rules
from jifen.policy.text import EMPTY, Text
from jifen.policy.words import say

ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One statement that differs: before and after in words (empty where it did not stand)."""

    kind: ChangeKind
    about: str
    id: str
    label: Text
    before: Text
    after: Text


def rules_changes(old: Rules, new: Rules) -> tuple[RuleChange, ...]:
    """What differs between two sets of rules."""
    return compare_statements(list_rules_statements(old), list_rules_statements(new))


def compare_statements(
    old: Mapping[StatementKey, RuleStatement], new: Mapping[StatementKey, RuleStatement]
) -> tuple[RuleChange, ...]:
    """Every key whose words differ: in the order of the new list, what was removed at the end."""
    keys = [*new, *(key for key in old if key not in new)]
    changes = [_build_change(key, old.get(key), new.get(key)) for key in keys]
    return tuple(change for change in changes if change)


def _build_change(
    key: StatementKey, old: RuleStatement | None, new: RuleStatement | None
) -> RuleChange | None:
    about, ident = key
    if old is None and new is not None:
        return RuleChange("added", about, ident, new.label, EMPTY, new.words)
    if new is None and old is not None:
        return RuleChange("removed", about, ident, old.label, old.words, EMPTY)
    if old is None or new is None or (old.words == new.words and _has_same_name(about, old, new)):
        return None
    before, after = _compare_rows(old, new)
    if before == after:
        before, after = old.label, new.label
    return RuleChange("changed", about, ident, new.label, before, after)


def _compare_rows(old: RuleStatement, new: RuleStatement) -> tuple[Text, Text]:
    """The lines that differ, where others stay; else the whole sentences."""
    gone = [row for row in old.rows if row not in new.rows]
    come = [row for row in new.rows if row not in old.rows]
    if not gone or not come or len(gone) == len(old.rows):
        return old.words, new.words
    after = _join_rows(come)
    rest = say("diff.changes.the_rest_stays", after=after)
    return _join_rows(gone), rest


def _join_rows(rows: list[Text]) -> Text:
    return Text("；".join(row.zh for row in rows), "; ".join(row.en for row in rows))


def _has_same_name(about: str, old: RuleStatement, new: RuleStatement) -> bool:
    """Only the words of a warning or a question are a rule; a new name of an indicator is none."""
    return about not in ("warning", "switch") or old.label == new.label
