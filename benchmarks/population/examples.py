"""What a person costs under the measures of `examples/policies`, against Shanghai 2018.

Columns of random codes, one thread, processor time and not the clock, the measures in turn.
`JIFEN_BENCH_PEOPLE` sets the number of people (default 4 million).
"""

import os
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from benchmarks.population_data import ON
from jifen.cities import load
from jifen.cities.city_files import read_city
from jifen.policy.policy import Policy
from jifen.scoring.population.kernel import (
    Kernel,
    allocate_aligned,
    get_kernel,
    order_columns,
)
from jifen.scoring.population.program import Program, build_program

COUNT = int(os.environ.get("JIFEN_BENCH_PEOPLE", "4000000"))
FOLDER = Path(__file__).parents[2] / "examples" / "policies"
ROUNDS = 11


def run() -> None:
    """Nanoseconds of a processor for each person, and how often Shanghai's."""
    shanghai = _prepare(load("shanghai", "2018"))
    print(f"processor time a person, totals and verdicts, {COUNT / 1e6:.0f} M people, one thread:")
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        city = read_city(folder)
        example = _prepare(load(city, city.versions[-1].version))
        example(), shanghai()
        pairs = [(example(), shanghai()) for _ in range(ROUNDS)]
        ours, theirs = (median(pair[end] for pair in pairs) / COUNT * 1e9 for end in (0, 1))
        ratio = median(mine / other for mine, other in pairs)
        print(f"  {city.id:12s} {ours:6.2f} ns, Shanghai {theirs:6.2f} ns   ×{ratio:.2f}   (3)")


def _prepare(policy: Policy) -> Any:
    program = build_program(policy.rules_on(ON))
    kernel = get_kernel((program,), lines=False, people=COUNT)
    columns = order_columns(program, _draw_codes(program))
    outputs = kernel.allocate_outputs(COUNT)

    def score_everybody() -> float:
        return _time_score(kernel, columns, outputs, program.threshold_on(ON))

    return score_everybody


def _time_score(kernel: Kernel, columns: Any, outputs: Any, threshold: int) -> float:
    start = process_time()
    kernel.score(columns, outputs, [threshold], 1)
    return process_time() - start


def _draw_codes(program: Program) -> dict[str, Any]:
    draw, columns = np.random.default_rng(7), {}
    for number, (fact_id, axis) in enumerate(program.axes.items()):
        column = allocate_aligned(COUNT, axis.dtype, number)
        column[:] = draw.integers(0, axis.size, COUNT, dtype=axis.dtype)
        columns[fact_id] = column
    return columns
