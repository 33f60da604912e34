"""Reads the list rules of a city (`lists.yaml`) and reports every fault of them in one run."""

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from jifen import cities
from jifen.lists.model import (
    EntryRule,
    FilingSeason,
    LapseGround,
    ListProvenance,
    ListRules,
    MonthDay,
    ObjectionRule,
    PublicityRule,
    RankingRule,
    SettlementRule,
)
from jifen.lists.rules_schema import LISTS_SCHEMA
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

LEAP_YEAR = 2000


class NoListRules(LookupError):
    """A city that makes no list for cases accepted on that day."""


def list_rules_on(city: cities.CityOrId, accepted_on: date) -> ListRules:
    """Return the rules for a case accepted on a day. Raises NoListRules, UnknownCity."""
    matching_rules = next(
        (rules for rules in load_list_rules(city) if rules.in_force_on(accepted_on)), None
    )
    if matching_rules is None:
        raise NoListRules(
            f"{cities.find_city(city).id} makes no list of cases accepted on {accepted_on}"
        )
    return matching_rules


def load_list_rules(city: cities.CityOrId) -> tuple[ListRules, ...]:
    """Return every edition of a city's rules; none where its points lead to no list (Shanghai)."""
    return _load_list_rules(cities.find_city(city).folder)


@cache
def _load_list_rules(folder: Path) -> tuple[ListRules, ...]:
    path = folder / "lists.yaml"
    return read_list_rules(path) if path.is_file() else ()


def read_list_rules(path: Path) -> tuple[ListRules, ...]:
    """Read a file of list rules. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = LISTS_SCHEMA.read(parse_yaml(text, path.name), sink)
    _raise_faults(sink)
    report_repeated_ids(entry["rules"], sink, "rules")
    for rule_entry in entry["rules"]:
        _check_edition(rule_entry, sink)
    report_repeated_ids(entry["lapses"], sink, "lapses")
    _raise_faults(sink)
    sources = tuple(
        Source(source["id"], source["where"], source["what"]) for source in entry["sources"] or ()
    )
    editions = tuple(_build_rules(entry, rule_entry, sources) for rule_entry in entry["rules"])
    _check_succession(editions, entry, sink)
    _raise_faults(sink)
    return editions


def _raise_faults(sink: Sink) -> None:
    if sink.faults:
        raise PolicyError(sink.faults)


def _check_edition(entry: Entry, sink: Sink) -> None:
    settlement, publicity = entry["settlement"], entry["publicity"]
    if (settlement["days"] is None) == (not settlement["until"]):
        _add_fault(sink, "JF-Q001", settlement, "not exactly one end", "either days or until")
    if publicity["counting"] not in publicity["countings"]:
        actual = f"'{publicity['counting']}'"
        _add_fault(sink, "JF-Q002", publicity, actual, "one of its countings")
    if entry["ranking"] and entry["ranking"]["level"] not in entry["ranking"]["levels"]:
        _add_fault(sink, "JF-Q002", entry["ranking"], "a level not listed", "one of its levels")
    required = {"line": ("enter",), "rank": ("filing", "ranking")}[entry["mode"]]
    for key in ("enter", "filing", "ranking"):
        if (entry[key] is None) == (key in required):
            article = "no" if entry[key] is None else "an"
            _add_fault(
                sink, "JF-Q003", entry, f"{article} '{key}'", f"for {entry['mode']}: {required}"
            )
    for section, key in ((settlement, "until"), *_list_month_days(entry)):
        if section[key] and _read_month_day(section[key]) is None:
            _add_fault(
                sink, "JF-Q004", section, f"'{section[key]}'", "a month and day such as 09-25"
            )


def _list_month_days(entry: Entry) -> list[tuple[Entry, str]]:
    filing = [(entry["filing"], "from"), (entry["filing"], "until")] if entry["filing"] else []
    return filing + ([(entry["ranking"], "list_on")] if entry["ranking"] else [])


def _check_succession(rules: tuple[ListRules, ...], entry: Entry, sink: Sink) -> None:
    for earlier, following in pairwise(rules):
        if earlier.until is None or earlier.until >= following.since:
            actual = f"'{earlier.id}' and '{following.id}' for cases of the same day"
            _add_fault(
                sink, "JF-Q005", entry["rules"][1], actual, "one edition for each day, in order"
            )


def _add_fault(sink: Sink, code: str, entry: Entry, actual: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), actual, expected, "correct it")


def _read_month_day(text: str) -> MonthDay | None:
    """'09-25' → (9, 25); None where there is no such day."""
    try:
        day = date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        return None
    return (day.month, day.day)


def _build_rules(document: Entry, entry: Entry, sources: tuple[Source, ...]) -> ListRules:
    publicity, settlement, enter = entry["publicity"], entry["settlement"], entry["enter"]
    return ListRules(
        document["city"],
        entry["id"],
        entry["mode"],
        entry["from"],
        entry["until"],
        entry["label"],
        EntryRule(enter["days"], _read_provenance(enter)) if enter else None,
        _read_season(entry["filing"]),
        _read_ranking(entry["ranking"]),
        PublicityRule(
            publicity["days"],
            publicity["counting"],
            tuple(publicity["countings"]),
            _read_provenance(publicity),
        ),
        ObjectionRule(document["objections"]["days"], _read_provenance(document["objections"])),
        SettlementRule(
            settlement["days"], _read_month_day(settlement["until"]), _read_provenance(settlement)
        ),
        tuple(
            LapseGround(ground["id"], ground["label"], ground["by"], _read_provenance(ground))
            for ground in document["lapses"]
        ),
        _read_provenance(document["again"]),
        sources,
    )


def _read_provenance(entry: Entry) -> ListProvenance:
    return ListProvenance(entry["cite"], entry["confidence"], entry["note"])


def _read_season(entry: Entry | None) -> FilingSeason | None:
    if entry is None:
        return None
    first, last = _read_month_day(entry["from"]), _read_month_day(entry["until"])
    return FilingSeason(first, last, _read_provenance(entry)) if first and last else None


def _read_ranking(entry: Entry | None) -> RankingRule | None:
    if entry is None:
        return None
    list_on = _read_month_day(entry["list_on"])
    levels = tuple(entry["levels"])
    return (
        RankingRule(list_on, entry["level"], levels, _read_provenance(entry)) if list_on else None
    )
