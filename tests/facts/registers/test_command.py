"""`jifen facts derive` as a command of its own process."""

import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.interruptions import run_interrupted

RUN = "from jifen.cli.facts import app; app()"


def extract(folder: Path) -> Path:
    table = pa.table({"person": ["A", "B"], "from": ["2024-01"] * 2, "to": ["2024-12", "2024"]})
    pq.write_table(table, folder / "c.parquet")
    return folder / "c.parquet"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", RUN, "derive", *map(str, arguments), "--lang", "en"]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_it_writes_the_table_and_the_faults_and_says_so(tmp_path: Path) -> None:
    target = tmp_path / "facts.parquet"
    done = command("shanghai", extract(tmp_path), "--on", "2025-06-15", "-o", target)
    assert done.returncode == 0, done.stderr
    assert "2 persons from 2 rows" in done.stderr
    assert "1 faults of 1 persons" in done.stderr
    assert pq.read_table(target)["insured_months"].to_pylist() == [12, None]
    assert pq.read_table(tmp_path / "facts.faults.parquet")["code"].to_pylist() == ["JF-F021"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["shanghai", "--on", "2025-06-15", "--strict"], 2, "JF-F067"),
        (["shanghai", "--on", "2025-6-15"], 2, "--on: '2025-6-15' is not a date"),
        (["shanghai", "--on", "2001-01-01"], 3, "no policy of shanghai is in force"),
        (["shanghia", "--on", "2025-06-15"], 2, "write 'shanghai'"),
        (["shanghai", "--on", "2025-06-15", "--version", "1999"], 2, "1999"),
        (["shanghai", "--on", "2025-06-15", "--record-facts", "x"], 2, "no list of dates"),
    ],
)
def test_what_it_cannot_do_ends_with_words(
    tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    city, *options = arguments
    done = command(city, extract(tmp_path), *options, "-o", tmp_path / "facts.parquet")
    assert (done.returncode, words in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["c.parquet"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "step",
    [
        ("jifen.drafts", "Workspace", "make_folder"),
        ("jifen.facts.registers.derivation", "_DerivationRun", "_spread_rows"),
    ],
)
def test_a_stop_from_outside_leaves_nothing_behind(
    tmp_path: Path, step: tuple[str, str, str], how: signal.Signals
) -> None:
    words = ("facts", "derive", "shanghai", extract(tmp_path), "--on", "2025-06-15")
    done = run_interrupted(step, how, *words, "-o", tmp_path / "facts.parquet")
    assert (done.returncode, done.stderr) == (130, "")
    assert [path.name for path in tmp_path.iterdir()] == ["c.parquet"]
