"""What the forms of the studio send."""

import unicodedata
from datetime import date
from string import digits

from django.http import HttpRequest, QueryDict

from jifen.facts.spelling import normalize_day
from jifen.office.web.numbers import whole_number
from jifen.office.workshop.faults import no_day
from jifen.policy.months import parse_date

CELL = "c:"
LONGEST_PATH, LONGEST_VALUE = 200, 2_000


def typed_cells(post: QueryDict) -> dict[str, str | None]:
    """The cells of a posted table, by their paths; an empty one is None."""
    return {
        name.removeprefix(CELL): typed_text(str(value))
        for name, value in post.items()
        if name.startswith(CELL) and len(name) <= LONGEST_PATH
    }


def typed_text(text: str) -> str | None:
    """What was typed, without what cannot be seen; figures of full width are figures."""
    plain = "".join(c if c.isprintable() else " " for c in text[:LONGEST_VALUE]).strip()
    narrow = unicodedata.normalize("NFKC", plain)
    figures = narrow.isascii() and any(c in digits for c in narrow)
    return (narrow.strip() if figures else plain) or None


def seen(request: HttpRequest) -> int:
    """The revision that a page was made from; the first where none is said."""
    return whole_number(request.POST.get("seen", "")) or 1


def typed_day(text: str) -> date:
    """A day of a form. Raises StudioFault."""
    try:
        return parse_date(normalize_day(text))
    except ValueError:
        raise no_day() from None


def picked(post: QueryDict, name: str) -> tuple[str, str]:
    """The two parts of an answer such as shanghai@2018; empty where there are not two."""
    first, _, second = str(post.get(name, "")).partition("@")
    return first[:40], second[:40]
