"""The difference between two versions of a measure, in words and in points."""

from jifen.policy.diff.changes import Change, compare, rules_changes
from jifen.policy.diff.difference import Difference, Item, difference

__all__ = ["Change", "Difference", "Item", "compare", "difference", "rules_changes"]
