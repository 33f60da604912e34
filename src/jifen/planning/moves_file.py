"""Reading the moves file of a city; every fault of it in one run."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jifen import cities
from jifen.facts.values import BadValue, coerce_value
from jifen.planning.model import CityMoves, Gift, Move, MoveProvenance, TrajectoryRule
from jifen.planning.moves_schema import MOVES_SCHEMA
from jifen.policy.fault import PolicyError, find_nearest, join_words
from jifen.policy.linker import PolicyLinker
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.vocabulary import Fact, Vocabulary

_REQUIRED_KEY = {"slides": "window", "lapses": "after", "follows": "when"}


class NoMoves(LookupError):
    """A city of which no moves are recorded."""


def moves_for_city(city: cities.CityOrId) -> CityMoves:
    """The moves of a city. Raises NoMoves, UnknownCity, PolicyError."""
    found_city = cities.find_city(city)
    return _load_moves(found_city.id, found_city.folder)


@cache
def _load_moves(city: str, folder: Path) -> CityMoves:
    path = folder / "moves.yaml"
    if not path.is_file():
        raise NoMoves(f"no moves of {city} are recorded ({folder.name}/moves.yaml)")
    return read_moves(path, cities.load_vocabulary(folder))


def has_moves(city: cities.CityOrId) -> bool:
    """Whether moves of a city are recorded. Raises UnknownCity."""
    return (cities.find_city(city).folder / "moves.yaml").is_file()


def read_moves(path: Path, vocabulary: Vocabulary) -> CityMoves:
    """Read a moves file. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = MOVES_SCHEMA.read(parse_yaml(text, path.name), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    sources = tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"])
    reader = _MovesReader(vocabulary, sink, frozenset(source.id for source in sources))
    report_repeated_ids(entry["moves"], sink, "move")
    rules = {item["fact"]: reader.read_trajectory_rule(item) for item in entry["course"]}
    moves = tuple(reader.read_move(item) for item in entry["moves"])
    of_the_day = {item["fact"]: reader.read_fact_of_day(item) for item in entry["on_the_day"]}
    if entry["city"] != vocabulary.city:
        reader.add_fault("JF-H006", entry, "city", f"'{entry['city']}'", vocabulary.city)
    if entry["insured_by"]:
        reader.check_fact(entry, "insured_by", entry["insured_by"], "bool")
    if sink.faults:
        raise PolicyError(sink.faults)
    return CityMoves(
        entry["city"],
        entry["recorded_on"],
        entry["insured_by"],
        rules,
        moves,
        sources,
        of_the_day,
    )


class _MovesReader:
    def __init__(self, vocabulary: Vocabulary, sink: Sink, sources: frozenset[str]) -> None:
        self._vocabulary, self._sink, self._sources = vocabulary, sink, sources
        self._linker = PolicyLinker(vocabulary, sink, 0, sources)

    def add_fault(self, code: str, entry: Entry, key: str, actual: str, expected: str) -> None:
        """Note a fault at a key of an entry."""
        self._sink.add_fault(code, entry.place_of(key), actual, expected, "correct it")

    def check_fact(self, entry: Entry, key: str, fact_id: str, kind: str = "") -> Fact | None:
        """A fact of the city that is a value (of a type)."""
        fact = self._vocabulary.get(fact_id)
        if fact is None or fact.is_record or (kind and fact.type != kind):
            hint = find_nearest(fact_id, self._vocabulary.ids)
            expected = f"a fact of {self._vocabulary.city}" + (f" of type {kind}" if kind else "")
            hint = f"; did you mean '{hint}'?" if hint and fact is None else ""
            self.add_fault("JF-H001", entry, key, f"the fact '{fact_id}'", expected + hint)
            return None
        return fact

    def read_trajectory_rule(self, entry: Entry) -> TrajectoryRule:
        """What time does to a fact."""
        kind, needed = entry["kind"], _REQUIRED_KEY.get(entry["kind"])
        boolean = kind in ("lapses", "follows")
        fact = self.check_fact(entry, "fact", entry["fact"], "bool" if boolean else "")
        if fact and not boolean and not fact.is_number:
            self.add_fault(
                "JF-H001", entry, "fact", f"the fact '{fact.id}'", "a fact that is a number"
            )
        if needed and entry[needed] is None:
            self.add_fault("JF-H002", entry, "kind", f"'{kind}' without '{needed}'", f"'{needed}:'")
        if entry["with"]:
            self.check_fact(entry, "with", entry["with"])
        return TrajectoryRule(
            entry["fact"],
            kind,
            entry["by"] == "insurance",
            entry["with"],
            entry["nought"] == "open",
            entry["window"] or 0,
            entry["after"] or 0,
            self._linker.read_condition(entry, "when"),
            self._read_provenance(entry),
        )

    def read_fact_of_day(self, entry: Entry) -> MoveProvenance:
        """A fact that is asked of the day itself."""
        self.check_fact(entry, "fact", entry["fact"])
        return self._read_provenance(entry)

    def read_move(self, entry: Entry) -> Move:
        """One move."""
        duration, effect = entry["takes"], entry["effect"]
        if not 0 <= duration["shortest"] <= duration["usual"]:
            actual = f"{duration['shortest']} months at the shortest, {duration['usual']} as a rule"
            self.add_fault(
                "JF-H003", duration, "usual", actual, "shortest ≤ usual, neither below 0"
            )
        if entry["cost"] is not None and (entry["cost"] < 0 or not entry["sources"]):
            self.add_fault("JF-H004", entry, "cost", "a cost", "from 0 on, and with a source")
        sets = self._read_set_values(effect["set"]) if effect["set"] else {}
        gives = tuple(self._read_gift(gift) for gift in effect["give"])
        for fact_id in effect["start"]:
            self.check_fact(effect, "start", fact_id, "months")
        if not (sets or gives or effect["start"] or effect["contribute"] is not None):
            self.add_fault(
                "JF-H005", effect, "", "no effect", "one of: set, give, start, contribute"
            )
        return Move(
            entry["id"],
            entry["label"],
            entry["from"],
            entry["until"],
            entry["instead"],
            self._linker.read_condition(entry, "needs"),
            duration["shortest"],
            duration["usual"],
            entry["settles"],
            entry["cost"],
            sets,
            gives,
            tuple(effect["start"]),
            effect["contribute"],
            self._read_provenance(entry),
            entry["only"],
        )

    def _read_set_values(self, entry: Entry) -> dict[str, Any]:
        values = {}
        for fact_id, text in entry.items():
            fact = self.check_fact(entry, fact_id, fact_id)
            if fact is None:
                continue
            try:
                values[fact_id] = coerce_value(fact, text)
            except BadValue as error:
                self.add_fault("JF-H001", entry, fact_id, error.found.en, error.expected.en)
        return values

    def _read_gift(self, entry: Entry) -> Gift:
        fact = self.check_fact(entry, "fact", entry["fact"])
        if fact and not fact.is_number:
            self.add_fault(
                "JF-H001", entry, "fact", f"the fact '{fact.id}'", "a fact that is a number"
            )
        if entry["every"] is not None and entry["every"] < 1:
            self.add_fault("JF-H003", entry, "every", f"every {entry['every']} months", "1 or more")
        during = self._linker.read_condition(entry, "while")
        return Gift(entry["fact"], entry["amount"], entry["window"], entry["every"], during)

    def _read_provenance(self, entry: Entry) -> MoveProvenance:
        sources: Iterable[str] = entry["sources"]
        for source in sources:
            if source not in self._sources:
                known_sources = join_words(sorted(self._sources)) or "none is listed"
                self.add_fault("JF-P023", entry, "sources", f"the source '{source}'", known_sources)
        if not entry["sources"] and entry["confidence"] != "unsure":
            actual = f"'{entry['confidence']}' without a source"
            self.add_fault("JF-H007", entry, "confidence", actual, "a source, or unsure")
        if entry["confidence"] == "unsure" and not entry["note"].zh:
            self.add_fault(
                "JF-H007", entry, "confidence", "unsure without a note", "what is assumed"
            )
        return MoveProvenance(entry["confidence"], tuple(entry["sources"]), entry["note"])
