"""The kernel and the whole `score_population` against other tools with the same rules."""

import importlib
from statistics import median
from typing import Any

import numpy as np

from benchmarks.population.kernel import COUNT, time_call
from benchmarks.population_data import ON, build_people
from jifen.cities import load
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.scorer import BatchScorer, score_population

PEERS = (("openfisca", 200, 3), ("duckdb", 30, 5), ("polars", 10, 7), ("numpy", 0, 3))


def run() -> None:
    """Compare every row, then time in turn."""
    table, policy = build_people(COUNT), load("shanghai", "2018")
    scorer = BatchScorer(policy.rules_on(ON), ON)
    coded = scorer.build_coder(scorer.plan_columns(table.column_names, bounds=False)).encode(table)
    kernel = get_kernel((scorer.program,), lines=False, people=COUNT)
    outputs, columns = kernel.allocate_outputs(COUNT), order_columns(scorer.program, coded.columns)

    def run_kernel() -> None:
        kernel.score(columns, outputs, [scorer.threshold], count_processors())

    run_kernel()
    total, reached = outputs[0][0], (outputs[0][1] & 4) != 0
    whole = median(time_call(lambda: score_population(policy, table, on=ON)) for _ in range(5))
    print(
        f"peers, {COUNT / 1e6:.0f} M people, the same result on every row; score_population from "
        f"an Arrow table: {COUNT / whole / 1e6:.0f} M people/s"
    )
    for name, bound, rounds in PEERS:
        _measure_peer(name, bound, rounds, table, (run_kernel, total, reached, whole))


def _measure_peer(name: str, bound: int, rounds: int, table: Any, mine: tuple[Any, ...]) -> None:
    """One peer: every row compared, then both timed in turn."""
    ours, total, reached, whole = mine
    peer = importlib.import_module(f"benchmarks.peers.{name}_shanghai")
    prepared = peer.prepare(table)
    peer_results = peer.run(prepared)
    assert np.array_equal(np.asarray(peer_results[0]), total), name
    assert np.array_equal(np.asarray(peer_results[1]), reached), name
    # ours several times in a row: one call is over before the processor has left its rest
    several = 5

    def run_several_times() -> None:
        for _ in range(several):
            ours()

    pairs = [
        (time_call(run_several_times) / several, time_call(lambda: peer.run(prepared)))
        for _ in range(rounds)
    ]
    times = median(b / a for a, b in pairs)
    theirs = median(pair[1] for pair in pairs)
    asked = f"(at least {bound})" if bound else ""
    print(
        f"  {name:10s} {COUNT / theirs / 1e6:8.1f} M people/s   ×{times:6.0f}   {asked}"
        f"   the whole way from the table ×{theirs / whole:.1f}"
    )
