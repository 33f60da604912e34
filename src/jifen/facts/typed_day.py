"""A day as people type it: 2016-09-01, 2016.9.1, 2016/9/1, 20160901, 2016年9月1日."""

import re
import unicodedata
from datetime import date

from jifen.policy.months import parse_date

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?\Z")
_DIGITS_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


def narrow(text: str) -> str:
    """Full-width characters made narrow, blanks at the ends removed."""
    return unicodedata.normalize("NFKC", text[:200]).strip()


def day(text: str) -> str:
    """A day as YYYY-MM-DD where it can be told, else as it was typed."""
    read = narrow(text)
    found = _DIGITS_DAY.match(read) or _DAY.match(read)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else read


def day_of(text: str) -> date | None:
    """The day; None where it cannot be told."""
    try:
        return parse_date(day(text))
    except ValueError:
        return None
