"""The effect of a draft while somebody types: every round another figure, with five groupings,
against a bare call of the kernel for the version and the draft on the same people."""

import tempfile
from itertools import count
from pathlib import Path
from statistics import median

import pyarrow.parquet as pq

from benchmarks.population_data import ON, build_people
from benchmarks.timing import time_call
from jifen.cities import load
from jifen.lab.population import People, open_packed, pack_people
from jifen.lab.reforms.serialization import reform_to_dict
from jifen.lab.warm import WarmPeople
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.program import build_programs

MILLIONS = (1, 4, 10)
GROUPS = ("age:10", "education", "study_mode", "study_place", "title")
ROUNDS = 9
_BACHELOR = "indicators.education.choice.points.bachelor_with_degree"
_INSURANCE = "indicators.insurance_years.per_unit.each"


def run() -> None:
    """For each size: one answer of a choice, and a figure that changes almost everybody's total."""
    with tempfile.TemporaryDirectory() as name:
        for millions in MILLIONS:
            _measure(Path(name), millions * 1_000_000)


def _measure(folder: Path, people: int) -> None:
    policy, numbers = load("shanghai", "2018"), count(1)
    population = pack_bench_people(folder, people, policy)
    warm = WarmPeople(population)
    drafted = _draft(policy, _BACHELOR, 80)
    programs = build_programs((policy.rules_on(ON), drafted.rules_on(ON)))
    kernel = get_kernel(programs, lines=False, people=people)
    columns = order_columns(programs[0], population.get_columns(programs[0]))
    outputs = kernel.allocate_outputs(people)
    lines = [program.threshold_on(ON) for program in programs]

    def score() -> None:
        kernel.score(columns, outputs, lines, count_processors())

    for what, path in (("one answer", _BACHELOR), ("every year", _INSURANCE)):

        def simulate(path: str = path) -> None:
            number = next(numbers)
            figure = 60 + number % 60 if path == _BACHELOR else 4 + number
            reform = _draft(policy, path, figure)
            reform_to_dict(warm.compare_reform(policy, reform, ON, groups=GROUPS))

        simulate()
        score()
        pairs = [(time_call(simulate), time_call(score)) for _ in range(ROUNDS)]
        ours, bare = (median(side) * 1e3 for side in zip(*pairs, strict=True))
        ratio = median(a / b for a, b in pairs)
        print(
            f"a draft on {people / 1e6:.0f} M people, {what}: {ours:.0f} ms; the kernel alone "
            f"{bare:.0f} ms   ×{ratio:.1f}   (at most 2.5; 1,000 ms)"
        )


def _draft(policy: Policy, path: str, figure: int) -> Policy:
    change = {path: parse_yaml(str(figure), "bench")}
    return policy.apply_reform(Reform("draft", Text("", ""), change))


def pack_bench_people(folder: Path, count: int, policy: Policy) -> People:
    """So many people, packed in a folder and mapped."""
    file, packed = folder / f"{count}.parquet", folder / f"{count}.packed"
    pq.write_table(build_people(count), file, compression="zstd")
    pack_people(policy.vocabulary, file, packed, counting_day=ON)
    file.unlink()
    return open_packed(packed, policy.vocabulary)
