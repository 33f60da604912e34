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
from jifen.office.sheets.columns import (
    MARK,
    MOST_ROWS,
    NOT_APPLICABLE,
    Column,
    columns_of,
)
from jifen.office.sheets.template import FIRST
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact
from jifen.reader.faults import RefusalReason, UnreadableFile
from jifen.reader.refusal_messages import explain_refusal
from jifen.reader.workbooks import WorkbookBounds, read_sheet

MOST_BYTES = 20 * 1024 * 1024
_BOUNDS = WorkbookBounds(cells=1_000_000, text=30 * 1024 * 1024)
_TICKS = {"1": True, "0": False}
"""Yes and no as numbers, beside the words that every door reads."""
IDENTITY = Text("公民身份号码", "Identity number")


class BatchFault(ValueError):
    """A workbook of which nothing can be read. `busy`: not now, but it may be in a moment."""

    def __init__(self, zh: str, en: str, *, busy: bool = False) -> None:
        super().__init__(en)
        self.code, self.words, self.busy = "JF-B001", Text(zh, en), busy


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell that cannot be used: where, in words; never the identity number."""

    cell: str
    column: Text
    words: Text


@dataclass(slots=True)
class Row:
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

    rows: tuple[Row, ...]
    notes: tuple[Text, ...]


def read(content: bytes, policy: Policy, on: date) -> Batch:
    """Read a workbook by its machine ids, or by its labels. Raises BatchFault."""
    _refuse(content)
    name, lines = _lines(content)
    rules = policy.rules_on(on)
    columns = columns_of(rules)
    places, start, notes = _places(lines, columns, policy)
    rows = [
        _row(rules, name, number + 1, line, places, on)
        for number, line in enumerate(lines[start:], start)
        if any(str(cell).strip() for cell in line)
    ]
    if len(rows) > MOST_ROWS:
        many = len(rows)
        raise BatchFault(
            f"有 {many} 人，一次最多 {MOST_ROWS} 人。请分成几个文件。",
            f"{many} people; at most {MOST_ROWS} at once. Split the file.",
        )
    _doubles(rows, places)
    return Batch(tuple(rows), tuple(notes))


def _refuse(content: bytes) -> None:
    if not content:
        raise BatchFault(
            "文件是空的。请填写模板后重新上传。",
            "The file is empty: fill in the template and upload it again.",
        )
    if len(content) > MOST_BYTES:
        raise BatchFault("文件超过 20 MB。请分成几个文件。", "Over 20 MB: split the file.")


def _lines(content: bytes) -> tuple[str, list[list[Any]]]:
    """The name of the first sheet, and its cells row by row."""
    try:
        sheet = read_sheet(content, bounds=_BOUNDS)
        return sheet.sheets[0], list(sheet.rows)
    except UnreadableFile as fault:
        words = explain_refusal(fault, _DAMAGED)
        raise BatchFault(words.zh, words.en, busy=fault.reason is RefusalReason.BUSY) from fault


_DAMAGED = Text(
    "工作簿已损坏，无法读取。请重新下载模板填写。",
    "The workbook is damaged: download the template again and fill it in.",
)


def _places(
    lines: list[list[Any]], columns: tuple[Column, ...], policy: Policy
) -> tuple[dict[int, Column], int, list[Text]]:
    """Which column of the sheet is which, and where people begin."""
    known = {column.id: column for column in columns}
    first = [str(cell) for cell in lines[0]] if lines else []
    notes = []
    if first and first[0].startswith(MARK):
        if first[0] != f"{MARK} {policy.id} {policy.version}":
            notes.append(
                Text(
                    "模板属于另一个版本的办法；已按现行办法读取，请核对。",
                    "The template is of another version; it was read by today's rules.",
                )
            )
        ids = [columns[0].id, *first[1:]]
        return {n: known[i] for n, i in enumerate(ids) if i in known}, FIRST, notes
    labels = {t: c for c in columns for t in (c.label.zh, c.label.en)}
    for number, line in enumerate(lines[:5]):
        found = {n: labels[str(cell).strip()] for n, cell in enumerate(line) if _is(labels, cell)}
        if len(found) >= 3:
            return found, number + 1, notes
    raise BatchFault(
        "没有找到表头。请使用本页下载的模板，不要删除表头行。",
        "No header was found: use the template of this page and keep its header row.",
    )


def _is(labels: dict[str, Column], cell: Any) -> bool:
    return str(cell).strip() in labels


def _row(
    rules: Rules, sheet: str, number: int, line: list[Any], places: dict[int, Column], on: date
) -> Row:
    said = {c.id: _text(line[n]) for n, c in places.items() if n < len(line)}
    identity = fold_number(said.get("_identity", ""))
    row = Row(number, said.get("_name", ""), identity, said.get("_phone", ""))
    where = {column.id: place for place, column in places.items()}
    row.cells = {k: v for k, v in said.items() if not k.startswith("_") and v}
    place = where.get("_identity", 1)
    if place < len(line) and is_number_cell(line[place]):
        # what is left of the number may be another person's: it is neither read nor given back
        row.identity = ""
        row.faults.append(_number_cell(sheet, _cell(number, place)))
    row.faults += _person_faults(row, where)
    for column in places.values():
        if column.fact and (text := said.get(column.id, "")):
            row.facts[column.id] = value_of(column, text)
    _, faults = examine_facts(rules, row.facts, on)
    for fault in faults:
        if fault.fact in where:
            label, words = (
                _label(places, fault.fact),
                Text(fault.to_sentence("zh"), fault.to_sentence("en")),
            )
            row.faults.append(CellFault(_cell(number, where[fault.fact]), label, words))
    return row


def _label(places: dict[int, Column], ident: str) -> Text:
    return next(c.label for c in places.values() if c.id == ident)


def _person_faults(row: Row, where: dict[str, int]) -> Iterator[CellFault]:
    if not row.name:
        words = Text("缺少姓名", "the name is missing")
        yield CellFault(_cell(row.number, where.get("_name", 0)), Text("姓名", "Name"), words)
    if any(fault.column == IDENTITY for fault in row.faults):
        return
    try:
        read_identity(row.identity)
    except BadValue as error:
        words = Text(f"应为{error.expected.zh}", f"expected {error.expected.en}")
        yield CellFault(_cell(row.number, where.get("_identity", 1)), IDENTITY, words)


def _number_cell(sheet: str, cell: str) -> CellFault:
    where = Text(f"工作表“{sheet}”的 {cell} 单元格", f"cell {cell} of the sheet '{sheet}'")
    words = Text(
        f"{where.zh}：{NUMBER_CELL.zh}。{FORMAT_AS_TEXT.zh}",
        f"{where.en}: {NUMBER_CELL.en}. {FORMAT_AS_TEXT.en}",
    )
    return CellFault(cell, IDENTITY, words)


def _doubles(rows: list[Row], places: dict[int, Column]) -> None:
    """The same person twice: both rows are told of each other, neither is taken."""
    many = Counter(row.identity for row in rows if row.identity)
    place = next((n for n, c in places.items() if c.id == "_identity"), 1)
    for row in rows:
        if many[row.identity] > 1:
            others = [r.number for r in rows if r.identity == row.identity]
            listed = "、".join(map(str, others[:10]))
            words = Text(f"同一人出现在第 {listed} 行", f"the same person stands in rows {listed}")
            row.faults.append(CellFault(_cell(row.number, place), IDENTITY, words))


def value_of(column: Column, text: str) -> Any:
    """What a cell says, as the contract has it; what is not understood stays as it is, so that the
    engine's fault names it."""
    plain = text.strip().lower()
    if plain in (NOT_APPLICABLE.zh, NOT_APPLICABLE.en):
        return None
    for ident, words in column.answers:
        if plain in (words.zh.lower(), words.en.lower(), ident.lower()):
            return ident == "true" if column.fact and column.fact.type == "bool" else ident
    return _typed(column.fact, text, plain) if column.fact else text


def _typed(fact: Fact, text: str, plain: str) -> Any:
    if fact.type == "bool":
        flag = _TICKS.get(plain, read_flag(text))
        return text if flag is None else flag
    if fact.type == "dates":
        return split_days(text)
    if fact.type == "date":
        return normalize_day(text)
    return normalize_amount(text, fact.unit) if fact.is_number else text


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell))[:500].strip()


def _cell(row: int, column: int) -> str:
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
