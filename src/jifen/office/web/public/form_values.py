"""What a visitor is typing: each value as the engine writes it, and whether it is finished yet.

The spellings themselves are those of `jifen.facts.spelling`; what they do not read stays as typed,
so that the engine's fault stands beside the field.
"""

import re

from jifen.facts.spelling import normalize_amount, normalize_day, normalize_text
from jifen.policy.vocabulary import Fact

__all__ = ["normalize_text", "unfinished_day", "unfinished_month", "value"]

_DAY_BEGUN = re.compile(r"\d{1,8}\Z|\d{4}[-./年]\d{0,2}([-./月]\d{0,2})?\Z")
_MONTH_BEGUN = re.compile(r"\d{1,6}\Z|\d{4}[-./年]\d{0,2}\Z")


def unfinished_day(text: str) -> bool:
    """Whether a day may still be on its way: a beginning, and shorter than a whole one."""
    return _is_beginning(_DAY_BEGUN, text, digits=8)


def unfinished_month(text: str) -> bool:
    """Whether a month may still be on its way."""
    return _is_beginning(_MONTH_BEGUN, text, digits=6)


def _is_beginning(begun: re.Pattern[str], text: str, digits: int) -> bool:
    read = normalize_text(text)
    return bool(begun.match(read)) and sum(map(str.isdigit, read)) < digits


def value(fact: Fact, text: str) -> str:
    """A typed value of a fact."""
    if fact.type in ("date", "dates"):
        return normalize_day(text)
    return normalize_amount(text, fact.unit) if fact.is_number else normalize_text(text)
