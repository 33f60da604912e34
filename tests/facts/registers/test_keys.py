"""Who a row belongs to: numbers in any spelling, rows that match nobody, keys of spreadsheets."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.facts.registers import DerivationSummary, RegisterError, derive_registers
from tests.people.identity_spellings import ODD_SPELLINGS

ON = date(2025, 6, 1)
FIRST, SECOND = "99990119770423007X", "99990219771018001X"
"""Area codes 9999xx were never issued: these are numbers of nobody."""


def derived(folder: Path, contributions: str, people: str = "", **more: Any) -> DerivationSummary:
    (folder / "c.csv").write_text(f"person,from,to,base,status\n{contributions}", "utf-8")
    if people:
        (folder / "p.csv").write_text(f"person,name\n{people}", "utf-8")
        more["people"] = folder / "p.csv"
    rules = load("shanghai", "2018").rules_on(ON)
    return derive_registers(rules, ON, [folder / "c.csv"], folder / "facts.parquet", **more)


def months(done: DerivationSummary) -> dict[str, int]:
    return {r["person"]: r["insured_months"] for r in pq.read_table(done.target).to_pylist()}


def side_table(done: DerivationSummary) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(done.faults_table).to_pylist()
    return rows


def test_six_years_of_insurance_do_not_vanish(tmp_path: Path) -> None:
    rows = f"{FIRST.lower()},2019-07,2025-05,9000,paid\n{SECOND} ,2019-07,2025-05,9000,paid\n"
    done = derived(tmp_path, rows, f"{FIRST},甲\n{SECOND},乙\n")
    assert months(done) == {FIRST: 71, SECOND: 71}
    assert (done.faults, done.strangers) == (0, 0)


@pytest.mark.parametrize("spell", ODD_SPELLINGS.values(), ids=list(ODD_SPELLINGS))
def test_any_spelling_matches_on_either_side(tmp_path: Path, spell: Any) -> None:
    row = ",2024-01,2024-12,9000,paid\n"
    assert months(derived(tmp_path, spell(FIRST) + row, f"{FIRST},甲\n")) == {FIRST: 12}
    assert months(derived(tmp_path, FIRST + row, f"{spell(FIRST)},甲\n")) == {FIRST: 12}
    assert months(derived(tmp_path, spell(FIRST) + row)) == {FIRST: 12}


def test_two_spellings_of_one_person_are_two_rows_of_one_person(tmp_path: Path) -> None:
    people = f"{FIRST},甲\n{FIRST.lower()} ,甲\n"
    done = derived(tmp_path, f"{FIRST},2024-01,2024-12,9000,paid\n", people)
    assert [row["code"] for row in side_table(done)] == ["JF-F061"]
    assert done.persons == 1


def test_a_row_that_matches_nobody_stands_in_the_side_table_masked(tmp_path: Path) -> None:
    rows = f"{FIRST},2024-01,2024-12,9000,paid\n{SECOND},2024-01,2024-12,9000,paid\n"
    done = derived(tmp_path, rows, f"{FIRST},甲\n")
    [row] = side_table(done)
    assert (row["code"], row["file"], row["row"], row["column"]) == (
        "JF-F068",
        "c.csv",
        2,
        "person",
    )
    assert (row["person"], row["value"]) == (None, "999***************")
    assert row["reason_zh"].startswith("人员表中没有这个编号，此行未计入任何人。")
    assert row["reason_en"].startswith("The table of people has no such key")
    assert SECOND not in str(row)
    assert (done.faults, done.strangers) == (0, 1)
    # a register may hold more people than are asked for: that is no fault
    assert derived(tmp_path, rows, f"{FIRST},甲\n", strict=True).strangers == 1


def test_a_key_in_scientific_notation_is_refused_with_advice(tmp_path: Path) -> None:
    done = derived(
        tmp_path, f"9.9999E+17,2024-01,2024-12,9000,paid\n{FIRST},2024-01,2024-12,,paid\n"
    )
    [row] = side_table(done)
    assert (row["code"], row["row"], row["value"]) == ("JF-F069", 1, "9.9999E+17")
    assert "请把这一列的单元格格式设为“文本”" in row["reason_zh"]
    assert "Set the format of the column to text" in row["reason_en"]
    assert months(done) == {FIRST: 12}


def test_keys_that_are_fractions_are_refused_as_a_whole(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table({"person": [3.10101199001011e17], "from": ["2024-01"], "to": ["2024-12"]})
    pq.write_table(table, tmp_path / "c.parquet")
    rules = load("shanghai", "2018").rules_on(ON)
    with pytest.raises(RegisterError) as error:
        derive_registers(rules, ON, [tmp_path / "c.parquet"], tmp_path / "facts.parquet")
    assert "只保留数字的前 15 位" in error.value.words("zh")
    assert "keeps only 15 digits" in error.value.words("en")


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2024.7", "2024年12月", 6),
        ("2024/7/1", "2024/12/31", 6),
        ("202407", "2024-12", 6),
        ("2024年1月", "至今", 17),
        ("2025-06", "至今", 1),
        ("１/２０２４", "12/2024", 12),
    ],
)
def test_months_are_read_as_people_write_them(
    tmp_path: Path, since: str, until: str, count: int
) -> None:
    done = derived(tmp_path, f"{FIRST},{since},{until},1.2万元,正常缴纳\n")
    assert months(done) == {FIRST: count}


def test_days_of_people_are_read_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(f"person,from,to\n{FIRST},2024-01,2024-12\n", "utf-8")
    (tmp_path / "p.csv").write_text(f"person,birth_date\n{FIRST},1990年5月1日\n", "utf-8")
    rules = load("shanghai", "2018").rules_on(ON)
    done = derive_registers(
        rules, ON, [tmp_path / "c.csv"], tmp_path / "facts.parquet", people=tmp_path / "p.csv"
    )
    [row] = pq.read_table(done.target).to_pylist()
    assert (row["birth_date"], row["age"]) == (date(1990, 5, 1), 35)
