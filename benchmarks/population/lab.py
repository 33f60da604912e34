"""The lab: a thousand variants on a million people; a reform on packed people, again and again."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.population.kernel import COUNT, time_call
from benchmarks.population_data import ON, build_people
from jifen.cities import load
from jifen.lab.population import People, open_packed, open_population, pack_people
from jifen.lab.reforms import compare_reforms
from jifen.lab.scoring import score_people
from jifen.lab.sweeps.sweeper import Sweeper, run_sweep
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring.population.kernel import count_processors
from jifen.scoring.population.program import build_programs

VARIANTS, PEOPLE = 1_000, 1_000_000
_NUMBERS = {
    "age.scale.bands.1.points": 20,
    "education.choice.points.bachelor": 60,
    "title.choice.points.level_3": 60,
    "insurance_years.per_unit.each": 4,
    "entrepreneur.condition.points": 120,
    "startup_intermediary.condition.points": 110,
    "shortage_major.condition.points": 40,
    "investment_tax.per_unit.each": 10,
    "local_jobs.per_unit.each": 9,
    "contribution_base.first_of.steps.0.points": 130,
    "public_service.per_unit.each": 5,
    "outer_suburb.first_of.steps.0.per_unit.each": 3,
    "fresh_graduate.condition.points": 12,
    "award.choice.points.special": 31,
    "local_spouse.per_unit.each": 5,
    "false_material.each_record.each": -150,
    "detention.each_record.each": -50,
    "ordinary_crime.each_record.each": -151,
}


def run() -> None:
    """Sweep, then reform."""
    with tempfile.TemporaryDirectory() as name:
        _measure_sweep(Path(name))
        _measure_reform(Path(name))


def _reformed_policy(number: int, figures: dict[str, str]) -> Policy:
    change = {path: parse_yaml(value, "bench") for path, value in figures.items()}
    return load("shanghai", "2018").apply_reform(Reform(f"v{number}", Text("", ""), change))


def _build_variant(number: int) -> Policy:
    """Every indicator that gives points differs from variant to variant, and so does the line."""
    figures = {f"indicators.{p}": str(_vary_points(number, most)) for p, most in _NUMBERS.items()}
    return _reformed_policy(number, figures | {"decision.lines.0.points": str(100 + number % 40)})


def _vary_points(number: int, most: int) -> int:
    return most - (number % 50) if most < 0 else number % most + 1


def _pack_people(folder: Path, count: int, **same: Any) -> People:
    table = build_people(count)
    for name, value in same.items():
        column = np.full(count, value)
        table = table.set_column(table.column_names.index(name), name, [column])
    pq.write_table(table, folder / f"{count}.parquet", compression="zstd")
    vocabulary = load("shanghai", "2018").vocabulary
    pack_people(
        vocabulary, folder / f"{count}.parquet", folder / f"{count}.packed", counting_day=ON
    )
    return open_packed(folder / f"{count}.packed", vocabulary)


def _measure_sweep(folder: Path) -> None:
    everybody = {"permit_valid": True, "employed_and_insured": True, "serious_crime": False}
    population = _pack_people(folder, PEOPLE, **everybody, insured_months_last_12=np.uint8(12))
    variants = [_build_variant(number) for number in range(VARIANTS)]
    policies = time_call(lambda: [policy.rules_on(ON) for policy in variants])
    programs = time_call(lambda: build_programs(tuple(policy.rules_on(ON) for policy in variants)))
    result = run_sweep(population, variants, ON)
    for number in (0, 1, 499, 999):
        program = build_programs(tuple(policy.rules_on(ON) for policy in variants))[number]
        (alone,) = score_people(population, [program], ON)
        assert result.reached[number].sum() == np.count_nonzero(alone.reached), number
    whole = median(time_call(lambda: run_sweep(population, variants, ON)) for _ in range(5))
    loop = Sweeper(population, build_programs(tuple(p.rules_on(ON) for p in variants)), ON, None)
    loop.count_all(count_processors(), None)
    inner = median(time_call(lambda: loop.count_all(count_processors(), None)) for _ in range(7))
    pairs = VARIANTS * PEOPLE / 1e9
    print(
        f"sweep: {VARIANTS:,} variants × {PEOPLE / 1e6:.0f} M people, 18 indicators and the line "
        f"differ: {pairs / inner:.1f} G people·variants/s   (at least 2; with AVX-512 10)\n"
        f"  with coding the people {pairs / whole:.1f} G/s; before it, reading the variants "
        f"{policies:.1f} s and their tables {programs:.1f} s"
    )


def _measure_reform(folder: Path) -> None:
    population = _pack_people(folder, COUNT)
    policy = load("shanghai", "2018")
    figures = {"indicators.education.choice.points.bachelor_with_degree": "80"}
    reform = _reformed_policy(0, figures)

    def reform_packed() -> None:
        compare_reforms(population, policy, [reform], ON)

    def reform_from_file() -> None:
        source = open_population(folder / f"{COUNT}.parquet", policy.vocabulary, ON)
        with source as (read, _):
            compare_reforms(read, policy, [reform], ON)

    reform_packed()
    pairs = [(time_call(reform_packed), time_call(reform_from_file)) for _ in range(5)]
    times = median(b / a for a, b in pairs)
    ours, parquet = (median(side) * 1e3 for side in zip(*pairs, strict=True))
    print(
        f"a reform on {COUNT / 1e6:.0f} M people again: {ours:.0f} ms on packed columns, "
        f"{parquet:.0f} ms from Parquet   ×{times:.1f}   (at least 10)"
    )
