"""Rows that are nobody are left out and counted; every other row keeps its number in the file."""

from pathlib import Path

import pytest

from jifen.facts.extracts.cells import ColumnReader, convert_day_number
from jifen.facts.extracts.column_names import ColumnNames
from jifen.facts.extracts.rows import SkippedRows, is_total_cell
from jifen.facts.extracts.table import Extract, TableReading, inspect_table


def opened(tmp_path: Path, text: str) -> Extract:
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    return inspect_table(path, TableReading(ColumnNames({}), is_text=lambda name: name == "months"))


def everything(extract: Extract) -> tuple[list[dict[str, object]], list[int], SkippedRows]:
    rows, lines, out = [], [], SkippedRows()
    for part in extract.read_rows():
        rows += part.block.table.to_pylist()
        lines += part.block.lines.tolist()
        out.add(part.skipped)
    return rows, lines, out


def test_blank_and_total_rows_are_counted(tmp_path: Path) -> None:
    text = (
        "登记表,,\nno,name,months\n1,张三,12\n,,\n\n　, ,\n2,李四,\n小 计：,,12\n"
        ",合计,12\n合计,2\n3,合计划,5\n"
    )
    rows, lines, out = everything(opened(tmp_path, text))
    assert [row["no"] for row in rows] == [1, 2, 3]
    assert lines == [3, 7, 11]
    assert (out.titles, out.blank, out.totals, out.ragged) == (1, 3, 3, [])
    assert sorted(out.total_lines) == [8, 9, 10]


@pytest.mark.parametrize("word", ["合计", "总 计", "Total", "SUBTOTAL:", "本页合计"])
def test_words_of_totals(word: str) -> None:
    assert is_total_cell(word)
    assert not is_total_cell(f"{word}额")


def test_a_row_of_another_width_is_named_with_its_row(tmp_path: Path) -> None:
    rows, lines, out = everything(opened(tmp_path, "a,b\n1,2\n1,2,3\n4,5\n6\n"))
    assert [row["a"] for row in rows] == [1, 4]
    assert lines == [2, 4]
    assert [(one.line, one.cells) for one in out.ragged] == [(3, 3), (5, 1)]


def test_a_quoted_line_break_is_one_row(tmp_path: Path) -> None:
    rows, lines, _ = everything(opened(tmp_path, 'a,b\n"x\ny",1\nz,2\n'))
    assert [row["a"] for row in rows] == ["x\ny", "z"]
    assert lines == [2, 3]


def test_columns_that_are_carried_through_keep_what_they_say(tmp_path: Path) -> None:
    text = "no,code,id,rate,on,flag,none\n1,007,310101199001011234,0.5,2024-01-31,true,\n"
    kinds = {name: str(kind) for name, kind in opened(tmp_path, text).kinds.items()}
    assert kinds == {
        "no": "int64",
        "rate": "double",
        "on": "date32[day]",
        "flag": "bool",
    }


def test_a_later_cell_of_another_kind_is_empty_and_told(tmp_path: Path) -> None:
    many = "".join(f"{n},x\n" for n in range(600_000))
    extract = opened(tmp_path, f"no,name\n{many}无,y\n")
    found = [part for part in extract.read_rows() if part.misfits]
    [misfit] = found[-1].misfits
    assert (misfit.line, misfit.column, misfit.value) == (600_002, "no", "无")
    assert found[-1].block.table.column("no")[-1].as_py() is None


@pytest.mark.parametrize(
    ("text", "first_year", "day"),
    [
        ("28298", 1900, "1977-06-22"),
        ("２８２９８", 1900, "1977-06-22"),
        ("28298", 1904, "1981-06-23"),
        ("2829", 1900, None),
        ("282980", 1900, None),
        ("2829a", 1900, None),
    ],
)
def test_day_numbers_of_a_spreadsheet(text: str, first_year: int, day: str | None) -> None:
    assert convert_day_number(text, first_year) == day


def test_answers_of_a_mapping_and_blanks(tmp_path: Path) -> None:
    extract = opened(tmp_path, "级别\n中级\n　\n不详\n免\n高级\n")
    answers = {"级别": {"中级": "intermediate", "不详": "unknown", "免": "not_applicable"}}
    [part] = extract.read_rows()
    read = ColumnReader(answers=answers).read_columns(part.block.table, ["级别"])
    assert read.column("级别").to_pylist() == ["intermediate", None, "n/a", "高级"]
