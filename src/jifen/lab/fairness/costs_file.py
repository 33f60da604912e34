"""A file of costs: what the children of those who reach the line need, by stage of school."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jifen.cities import CityOrId, find_city
from jifen.lab.fault_catalogue import LAB
from jifen.policy.fault import PolicyError
from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    IDENT,
    NUMBER,
    TEXT,
    WHOLE,
    WORD,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    Sink,
    optional,
    report_repeated_ids,
)
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.text import EMPTY, Text
from jifen.scoring.files.file_faults import unreadable_file_fault

SHIPPED = Path(__file__).parent / "costs"
_STAGE = Closed(
    "a stage of school",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "children": Field(WORD, doc="the column with each person's number of children"),
        "of_age": optional(NUMBER, doc="of these children, the share that is of age for it"),
        "yearly_cost": Field(NUMBER, doc="yuan a year and child"),
        "places": optional(WHOLE, doc="places that are free; left out: not known"),
        "confidence": Field(Choice(("certain", "likely", "unsure"))),
        "sources": optional(ListOf(WORD), ()),
        "note": optional(BILINGUAL, EMPTY),
    },
    "id",
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
COSTS = Closed(
    "costs",
    {
        "language": Field(Choice(("1",))),
        "costs": Field(IDENT, doc="the id of the file"),
        "city": Field(IDENT),
        "as_of": Field(DATE, doc="the day up to which its sources were read"),
        "label": Field(BILINGUAL),
        "note": optional(BILINGUAL, EMPTY),
        "stages": Field(ListOf(_STAGE, 1)),
        "sources": optional(ListOf(_SOURCE), ()),
    },
)


@dataclass(frozen=True, slots=True)
class SchoolStage:
    """A stage of school: who needs it, and what a place costs in yuan a year."""

    id: str
    label: Text
    children: str
    of_age: float
    yearly_cost: float
    places: int | None
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class Costs:
    """A file of costs. `sources`: (where, what)."""

    id: str
    city: str
    as_of: date
    label: Text
    note: Text
    stages: tuple[SchoolStage, ...]
    sources: tuple[tuple[str, str], ...]


def find_costs_file(city: CityOrId) -> Path | None:
    """The file that comes with Jifen for a city; None where there is none."""
    path = SHIPPED / f"{find_city(city).id}.yaml"
    return path if path.is_file() else None


def load_costs(path: Path, city: str) -> Costs:
    """Read a file for a city. Raises PolicyError with every fault and its place, FileFault where
    there is none."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise unreadable_file_fault(path, error) from error
    sink = Sink(tuple(text.splitlines()))
    entry = COSTS.read(parse_yaml(text, path.name), sink)
    if entry is not None and not sink.faults:
        _check_costs(entry, city, sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    return Costs(
        entry["costs"],
        entry["city"],
        entry["as_of"],
        entry["label"],
        entry["note"],
        tuple(_read_stage(stage) for stage in entry["stages"]),
        tuple((source["where"], source["what"]) for source in entry["sources"]),
    )


def _check_costs(entry: Entry, city: str, sink: Sink) -> None:
    report_repeated_ids(entry["stages"], sink, "stage")
    known = {source["id"] for source in entry["sources"]}
    if entry["city"] != city:
        words = {"other": entry["city"], "city": city}
        _report(sink, entry, "city", "other_city", words)
    for stage in entry["stages"]:
        share = stage["of_age"]
        if share is not None and not 0 <= share <= 1:
            _report(sink, stage, "of_age", "of_age", {"share": share})
        if stage["yearly_cost"] < 0:
            _report(sink, stage, "yearly_cost", "amount", {"amount": stage["yearly_cost"]})
        if (stage["places"] or 0) < 0:
            _report(sink, stage, "places", "amount", {"amount": stage["places"]})
        for source in stage["sources"]:
            if source not in known:
                listed = ", ".join(sorted(known)) or "—"
                _report(sink, stage, "sources", "source", {"source": source, "known": listed})
        if stage["confidence"] != "unsure" and not stage["sources"]:
            _report(sink, stage, "confidence", "unsourced", {"confidence": stage["confidence"]})


def _report(sink: Sink, entry: Entry, key: str, kind: str, values: dict[str, Any]) -> None:
    words = LAB.fault_words("JF-L008", kind, **{name: str(v) for name, v in values.items()})
    sink.report_fault("JF-L008", entry.place_of(key), words)


def _read_stage(entry: Entry) -> SchoolStage:
    return SchoolStage(
        entry["id"],
        entry["label"],
        entry["children"],
        float(1 if entry["of_age"] is None else entry["of_age"]),
        float(entry["yearly_cost"]),
        entry["places"],
        entry["confidence"],
        entry["note"],
    )
