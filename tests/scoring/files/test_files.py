"""Populations in files: every format gives what the table gives, and nothing half-done is left."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.sample_check import Disagreement
from jifen.scoring.files.stream import ScoringOrder, score_file
from jifen.scoring.files.tally import RunSummary
from jifen.scoring.population.scorer import BatchScorer, CellFaults, score_population
from tests.interruptions import run_on_a_full_disk
from tests.people.tables import build_table

POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)
PEOPLE = 3_000


@pytest.fixture(scope="module")
def people() -> pa.Table:
    return build_table(POLICY.rules_on(ON), PEOPLE, 5, unknown=0.002, conduct=False)


def run(source: Path, target: Path, **how: Any) -> RunSummary:
    return score_file(ScoringOrder(POLICY, ON, source, target, **how))


def read(path: Path) -> pa.Table:
    if path.suffix == ".csv":
        return pc.read_csv(path)
    if path.suffix == ".arrow":
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    return pq.read_table(path)


def write(table: pa.Table, path: Path, **how: Any) -> Path:
    if path.suffix == ".csv":
        pc.write_csv(table, path)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(str(path), table.schema) as file:
            file.write_table(table, max_chunksize=700)
    else:
        pq.write_table(table, path, **how)
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".arrow"])
@pytest.mark.parametrize("result", [".parquet", ".csv", ".arrow"])
def test_every_format_gives_what_the_table_gives(
    tmp_path: Path, people: pa.Table, suffix: str, result: str
) -> None:
    source = write(people, tmp_path / f"people{suffix}")
    summary = run(source, tmp_path / f"scored{result}", lines=True)
    expected = score_population(POLICY, people, on=ON, lines=True)
    assert summary.people == PEOPLE
    assert summary.unknown == expected.column("total").null_count
    found = read(tmp_path / f"scored{result}")
    assert found.to_pylist() == expected.to_pylist()


def test_many_row_groups_and_parts_keep_their_order(tmp_path: Path, people: pa.Table) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        write(people.slice(number * 1_000, 1_000), parts / f"{number}.parquet", row_group_size=90)
    run(parts, tmp_path / "scored.parquet", threads=3)
    expected = score_population(POLICY, people, on=ON)
    assert read(tmp_path / "scored.parquet").to_pylist() == expected.to_pylist()


def test_bounds_are_written_where_something_may_be_unknown(tmp_path: Path) -> None:
    known = build_table(POLICY.rules_on(ON), 50, 1)
    run(write(known, tmp_path / "known.parquet"), tmp_path / "a.parquet")
    assert "total_least" not in read(tmp_path / "a.parquet").column_names
    run(tmp_path / "known.parquet", tmp_path / "b.parquet", bounds=True)
    assert "total_least" in read(tmp_path / "b.parquet").column_names


def test_synthetic_people_stay_labelled(tmp_path: Path) -> None:
    table = build_table(POLICY.rules_on(ON), 5, 1).replace_schema_metadata(
        {"jifen.synthetic": "true"}
    )
    run(write(table, tmp_path / "p.parquet"), tmp_path / "s.parquet")
    assert pq.read_schema(tmp_path / "s.parquet").metadata[b"jifen.synthetic"] == b"true"


def _with_faults(tmp_path: Path, people: pa.Table) -> Path:
    parts = tmp_path / "parts"
    parts.mkdir(exist_ok=True)
    for number in range(2):
        part = people.slice(number * 1_000, 1_000)
        months = part.column("insured_months").to_pylist()
        months[10] = 9_999
        index = part.column_names.index("insured_months")
        column = pa.array(months, pa.int64())
        write(part.set_column(index, "insured_months", column), parts / f"{number}.parquet")
    return parts


def _without_contradictions(people: pa.Table) -> pa.Table:
    """The same people without any month of insurance."""
    for ident in {one.fact for one in POLICY.vocabulary.relations} & {*people.column_names}:
        zeros = pa.array([0] * people.num_rows, pa.int64())
        people = people.set_column(people.column_names.index(ident), ident, zeros)
    return people


def test_values_that_cannot_be_used_stand_in_a_second_file(
    tmp_path: Path, people: pa.Table
) -> None:
    summary = run(_with_faults(tmp_path, people), tmp_path / "scored.parquet")
    assert (summary.faults, summary.faulty_rows) == (2, 2)
    rows = read(tmp_path / "scored.faults.parquet").to_pylist()
    told = [row for row in rows if row["code"] != "JF-F042"]  # random totals contradict
    assert summary.contradictions >= len(rows) - len(told) > 0
    assert [(row["row"], row["file"], row["value"]) for row in told] == [
        (10, "0.parquet", "9999"),
        (1_010, "1.parquet", "9999"),
    ]
    assert "0 to 720" in told[0]["reason_en"]
    scored = read(tmp_path / "scored.parquet")
    assert scored.num_rows == 2_000
    assert scored.column("total_least")[10].as_py() is None
    # a later run without faults takes the old list away
    fine = write(_without_contradictions(people), tmp_path / "fine.parquet")
    run(fine, tmp_path / "scored.parquet")
    assert not (tmp_path / "scored.faults.parquet").exists()


def test_strict_refuses_and_leaves_nothing(tmp_path: Path, people: pa.Table) -> None:
    parts = _with_faults(tmp_path, people)
    with pytest.raises(CellFaults) as caught:
        run(parts, tmp_path / "scored.parquet", strict=True)
    assert caught.value.faults[0].row == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts"]


def test_a_sample_is_scored_again(tmp_path: Path, people: pa.Table) -> None:
    source = write(people, tmp_path / "p.parquet", row_group_size=500)
    assert run(source, tmp_path / "s.parquet", check=200, lines=True).checked == 200


def test_a_kernel_that_is_wrong_is_found_and_nothing_is_written(
    tmp_path: Path, people: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = BatchScorer.score

    def wrong(self: Any, coded: Any) -> Any:
        scores = real(self, coded)
        scores.total += 1
        return scores

    monkeypatch.setattr(BatchScorer, "score", wrong)
    source = write(people, tmp_path / "p.parquet")
    with pytest.raises(Disagreement, match="the kernel gives"):
        run(source, tmp_path / "s.parquet", check=100)
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def _broken(tmp_path: Path, people: pa.Table, kind: str) -> Path:
    path = tmp_path / "p.parquet"
    whole = write(people, tmp_path / "whole.parquet").read_bytes()
    contents = {"empty": b"", "cut": whole[:-500], "garbage": b"not a table" * 99}
    if kind in contents:
        path.write_bytes(contents[kind])
    elif kind == "kind":
        path = tmp_path / "p.docx"
        path.write_bytes(b"x")
    (tmp_path / "whole.parquet").unlink()
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("empty", "is empty"),
        ("cut", "is not a whole parquet file"),
        ("garbage", "is not a whole parquet file"),
        ("missing", "there is no such file"),
        ("kind", "is of no known kind"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, people: pa.Table, kind: str, words: str) -> None:
    source = _broken(tmp_path, people, kind)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileFault, match=words):
        run(source, tmp_path / "s.parquet")
    assert sorted(tmp_path.iterdir()) == before


def test_a_damaged_part_is_found_while_it_is_read(tmp_path: Path, people: pa.Table) -> None:
    content = bytearray(write(people, tmp_path / "p.parquet", row_group_size=500).read_bytes())
    content[2_000:9_000] = bytes(7_000)
    (tmp_path / "p.parquet").write_bytes(content)
    with pytest.raises(FileFault, match="is not a whole parquet file"):
        run(tmp_path / "p.parquet", tmp_path / "s.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_no_people_are_a_failure_and_leave_nothing(tmp_path: Path, people: pa.Table) -> None:
    with pytest.raises(FileFault, match="JF-F077 found no row at all; expected at least one"):
        run(write(people.slice(0, 0), tmp_path / "p.parquet"), tmp_path / "s.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_parts_with_other_columns_are_refused(tmp_path: Path, people: pa.Table) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    write(people, parts / "0.parquet")
    write(people.drop_columns(["person"]), parts / "1.parquet")
    with pytest.raises(FileFault, match=r"other columns than 0\.parquet: person"):
        run(parts, tmp_path / "s.parquet")


@pytest.mark.parametrize("where", ["missing/s.parquet", "folder.parquet", "s.xlsx", "p.parquet"])
def test_targets_that_cannot_be_written(tmp_path: Path, people: pa.Table, where: str) -> None:
    (tmp_path / "folder.parquet").mkdir()
    source = write(people, tmp_path / "p.parquet")
    size = source.stat().st_size
    with pytest.raises(FileFault):
        run(source, tmp_path / where)
    assert source.stat().st_size == size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.parquet", "p.parquet"]


JIFEN = str(Path(sys.executable).with_name("jifen"))


def _jifen(*words: str | Path, **how: Any) -> subprocess.CompletedProcess[str]:
    command = [JIFEN, "score", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".arrow"])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, people: pa.Table, suffix: str
) -> None:
    source, target = write(people, tmp_path / "p.parquet"), tmp_path / f"s{suffix}"
    done = run_on_a_full_disk(
        ("jifen.scoring.files.outputs", "ResultFile", "open"),
        "score", "shanghai", "--on", "2025-06-01", source, "-o", target, "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 2
    (words,) = done.stderr.splitlines()
    assert words.startswith(f"{target}: cannot be written (")
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_the_command_says_what_it_did(tmp_path: Path, people: pa.Table) -> None:
    source, target = write(people, tmp_path / "p.parquet"), tmp_path / "s.parquet"
    words = ("shanghai", "--on", "2025-06-01", source, "-o", target)
    done = _jifen(*words, "--check", "20", "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "")
    assert "3,000 people" in done.stderr
    assert "20 of them scored again" in done.stderr
    assert "3,000 人" in _jifen(*words).stderr


def test_exit_statuses_of_the_contract(tmp_path: Path, people: pa.Table) -> None:
    source = write(people.drop_columns(["title"]), tmp_path / "p.parquet")
    target = tmp_path / "s.parquet"
    missing = _jifen("shanghai", "--on", "2025-06-01", source, "-o", target, "--lang", "en")
    assert missing.returncode == 2
    assert "the column 'title' is missing" in missing.stderr
    assumed = ("--assume", "title=none", "--keep", "none")
    done = _jifen("shanghai", "--on", "2025-06-01", source, "-o", target, *assumed)
    assert done.returncode == 0
    assert "person" not in read(target).column_names
    assert _jifen("shanghai", "--on", "2001-06-01", source, "-o", target).returncode == 3
    assert _jifen("shanghai", "--on", "June", source, "-o", target).returncode == 2
    assert _jifen("shanghia", "--on", "2025-06-01", source, "-o", target).returncode == 2
