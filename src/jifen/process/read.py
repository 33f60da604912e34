"""Reading the process file of a city; every fault of it in one run."""

from datetime import date
from functools import cache
from pathlib import Path

from jifen import cities
from jifen.policy.condition import Condition, ConditionSyntax, list_condition_facts, parse_condition
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.process.checks import check, known
from jifen.process.model import (
    Correction,
    District,
    Enough,
    Expedited,
    Gate,
    Ground,
    Keep,
    Material,
    Process,
    Reason,
    Refiling,
    Renewal,
    Told,
)
from jifen.process.shape import PROCESSES


class NoProcess(LookupError):
    """A city that has no procedure on that day."""


def process_for(city: cities.CityOrId, on: date) -> Process:
    """The procedure in force. Raises NoProcess, UnknownCity."""
    found = next((one for one in processes(city) if one.covers(on)), None)
    if found is None:
        raise NoProcess(f"{cities.find_city(city).id} has no procedure on {on}")
    return found


def processes(city: cities.CityOrId) -> tuple[Process, ...]:
    """Every procedure of a city; none where it has no file."""
    return _processes(cities.find_city(city).folder)


@cache
def _processes(folder: Path) -> tuple[Process, ...]:
    path = folder / "process.yaml"
    return read_process(path, cities.load_vocabulary(folder)) if path.is_file() else ()


def read_process(path: Path, vocabulary: Vocabulary | None = None) -> tuple[Process, ...]:
    """Read a process file; `vocabulary`: the facts of its city, where they are not those of the
    city that it names. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = PROCESSES.read(parse_yaml(text, path.name), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    vocabulary = vocabulary or cities.load_vocabulary(cities.find_city(entry["city"]).folder)
    for key in ("districts", "materials", "reasons", "processes"):
        report_repeated_ids(entry[key], sink, key)
    materials = tuple(_material(one, vocabulary, sink) for one in entry["materials"])
    found = tuple(_process(one, entry, materials) for one in entry["processes"])
    check(entry, found, vocabulary, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return found


def _process(entry: Entry, whole: Entry, materials: tuple[Material, ...]) -> Process:
    correction, refiling, lane = entry["correction"], entry["refiling"], entry["expedited"]
    return Process(
        whole["city"],
        entry["id"],
        entry["from"],
        entry["until"],
        entry["label"],
        frozenset(entry["filers"]),
        entry["office"],
        tuple(District(one["id"], one["label"]) for one in whole["districts"]),
        tuple(map(_gate, entry["gates"])),
        entry["days"],
        _told(entry),
        Correction(correction["days"], correction["most_rounds"], _told(correction)),
        ("reached", "below", "refused", "vetoed"),
        Refiling(refiling["not_twice_in_months"], refiling["not_while_pending"], _told(refiling)),
        Expedited(
            tuple(Ground(g["id"], g["label"], g["evidence"]) for g in lane["grounds"]),
            lane["days"],
            lane["overtakes_after"],
            _told(lane),
        ),
        materials,
        {name: tuple(facts) for name, facts in whole["registers"].items()},
        tuple(
            Enough(tuple(one["facts"]), frozenset(one["enough"] or ()), _told(one))
            for one in whole["evidence"] or ()
        ),
        tuple(Reason(r["id"], r["label"], tuple(r["use"])) for r in whole["reasons"]),
        entry["recheck_days"],
        entry["hearing_days"],
        tuple(Keep(k["kind"], k["years"], k["note"]) for k in whole["retention"]),
        _renewal(entry["renewal"]),
        tuple(Source(s["id"], s["where"], s["what"]) for s in whole["sources"] or ()),
    )


def _renewal(entry: Entry | None) -> Renewal | None:
    if entry is None:
        return None
    names = ("lasting", "with_employer", "papers_with_employer")
    lasting, bound, papers = (frozenset(entry[name] or ()) for name in names)
    return Renewal(lasting, bound, papers, _told(entry))


def _told(entry: Entry) -> Told:
    return Told(entry["cite"], entry["confidence"], entry["note"])


def _gate(entry: Entry) -> Gate:
    return Gate(
        entry["id"],
        entry["label"],
        entry["department"],
        entry["days"],
        tuple(entry["after"] or ()),
        tuple(entry["facts"]),
        _told(entry),
    )


def _material(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> Material:
    return Material(
        entry["id"],
        entry["label"],
        entry["help"],
        tuple(entry["facts"] or ()),
        entry["always"],
        entry["required"],
        _condition(entry, vocabulary, sink),
        entry["any_of"],
        entry["pages"],
        entry["months_valid"],
        _told(entry),
    )


def _condition(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> Condition | None:
    if not entry["when"]:
        return None
    try:
        found = parse_condition(entry["when"])
    except ConditionSyntax as error:
        expected = "a condition such as: study_mode = part_time"
        sink.add_fault(
            "JF-R001", entry.place_of("when"), error.found.en, expected, "correct the condition"
        )
        return None
    known(list_condition_facts(found), vocabulary.ids, "fact", entry.place_of("when"), sink)
    return found
