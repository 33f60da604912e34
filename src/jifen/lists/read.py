"""Reading the list rules of a city; every fault of the file in one run."""

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from jifen import cities
from jifen.lists.model import (
    Enter,
    Ground,
    ListRules,
    MonthDay,
    Objections,
    Publicity,
    Ranking,
    Season,
    Settlement,
    Told,
)
from jifen.lists.shape import LISTS
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

LEAP_YEAR = 2000


class NoListRules(LookupError):
    """A city that makes no list for cases accepted on that day."""


def rules_on(city: cities.CityOrId, accepted_on: date) -> ListRules:
    """The rules for a case accepted on a day. Raises NoListRules, UnknownCity."""
    found = next((one for one in list_rules(city) if one.covers(accepted_on)), None)
    if found is None:
        raise NoListRules(
            f"{cities.find_city(city).id} makes no list of cases accepted on {accepted_on}"
        )
    return found


def list_rules(city: cities.CityOrId) -> tuple[ListRules, ...]:
    """Every edition of a city; none where its points lead to no list (Shanghai)."""
    return _list_rules(cities.find_city(city).folder)


@cache
def _list_rules(folder: Path) -> tuple[ListRules, ...]:
    path = folder / "lists.yaml"
    return read_lists(path) if path.is_file() else ()


def read_lists(path: Path) -> tuple[ListRules, ...]:
    """Read a file of list rules. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = LISTS.read(parse_yaml(text, path.name), sink)
    _stop(sink)
    report_repeated_ids(entry["rules"], sink, "rules")
    for one in entry["rules"]:
        _check(one, sink)
    report_repeated_ids(entry["lapses"], sink, "lapses")
    _stop(sink)
    sources = tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"] or ())
    found = tuple(_rules(entry, one, sources) for one in entry["rules"])
    _check_apart(found, entry, sink)
    _stop(sink)
    return found


def _stop(sink: Sink) -> None:
    if sink.faults:
        raise PolicyError(sink.faults)


def _check(entry: Entry, sink: Sink) -> None:
    settlement, publicity = entry["settlement"], entry["publicity"]
    if (settlement["days"] is None) == (not settlement["until"]):
        _tell(sink, "JF-Q001", settlement, "not exactly one end", "either days or until")
    if publicity["counting"] not in publicity["countings"]:
        found = f"'{publicity['counting']}'"
        _tell(sink, "JF-Q002", publicity, found, "one of its countings")
    if entry["ranking"] and entry["ranking"]["level"] not in entry["ranking"]["levels"]:
        _tell(sink, "JF-Q002", entry["ranking"], "a level not listed", "one of its levels")
    wanted = {"line": ("enter",), "rank": ("filing", "ranking")}[entry["mode"]]
    for key in ("enter", "filing", "ranking"):
        if (entry[key] is None) == (key in wanted):
            there = "no" if entry[key] is None else "an"
            _tell(sink, "JF-Q003", entry, f"{there} '{key}'", f"for {entry['mode']}: {wanted}")
    for part, key in ((settlement, "until"), *_seasons(entry)):
        if part[key] and _month_day(part[key]) is None:
            _tell(sink, "JF-Q004", part, f"'{part[key]}'", "a month and day such as 09-25")


def _seasons(entry: Entry) -> list[tuple[Entry, str]]:
    filing = [(entry["filing"], "from"), (entry["filing"], "until")] if entry["filing"] else []
    return filing + ([(entry["ranking"], "list_on")] if entry["ranking"] else [])


def _check_apart(rules: tuple[ListRules, ...], entry: Entry, sink: Sink) -> None:
    for one, other in pairwise(rules):
        if one.until is None or one.until >= other.since:
            found = f"'{one.id}' and '{other.id}' for cases of the same day"
            _tell(sink, "JF-Q005", entry["rules"][1], found, "one edition for each day, in order")


def _tell(sink: Sink, code: str, entry: Entry, found: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), found, expected, "correct it")


def _month_day(text: str) -> MonthDay | None:
    """'09-25' → (9, 25); None where there is no such day."""
    try:
        day = date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        return None
    return (day.month, day.day)


def _rules(whole: Entry, entry: Entry, sources: tuple[Source, ...]) -> ListRules:
    publicity, settlement, enter = entry["publicity"], entry["settlement"], entry["enter"]
    return ListRules(
        whole["city"],
        entry["id"],
        entry["mode"],
        entry["from"],
        entry["until"],
        entry["label"],
        Enter(enter["days"], _told(enter)) if enter else None,
        _season(entry["filing"]),
        _ranking(entry["ranking"]),
        Publicity(
            publicity["days"],
            publicity["counting"],
            tuple(publicity["countings"]),
            _told(publicity),
        ),
        Objections(whole["objections"]["days"], _told(whole["objections"])),
        Settlement(settlement["days"], _month_day(settlement["until"]), _told(settlement)),
        tuple(Ground(g["id"], g["label"], g["by"], _told(g)) for g in whole["lapses"]),
        _told(whole["again"]),
        sources,
    )


def _told(entry: Entry) -> Told:
    return Told(entry["cite"], entry["confidence"], entry["note"])


def _season(entry: Entry | None) -> Season | None:
    if entry is None:
        return None
    first, last = _month_day(entry["from"]), _month_day(entry["until"])
    return Season(first, last, _told(entry)) if first and last else None


def _ranking(entry: Entry | None) -> Ranking | None:
    if entry is None:
        return None
    list_on = _month_day(entry["list_on"])
    levels = tuple(entry["levels"])
    return Ranking(list_on, entry["level"], levels, _told(entry)) if list_on else None
