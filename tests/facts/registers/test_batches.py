"""The files of a register: which there are, how far reading has come, what their columns are."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from jifen.facts.registers.faults import RegisterError
from jifen.facts.registers.files import (
    BATCH,
    RegisterFile,
    count_rows,
    list_files,
    read_batches,
    read_schema,
    require_columns,
)
from jifen.policy.text import Text

TABLE = pa.table({"person": [1, 2, 3], "base": ["9000", "", "1.5"]})
LONG = pa.table({"person": pa.array(range(2 * BATCH + 1), pa.int64())})


def written(folder: Path, kind: str, table: pa.Table) -> RegisterFile:
    path = folder / f"part.{kind}"
    if kind == "parquet":
        pq.write_table(table, path, row_group_size=BATCH)
    elif kind == "csv":
        pcsv.write_csv(table, path)
    else:
        make: Any = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with make(str(path), table.schema) as writer:
            writer.write_table(table)
    [part] = list_files([path])
    return part


@pytest.mark.parametrize("kind", ["parquet", "arrow", "ipc", "csv"])
def test_reading_comes_to_its_end_and_numbers_rows_from_one(tmp_path: Path, kind: str) -> None:
    part = written(tmp_path, kind, LONG)
    read = list(read_batches(part, read_schema(part)))
    assert sum(batch.rows.num_rows for batch in read) == LONG.num_rows
    assert max(batch.rows.num_rows for batch in read) <= BATCH or kind == "csv"
    assert read[0].first == 1
    for before, after in pairwise(read):
        assert after.first == before.first + before.rows.num_rows
        assert before.done <= after.done
    assert all(0 <= batch.done <= 1 for batch in read)


def test_the_share_that_is_read_is_that_of_the_rows(tmp_path: Path) -> None:
    part = written(tmp_path, "parquet", LONG)
    shares = [batch.done for batch in read_batches(part, read_schema(part))]
    assert shares == [BATCH / LONG.num_rows, 2 * BATCH / LONG.num_rows, 1.0]


def test_the_share_of_a_stream_is_that_of_its_bytes(tmp_path: Path) -> None:
    part = written(tmp_path, "ipc", LONG)
    shares = [batch.done for batch in read_batches(part, read_schema(part))]
    assert 0 < shares[0] < 1
    assert shares[-1] == pytest.approx(1, abs=0.01)


def test_an_empty_csv_field_is_blank_or_unknown(tmp_path: Path) -> None:
    part = written(tmp_path, "csv", TABLE)
    schema = read_schema(part)
    assert [field.type for field in schema] == [pa.string(), pa.string()]
    assert read_schema(part, text=["base"]).types == [pa.int64(), pa.string()]
    for blank_is_null, second in ((True, None), (False, "")):
        [batch] = read_batches(part, schema, blank_is_null=blank_is_null)
        assert batch.rows.column("base").to_pylist() == ["9000", second, "1.5"]


def test_rows_are_counted_in_parquet_and_estimated_in_the_others(tmp_path: Path) -> None:
    assert count_rows(written(tmp_path, "parquet", LONG)) == LONG.num_rows
    text = tmp_path / "x.csv"
    text.write_text("person\n" + "1\n" * 100)
    [part] = list_files([text])
    assert count_rows(part) == part.size // 40 == 5


def test_hidden_files_and_others_are_no_parts(tmp_path: Path) -> None:
    for name in ("b.csv", "a.CSV", "_tmp.csv", ".a.csv", "note.txt", "sub/c.parquet", ".sub/d.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("person\n1\n")
    (tmp_path / "folder.csv").mkdir()
    parts = list_files([tmp_path])
    assert [str(part.path.relative_to(tmp_path)) for part in parts] == [
        "a.CSV",
        "b.csv",
        "sub/c.parquet",
    ]
    assert [(part.kind, part.number) for part in parts] == [("csv", 0), ("csv", 1), ("parquet", 2)]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("nothing.csv", None, "no such file or folder"),
        ("x.txt", "person\n", "a file ending in '.txt'"),
        ("empty.csv", "", "an empty file"),
    ],
)
def test_what_is_no_register_is_said(
    tmp_path: Path, name: str, content: str | None, found: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(RegisterError, match=found):
        [read_schema(part) for part in list_files([tmp_path / name])]


def test_a_folder_without_parts_is_said(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="a folder without parts"):
        list_files([tmp_path])


KEY = Text("编号", "the key")


def test_wanted_columns_must_be_there_and_once(tmp_path: Path) -> None:
    part = written(tmp_path, "csv", TABLE)
    require_columns(part, TABLE.schema, {"person": KEY, "base": KEY})
    with pytest.raises(RegisterError, match=r"no column 'status' \(the status\)"):
        require_columns(part, TABLE.schema, {"person": KEY, "status": Text("状态", "the status")})
    twice = pa.schema([("person", pa.int64()), ("person", pa.int64())])
    with pytest.raises(RegisterError, match="two columns 'person'"):
        require_columns(part, twice, {"person": KEY})
