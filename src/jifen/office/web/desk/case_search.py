"""Finding a case by its number, a whole identity number or a whole name."""

from jifen.facts.identity import fold_number, is_identity_shaped
from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.casework.models import Application
from jifen.office.registry.models.people import identity_indexes, name_indexes

MOST_CASES = 50


def search_cases(user: User, text: str) -> list[Application]:
    """The cases that somebody may know of, newest first; none for an empty text."""
    if not text:
        return []
    rows, folded = visible_to(user), fold_number(text)
    if is_identity_shaped(folded):
        rows = rows.filter(person__identity_index__in=identity_indexes(folded))
    elif folded[:2].isascii() and folded[:2].isalpha():
        rows = rows.filter(number=folded)
    else:
        rows = rows.filter(person__name_index__in=name_indexes(text))
    return list(rows.order_by("-id")[:MOST_CASES])
