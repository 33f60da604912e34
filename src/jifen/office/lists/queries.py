"""Reads that need care: the rules of an entry, what the public page may show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from jifen.cities import index
from jifen.facts.identity import fold_number
from jifen.lists import ListRules, NoListRules, load_list_rules
from jifen.office.lists.models import Entry, PublicList, State
from jifen.office.vault.names import list_masks

MAX_RESULTS = 10
"""Rows that one search shows; more are not shown at all, there is no next page."""
SHOWN = (State.PUBLIC, State.HELD, State.FORMAL, State.NOTICED, State.SETTLED, State.FORFEITED)
"""Who was removed or lapsed is no longer shown on the public page."""


def find_rules(city: str, id_: str) -> ListRules:
    """The rules that an entry, a list or a run was made by. Raises NoListRules."""
    matching_rules = next((rules for rules in load_list_rules(city) if rules.id == id_), None)
    if matching_rules is None:
        raise NoListRules(f"{city} has no list rules '{id_}'")
    return matching_rules


def list_threshold_rules() -> tuple[ListRules, ...]:
    """The rules of every city that lists whoever reaches the line."""
    return tuple(r for city in index() for r in load_list_rules(city) if r.mode == "line")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search of a published list shows; `many`: more than are shown."""

    rows: tuple[Entry, ...] = ()
    many: bool = False


def search_list(public_list: PublicList, number: str, name: str) -> SearchResult:
    """Somebody on a list, by name, and by the number of the receipt where there are many of that
    name. The number alone finds nobody: numbers rise by one and could be tried in turn."""
    rows = list_entries_of(public_list).filter(state__in=SHOWN, name__in=list_masks(name))
    if folded := fold_number(number):
        rows = rows.filter(number=folded)
    first_rows = tuple(rows.order_by("name", "-total", "id")[: MAX_RESULTS + 1])
    return (
        SearchResult((), many=True) if len(first_rows) > MAX_RESULTS else SearchResult(first_rows)
    )


def list_entries_of(public_list: PublicList) -> "QuerySet[Entry]":
    """The entries that were on a list."""
    return (
        public_list.entries.all()
        if public_list.kind == "publicity"
        else public_list.formal_entries.all()
    )


def count_late_decisions(city: str, on: date) -> int:
    """Decisions that should have been on a list by now and are not."""
    return Entry.objects.filter(city=city, state=State.DUE, enter_by__lt=on).count()
