"""The mapping of an extract: what a person says of a table that does not say it by itself.

It names encoding, sheet and header row, the fact of each column and the answer of each value. It is
read as strictly as a policy, and a run with the same mapping reads the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jifen.facts.extracts.column_names import load_register_names, normalize_cell
from jifen.facts.extracts.encoding import ENCODINGS
from jifen.facts.extracts.fault import EXTRACTS, ExtractFault
from jifen.facts.extracts.layout import SEPARATORS
from jifen.facts.spelling import read_flag
from jifen.facts.values import BadValue, coerce_value
from jifen.policy.catalogue import join_list
from jifen.policy.fault import PolicyError, find_nearest
from jifen.policy.shapes import (
    IDENT,
    WHOLE,
    WORD,
    AnyValue,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    MapOf,
    Sink,
    optional,
)
from jifen.policy.source import Node, decode_bytes, parse_yaml
from jifen.policy.vocabulary import Vocabulary

UNDECIDED, UNKNOWN, NOT_APPLICABLE = "?", "unknown", "not_applicable"
CONFIDENCE = ("certain", "likely", "unsure")
_COLUMN = Closed(
    "a column of an extract",
    {
        "column": Field(WORD, doc="its name in the file"),
        "fact": optional(WORD, doc="the fact that it gives; null: none", nullable=True),
        "confidence": optional(Choice(CONFIDENCE), doc="of the proposal; no run reads it"),
        "because": optional(WORD, doc="why it was proposed; no run reads it"),
        "answers": optional(MapOf(WORD), doc="value found → answer, unknown or not_applicable"),
    },
)
MAPPING = Closed(
    "a mapping of an extract",
    {
        "mapping": Field(Choice(("1",)), doc="the form of this file"),
        "city": optional(IDENT, doc="the city whose facts it names"),
        "file": optional(WORD, doc="the file that it was proposed from"),
        "encoding": optional(Choice(ENCODINGS)),
        "separator": optional(Choice((*SEPARATORS, "tab"))),
        "sheet": optional(WORD, doc="of a workbook"),
        "header_row": optional(WHOLE, doc="as a spreadsheet counts it, from 1"),
        "key": optional(WORD, doc="the column that says who a row is about"),
        "day_numbers": optional(Choice(("1900", "1904")), "1900", "first year of day numbers"),
        "columns": Field(ListOf(_COLUMN)),
        "assume": optional(MapOf(AnyValue()), doc="facts without a column: fact → value"),
    },
)


@dataclass(frozen=True)
class ExtractMapping:
    """`facts`: column → fact (empty: none); `answers`: fact → value found → what it means."""

    path: Path
    city: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header: int = 0
    key: str = ""
    first_year: int = 1900
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    assume: Mapping[str, Any] = field(default_factory=dict)


def load_mapping(path: Path, vocabulary: Vocabulary | None) -> ExtractMapping:
    """Read a mapping. Raises PolicyError with every fault of it, ExtractFault where there is none.
    Without a vocabulary only columns of records may be named."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError:
        raise ExtractFault("JF-F076", "no_file", path) from None
    sink = Sink(tuple(text.splitlines()))
    entry = MAPPING.read(parse_yaml(text, path.name), sink)
    if entry is not None and not sink.faults:
        _check_mapping(entry, vocabulary, sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    return _build_mapping(entry, path)


def _build_mapping(entry: Entry, path: Path) -> ExtractMapping:
    columns = entry["columns"]
    return ExtractMapping(
        path,
        entry["city"] or "",
        entry["encoding"] or "",
        "\t" if entry["separator"] == "tab" else entry["separator"] or "",
        entry["sheet"] or "",
        entry["header_row"] or 0,
        entry["key"] or "",
        int(entry["day_numbers"]),
        {c["column"]: c["fact"] or "" for c in columns},
        {
            c["fact"]: {normalize_cell(value): answer for value, answer in c["answers"].items()}
            for c in columns
            if c["fact"] and c["answers"]
        },
        {fact: read_assumed_value(node) for fact, node in (entry["assume"] or {}).items()},
    )


def read_assumed_value(node: Node) -> Any:
    """The value of a fact that is the same for everybody; Ellipsis: unknown, None: does not
    apply."""
    special = {UNKNOWN: ..., NOT_APPLICABLE: None}
    plain = node.to_plain()
    return special.get(plain, plain) if isinstance(plain, str) else plain


def _check_mapping(entry: Entry, vocabulary: Vocabulary | None, sink: Sink) -> None:
    if vocabulary and entry["city"] not in (None, vocabulary.city):
        _report_fault(sink, entry, "city", "other_city", found=entry["city"], city=vocabulary.city)
        return
    known_ids = (*(vocabulary.ids if vocabulary else ()), *load_register_names())
    seen = dict[str, str]()
    for column in entry["columns"]:
        _check_column(column, vocabulary, known_ids, seen, sink)
    for fact in entry["assume"] or {}:
        if vocabulary and fact not in vocabulary:
            hint = find_nearest(fact, known_ids)
            _report_fault(
                sink,
                entry,
                "assume",
                "unknown_fact",
                found=fact,
                known=join_list(known_ids),
                hint=hint,
            )


def _check_column(
    column: Entry,
    vocabulary: Vocabulary | None,
    known_ids: Collection[str],
    seen: dict[str, str],
    sink: Sink,
) -> None:
    name, fact = column["column"], column["fact"]
    if fact == UNDECIDED:
        _report_fault(sink, column, "fact", "undecided_column", column=name)
    elif fact and fact not in known_ids:
        hint = find_nearest(fact, tuple(known_ids))
        _report_fault(
            sink, column, "fact", "unknown_fact", found=fact, known=join_list(known_ids), hint=hint
        )
    elif fact and fact in seen:
        _report_fault(sink, column, "fact", "twice", fact=fact, column=name, other=seen[fact])
    elif fact:
        seen[fact] = name
        _check_answers(column, fact, vocabulary, sink)


def _check_answers(column: Entry, fact_id: str, vocabulary: Vocabulary | None, sink: Sink) -> None:
    fact = vocabulary.get(fact_id) if vocabulary else None
    answers = column["answers"] or Entry({}, column.node)
    for value, answer in answers.items():
        if answer == UNDECIDED:
            _report_fault(
                sink, answers, value, "undecided_answer", column=column["column"], found=value
            )
        elif fact and not fact.is_record and not _is_value(fact, answer):
            possible_answers = join_list(fact.ids) if fact.ids else fact.label
            _report_fault(
                sink, answers, value, "unknown_answer", found=answer, known=possible_answers
            )


def _is_value(fact: Any, answer: str) -> bool:
    if answer in (UNKNOWN, NOT_APPLICABLE):
        return True
    if fact.type == "bool":
        return read_flag(answer) is not None
    try:
        coerce_value(fact, answer)
    except BadValue:
        return False
    return True


def _report_fault(sink: Sink, entry: Entry, key: str, kind: str, /, **values: Any) -> None:
    sink.report_fault(
        "JF-F076", entry.place_of(key), EXTRACTS.fault_words("JF-F076", kind, **values)
    )
