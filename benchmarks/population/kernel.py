"""The kernel against the rate at which memory delivers the same columns, in turn.

`JIFEN_BENCH_PEOPLE` sets the number of people (default 10 million).
"""

import os
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.memory_rate import build_reader
from benchmarks.population_data import ON, build_people
from jifen.cities import load
from jifen.scoring.population.coding import CodedPeople
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.program import Program
from jifen.scoring.population.scorer import BatchScorer

COUNT = int(os.environ.get("JIFEN_BENCH_PEOPLE", "10000000"))
ROUNDS = 15


def coded_people(count: int = COUNT) -> tuple[Program, CodedPeople]:
    """People as columns of codes."""
    scorer = BatchScorer(load("shanghai", "2018").rules_on(ON), ON)
    table = build_people(count)
    plan = scorer.plan_columns(table.column_names, bounds=False)
    return scorer.program, scorer.build_coder(plan).encode(table)


def run() -> None:
    """Totals only, and with every contribution."""
    program, coded = coded_people()
    columns = order_columns(program, coded.columns)
    size = sum(column.nbytes for column in columns)
    threads = count_processors()
    read = build_reader(columns, threads)
    print(
        f"population kernel, Shanghai 2018, {COUNT / 1e6:.0f} M people, {threads} threads; "
        f"{size / COUNT:.0f} bytes a person"
    )
    for lines, bound in ((False, "at least 70 %"), (True, "at least 45 %")):
        kernel = get_kernel((program,), lines=lines, people=COUNT)
        outputs = kernel.allocate_outputs(COUNT)
        limits = [program.threshold_on(ON)]

        def score_everybody(
            kernel: Any = kernel, outputs: Any = outputs, limits: Any = limits
        ) -> None:
            kernel.score(columns, outputs, limits, threads)

        ours, theirs = time_in_turn(score_everybody, read)
        share = median(b / a for a, b in zip(ours, theirs, strict=True))
        out = sum(array.nbytes for array in outputs[0]) / COUNT
        what = "  with every contribution" if lines else "  totals and verdicts"
        mine, memory = COUNT / median(ours) / 1e6, COUNT / median(theirs) / 1e6
        print(
            f"{what:28s} {mine:7.0f} M people/s, {out:.0f} bytes out; memory alone "
            f"{memory:7.0f} M/s ({size / median(theirs) / 1e9:.1f} GB/s)   "
            f"{share * 100:.0f} % of it   ({bound})"
        )


def time_in_turn(one: Any, other: Any, rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Times of both, A B A B …, after one call of each."""
    one(), other()
    pairs = [(time_call(one), time_call(other)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def time_call(work: Any) -> float:
    """Seconds of one call."""
    start = perf_counter()
    work()
    return perf_counter() - start
