"""Where the table begins: under titles and blank rows, by whatever separator."""

from pathlib import Path

import pytest

from jifen.cities import load
from jifen.facts.extracts.column_names import ColumnNames, build_fact_names
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.layout import MOST_COLUMNS, Layout, TextHead, detect_layout

NAMES = build_fact_names([load("shanghai", "2018").vocabulary])


def laid(text: str, names: ColumnNames = NAMES, **how: object) -> Layout:
    return detect_layout(TextHead(text, "utf-8"), Path("f.csv"), names.is_known, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_header_is_found_under_titles(separator: str, end: str) -> None:
    title = separator.join(["2025年登记表", "", ""])
    header = separator.join(["序号", "出生日期", '"Education"'])
    text = end.join([title, separator * 2, header, separator.join(["1", "1990-05-01", "x"])])
    found = laid(text)
    assert (found.header, found.titles, found.separator) == (3, 1, separator)
    assert found.names == ("序号", "出生日期", "Education")
    assert text.encode()[found.skipped :].decode().startswith("1" + separator)


def test_names_may_be_on_several_lines_or_missing() -> None:
    found = laid('"出生\n日期",,education \n1990-05-01,,x\n')
    assert found.names == ("出生 日期", "column_2", "education")


def test_a_label_is_the_same_with_other_blanks_and_widths() -> None:
    assert NAMES.is_known("最近12个月内的有效参保月数")
    assert NAMES.is_known(" Ｅｄｕｃａｔｉｏｎ")
    assert NAMES.resolve_columns(["EDUCATION"], "f") == {"EDUCATION": "education"}
    assert NAMES.resolve_columns(["学历学位", "shanghai.award"], "f") == {
        "学历学位": "education",
        "shanghai.award": "shanghai.award",
    }


def test_unknown_names_are_taken_from_the_first_row_that_fills_the_table() -> None:
    assert laid("a,b\n1,2\n", ColumnNames({})).header == 1
    assert laid("title,\na,b\n1,2\n", ColumnNames({})).header == 2


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(ExtractFault) as caught:
        laid("1,1990-05-01\n2,1991-05-01\n")
    assert caught.value.code == "JF-F072"
    assert "no row among the first 50 that could be column names" in caught.value.words.en
    assert "前 50 行中没有可以认作列名的一行" in caught.value.words.zh


def test_a_mapping_may_name_the_row() -> None:
    assert laid("1,2\n3,4\n", header=2).names == ("3", "4")
    with pytest.raises(ExtractFault, match="row 9, JF-F072 found a blank row, or the end"):
        laid("a,b\n1,2\n", header=9)


def test_too_many_columns_are_refused() -> None:
    wide = ",".join(f"c{n}" for n in range(MOST_COLUMNS + 1))
    with pytest.raises(ExtractFault, match=f"{MOST_COLUMNS + 1} columns; expected at most"):
        laid(f"{wide}\n", ColumnNames({}))


def test_a_name_that_may_be_two_facts_is_refused() -> None:
    names = ColumnNames({"奖": ("award", "honour")})
    with pytest.raises(ExtractFault) as caught:
        names.resolve_columns(["奖"], "f.csv")
    assert caught.value.code == "JF-F073"
    assert "the column '奖', which may be several facts" in caught.value.words.en
    assert "award, honour" in caught.value.words.en
