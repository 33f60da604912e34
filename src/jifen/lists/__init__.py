"""How lists of those who may settle are made public: deadlines, publicity, order; dates in."""

from jifen.lists.days import enter_by, public_until, settle_by
from jifen.lists.model import ListRules
from jifen.lists.read import NoListRules, list_rules, read_lists, rules_on

__all__ = [
    "ListRules",
    "NoListRules",
    "enter_by",
    "list_rules",
    "public_until",
    "read_lists",
    "rules_on",
    "settle_by",
]
