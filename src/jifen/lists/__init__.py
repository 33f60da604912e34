"""Rules of the lists of those who may settle: deadlines, the public notice period, the ranking.
Pure: dates come in as arguments."""

from jifen.lists.deadlines import find_entry_deadline, find_publicity_end, find_settlement_deadline
from jifen.lists.model import ListRules
from jifen.lists.rules_file import NoListRules, list_rules_on, load_list_rules, read_list_rules

__all__ = [
    "ListRules",
    "NoListRules",
    "find_entry_deadline",
    "find_publicity_end",
    "find_settlement_deadline",
    "list_rules_on",
    "load_list_rules",
    "read_list_rules",
]
