"""Faults of a workbook speak the words of the sheet: its own titles, rows, cells and choices."""

import re
from io import BytesIO
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from jifen.facts.form import list_asked_facts
from jifen.office.sheets.batch_reader import read_batch
from jifen.office.sheets.columns import list_columns
from jifen.office.sheets.report import make_report
from tests.world.office import identity
from tests.world.workbooks import ON, POLICY, filled, someone

KINDS: dict[str, tuple[str, Any, str, str]] = {
    "choice": (
        "education",
        "中专",
        "没有“中专”这个选项。请从下拉列表中选择：",
        "There is no choice '中专'.",
    ),
    "yes or no": (
        "permit_valid",
        "也许",
        "现为“也许”。请填“是”或“否”。",
        "Found '也许'. Write 'yes' or 'no'.",
    ),
    "number": (
        "insured_months",
        "三年",
        "现为“三年”，应为整数（个月）。请只填数字。",
        "Found '三年'",
    ),
    "whole": ("insured_months", 3.5, "现为“3.5”，应为整数。请只填数字。", "Found '3.5'"),
    "range": (
        "insured_months",
        99999,
        "现为“99999”，应为0 到 720 之间的数。",
        "a number from 0 to 720",
    ),
    "comma": ("average_annual_tax", "1,5", "“1,5”分不清逗号", "'1,5': the comma"),
    "day": (
        "birth_date",
        "1990-02-30",
        "日历上没有 1990-02-30 这一天",
        "no 1990-02-30 in the calendar",
    ),
    "spelling": ("birth_date", "去年", "格式填写出生日期", "as in 1990-05-01"),
    "later": (
        "birth_date",
        "2099-01-01",
        "“2099-01-01”还没有到。请填写不晚于 2025-06-01 的日期。",
        "Write a date not after 2025-06-01.",
    ),
    "dates": ("detention_dates", "2024-03-01、去年", "填写日期“去年”", "the date '去年'"),
    "later dates": ("detention_dates", "2099-01-01", "不晚于 2025-06-01", "not after 2025-06-01"),
}
IDS = re.compile(r"[a-z0-9]+_[a-z0-9_]+|true|false|JF-")
"""What no cell of a sheet says: ids of facts and of choices, values of a file, codes."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fault_says_where_and_what_in_the_words_of_the_sheet(kind: str) -> None:
    fact, cell, zh, en = KINDS[kind]
    _, row = read_batch(filled([someone(1), someone(2, **{fact: cell})]), POLICY, ON).rows
    (fault,) = row.faults
    column = next(c for c in list_columns(POLICY.rules_on(ON)) if c.id == fact)
    assert (row.number, fault.cell[-1], fault.column.zh) == (4, "4", column.label.zh)
    assert zh in fault.words.zh
    assert en in fault.words.en
    assert not IDS.search(fault.words.zh + fault.words.en), fault.words


def test_every_column_told_of_nonsense_names_no_id() -> None:
    rules = POLICY.rules_on(ON)
    for column in list_columns(rules)[3:]:
        (row,) = read_batch(filled([someone(1) | {column.id: "？？"}]), POLICY, ON).rows
        assert [fault.column_id for fault in row.faults] == [column.id]
        words = row.faults[0].words
        assert not IDS.search(words.zh + words.en), (column.id, words)
    assert len(list_columns(rules)) > len(list_asked_facts(rules)) - 5


def test_a_choice_is_told_by_the_words_of_the_list() -> None:
    (row,) = read_batch(filled([someone(1, education="中专")]), POLICY, ON).rows
    words = row.faults[0].words
    labels = [o.label for o in POLICY.rules_on(ON).vocabulary["education"].options]
    for label in labels:
        assert label.zh in words.zh
        assert label.en in words.en


def _own_sheet(titles: list[str], cells: list[str]) -> bytes:
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("员工")
    ids = [f"jifen-batch-1 {POLICY.id} {POLICY.version}", "_identity", "insured_months"]
    for number, row in enumerate((ids, titles, cells)):
        sheet.write_row(number, 0, row)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    ("title", "told"), [("工龄（社保）", "工龄（社保）"), ("", "职工社保累计有效月数")]
)
def test_a_column_is_called_as_the_sheet_calls_it(title: str, told: str) -> None:
    content = _own_sheet(["员工", "证件号", title], ["", "310101199001019999", "三年"])
    (row,) = read_batch(content, POLICY, ON).rows
    assert [(fault.cell, fault.column.zh) for fault in row.faults] == [
        ("A3", "员工"),
        ("B3", "证件号"),
        ("C3", told),
    ]
    assert row.faults[0].words.zh == "缺少姓名"


def test_a_sheet_without_its_titles_is_read(db: None) -> None:
    del db
    content = _own_sheet([], ["李雷", identity(1), "12"])
    (row,) = read_batch(content, POLICY, ON).rows
    assert row.faults == []


def test_the_rows_to_mend_name_their_row_and_the_bad_cell_is_marked() -> None:
    found = read_batch(filled([someone(1), someone(2, insured_months="三年")]), POLICY, ON)
    rules = POLICY.rules_on(ON)
    made = make_report(rules, {row.number: row for row in found.rows}, {}, "zh")
    sheet = python_calamine.load_workbook(BytesIO(made)).get_sheet_by_index(0).to_python()
    assert sheet[2][-1] == (
        "原表第 4 行\n职工社保累计有效月数：现为“三年”，应为整数（个月）。请只填数字。"
    )
