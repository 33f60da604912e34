"""The margins file: how each fact is spread, on what it depends, and what that rests on.

Hidden scores (age, education, pay, stay) are standard normal with the correlations of the file. A
fact `follows` one of them by a weight from −1 to 1; the rest of its draw is its own. So every fact
has exactly the spread that the file says, and facts that follow related scores go together.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen import cities
from jifen.lab.fault_catalogue import LAB
from jifen.lab.people.margins_schema import MARGINS
from jifen.lab.words import say
from jifen.policy.catalogue import join_list, translate_name
from jifen.policy.fault import PolicyError, find_nearest
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import Node, decode_bytes, parse_yaml
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.files.file_faults import FileFault

HERE = Path(__file__).parent / "margins"


@dataclass(frozen=True, slots=True)
class Margin:
    """How one fact is spread. `kind` names the way in which it is drawn; `figures` are its own.
    `label` is that of a column that is no fact of the city (a district, an origin), else None."""

    id: str
    kind: str
    figures: Any
    follows: str
    weight: float
    only_if: tuple[tuple[str, tuple[str, ...]], ...]
    confidence: str
    sources: tuple[str, ...]
    note: Text
    label: Text | None = None

    @property
    def is_whole(self) -> bool:
        """Whether this is a column of whole numbers: every band begins and ends with one."""
        ends = [band[end] for band in self.figures for end in ("from", "to")]
        return all(float(end).is_integer() for end in ends)


@dataclass(frozen=True, eq=False)
class Margins:
    """A margins file."""

    id: str
    city: str
    as_of: date
    label: Text
    note: Text
    scores: tuple[str, ...]
    correlation: NDArray[np.float64]
    margins: tuple[Margin, ...]
    sources: tuple[Source, ...]
    vocabulary: Vocabulary
    hash: str

    @property
    def columns(self) -> tuple[Margin, ...]:
        """What a table of these people holds: the facts of the city, then the further columns."""
        facts = [margin for margin in self.margins if margin.id in self.vocabulary]
        return (*facts, *(margin for margin in self.margins if margin.label is not None))

    def list_further_columns(self) -> list[str]:
        """Of the columns with answers those that are no facts: by these people can be weighted."""
        return [m.id for m in self.columns if m.label is not None and m.kind == "options"]

    @property
    def unsure(self) -> int:
        """How many margins rest on nothing but an assumption."""
        return sum(margin.confidence == "unsure" for margin in self.margins)


def load_margins(city: cities.CityOrId) -> Margins:
    """The margins of a city: margins.yaml in its folder, or those that come with Jifen for it.
    Raises FileFault where there are none."""
    city_folder = cities.find_city(city)
    return _load_file(city_folder.id, city_folder.folder)


@cache
def _load_file(city: str, folder: Path) -> Margins:
    own = folder / "margins.yaml"
    path = own if own.is_file() else HERE / f"{city}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in HERE.glob("*.yaml")))
        raise FileFault(
            path.name,
            say("people.margins_file.no_margins_of_there", city=city, known=known),
        )
    return read_margins(path, cities.load_vocabulary(folder))


def read_margins(path: Path, vocabulary: Vocabulary | None = None) -> Margins:
    """Read a margins file; `vocabulary`: the facts of its city, where they are not those of the
    city that it names. Raises PolicyError with every fault and its place."""
    content = path.read_bytes()
    text = decode_bytes(content, path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = MARGINS.read(parse_yaml(text, path.name), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    report_repeated_ids(entry["facts"], sink, "fact")
    vocabulary = vocabulary or cities.load_vocabulary(cities.find_city(entry["city"]).folder)
    margins = tuple(
        _read_margin(fact_entry, vocabulary, entry["scores"], sink) for fact_entry in entry["facts"]
    )
    correlation = _read_correlation(entry, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return Margins(
        entry["margins"],
        entry["city"],
        entry["as_of"],
        entry["label"],
        entry["note"],
        tuple(entry["scores"]),
        correlation,
        margins,
        tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"]),
        vocabulary,
        "sha256:" + hashlib.sha256(content).hexdigest(),
    )


def _read_margin(entry: Entry, vocabulary: Vocabulary, scores: list[str], sink: Sink) -> Margin:
    ident = entry["id"]
    if ident not in vocabulary and not ident.startswith("_") and not entry["label"]:
        _add_unknown_word(sink, entry.place_of("id"), "fact", ident, vocabulary.ids)
    kinds = [kind for kind in KINDS if entry[kind] is not None]
    if len(kinds) != 1:
        given = join_list(kinds) if kinds else LAB.format_phrase("no_way")
        words = LAB.fault_words("JF-L001", "ways", given=given, fact=ident, known=join_list(KINDS))
        sink.report_fault("JF-L001", entry.place_of(), words)
    follows = entry["follows"]
    if follows and follows["score"] not in scores:
        _add_unknown_word(sink, follows.place_of("score"), "score", follows["score"], scores)
    kind = kinds[0] if kinds else "bands"
    _check_figures(entry, kind, vocabulary, sink)
    conditions = entry["only_if"] or {}
    return Margin(
        ident,
        kind,
        entry[kind] if kinds else {},
        follows["score"] if follows else "",
        float(follows["weight"]) if follows else 0.0,
        tuple((fact, tuple(_list_texts(node))) for fact, node in conditions.items()),
        entry["confidence"],
        tuple(entry["sources"] or ()),
        entry["note"],
        None if ident in vocabulary else entry["label"],
    )


KINDS = ("bands", "options", "flag", "records", "part_of", "recent", "at_base", "pay_ratio")


def _list_texts(node: Node) -> list[str]:
    return [str(item.value) for item in node.items] if node.items else [str(node.value)]


def _check_figures(entry: Entry, kind: str, vocabulary: Vocabulary, sink: Sink) -> None:
    shares: list[Any] = []
    if kind == "bands":
        shares = [band["share"] for band in entry["bands"] or () if band]
    elif kind == "options":
        shares = list((entry["options"] or {}).values())
        fact = vocabulary.get(entry["id"])
        for option in entry["options"] or {}:
            if fact is not None and option not in fact.ids:
                _add_unknown_word(sink, entry.place_of("options"), "answer", option, fact.ids)
    elif kind == "part_of":
        shares = [band["share"] for band in entry["part_of"]["bands"] if band]
    if shares and abs(sum(shares) - 1) > 1e-9:
        words = LAB.fault_words("JF-L002", "shares", fact=entry["id"], sum=sum(shares))
        sink.report_fault("JF-L002", entry.place_of(kind), words)


def _add_unknown_word(sink: Sink, place: Any, what: str, word: str, known: Any) -> None:
    hint, name = find_nearest(word, tuple(known)), translate_name(what)
    words = LAB.fault_words(
        "JF-L003", "unknown", what=name, word=word, known=join_list(known), hint=hint
    )
    sink.report_fault("JF-L003", place, words)


def _read_correlation(entry: Entry, sink: Sink) -> NDArray[np.float64]:
    scores = list(entry["scores"])
    matrix = np.eye(len(scores))
    for pair in entry["correlations"] or ():
        if not pair or pair["one"] not in scores or pair["other"] not in scores:
            place = pair.place_of() if pair else entry.place_of("correlations")
            _add_unknown_word(sink, place, "score", str(pair and pair["other"]), scores)
            continue
        row, column = scores.index(pair["one"]), scores.index(pair["other"])
        matrix[row, column] = matrix[column, row] = float(pair["value"])
    if np.linalg.eigvalsh(matrix).min() < 1e-9:
        sink.report_fault(
            "JF-L004", entry.place_of("correlations"), LAB.fault_words("JF-L004", "correlations")
        )
        return np.eye(len(scores))
    return matrix
