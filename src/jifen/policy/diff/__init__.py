"""The difference between two versions of a measure, in words and in points."""

from jifen.policy.diff.changes import RuleChange, compare_statements, rules_changes
from jifen.policy.diff.difference import DifferenceItem, PolicyDifference, find_difference

__all__ = [
    "DifferenceItem",
    "PolicyDifference",
    "RuleChange",
    "compare_statements",
    "find_difference",
    "rules_changes",
]
