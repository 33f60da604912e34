"""Reads that need care: the rules of an entry, what the public page may show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from jifen.cities import index
from jifen.facts.identity import fold_number
from jifen.lists import ListRules, NoListRules, load_list_rules
from jifen.office.lists.models import Entry, PublicList, State
from jifen.office.vault.names import masks_of

MOST_FOUND = 10
"""Rows that one search shows; more are not shown at all, there is no next page."""
SHOWN = (State.PUBLIC, State.HELD, State.FORMAL, State.NOTICED, State.SETTLED, State.FORFEITED)
"""Who was removed or lapsed is no longer shown on the public page."""


def rules_named(city: str, id_: str) -> ListRules:
    """The rules that an entry, a list or a run was made by. Raises NoListRules."""
    found = next((one for one in load_list_rules(city) if one.id == id_), None)
    if found is None:
        raise NoListRules(f"{city} has no list rules '{id_}'")
    return found


def line_rules() -> tuple[ListRules, ...]:
    """The rules of every city that lists whoever reaches the line."""
    return tuple(r for city in index() for r in load_list_rules(city) if r.mode == "line")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of a published list shows; `many`: more than are shown."""

    rows: tuple[Entry, ...] = ()
    many: bool = False


def search(found: PublicList, number: str, name: str) -> Found:
    """Somebody on a list, by name, and by the number of the receipt where there are many of that
    name. The number alone finds nobody: numbers rise by one and could be tried in turn."""
    rows = entries_of(found).filter(state__in=SHOWN, name__in=masks_of(name))
    if folded := fold_number(number):
        rows = rows.filter(number=folded)
    some = tuple(rows.order_by("name", "-total", "id")[: MOST_FOUND + 1])
    return Found((), many=True) if len(some) > MOST_FOUND else Found(some)


def entries_of(found: PublicList) -> "QuerySet[Entry]":
    """The entries that were on a list."""
    return found.entries.all() if found.kind == "publicity" else found.formal_entries.all()


def late(city: str, on: date) -> int:
    """Decisions that should have been on a list by now and are not."""
    return Entry.objects.filter(city=city, state=State.DUE, enter_by__lt=on).count()
