"""Registers in every form that is read; files and targets that cannot be used."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from jifen import drafts
from jifen.cities import load
from jifen.facts.registers import (
    DerivationSummary,
    RegisterError,
    derivation,
    derive_registers,
    side_table,
    target,
)
from tests.interruptions import interrupted_at_every_step

ON = date(2025, 6, 15)
RULES = load("shanghai", "2018").rules_on(ON)
TABLE = pa.table(
    {
        "person": [2, 1, 2],
        "from": ["2024-01", "2023-01", "2021-01"],
        "to": ["2024-12", "2023-06", "2021-03"],
        "base": ["12183.00", "", "30000"],
        "status": ["paid", "paid", "deferred"],
        "schemes": ["pension,medical"] * 3,
    }
)
MONTHS = [(1, 6), (2, 12)]


def derived(source: Path | list[Path], target: Path, **more: Any) -> DerivationSummary:
    return derive_registers(
        RULES, ON, source if isinstance(source, list) else [source], target, **more
    )


def months(done: DerivationSummary) -> list[tuple[Any, Any]]:
    rows = pq.read_table(done.target).to_pylist()
    return [(row["person"], row["insured_months"]) for row in rows]


def test_parquet_of_whole_number_keys(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    done = derived(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    assert months(done) == MONTHS
    assert (done.persons, done.rows, done.faults) == (2, 3, 0)


def test_csv_keys_are_text(tmp_path: Path) -> None:
    pcsv.write_csv(TABLE, tmp_path / "c.csv")
    done = derived(tmp_path / "c.csv", tmp_path / "facts.parquet")
    assert months(done) == [("1", 6), ("2", 12)]


@pytest.mark.parametrize("make", [pa.ipc.new_file, pa.ipc.new_stream])
def test_both_forms_of_arrow(tmp_path: Path, make: Any) -> None:
    with make(str(tmp_path / "c.arrow"), TABLE.schema) as writer:
        writer.write_table(TABLE)
    assert months(derived(tmp_path / "c.arrow", tmp_path / "facts.parquet")) == MONTHS


def test_a_folder_of_parts_of_several_kinds(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    (parts / "2024").mkdir(parents=True)
    pq.write_table(TABLE.slice(0, 1), parts / "2024" / "b.parquet")
    pcsv.write_csv(TABLE.slice(1), parts / "a.csv")
    (parts / "_SUCCESS").touch()
    (parts / ".hidden.parquet").touch()
    done = derived(parts, tmp_path / "facts.parquet")
    assert months(done) == [("1", 6), ("2", 12)]


def test_months_as_dates_and_texts_as_dictionaries(tmp_path: Path) -> None:
    first, last = [date(2024, 1, 1)], [datetime(2024, 12, 31, 23, tzinfo=UTC)]
    table = pa.table(
        {
            "person": pa.array(["x"]).dictionary_encode(),
            "from": first,
            "to": pa.array(last, pa.timestamp("us")),
            "status": pa.array(["paid"]).dictionary_encode(),
            "schemes": [["medical", "pension"]],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    assert months(derived(tmp_path / "c.parquet", tmp_path / "facts.parquet")) == [("x", 12)]


def test_an_extract_by_single_months(tmp_path: Path) -> None:
    """Over 600 rows of one person: rows of single months are no spells."""
    rows = [
        {"person": "x", "month": f"{1995 + n // 12}-{n % 12 + 1:02d}", "schemes": scheme}
        for n in range(365)
        for scheme in ("pension", "medical")
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "c.parquet")
    done = derived(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    assert (done.faults, months(done)) == (0, [("x", 365)])


def test_the_same_month_twice_among_many_single_months_is_an_overlap(tmp_path: Path) -> None:
    rows = [
        {"person": "x", "month": f"{1995 + n // 12}-{n % 12 + 1:02d}", "schemes": scheme}
        for n in [*range(365), 24]
        for scheme in ("pension", "medical")
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "c.parquet")
    done = derived(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    told = pq.read_table(done.faults_table).to_pylist()
    assert [(f["code"], f["row"], f["column"]) for f in told] == [
        ("JF-F026", 731, "month"),
        ("JF-F026", 732, "month"),
    ]
    assert months(done) == [("x", None)]


def test_the_columns_are_narrow_and_people_pass_through(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    people = pa.table(
        {
            "person": [3, 1],
            "birth_date": ["2000-02-29", None],
            "education": pa.array(["master", "none"]).dictionary_encode(),
            "permit_issued_on": ["2024-06-16", ""],
            "permit_valid_until": [date(2026, 1, 1)] * 2,
            "average_annual_tax": pa.array([1, 2], pa.decimal128(12, 2)),
        }
    )
    pq.write_table(people, tmp_path / "p.parquet")
    done = derived(
        tmp_path / "c.parquet", tmp_path / "facts.parquet", people=tmp_path / "p.parquet"
    )
    table = pq.read_table(done.target)
    kinds = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert kinds["insured_months"] == "uint16"
    assert kinds["age"] == "uint8"
    assert kinds["permit_valid"] == "bool"
    assert kinds["birth_date"] == "date32[day]"
    assert kinds["average_annual_tax"] == "decimal128(12, 2)"
    assert "permit_issued_on" not in kinds
    rows = {row["person"]: row for row in table.to_pylist()}
    assert rows[3]["insured_months"] == 0
    assert rows[3]["age"] == 25
    assert rows[3]["education"] == "master"
    assert rows[3]["permit_valid"] is True
    assert rows[1]["age"] is None
    assert rows[1]["permit_valid"] is None
    assert done.strangers == 2


def test_people_of_csv_have_the_types_of_their_values(tmp_path: Path) -> None:
    pcsv.write_csv(TABLE, tmp_path / "c.csv")
    text = "person,birth_date,permit_issued_on,permit_valid_until,permit_endorsements,tax\n"
    text += "1,1990-05-01,2023-03-01,2026-01-01,2024-02-01;2025-02-01,7\n2,,,,,\n"
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    done = derived(tmp_path / "c.csv", tmp_path / "facts.parquet", people=tmp_path / "p.csv")
    rows = pq.read_table(done.target).to_pylist()
    assert [(r["person"], r["age"], r["permit_valid"], r["tax"]) for r in rows] == [
        ("1", 35, True, 7),
        ("2", None, None, None),
    ]


def test_the_same_registers_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derivation, "ROWS_A_PARTITION", 1)
    pq.write_table(TABLE, tmp_path / "c.parquet")
    first = derived(tmp_path / "c.parquet", tmp_path / "one.parquet").target.read_bytes()
    assert derived(tmp_path / "c.parquet", tmp_path / "two.parquet").target.read_bytes() == first


def refused(source: Path | list[Path], target: Path, **more: Any) -> str:
    before = sorted(target.parent.rglob("*")) if target.parent.exists() else []
    with pytest.raises(RegisterError) as error:
        derived(source, target, **more)
    after = sorted(target.parent.rglob("*")) if target.parent.exists() else []
    assert after == before  # nothing is left behind
    return str(error.value)


def test_a_missing_column_is_named_with_its_use(tmp_path: Path) -> None:
    pq.write_table(TABLE.drop_columns(["to"]), tmp_path / "c.parquet")
    words = refused(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    assert "no column 'to' (its last month)" in words
    assert "JF-F062" in words


@pytest.mark.parametrize("name", ["c.parquet", "c.csv", "c.arrow"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert "an empty file" in refused(tmp_path / name, tmp_path / "facts.parquet")


def test_a_register_without_rows_is_refused(tmp_path: Path) -> None:
    pq.write_table(TABLE.slice(0, 0), tmp_path / "c.parquet")
    words = refused(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    assert "c.parquet: JF-F064 error" in words
    assert "found:    no row at all" in words
    assert "expected: at least one row" in words
    assert "do:       check the export" in words


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    whole = (tmp_path / "c.parquet").read_bytes()
    (tmp_path / "c.parquet").write_bytes(whole[: len(whole) // 2])
    words = refused(tmp_path / "c.parquet", tmp_path / "facts.parquet")
    assert "no sound parquet file" in words
    assert "export or copy it again" in words


def test_damage_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet", compression="zstd", use_dictionary=False)
    whole = bytearray((tmp_path / "c.parquet").read_bytes())
    whole[4:200] = b"\xff" * 196
    (tmp_path / "c.parquet").write_bytes(whole)
    assert "JF-F063" in refused(tmp_path / "c.parquet", tmp_path / "facts.parquet")


def test_csv_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(b"person,from,to\n\xff\xfe,2024-01,2024-02\n")
    assert "JF-F063" in refused(tmp_path / "c.csv", tmp_path / "facts.parquet")


def test_a_file_of_another_kind_and_a_path_without_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "c.docx").touch()
    assert "'.docx'" in refused(tmp_path / "c.docx", tmp_path / "facts.parquet")
    assert "no such file" in refused(tmp_path / "none.csv", tmp_path / "facts.parquet")
    (tmp_path / "parts").mkdir()
    assert "without parts" in refused(tmp_path / "parts", tmp_path / "facts.parquet")


def test_keys_that_are_neither_text_nor_whole_numbers_are_refused(tmp_path: Path) -> None:
    table = TABLE.set_column(0, "person", pa.array([1.5, 2.5, 3.5]))
    pq.write_table(table, tmp_path / "c.parquet")
    assert "type double" in refused(tmp_path / "c.parquet", tmp_path / "facts.parquet")


def test_a_fact_that_is_given_and_derived_is_refused(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    pq.write_table(pa.table({"person": [1], "insured_months": [7]}), tmp_path / "p.parquet")
    words = refused(
        tmp_path / "c.parquet", tmp_path / "facts.parquet", people=tmp_path / "p.parquet"
    )
    assert "'insured_months'" in words


def test_a_target_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    pq.write_table(TABLE, parts / "c.parquet")
    assert "JF-F065" in refused(parts, tmp_path / "nowhere" / "facts.parquet")
    assert "among the parts" in refused(parts, parts / "facts.parquet")
    assert "read in the same run" in refused(parts / "c.parquet", parts / "c.parquet")
    assert "'.csv'" in refused(parts, tmp_path / "facts.csv")
    assert "a folder" in refused(parts / "c.parquet", _folder(tmp_path / "f.parquet"))


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_full_disk_leaves_the_old_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    target = tmp_path / "facts.parquet"
    old = derived(tmp_path / "c.parquet", target).target.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    assert "No space left on device" in refused(tmp_path / "c.parquet", target)
    assert target.read_bytes() == old


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")

    def stop(stage: str, done: float) -> None:
        if stage == "deriving" and done == 1.0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        derived(tmp_path / "c.parquet", tmp_path / "facts.parquet", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["c.parquet"]


def test_facts_and_their_faults_are_both_old_or_both_new_at_every_step(tmp_path: Path) -> None:
    source = tmp_path / "c.parquet"
    pq.write_table(TABLE, source)
    pair = (tmp_path / "facts.parquet", tmp_path / "facts.faults.parquet")

    def begin() -> None:
        for path in pair:
            path.write_bytes(b"old")

    begin()
    for where in interrupted_at_every_step(
        lambda: derived(source, pair[0]), drafts, target, side_table, lines=True
    ):
        assert sorted(tmp_path.iterdir()) == sorted([source, *pair]), where
        assert len({path.read_bytes() == b"old" for path in pair}) == 1, where
        begin()


def test_a_ragged_csv_row_is_refused_without_repeating_it(tmp_path: Path) -> None:
    text = "person,from,to\nA,2024-01,2024-02\nLi Wei,2024-01\n"
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    words = refused(tmp_path / "c.csv", tmp_path / "facts.parquet")
    assert "row 3: 2 cells" in words
    assert "Li Wei" not in words


def test_a_csv_value_of_another_type_is_refused_without_repeating_it(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "c.parquet")
    rows = "".join(f"{n},7\n" for n in range(4_000_000, 6_500_000))
    (tmp_path / "p.csv").write_text(f"person,tax\n{rows}1,Li Wei\n", encoding="utf-8")
    words = refused(tmp_path / "c.parquet", tmp_path / "facts.parquet", people=tmp_path / "p.csv")
    assert "a value of another type in row 2500002 of 'tax'" in words
    assert "Li Wei" not in words


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("person,from,to,to\nA,2024-01,2024-02,x\n", encoding="utf-8")
    assert "two columns 'to'" in refused(tmp_path / "c.csv", tmp_path / "facts.parquet")


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("person,from,to\n", encoding="utf-8")
    assert "no row at all" in refused(tmp_path / "c.csv", tmp_path / "facts.parquet")


def test_persons_without_contributions_and_partitions_without_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derivation, "ROWS_A_PARTITION", 1)
    pcsv.write_csv(TABLE, tmp_path / "c.csv")
    text = "person,permit_issued_on,permit_valid_until\nNA,2025-01-01,2026-01-01\n2,,\n"
    (tmp_path / "p.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = derived(tmp_path / "c.csv", tmp_path / "facts.parquet", people=tmp_path / "p.csv")
    rows = pq.read_table(done.target).to_pylist()
    told = {row["person"]: (row["insured_months"], row["permit_valid"]) for row in rows}
    assert told == {"NA": (0, True), "2": (12, None)}
    assert (done.persons, done.faults, done.strangers) == (2, 0, 1)
