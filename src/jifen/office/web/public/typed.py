"""What a visitor types → what the engine reads, forgiving what is plain to see.

Full-width digits, 19900501 and 1990年5月1日 are understood; anything else stays as typed, so that
the engine's fault stands beside the field with the words that were typed.
"""

import re

from jifen.facts.typed_day import day, narrow
from jifen.policy.vocabulary import Fact

__all__ = ["day", "month", "narrow", "number", "unfinished_day", "unfinished_month", "value"]

_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?\Z")
_DIGITS_MONTH = re.compile(r"(\d{4})(\d{2})\Z")
_DAY_BEGUN = re.compile(r"\d{1,8}\Z|\d{4}[-./年]\d{0,2}([-./月]\d{0,2})?\Z")
_MONTH_BEGUN = re.compile(r"\d{1,6}\Z|\d{4}[-./年]\d{0,2}\Z")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?\Z")


def number(text: str) -> str:
    """A number; commas between thousands go."""
    read = narrow(text)
    return read.replace(",", "") if _THOUSANDS.match(read) else read


def month(text: str) -> str:
    """A month as YYYY-MM where it can be told."""
    read = narrow(text)
    found = _DIGITS_MONTH.match(read) or _MONTH.match(read)
    return f"{found[1]}-{int(found[2]):02}" if found else read


def unfinished_day(text: str) -> bool:
    """Whether a day may still be on its way: a beginning, and shorter than a whole one."""
    return _is_beginning(_DAY_BEGUN, text, digits=8)


def unfinished_month(text: str) -> bool:
    """Whether a month may still be on its way."""
    return _is_beginning(_MONTH_BEGUN, text, digits=6)


def _is_beginning(begun: re.Pattern[str], text: str, digits: int) -> bool:
    read = narrow(text)
    return bool(begun.match(read)) and sum(map(str.isdigit, read)) < digits


def value(fact: Fact, text: str) -> str:
    """A typed value of a fact."""
    if fact.type in ("date", "dates"):
        return day(text)
    return number(text) if fact.is_number else narrow(text)
