"""A cluster gives the bytes that one machine gives, also where a worker is killed."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from jifen import __version__
from jifen.cities import load
from jifen.lab.cluster import (
    compare_reforms_on_cluster,
    make_cluster_runner,
    runner,
    sweep_on_cluster,
)
from jifen.lab.cluster.runner import ClusterFault, SentJob, _get_part_scorer
from jifen.lab.population import open_population
from jifen.lab.reforms import compare_reforms
from jifen.lab.reforms.serialization import reform_to_dict
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.lab.sweeps.sweeper import run_sweep
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.stream import ScoringOrder, score_file
from jifen.scoring.population.machine_code import ENGINE
from tests.people.changed_policies import change_policy
from tests.people.tables import build_table

distributed: Any = import_module("distributed")
POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    options: Any = {"dashboard_address": ":0", "silence_logs": 50, "threads_per_worker": 1}
    with distributed.LocalCluster(n_workers=2, processes=True, **options) as made:
        yield made


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of many small parts, so that a run goes on for a while."""
    folder = tmp_path_factory.mktemp("parts")
    table = build_table(POLICY.rules_on(ON), 4_000, 9, unknown=0.003, conduct=False)
    for number in range(40):
        pq.write_table(table.slice(number * 100, 100), folder / f"{number:03}.parquet")
    return folder


def _order(parts: Path, target: Path, **how: Any) -> ScoringOrder:
    return ScoringOrder(POLICY, ON, parts, target, lines=True, **how)


def test_the_bytes_are_those_of_one_machine(cluster: Any, parts: Path, tmp_path: Path) -> None:
    here = score_file(_order(parts, tmp_path / "here.parquet"))
    there = score_file(
        _order(parts, tmp_path / "there.parquet", check=30),
        None,
        make_cluster_runner(cluster.scheduler_address),
    )
    assert (there.people, there.reached, there.unknown) == (here.people, here.reached, here.unknown)
    assert there.checked == 30
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()


def test_a_killed_worker_neither_loses_nor_doubles_a_row(
    cluster: Any, parts: Path, tmp_path: Path
) -> None:
    score_file(_order(parts, tmp_path / "here.parquet"))
    with distributed.Client(cluster) as client:
        first = next(iter(client.run(os.getpid).values()))
    killed: list[int] = []

    def kill(done: int, _: int | None) -> None:
        if not killed:
            os.kill(first, signal.SIGKILL)
            killed.append(done)

    run = make_cluster_runner(cluster.scheduler_address)
    summary = score_file(_order(parts, tmp_path / "there.parquet"), kill, run)
    assert 0 < killed[0] < summary.people == 4_000
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()


def test_a_fault_on_a_worker_comes_back_as_itself(
    cluster: Any, parts: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    content = bytearray((parts / "000.parquet").read_bytes())
    content[100:1_500] = bytes(1_400)
    (broken / "0.parquet").write_bytes(content)
    with pytest.raises(FileFault, match=r"0\.parquet: is not a whole parquet file"):
        score_file(
            _order(broken, tmp_path / "s.parquet"),
            None,
            make_cluster_runner(cluster.scheduler_address),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


def test_processes_of_this_machine(parts: Path, tmp_path: Path) -> None:
    score_file(_order(parts, tmp_path / "here.parquet"))
    score_file(_order(parts, tmp_path / "there.parquet"), None, make_cluster_runner("local:2"))
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()


def test_a_worker_with_other_rules_refuses() -> None:
    other: Any = None
    sent = SentJob(other, "shanghai", "2018", "sha256:other", (__version__, ENGINE))
    with pytest.raises(ClusterFault, match="install the same version everywhere"):
        _get_part_scorer(sent)
    older = SentJob(other, "shanghai", "2018", POLICY.hash, ("0.0.1", 0))
    with pytest.raises(ClusterFault, match="install the same version everywhere"):
        _get_part_scorer(older)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers there"),
        ("local:none", "should be local:N"),
        ("local:0", "should be local:N"),
    ],
)
def test_a_cluster_that_is_not_there(
    parts: Path, tmp_path: Path, address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(ClusterFault, match=words):
        score_file(_order(parts, tmp_path / "s.parquet"), None, make_cluster_runner(address))
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_way_to_it_is_told(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterFault, match=r"pip install 'jifen\[cluster\]'"):
        score_file(_order(parts, tmp_path / "s.parquet"), None, make_cluster_runner("local:2"))


def test_a_reform_counted_in_parts_is_that_of_one_machine(
    cluster: Any, parts: Path, tmp_path: Path
) -> None:
    reform = change_policy(
        POLICY, indicators__award="null", indicators__investment_tax__per_unit__every="60000 yuan"
    )
    with open_population(parts, POLICY.vocabulary, ON) as (people, _):
        here = compare_reforms(people, POLICY, [reform], ON, groups=["education", "age:10"])
    address = cluster.scheduler_address
    there, _ = compare_reforms_on_cluster(
        address, parts, POLICY, [reform], ON, groups=["education", "age:10"]
    )
    assert reform_to_dict(there[0]) == reform_to_dict(here[0])
    assert (there[0].change == here[0].change).all()
    assert there[0].people == 4_000


def test_a_sweep_counted_in_parts_is_that_of_one_machine(
    cluster: Any, parts: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(
        'language: "1"\nsweep: s\nlabel: {zh: 扫, en: S}\npolicy: shanghai-points\nvary:\n'
        "  - {id: line, label: {zh: 线, en: Line}, paths: [decision.lines.0.points],"
        " values: [90, 120, 150]}\n",
        encoding="utf-8",
    )
    plan = load_sweep(file, POLICY)
    with open_population(parts, POLICY.vocabulary, ON) as (people, _):
        here = run_sweep(people, list(plan.list_variants(POLICY)), ON, group="education")
    there, _ = sweep_on_cluster(
        cluster.scheduler_address, parts, POLICY, plan, ON, group="education"
    )
    for name in ("reached", "perhaps", "sums", "known", "usable", "people"):
        assert np.array_equal(getattr(here, name), getattr(there, name)), name


class _AlwaysKilled:
    """A part on which every worker dies, as dask tells it."""

    def result(self) -> Any:
        raise import_module("distributed.scheduler").KilledWorker("part", None, 3)


def test_workers_that_keep_dying_are_told() -> None:
    with pytest.raises(ClusterFault, match="workers died again and again"):
        runner.wait_for_outcome("tcp://there:8786", _AlwaysKilled())
