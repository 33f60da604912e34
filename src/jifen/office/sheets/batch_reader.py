"""A filled-in workbook → people and facts, each fault with its cell; good rows are kept."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jifen.facts.identity import (
    FORMAT_AS_TEXT,
    NUMBER_CELL,
    fold_number,
    is_number_cell,
    read_identity,
)
from jifen.facts.situation import examine_facts
from jifen.facts.spelling import normalize_amount, normalize_day, read_flag, split_days
from jifen.facts.values import BadValue
from jifen.office.sheets.columns import MARK, MAX_ROWS, NOT_APPLICABLE, BatchColumn, list_columns
from jifen.office.sheets.template import FIRST_PERSON_ROW
from jifen.office.sheets.words import say
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.refusal_messages import explain_refusal
from jifen.reader.workbooks import WorkbookBounds, read_sheet

MAX_BYTES = 20 * 1024 * 1024
_BOUNDS = WorkbookBounds(cells=1_000_000, text=30 * 1024 * 1024)
_TICKS = {"1": True, "0": False}
"""Yes and no as numbers, beside the words that every door reads."""
IDENTITY = say("batch_reader.identity")


class BatchFault(ValueError):
    """A workbook of which nothing can be read. `is_busy`: not now, but it may be in a moment."""

    def __init__(self, words: Text, *, busy: bool = False) -> None:
        super().__init__(words.en)
        self.code, self.words, self.is_busy = "JF-B001", words, busy


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell that cannot be used: where, in words; never the identity number."""

    cell: str
    column: Text
    words: Text


@dataclass(slots=True)
class BatchRow:
    """One person. `facts` as the contract has them; `cells` exactly what stood there."""

    number: int
    name: str
    identity: str
    phone: str
    facts: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read. `notes`: words about the whole workbook."""

    rows: tuple[BatchRow, ...]
    notes: tuple[Text, ...]


def read_batch(content: bytes, policy: Policy, on: date) -> Batch:
    """Read a workbook by its machine ids, or by its labels. Raises BatchFault."""
    _refuse_size(content)
    name, lines = _read_cells(content)
    rules = policy.rules_on(on)
    columns = list_columns(rules)
    places, start, notes = _locate_columns(lines, columns, policy)
    rows = [
        _read_row(rules, name, number + 1, line, places, on)
        for number, line in enumerate(lines[start:], start)
        if any(str(cell).strip() for cell in line)
    ]
    if len(rows) > MAX_ROWS:
        people_count = len(rows)
        raise BatchFault(
            say("batch_reader.people_at_most_at_once", people_count=people_count, max_rows=MAX_ROWS)
        )
    _mark_duplicates(rows, places)
    return Batch(tuple(rows), tuple(notes))


def _refuse_size(content: bytes) -> None:
    if not content:
        raise BatchFault(say("batch_reader.the_file_is_empty_fill"))
    if len(content) > MAX_BYTES:
        raise BatchFault(say("batch_reader.over_20_mb_split"))


def _read_cells(content: bytes) -> tuple[str, list[list[Any]]]:
    """The name of the first sheet, and its cells row by row."""
    try:
        sheet = read_sheet(content, bounds=_BOUNDS)
        return sheet.sheets[0], list(sheet.rows)
    except RefusedFile as fault:
        words = explain_refusal(fault, _DAMAGED)
        raise BatchFault(words, busy=fault.reason is RefusalReason.BUSY) from fault


_DAMAGED = say("batch_reader.damaged")


def _locate_columns(
    lines: list[list[Any]], columns: tuple[BatchColumn, ...], policy: Policy
) -> tuple[dict[int, BatchColumn], int, list[Text]]:
    """Which column of the sheet is which, and where people begin."""
    columns_by_id = {column.id: column for column in columns}
    first = [str(cell) for cell in lines[0]] if lines else []
    notes = []
    if first and first[0].startswith(MARK):
        if first[0] != f"{MARK} {policy.id} {policy.version}":
            notes.append(say("batch_reader.the_template_is_of_another"))
        ids = [columns[0].id, *first[1:]]
        return (
            {
                n: columns_by_id[column_id]
                for n, column_id in enumerate(ids)
                if column_id in columns_by_id
            },
            FIRST_PERSON_ROW,
            notes,
        )
    labels = {text: column for column in columns for text in (column.label.zh, column.label.en)}
    for number, line in enumerate(lines[:5]):
        places = {
            index: labels[str(cell).strip()]
            for index, cell in enumerate(line)
            if _is_label(labels, cell)
        }
        if len(places) >= 3:
            return places, number + 1, notes
    raise BatchFault(say("batch_reader.no_header_was_found_use"))


def _is_label(labels: dict[str, BatchColumn], cell: Any) -> bool:
    return str(cell).strip() in labels


def _read_row(
    rules: Rules, sheet: str, number: int, line: list[Any], places: dict[int, BatchColumn], on: date
) -> BatchRow:
    texts = {
        column.id: _format_cell(line[index])
        for index, column in places.items()
        if index < len(line)
    }
    identity = fold_number(texts.get("_identity", ""))
    row = BatchRow(number, texts.get("_name", ""), identity, texts.get("_phone", ""))
    place_by_id = {column.id: place for place, column in places.items()}
    row.cells = {
        column_id: text
        for column_id, text in texts.items()
        if not column_id.startswith("_") and text
    }
    place = place_by_id.get("_identity", 1)
    if place < len(line) and is_number_cell(line[place]):
        # what is left of the number may be another person's: it is neither read nor given back
        row.identity = ""
        row.faults.append(_make_number_fault(sheet, _name_cell(number, place)))
    row.faults += _list_person_faults(row, place_by_id)
    for column in places.values():
        if column.fact and (text := texts.get(column.id, "")):
            row.facts[column.id] = read_value(column, text)
    _, faults = examine_facts(rules, row.facts, on)
    for fault in faults:
        if fault.fact in place_by_id:
            label, words = (
                _find_label(places, fault.fact),
                Text(fault.to_sentence("zh"), fault.to_sentence("en")),
            )
            row.faults.append(CellFault(_name_cell(number, place_by_id[fault.fact]), label, words))
    return row


def _find_label(places: dict[int, BatchColumn], fact_id: str) -> Text:
    return next(c.label for c in places.values() if c.id == fact_id)


def _list_person_faults(row: BatchRow, place_by_id: dict[str, int]) -> Iterator[CellFault]:
    if not row.name:
        words = say("batch_reader.the_name_is_missing")
        yield CellFault(
            _name_cell(row.number, place_by_id.get("_name", 0)), say("batch_reader.name"), words
        )
    if any(fault.column == IDENTITY for fault in row.faults):
        return
    try:
        read_identity(row.identity)
    except BadValue as error:
        words = say("batch_reader.expected", expected=error.expected)
        yield CellFault(_name_cell(row.number, place_by_id.get("_identity", 1)), IDENTITY, words)


def _make_number_fault(sheet: str, cell: str) -> CellFault:
    location = say("batch_reader.cell_of_the_sheet", sheet=sheet, cell=cell)
    words = say(
        "batch_reader.number_fault",
        location=location,
        number_cell=NUMBER_CELL,
        format_as_text=FORMAT_AS_TEXT,
    )
    return CellFault(cell, IDENTITY, words)


def _mark_duplicates(rows: list[BatchRow], places: dict[int, BatchColumn]) -> None:
    """The same person twice: both rows are told of each other, neither is taken."""
    counts = Counter(row.identity for row in rows if row.identity)
    place = next((n for n, c in places.items() if c.id == "_identity"), 1)
    for row in rows:
        if counts[row.identity] > 1:
            others = [r.number for r in rows if r.identity == row.identity]
            listed = "、".join(map(str, others[:10]))
            words = say("batch_reader.the_same_person_stands", listed=listed)
            row.faults.append(CellFault(_name_cell(row.number, place), IDENTITY, words))


def read_value(column: BatchColumn, text: str) -> Any:
    """What a cell says, as the contract has it; what is not understood stays as it is, so that the
    engine's fault names it."""
    plain = text.strip().lower()
    if plain in (NOT_APPLICABLE.zh, NOT_APPLICABLE.en):
        return None
    for option_id, words in column.answers:
        if plain in (words.zh.lower(), words.en.lower(), option_id.lower()):
            return option_id == "true" if column.fact and column.fact.type == "bool" else option_id
    return _read_typed_value(column.fact, text, plain) if column.fact else text


def _read_typed_value(fact: Fact, text: str, plain: str) -> Any:
    if fact.type == "bool":
        flag = _TICKS.get(plain, read_flag(text))
        return text if flag is None else flag
    if fact.type == "dates":
        return split_days(text)
    if fact.type == "date":
        return normalize_day(text)
    return normalize_amount(text, fact.unit) if fact.is_number else text


def _format_cell(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell))[:500].strip()


def _name_cell(row: int, column: int) -> str:
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
