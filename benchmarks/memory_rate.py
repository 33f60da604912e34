"""How fast this machine's memory delivers given columns to all cores: each byte read once.

The loop does nothing but an exclusive-or of 64-bit words, which the compiler turns into vectors, so
that memory is all that it waits for.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


def _xor_words(words: NDArray[np.uint64]) -> np.uint64:
    result = np.uint64(0)
    for n in range(words.shape[0]):
        result ^= words[n]
    return result


xor_words = numba.njit(nogil=True)(_xor_words)


def build_reader(columns: Sequence[Column], threads: int) -> Any:
    """A function that reads every byte of the columns once, with so many threads."""
    words = [c[: len(c) // 8 * 8].view(np.uint64) for c in columns]
    pool = ThreadPoolExecutor(threads)
    xor_words(words[0][:8])

    def read_share(number: int) -> None:
        for column in words:
            xor_words(
                column[len(column) * number // threads : len(column) * (number + 1) // threads]
            )

    return lambda: list(pool.map(read_share, range(threads)))


def measure_rate(columns: Sequence[Column], threads: int, rounds: int = 7) -> float:
    """The best rate of several rounds, bytes per second."""
    work, size = build_reader(columns, threads), sum(c.nbytes for c in columns)
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return size / min(times)
