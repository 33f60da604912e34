"""A workbook is bounded before a cell of it is built, and its cells come back as plain values."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import xlsxwriter

from jifen.policy.text import Text
from jifen.reader.faults import ReasonValues, RefusalReason, RefusedFile
from jifen.reader.pool import ReaderPool
from jifen.reader.refusal_messages import explain_refusal
from jifen.reader.workbooks import WorkbookBounds, read_sheet
from tests.world.hostile import far_cell, sheet_of, with_parts, workbook_with

DAMAGED = Text("坏了", "damaged")


def _refused(
    pool: ReaderPool,
    content: bytes,
    bounds: WorkbookBounds = WorkbookBounds(),  # noqa: B008
) -> tuple[RefusalReason, ReasonValues]:
    with pytest.raises(RefusedFile) as caught:
        read_sheet(content, bounds=bounds, pool=pool)
    return caught.value.reason, caught.value.given


def test_cells_come_back_as_what_they_are(pool: ReaderPool) -> None:
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet, other = book.add_worksheet("一"), book.add_worksheet("二")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(1, 1, ["姓名", 2.5, True])
    sheet.write_datetime(2, 1, date(2024, 3, 1), day)
    sheet.write_datetime(2, 2, datetime(2024, 3, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None), moment)
    other.write(0, 0, "b")
    book.close()
    table = read_sheet(made.getvalue(), pool=pool)
    assert table.sheets == ("一", "二")
    nine = datetime(2024, 3, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    assert table.rows[1] == ["", "姓名", 2.5, True]
    assert table.rows[2][1:3] == [date(2024, 3, 1), nine]
    assert read_sheet(made.getvalue(), 1, pool=pool).rows == [["b"]]


def test_one_far_cell_is_named_and_nothing_is_built(pool: ReaderPool) -> None:
    before = pool.list_process_ids()
    with pytest.raises(RefusedFile) as caught:
        read_sheet(far_cell(), pool=pool)
    assert caught.value.reason is RefusalReason.FAR_CELL
    words = explain_refusal(caught.value, DAMAGED)
    assert words.zh == (
        "单元格 XFD1048576 有内容，从 A1 到这里超过 2000000 个单元格。"
        "请删去表格以外的内容，或分成几个文件。"
    )
    assert words.en.startswith("Cell XFD1048576 has content, and from A1 to it there are more than")
    assert pool.list_process_ids() == before or not before, "the process is of use still"


def test_a_far_cell_that_is_only_formatted_is_nothing(pool: ReaderPool) -> None:
    assert read_sheet(far_cell(formatted=True), pool=pool).rows == [["a"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c r="ZZ9000"><v>1</v></c></row>',
        "<row r='9000'><c r='ZZ9000' t='inlineStr'><is><t>x</t></is></c></row>",
        '<row r="8999"></row><row><c r="ZZ9000"><f>1+1</f></c></row>',
    ],
    ids=["value", "text within", "formula"],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/other.bin"])
def test_a_far_cell_is_seen_however_it_is_written(pool: ReaderPool, rows: str, part: str) -> None:
    reason, given = _refused(pool, workbook_with(sheet_of(rows), part=part))
    assert (reason, given["cell"]) == (RefusalReason.FAR_CELL, "ZZ9000")


def test_cells_without_a_place_follow_each_other(pool: ReaderPool) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    content = workbook_with(sheet_of(rows))
    assert read_sheet(content, bounds=WorkbookBounds(cells=4), pool=pool).rows == [
        [1.0, 2.0],
        [3.0, ""],
    ]
    assert _refused(pool, content, WorkbookBounds(cells=3)) == (
        RefusalReason.FAR_CELL,
        {"cell": "A2", "most": 3},
    )


@pytest.mark.parametrize("place", ["A0", "1A", "a1", "XFE1", "A1048577", "AAAA1", "A1.5", "一1"])
def test_a_place_that_there_is_not_is_damage(pool: ReaderPool, place: str) -> None:
    content = workbook_with(sheet_of(f'<row><c r="{place}"><v>1</v></c></row>'))
    assert _refused(pool, content)[0] is RefusalReason.DAMAGED


def test_entities_are_not_resolved(pool: ReaderPool) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    rows = '<row><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    assert _refused(pool, workbook_with(sheet_of(rows, laughs)))[0] is RefusalReason.DAMAGED


def test_parts_and_unpacked_bytes_are_bounded(pool: ReaderPool) -> None:
    assert _refused(pool, with_parts(2_001)) == (RefusalReason.ENTRIES, {"most": 2_000})
    small = WorkbookBounds(unpacked=1_000_000)
    assert _refused(pool, with_parts(2, 600_000), small) == (
        RefusalReason.UNPACKED,
        {"most": 1_000_000},
    )


def test_more_text_than_is_handed_back_is_refused(pool: ReaderPool) -> None:
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for row in range(200):
        sheet.write(row, 0, "x" * 30_000)
    book.close()
    assert _refused(pool, made.getvalue(), WorkbookBounds(text=1_000_000))[0] is RefusalReason.TEXT


def _archive(**parts: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/"), content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04", RefusalReason.NOT_A_WORKBOOK),
        (b"", RefusalReason.NOT_A_WORKBOOK),
        (_archive(word=b""), RefusalReason.NOT_A_WORKBOOK),
        (far_cell(2, 2)[:-30], RefusalReason.NOT_A_WORKBOOK),
        (b"x" * 40 + far_cell(2, 2)[100:], RefusalReason.DAMAGED),
        (workbook_with("<worksheet><c"), RefusalReason.DAMAGED),
        (workbook_with(sheet_of("")[:-3]), RefusalReason.DAMAGED),
    ],
    ids=["begun", "empty", "another archive", "cut off", "shifted", "no XML", "XML cut off"],
)
def test_what_is_no_workbook(pool: ReaderPool, content: bytes, reason: RefusalReason) -> None:
    assert _refused(pool, content)[0] is reason
    assert explain_refusal(RefusedFile(RefusalReason.DAMAGED), DAMAGED) is DAMAGED
