"""Ctrl-C at every step of writing points: nothing is left, or everything is in its place."""

import contextlib
import signal
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen import drafts
from jifen.cities import load
from jifen.scoring.files import fault_table, outputs
from jifen.scoring.files.outputs import ResultFile
from jifen.scoring.files.stream import ScoringOrder, score_file
from jifen.scoring.population import machine_code
from tests.interruptions import interrupted_at_every_step, run_interrupted
from tests.people.tables import build_table

POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)
TABLE = pa.table({"a": [1, 2]})


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three people, one with a value that cannot be used."""
    table = build_table(POLICY.rules_on(ON), 3, 5, conduct=False)
    months = pa.array([12, 9_999, 24], pa.int64())
    place = table.column_names.index("insured_months")
    pq.write_table(table.set_column(place, "insured_months", months), tmp_path / "p.parquet")
    return tmp_path / "p.parquet"


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".arrow"])
@pytest.mark.parametrize("by_a_stack", [False, True])
def test_a_target_leaves_nothing_beside_its_place(
    tmp_path: Path, suffix: str, by_a_stack: bool
) -> None:
    place = tmp_path / f"s{suffix}"

    def work() -> None:
        with ExitStack() as stack:
            target = ResultFile(place, TABLE.schema)
            if by_a_stack:
                stack.enter_context(target)
            with target:
                target.open()
                target.write(TABLE)
                target.finish()
                target.keep()

    for where in interrupted_at_every_step(work, drafts, outputs, contextlib):
        assert [path.name for path in tmp_path.iterdir()] in ([], [place.name]), where
        place.unlink(missing_ok=True)
    assert place.exists()


def test_an_interruption_while_the_file_is_opened_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = outputs._open_writer

    def interrupted(path: Path, schema: pa.Schema, suffix: str) -> None:
        plain(path, schema, suffix)
        assert list(tmp_path.iterdir()) == [path]
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "_open_writer", interrupted)
    with pytest.raises(KeyboardInterrupt), ResultFile(tmp_path / "s.csv", TABLE.schema) as target:
        target.open()
    assert list(tmp_path.iterdir()) == []


def test_points_and_their_faults_are_both_old_or_both_new(people: Path) -> None:
    pair = (people.with_name("s.parquet"), people.with_name("s.faults.parquet"))
    order = ScoringOrder(POLICY, ON, people, pair[0], threads=1)

    def begin() -> None:
        for path in pair:
            path.write_bytes(b"old")

    begin()
    for where in interrupted_at_every_step(
        lambda: score_file(order), drafts, outputs, fault_table, lines=True
    ):
        assert {path.name for path in people.parent.iterdir()} == {
            people.name, *(path.name for path in pair),
        }, where  # fmt: skip
        assert len({path.read_bytes() == b"old" for path in pair}) == 1, where
        begin()


def test_machine_code_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "kernels" / "1.o"
    for where in interrupted_at_every_step(
        lambda: machine_code._write_cached(place, b"code"), drafts, machine_code
    ):
        left = [path.name for path in tmp_path.rglob("*.*")]
        assert left in ([], ["1.o"]), where
        place.unlink(missing_ok=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", ["open", "write"])
def test_an_interruption_leaves_nothing(
    tmp_path: Path, people: Path, step: str, number: signal.Signals
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for part in range(20):  # more than the threads take up before the first is written
        (parts / f"{part:02}.parquet").symlink_to(people)
    after = ("jifen.scoring.files.outputs", "ResultFile", step)
    words = ("score", "shanghai", "--on", f"{ON}", parts, "-o", tmp_path / "s.parquet")
    done = run_interrupted(after, number, *words)
    assert (done.returncode, done.stderr) == (130, "")
    assert sorted(tmp_path.iterdir()) == [people, parts]
