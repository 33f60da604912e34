"""The way from tables to machine code: staircases, synthetic programs, and what is kept on disk."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llvmlite import ir

import jifen
from jifen.cities import load
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring import assess, score_population
from jifen.scoring.population import machine_code
from jifen.scoring.population.bounds import Bounder
from jifen.scoring.population.kernel import Kernel, order_columns
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.ramps import ramps_and_steps
from jifen.scoring.population.tables import TooWide

POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-40, 40)), max_size=40))
@settings(deadline=None)
def test_ramps_and_steps_are_the_staircase(jumps: list[tuple[int, int]]) -> None:
    starts, values = [0], [7]
    for distance, more in jumps:
        starts.append(starts[-1] + distance)
        values.append(values[-1] + more)
    ramps, steps = ramps_and_steps(starts, values)
    for code in range(starts[-1] + 12):
        expected = values[np.searchsorted(starts, code, side="right") - 1]
        found = values[0] + sum(more for first, more in steps if code >= first)
        for ramp in ramps:
            units = max(code - ramp.first + ramp.every, 0) // ramp.every
            found += ramp.each * min(units, ramp.units)
        assert found == expected


def _changed(**change: str) -> Policy:
    nodes = {path.replace("__", "."): parse_yaml(value, "x") for path, value in change.items()}
    return POLICY.apply_reform(Reform("try", Text("", ""), nodes))


ODD = {
    "caps that cut": {"groups__bonus__most": "100", "groups__basic__most": "90"},
    "a floor below nothing": {"floor": "-200"},
    "no floor": {"floor": "null"},
    "points beyond eight bits": {"indicators__entrepreneur__condition__points": "700"},
    "points beyond sixteen bits": {
        "precision": "1",
        "indicators__entrepreneur__condition__points": "9000.5",
    },
    "points taken away by age": {"indicators__age__scale__bands__1__points": "-30"},
    "a best-of with a loss": {"indicators__title__choice__points__junior": "-90"},
    "a first step and a half": {
        "indicators__local_spouse__per_unit": (
            "{of: spouse_local_months, each: 5, every: 12 months, first: {amount: 7 months, "
            "points: 2}, half: {amount: 6 months, points: 1}, most: 33}"
        )
    },
    "a band of decimals": {
        "indicators__local_jobs": (
            "{id: local_jobs, label: {zh: 岗位, en: Jobs}, group: tax_or_jobs, scale: "
            "{of: average_local_staff, bands: [{from: 0, to: 2.5, points: 1}, "
            "{over: 2.5, under: 7.25, points: 4}, {from: 7.25, points: 9}]}, confidence: unsure}"
        )
    },
}


@pytest.mark.parametrize("change", ODD.values(), ids=list(ODD))
def test_rules_of_any_shape(change: dict[str, str]) -> None:
    """The kernel against the plain evaluator, and against looking up in the tables."""
    policy = _changed(**change)
    program = build_program(policy.rules_on(ON))
    draw = np.random.default_rng(4)
    columns = {
        ident: draw.integers(0, axis.size, 3_000, dtype=axis.dtype)
        for ident, axis in program.axes.items()
    }
    kernel = Kernel((program,), lines=True, streaming=False)
    outputs = kernel.allocate_outputs(3_000)
    kernel.score(order_columns(program, columns), outputs, [program.threshold_on(ON)], 1)
    bounds = Bounder(program).bound_scores(columns, program.threshold_on(ON))
    assert np.array_equal(outputs[0][0], bounds.least)
    assert program.least <= outputs[0][0].min()
    assert outputs[0][0].max() <= program.most
    for line, (low, _) in zip(outputs[0][2:], bounds.lines, strict=True):
        assert np.array_equal(line, low)
    _as_one_by_one(policy, program, draw)


def _as_one_by_one(policy: Policy, program: Program, draw: np.random.Generator) -> None:
    rows: list[dict[str, Any]] = []
    for _ in range(150):
        row: dict[str, Any] = {}
        for ident, axis in program.axes.items():
            if axis.fact.type == "bool":
                row[ident] = bool(draw.integers(2))
            elif axis.fact.type == "choice":
                row[ident] = axis.fact.ids[draw.integers(len(axis.fact.ids))]
            elif axis.fact.type == "count":
                row[ident] = int(draw.random() < 0.05)
            else:
                row[ident] = int(draw.integers(0, min(int(axis.fact.most), 200) + 1))
        row["average_local_staff"] = [2.5, 2.51, 7.24, 7.25, 0, 40][int(draw.integers(6))]
        rows.append(row)
    table = pa.Table.from_pylist(rows)
    for row, found in zip(rows, score_population(policy, table, on=ON).to_pylist(), strict=True):
        assert found["total"] == assess(policy, row, ON).total, row


def test_points_that_are_too_fine_for_a_table_are_refused_with_words() -> None:
    fine = "{of: average_annual_tax, each: 1, every: 1 yuan}"
    with pytest.raises(TooWide, match="'investment_tax' gives too many different points"):
        build_program(_changed(indicators__investment_tax__per_unit=fine).rules_on(ON))


def test_a_fingerprint_changes_with_any_figure() -> None:
    prints = {build_program(POLICY.rules_on(ON)).fingerprint}
    for change in ODD.values():
        prints.add(build_program(_changed(**change).rules_on(ON)).fingerprint)
    assert len(prints) == len(ODD) + 1


PACKAGE = Path(jifen.__file__).parent


_CODE = """
import pyarrow as pa
from datetime import date
from jifen.cities import load
from jifen.scoring import score_population

policy, on = load("shanghai", "2018"), date(2025, 6, 1)
rules = policy.rules_on(on)
facts = [rules.vocabulary[ident] for ident in rules.used]
known = {
    fact.id: False if fact.type == "bool" else fact.ids[0] if fact.ids else fact.least
    for fact in facts
}
table = score_population(policy, pa.table({"person": [1]}), on=on, assume=known)
print(table.column("total")[0], table.column("reached")[0])
"""


def _score_elsewhere(cache: Path, package: Path = PACKAGE) -> str:
    """Total and verdict of somebody, in another process with its own place for machine code."""
    done = subprocess.run(
        [sys.executable, "-c", _CODE],
        env={"JIFEN_CACHE": str(cache), "PATH": "", "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_machine_code_is_kept_and_damaged_code_is_built_anew(tmp_path: Path) -> None:
    first = _score_elsewhere(tmp_path)
    (kept,) = (tmp_path / "kernels").glob("*.o")
    whole = kept.read_bytes()
    for damaged in (whole[:100], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
        kept.write_bytes(damaged)
        assert _score_elsewhere(tmp_path) == first
        assert kept.read_bytes() == whole
    assert (tmp_path / "kernels").stat().st_mode & 0o077 == 0


def test_machine_code_that_is_kept_is_not_built_again(tmp_path: Path) -> None:
    emitted = []

    def emit() -> ir.Module:
        emitted.append(1)
        module = ir.Module()
        block = ir.Function(module, ir.FunctionType(ir.VoidType(), []), "nothing")
        ir.IRBuilder(block.append_basic_block()).ret_void()
        return module

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIFEN_CACHE", str(tmp_path))
        for key in ("one", "one", "another"):
            assert machine_code.CompiledFunction("nothing", key, emit).address
    assert len(emitted) == len(list((tmp_path / "kernels").glob("*.o"))) == 2


def test_a_changed_emitter_is_not_given_the_machine_code_of_the_one_before(tmp_path: Path) -> None:
    package = tmp_path / "jifen"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("office", "__pycache__"))
    cache = tmp_path / "cache"
    before = _score_elsewhere(cache, package)
    emitter = package / "scoring" / "population" / "loop_emitter.py"
    source = emitter.read_text("utf-8")
    capped = source.replace(
        "program.floor)\n", "program.floor)\n        total = arithmetic.apply_cap(total, 1)\n"
    )
    assert capped.count("apply_cap(total, 1)") == 1
    emitter.write_text(capped, "utf-8")
    assert _score_elsewhere(cache, package) != before
    emitter.write_text(source, "utf-8")
    assert _score_elsewhere(cache, package) == before
    assert len(list((cache / "kernels").glob("*.o"))) == 2


def test_the_hash_of_a_folder_follows_every_file_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    seen = set()
    for name, text in (("a.py", "x"), ("a.py", "y"), ("inner/a.py", "y"), ("inner/b.py", "x")):
        (tmp_path / name).write_text(text)
        machine_code.hash_sources.cache_clear()
        seen.add(machine_code.hash_sources(tmp_path))
    (tmp_path / "inner" / "a.py").rename(tmp_path / "inner" / "c.py")
    machine_code.hash_sources.cache_clear()
    seen.add(machine_code.hash_sources(tmp_path))
    assert len(seen) == 5
    (tmp_path / "a.txt").write_text("no source")
    machine_code.hash_sources.cache_clear()
    assert machine_code.hash_sources(tmp_path) in seen


def test_a_place_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "kernels").write_text("a file where the folder should be")
    assert _score_elsewhere(tmp_path)


def test_the_place_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_CACHE", "/one")
    assert machine_code.cache_folder() == Path("/one/kernels")
    monkeypatch.delenv("JIFEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/two")
    assert machine_code.cache_folder() == Path("/two/jifen/kernels")
