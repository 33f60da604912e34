"""What the first call of a policy costs, and what a later process pays."""

import os
import tempfile
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from jifen.cities import index, load
from jifen.policy.policy import Policy
from jifen.scoring.population.kernel import Kernel
from jifen.scoring.population.program import build_program, build_programs

T = TypeVar("T")


def run() -> None:
    """Tables, compiling and loading from disk, for every measure."""
    print("first call of a policy, and of a later process:")
    configured_cache = os.environ.get("JIFEN_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JIFEN_CACHE"] = folder
        for city in index().values():
            for version in city.versions:
                _measure_policy(load(city.id, version.version))
    os.environ.pop("JIFEN_CACHE")
    if configured_cache:
        os.environ["JIFEN_CACHE"] = configured_cache


def _measure_policy(policy: Policy) -> None:
    rules = policy.rules_on(policy.until or policy.since)
    build_programs.cache_clear()
    build_program.cache_clear()
    tables, program = _time_call(lambda: build_program(rules))
    built, _ = _time_call(lambda: Kernel((program,), lines=True, streaming=False))
    loaded, _ = _time_call(lambda: Kernel((program,), lines=True, streaming=False))
    print(
        f"  {policy.id} {policy.version}: tables {tables * 1e3:.0f} ms, "
        f"compiled {built * 1e3:.0f} ms, loaded from disk {loaded * 1e3:.1f} ms"
    )


def _time_call(work: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result
