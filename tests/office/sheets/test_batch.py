"""Many employees by Excel: good rows become drafts, bad cells are told, nothing is doubled."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from jifen.cities import load
from jifen.facts.identity import compute_check_character
from jifen.office.casework.actions.batch_import import import_batch
from jifen.office.casework.form_values import to_form_value
from jifen.office.casework.models import Application, Item
from jifen.office.registry.models.people import name_indexes
from jifen.office.sheets.batch_reader import read_batch
from jifen.office.sheets.columns import list_columns
from jifen.office.sheets.export import ExportSheet, make_workbook
from jifen.office.sheets.report import make_report
from jifen.office.sheets.template import make_template
from jifen.reader.workbooks import WorkbookBounds
from tests.measures import VERSIONS
from tests.world.faults import refused
from tests.world.office import Office, identity, policy_today, today
from tests.world.workbooks import ON, POLICY, filled, someone


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_measure_has_a_template_that_reads_back(city: str, version: str) -> None:
    policy = load(city, version)
    on = policy.since
    made = make_template(policy, on)
    assert made == make_template(policy, on)
    names = python_calamine.CalamineWorkbook.from_filelike(BytesIO(made)).sheet_names
    assert names == ["人员", "_lists", "填写说明"]
    assert read_batch(made, policy, on).rows == ()


def test_a_filled_in_row_gives_the_facts_of_the_contract() -> None:
    found = read_batch(filled([someone(1, education="大学本科学历和学士学位")]), POLICY, ON)
    (row,) = found.rows
    assert row.faults == []
    assert (row.number, row.name, row.identity) == (3, "员工1", identity(1))
    assert row.facts["education"] == "bachelor_with_degree"
    assert row.facts["detention_dates"] == []
    assert row.facts["insured_months"] == "84"


@pytest.mark.parametrize(
    ("fact", "cell", "words"),
    [
        ("insured_months", "三年", "三年"),
        ("insured_months", 9999, "9999"),
        ("education", "中专", "中专"),
        ("birth_date", "1990-02-30", "1990-02-30"),
        ("permit_valid", "也许", "也许"),
        ("detention_dates", "2024-03-01、去年", "去年"),
    ],
)
def test_a_bad_cell_is_told_with_its_place_and_the_rest_is_kept(
    fact: str, cell: Any, words: str
) -> None:
    found = read_batch(filled([someone(1, **{fact: cell}), someone(2)]), POLICY, ON)
    bad, good = found.rows
    place = [c.id for c in list_columns(POLICY.rules_on(ON))].index(fact)
    letter = chr(65 + place) if place < 26 else f"A{chr(65 + place - 26)}"
    assert [f.cell for f in bad.faults] == [f"{letter}3"]
    assert words in bad.faults[0].words.zh
    assert bad.facts["title"] == "none"
    assert good.faults == []


def test_the_same_person_twice_is_told_in_both_rows() -> None:
    found = read_batch(filled([someone(1), someone(2), someone(1)]), POLICY, ON)
    assert [len(row.faults) for row in found.rows] == [1, 0, 1]
    assert "第 3、5 行" in found.rows[0].faults[0].words.zh


def test_a_wrong_identity_number_is_not_repeated_in_words() -> None:
    row = someone(1) | {"_identity": "310101199001019999"}
    (found,) = read_batch(filled([row]), POLICY, ON).rows
    assert found.faults[0].column.zh == "公民身份号码"
    assert "310101199001019999" not in found.faults[0].words.zh


def test_columns_may_be_moved_and_labels_used() -> None:
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["公民身份号码", "姓名", "学历学位", "备注"])
    sheet.write_row(1, 0, [identity(1), "员工1", "博士研究生学历学位", "好"])
    book.close()
    (row,) = read_batch(made.getvalue(), POLICY, ON).rows
    assert (row.name, row.facts) == ("员工1", {"education": "doctor"})


def _with_macro() -> bytes:
    made = BytesIO(filled([]))
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    return made.getvalue()


def _without_sheets() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("xl/workbook.xml", b"<workbook")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (
            b"",
            "文件是空的。请填写模板后重新上传。",
            "The file is empty: fill in the template and upload it again.",
        ),
        (
            b"x" * (20 * 1024 * 1024 + 1),
            "文件超过 20 MB。请分成几个文件。",
            "Over 20 MB: split the file.",
        ),
        (
            b"\xd0\xcf\x11\xe0 old",
            "不是 .xlsx 工作簿（可能是旧的 .xls、加密文件或改了名的文件）。请另存为 .xlsx。",
            "Not an .xlsx workbook (an old .xls, encrypted, or renamed): save it as .xlsx.",
        ),
        (
            filled([])[:200],
            "不是 .xlsx 工作簿（可能是旧的 .xls、加密文件或改了名的文件）。请另存为 .xlsx。",
            "Not an .xlsx workbook (an old .xls, encrypted, or renamed): save it as .xlsx.",
        ),
        (
            _with_macro(),
            "工作簿含有宏。请另存为不含宏的 .xlsx。",
            "The workbook holds macros: save it as .xlsx without them.",
        ),
        (
            _without_sheets(),
            "工作簿已损坏，无法读取。请重新下载模板填写。",
            "The workbook is damaged: download the template again and fill it in.",
        ),
        (
            make_workbook([ExportSheet("a", ["x"], [["y"]])]),
            "没有找到表头。请使用本页下载的模板，不要删除表头行。",
            "No header was found: use the template of this page and keep its header row.",
        ),
    ],
    ids=["empty", "too large", "old", "cut off", "macros", "damaged", "another"],
)
def test_a_workbook_of_which_nothing_can_be_read(content: bytes, zh: str, en: str) -> None:
    with refused("JF-B001", zh, en):
        read_batch(content, POLICY, ON)


def test_a_workbook_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jifen.office.sheets.batch_reader._BOUNDS", WorkbookBounds(unpacked=1000))
    with refused(
        "JF-B001",
        "工作簿展开后过大。请删去图片后重试。",
        "Too large when unpacked: remove pictures and try again.",
    ):
        read_batch(filled([]), POLICY, ON)


def test_a_workbook_of_too_many_people_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jifen.office.sheets.batch_reader.MAX_ROWS", 2)
    with refused(
        "JF-B001",
        "有 3 人，一次最多 2 人。请分成几个文件。",
        "3 people; at most 2 at once. Split the file.",
    ):
        read_batch(filled([someone(n) for n in range(3)]), POLICY, ON)


def test_text_that_a_spreadsheet_would_run_stays_text() -> None:
    evil = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", "＝1"]
    made = make_workbook([ExportSheet("a", ["x"], [[e] for e in evil])])
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0)
    assert [r[0] for r in rows.to_python()[1:]] == [f"'{e}" for e in evil]
    with zipfile.ZipFile(BytesIO(made)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


@pytest.mark.django_db
def test_good_rows_become_drafts_and_a_second_upload_makes_no_doubles() -> None:
    office, policy, day = Office(), policy_today(), today()
    rows = [someone(11), someone(12, insured_months="许多"), someone(13)]
    first = read_batch(filled(rows, policy, day), policy, day)
    taken = import_batch(office.operator, office.unit, None, first, to_form_value)
    assert (taken.created, len(taken.refused)) == (2, 0)
    mended = read_batch(
        filled([someone(11), someone(12), someone(13, education="none")], policy, day), policy, day
    )
    again = import_batch(office.operator, office.unit, None, mended, to_form_value)
    assert (again.created, again.updated, again.unchanged) == (1, 1, 1)
    assert Application.objects.count() == 3
    changed = Item.objects.get(
        fact="education", application__person__name_index__in=name_indexes("员工13")
    )
    assert changed.given == ["none"]


@pytest.mark.django_db
def test_the_report_holds_the_bad_rows_and_can_be_uploaded_again() -> None:
    policy, day = policy_today(), today()
    rows = [someone(11), someone(12, insured_months="许多")]
    found = read_batch(filled(rows, policy, day), policy, day)
    made = make_report(policy.rules_on(day), {r.number: r for r in found.rows}, {}, "zh")
    (again,) = read_batch(made, policy, day).rows
    assert (again.name, again.cells["insured_months"]) == ("员工12", "许多")
    assert len(again.faults) == 1


@pytest.mark.parametrize("cell", [3.10101199001011e17, 310101199001011234, "3.10101E+17"])
def test_an_identity_number_stored_as_a_number_is_always_refused(cell: Any) -> None:
    found = read_batch(filled([someone(1) | {"_identity": cell}, someone(2)]), POLICY, ON)
    bad, good = found.rows
    [fault] = bad.faults
    assert fault.cell == "B3"
    assert fault.words.zh.startswith("工作表“Sheet1”的 B3 单元格：证件号码被存成了数字")
    assert "请把这一列的单元格格式设为“文本”，再对照证件重新录入号码" in fault.words.zh
    assert fault.words.en.startswith("cell B3 of the sheet 'Sheet1': the identity number is stored")
    assert (bad.identity, good.faults) == ("", [])


def test_a_rounded_number_that_passes_the_check_is_nobody_s_either() -> None:
    rounded = next(
        number
        for head in range(310101199001010, 310101199001999)
        if compute_check_character((number := f"{head}000")[:17]) == number[17]
    )
    [row] = read_batch(filled([someone(1) | {"_identity": int(rounded)}]), POLICY, ON).rows
    assert row.identity == ""
    assert [fault.cell for fault in row.faults] == ["B3"]


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("insured_months", "60个月", "60"),
        ("insured_months", "5年", "60"),
        ("average_annual_tax", "10万", "100000"),
        ("birth_date", "1990年5月1日", "1990-05-01"),
        ("detention_dates", "2019/7/1，2020.8.2", ["2019-07-01", "2020-08-02"]),
        ("entrepreneur", "√", True),
        ("entrepreneur", 0, False),
    ],
)
def test_a_cell_is_read_as_people_write(fact: str, cell: Any, value: Any) -> None:
    [row] = read_batch(filled([someone(1, **{fact: cell})]), POLICY, ON).rows
    assert row.faults == []
    assert row.facts[fact] == value


def test_a_comma_that_may_be_a_decimal_point_is_not_dropped() -> None:
    [row] = read_batch(filled([someone(1, average_annual_tax="1,5")]), POLICY, ON).rows
    assert row.facts["average_annual_tax"] == "1,5"
    assert "分不清逗号是千位分隔还是小数点" in row.faults[0].words.zh
