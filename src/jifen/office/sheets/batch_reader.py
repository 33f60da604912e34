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
from jifen.office.sheets.cell_words import describe_cell_fault
from jifen.office.sheets.columns import (
    MARK,
    MAX_ROWS,
    NOT_APPLICABLE,
    PERSON,
    BatchColumn,
    list_columns,
)
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


class BatchFault(ValueError):
    """A workbook of which nothing can be read. `is_busy`: not now, but it may be in a moment."""

    def __init__(self, words: Text, *, busy: bool = False) -> None:
        super().__init__(words.en)
        self.code, self.words, self.is_busy = "JF-B001", words, busy


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell that cannot be used: where, the title that the sheet gives its column, and why;
    never the identity number. `column_id`: that of `BatchColumn`."""

    cell: str
    column_id: str
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
    header = _Header(name, places, _read_titles(lines[start - 1 : start], places))
    rows = [
        _read_row(rules, header, number + 1, line, on)
        for number, line in enumerate(lines[start:], start)
        if any(str(cell).strip() for cell in line)
    ]
    if len(rows) > MAX_ROWS:
        people_count = len(rows)
        raise BatchFault(
            say("batch_reader.people_at_most_at_once", people_count=people_count, max_rows=MAX_ROWS)
        )
    _mark_duplicates(rows, header)
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


@dataclass(frozen=True, slots=True)
class _Header:
    """A sheet as its reader sees it: its name, which column is where, what each is called."""

    sheet: str
    columns: dict[int, BatchColumn]
    titles: dict[str, Text]

    @property
    def places(self) -> dict[str, int]:
        """Where the column of an id stands."""
        return {column.id: place for place, column in self.columns.items()}

    def make_fault(self, row: int, column_id: str, words: Text) -> CellFault:
        """A fault of a cell; of the first cells where the sheet has no such column."""
        place = self.places.get(column_id, _PLACES_OF_PERSON.get(column_id, 0))
        title = self.titles.get(column_id) or _LABELS_OF_PERSON[column_id]
        return CellFault(_name_cell(row, place), column_id, title, words)


_PLACES_OF_PERSON = {column.id: place for place, column in enumerate(PERSON)}
_LABELS_OF_PERSON = {column.id: column.label for column in PERSON}


def _read_titles(heads: list[list[Any]], places: dict[int, BatchColumn]) -> dict[str, Text]:
    """What each column is called in the sheet itself; its label where its head is empty."""
    titles, line = {}, heads[0] if heads else []
    for place, column in places.items():
        title = str(line[place]).strip()[:60] if place < len(line) else ""
        titles[column.id] = Text(title, title) if title else column.label
    return titles


def _read_row(rules: Rules, header: _Header, number: int, line: list[Any], on: date) -> BatchRow:
    texts = {
        column.id: _format_cell(line[index])
        for index, column in header.columns.items()
        if index < len(line)
    }
    identity = fold_number(texts.get("_identity", ""))
    row = BatchRow(number, texts.get("_name", ""), identity, texts.get("_phone", ""))
    columns = {column.id: column for column in header.columns.values()}
    row.cells = {
        column_id: text
        for column_id, text in texts.items()
        if not column_id.startswith("_") and text
    }
    place = header.places.get("_identity", 1)
    if place < len(line) and is_number_cell(line[place]):
        # what is left of the number may be another person's: it is neither read nor given back
        row.identity = ""
        words = _describe_number_cell(header.sheet, _name_cell(number, place))
        row.faults.append(header.make_fault(number, "_identity", words))
    row.faults += _list_person_faults(row, header)
    for column in columns.values():
        if column.fact and (text := texts.get(column.id, "")):
            row.facts[column.id] = read_value(column, text)
    _, faults = examine_facts(rules, row.facts, on)
    for fault in faults:
        if fault.fact in columns:
            typed = texts.get(fault.fact, "")
            words = describe_cell_fault(fault, columns[fault.fact], typed, on)
            row.faults.append(header.make_fault(number, fault.fact, words))
    return row


def _list_person_faults(row: BatchRow, header: _Header) -> Iterator[CellFault]:
    if not row.name:
        yield header.make_fault(row.number, "_name", say("batch_reader.the_name_is_missing"))
    if any(fault.column_id == "_identity" for fault in row.faults):
        return
    try:
        read_identity(row.identity)
    except BadValue as error:
        words = say("batch_reader.expected", expected=error.expected)
        yield header.make_fault(row.number, "_identity", words)


def _describe_number_cell(sheet: str, cell: str) -> Text:
    return say(
        "batch_reader.number_fault",
        location=say("batch_reader.cell_of_the_sheet", sheet=sheet, cell=cell),
        number_cell=NUMBER_CELL,
        format_as_text=FORMAT_AS_TEXT,
    )


def _mark_duplicates(rows: list[BatchRow], header: _Header) -> None:
    """The same person twice: both rows are told of each other, neither is taken."""
    counts = Counter(row.identity for row in rows if row.identity)
    for row in rows:
        if counts[row.identity] > 1:
            others = [r.number for r in rows if r.identity == row.identity]
            listed = "、".join(map(str, others[:10]))
            words = say("batch_reader.the_same_person_stands", listed=listed)
            row.faults.append(header.make_fault(row.number, "_identity", words))


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
