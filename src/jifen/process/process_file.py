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
from jifen.process.checks import check_declared, check_processes
from jifen.process.districts import apply_changes
from jifen.process.model import (
    CorrectionRule,
    District,
    ExpeditedGround,
    ExpeditedLane,
    MaterialRule,
    Process,
    ProcessGate,
    ProcessProvenance,
    ReasonCode,
    RefilingRule,
    RenewalRule,
    RetentionPeriod,
    SufficientEvidence,
)
from jifen.process.schema import PROCESSES


class NoProcess(LookupError):
    """A city that has no procedure on that day."""


def find_process(city: cities.CityOrId, on: date) -> Process:
    """The procedure in force, with the districts that the office has. Raises NoProcess,
    UnknownCity."""
    process = next(
        (candidate for candidate in load_processes(city) if candidate.covers_day(on)), None
    )
    if process is None:
        raise NoProcess(f"{cities.find_city(city).id} has no procedure on {on}")
    return apply_changes(process)


def load_processes(city: cities.CityOrId) -> tuple[Process, ...]:
    """Every procedure of a city; none where it has no file."""
    return _load_processes(cities.find_city(city).folder)


@cache
def _load_processes(folder: Path) -> tuple[Process, ...]:
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
    materials = tuple(_build_material(item, vocabulary, sink) for item in entry["materials"])
    processes = tuple(_build_process(item, entry, materials) for item in entry["processes"])
    check_processes(entry, processes, vocabulary, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return processes


def _build_process(entry: Entry, whole: Entry, materials: tuple[MaterialRule, ...]) -> Process:
    correction, refiling, lane = entry["correction"], entry["refiling"], entry["expedited"]
    return Process(
        whole["city"],
        entry["id"],
        entry["from"],
        entry["until"],
        entry["label"],
        frozenset(entry["filers"]),
        entry["office"],
        tuple(District(item["id"], item["label"]) for item in whole["districts"]),
        tuple(map(_build_gate, entry["gates"])),
        entry["days"],
        _build_provenance(entry),
        CorrectionRule(
            correction["days"], correction["most_rounds"], _build_provenance(correction)
        ),
        ("reached", "below", "refused", "vetoed"),
        RefilingRule(
            refiling["not_twice_in_months"],
            refiling["not_while_pending"],
            _build_provenance(refiling),
        ),
        ExpeditedLane(
            tuple(ExpeditedGround(g["id"], g["label"], g["evidence"]) for g in lane["grounds"]),
            lane["days"],
            lane["overtakes_after"],
            _build_provenance(lane),
        ),
        materials,
        {name: tuple(facts) for name, facts in whole["registers"].items()},
        tuple(
            SufficientEvidence(
                tuple(item["facts"]), frozenset(item["enough"] or ()), _build_provenance(item)
            )
            for item in whole["evidence"] or ()
        ),
        tuple(ReasonCode(r["id"], r["label"], tuple(r["use"])) for r in whole["reasons"]),
        entry["recheck_days"],
        entry["hearing_days"],
        tuple(RetentionPeriod(k["kind"], k["years"], k["note"]) for k in whole["retention"]),
        _build_renewal(entry["renewal"]),
        tuple(Source(s["id"], s["where"], s["what"]) for s in whole["sources"] or ()),
    )


def _build_renewal(entry: Entry | None) -> RenewalRule | None:
    if entry is None:
        return None
    names = ("lasting", "with_employer", "papers_with_employer")
    lasting, bound, papers = (frozenset(entry[name] or ()) for name in names)
    return RenewalRule(lasting, bound, papers, _build_provenance(entry))


def _build_provenance(entry: Entry) -> ProcessProvenance:
    return ProcessProvenance(entry["cite"], entry["confidence"], entry["note"])


def _build_gate(entry: Entry) -> ProcessGate:
    return ProcessGate(
        entry["id"],
        entry["label"],
        entry["department"],
        entry["days"],
        tuple(entry["after"] or ()),
        tuple(entry["facts"]),
        _build_provenance(entry),
    )


def _build_material(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> MaterialRule:
    return MaterialRule(
        entry["id"],
        entry["label"],
        entry["help"],
        tuple(entry["facts"] or ()),
        entry["always"],
        entry["required"],
        _read_condition(entry, vocabulary, sink),
        entry["any_of"],
        entry["pages"],
        entry["months_valid"],
        _build_provenance(entry),
    )


def _read_condition(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> Condition | None:
    if not entry["when"]:
        return None
    try:
        condition = parse_condition(entry["when"])
    except ConditionSyntax as error:
        expected = "a condition such as: study_mode = part_time"
        sink.add_fault(
            "JF-R001", entry.place_of("when"), error.found.en, expected, "correct the condition"
        )
        return None
    check_declared(
        list_condition_facts(condition), vocabulary.ids, "fact", entry.place_of("when"), sink
    )
    return condition
