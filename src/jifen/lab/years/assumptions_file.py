"""An assumptions file → `Assumptions`, read strictly: every fault of the file in one run."""

from pathlib import Path
from typing import Any

from jifen.cities import CityOrId, find_city
from jifen.lab.years import checks
from jifen.lab.years.assumptions import (
    AgeBand,
    Assumptions,
    ChoiceStep,
    Entrants,
    Interruption,
    Leavers,
    Movement,
    PayLevel,
    PayLevels,
)
from jifen.lab.years.assumptions_schema import ASSUMPTIONS
from jifen.policy.fault import PolicyError
from jifen.policy.model import Basis, Source
from jifen.policy.shapes import Entry, Sink
from jifen.policy.source import Node, decode_bytes, parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.files.file_faults import unreadable_file_fault

SHIPPED = Path(__file__).parent / "assumptions"


def find_assumptions_file(city: CityOrId) -> Path:
    """The file of a city: assumptions.yaml in its folder, or the one that comes with Jifen for it
    (it may not be there)."""
    city_folder = find_city(city)
    own = city_folder.folder / "assumptions.yaml"
    return own if own.is_file() else shipped_assumptions_file(city_folder.id)


def shipped_assumptions_file(city: str) -> Path:
    """The file that comes with Jifen for a city (it may not be there)."""
    return SHIPPED / f"{city}.yaml"


def load_assumptions(path: Path, vocabulary: Vocabulary) -> Assumptions:
    """Read a file. Raises PolicyError (faults with file:line:column), FileFault where there is
    none."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise unreadable_file_fault(path, error) from error
    return read_assumptions(parse_yaml(text, path.name), vocabulary, tuple(text.splitlines()))


def read_assumptions(
    node: Node, vocabulary: Vocabulary, lines: tuple[str, ...] = ()
) -> Assumptions:
    """A document → assumptions for the facts of one city. Raises PolicyError with every fault."""
    sink = Sink(lines)
    entry = ASSUMPTIONS.read(node, sink)
    if entry is not None and not sink.faults:
        checks.check_assumptions(entry, vocabulary, sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    return _build_assumptions(entry, vocabulary)


def _build_assumptions(entry: Entry, vocabulary: Vocabulary) -> Assumptions:
    moves = [
        movement
        for fact_entry in entry["facts"]
        for movement in _read_movements(fact_entry, vocabulary)
    ]
    return Assumptions(
        id=entry["assumptions"],
        city=entry["city"],
        as_of=entry["as_of"],
        label=entry["label"],
        note=entry["note"],
        interruption=_read_interruption(entry["interruption"]),
        levels=_read_levels(entry["levels"]) if entry["levels"] else None,
        leavers=_read_leavers(entry["leavers"]),
        entrants=_read_entrants(entry["entrants"]),
        movements={movement.fact: movement for movement in moves},
        sources=tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"]),
    )


def _read_basis(entry: Entry) -> Basis:
    return Basis(None, entry["confidence"], entry["sources"], entry["note"])


def _read_interruption(entry: Entry) -> Interruption:
    return Interruption(float(entry["share"]), entry["months"], entry["while"], _read_basis(entry))


def _read_levels(entry: Entry) -> PayLevels:
    levels = tuple(PayLevel(level["id"], level["share_of"]) for level in entry["from_highest"])
    return PayLevels(entry["among"], levels, _read_basis(entry))


def _read_leavers(entry: Entry) -> Leavers:
    bands = tuple(
        AgeBand(b["from"], checks.OLDEST if b["to"] is None else b["to"], float(b["share"]))
        for b in entry["bands"]
    )
    return Leavers(bands, float(entry["reached_leave"]), _read_basis(entry))


def _read_entrants(entry: Entry) -> Entrants:
    return Entrants(
        float(entry["share"]), entry["like"]["fact"], entry["like"]["below"], _read_basis(entry)
    )


def _read_movements(entry: Entry, vocabulary: Vocabulary) -> list[Movement]:
    return [_read_movement(entry, fact, vocabulary) for fact in entry["facts"]]


def _read_movement(entry: Entry, fact: str, vocabulary: Vocabulary) -> Movement:
    return Movement(
        fact=fact,
        kind=entry["moves"],
        insured=entry["by"] == "insurance",
        while_fact=entry["while"],
        zero_stays=entry["zero"] == "stays",
        window=checks.find_window(entry, vocabulary[fact]) or 0,
        recent=entry["recent"],
        level=entry["level"],
        steps=tuple(_read_step(step) for step in entry["steps"]),
        share=float(1 if entry["share"] is None else entry["share"]),
        of=entry["of"] or "",
        least=entry["least"] or 0,
        basis=_read_basis(entry),
    )


def _read_step(entry: Any) -> ChoiceStep:
    sets = tuple((entry["sets"] or {}).items())
    return ChoiceStep(entry["from"], entry["to"], float(entry["share"]), sets)
