"""Finding a case by its number, a whole identity number or the beginning of a name."""

from jifen.facts.identity import fold_number, is_identity_shaped
from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_indexes

MOST_PEOPLE, MOST_CASES = 200, 50


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
        # people first: their names are one narrow table
        people = Person.objects.filter(name__startswith=text).values_list("pk", flat=True)
        rows = rows.filter(person__in=list(people[:MOST_PEOPLE]))
    return list(rows.order_by("-id")[:MOST_CASES])
