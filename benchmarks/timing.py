"""Timing that can be trusted on a busy machine: medians of pairs taken in turn."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def time_call(
    work: Callable[[], object], times: int = 1, clock: Callable[[], float] = perf_counter
) -> float:
    """Seconds for one call, over `times` calls. `process_time` counts those of this process alone,
    where the machine has other work too."""
    start = clock()
    for _ in range(times):
        work()
    return (clock() - start) / times


def measure_ratio(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    rounds: int,
    times: int = 1,
    clock: Callable[[], float] = perf_counter,
) -> tuple[float, float, float]:
    """Medians of ours and theirs (seconds a call) and of the ratio pair by pair, A B A B …"""
    ours(), theirs()
    pairs = [
        (time_call(ours, times, clock), time_call(theirs, times, clock)) for _ in range(rounds)
    ]
    return (
        median(pair[0] for pair in pairs),
        median(pair[1] for pair in pairs),
        median(pair[0] / pair[1] for pair in pairs),
    )


def print_ratio(what: str, measured: tuple[float, float, float], bound: str) -> None:
    """One line: ours, theirs, the ratio, the bound asked for."""
    ours, theirs, times = measured
    print(f"{what:58s} {ours * 1e6:11.1f} µs {theirs * 1e6:9.1f} µs  ×{times:6.1f}   ({bound})")
