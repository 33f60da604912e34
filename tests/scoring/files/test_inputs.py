"""Files of people: their parts, their columns without gaps, and what is no such file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.feather as pf
import pyarrow.parquet as pq
import pytest

from jifen.facts.extracts.column_names import ColumnNames
from jifen.facts.extracts.table import TableReading
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.inputs import PART_SIZE, open_people

LONG = pa.table({"person": pa.array(range(PART_SIZE + 5), pa.int32())})
SHORT = pa.table({"person": [1, 2, 3], "area": ["a", None, "b"]})


def said(path: Path) -> tuple[str, str]:
    with pytest.raises(FileFault) as error:
        open_people(path)
    assert str(error.value) == error.value.words.en
    return error.value.words.zh, error.value.words.en


@pytest.mark.parametrize("name", ["nobody.parquet", "nobody.xlsx", "nobody"])
def test_what_is_not_there_is_said_whatever_its_name(tmp_path: Path, name: str) -> None:
    zh, en = said(tmp_path / name)
    assert en.endswith(": there is no such file. Check the path and the name.")
    assert zh.endswith("：没有这个文件。请核对路径和文件名。")


def test_what_is_no_file_of_people_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_text("x")
    assert (
        "of no known kind; expected .parquet, .csv, .tsv, .arrow, .feather, .xlsx"
        in said(tmp_path / "x.docx")[1]
    )
    (tmp_path / "empty.csv").write_text("")
    assert "is empty (0 bytes)" in said(tmp_path / "empty.csv")[1]
    (tmp_path / "x.parquet").write_text("no parquet")
    assert "is not a whole parquet file" in said(tmp_path / "x.parquet")[1]


def test_a_folder_holds_parts_of_one_kind_with_the_same_columns(tmp_path: Path) -> None:
    assert "holds no part file" in said(tmp_path)[1]
    pq.write_table(SHORT, tmp_path / "b.parquet")
    (tmp_path / "note.txt").write_text("x")
    (tmp_path / "c.parquet").mkdir()
    pq.write_table(SHORT, tmp_path / "a.PARQUET")
    people = open_people(tmp_path)
    assert [file.name for file in people.files] == ["a.PARQUET", "b.parquet"]
    assert people.people == 6
    pcsv.write_csv(SHORT, tmp_path / "d.csv")
    assert "holds several kinds: .csv, .parquet" in said(tmp_path)[1]
    (tmp_path / "d.csv").unlink()
    pq.write_table(SHORT.rename_columns(["person", "other"]), tmp_path / "z.parquet")
    assert "z.parquet: has other columns than a.PARQUET: area, other" in said(tmp_path)[1]
    pq.write_table(SHORT.select(["area", "person"]), tmp_path / "z.parquet")
    assert "has other columns than a.PARQUET: (order)" in said(tmp_path)[1]


def test_columns_of_which_nothing_is_null_are_known(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(SHORT, path)
    assert open_people(path).no_nulls == {"person"}
    pq.write_table(SHORT, path, write_statistics=False)
    assert open_people(path).no_nulls == frozenset()
    pq.write_table(SHORT.append_column("deep", pa.array([{"x": 1, "y": 2}] * 3)), path)
    assert open_people(path).no_nulls == frozenset()


def test_row_groups_are_read_together_up_to_a_part(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(LONG, path, row_group_size=PART_SIZE // 2)
    parts = list(open_people(path).split_into_parts())
    assert [(part.people, part.groups) for part in parts] == [(PART_SIZE, (0, 1)), (5, (2,))]
    assert parts[1].read_columns(["person"]).num_rows == 5
    pq.write_table(LONG, path, row_group_size=PART_SIZE + 5)
    assert [part.people for part in open_people(path).split_into_parts()] == [PART_SIZE + 5]


@pytest.mark.parametrize("suffix", ["arrow", "feather"])
def test_a_long_batch_is_cut_into_parts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p.{suffix}"
    if suffix == "feather":
        pf.write_feather(LONG, str(path), chunksize=PART_SIZE + 5, compression="uncompressed")
    else:
        make: Any = pa.ipc.new_file
        with make(str(path), LONG.schema) as writer:
            writer.write_table(LONG)
    people = open_people(path)
    parts = list(people.split_into_parts())
    assert people.people == PART_SIZE + 5
    assert [(part.people, part.rows) for part in parts] == [
        (PART_SIZE, (0, 0, PART_SIZE)),
        (5, (0, PART_SIZE, 5)),
    ]
    last = parts[1].read_columns(["person"]).column("person").to_pylist()
    assert last == list(range(PART_SIZE, PART_SIZE + 5))


def test_answers_of_a_csv_file_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("person,tax,area\n1,007,\n2,1e3,NA\n")
    reading = TableReading(ColumnNames({}), is_text=lambda name: name in ("tax", "area"))
    people = open_people(path, reading)
    assert people.people is None
    [part] = people.split_into_parts()
    rows = part.read_columns(["person", "tax", "area"]).to_pylist()
    assert rows == [
        {"person": 1, "tax": "007", "area": None},
        {"person": 2, "tax": "1e3", "area": "NA"},
    ]
