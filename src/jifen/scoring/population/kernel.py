"""The compiled loop of some programs, run by all processors."""

import ctypes
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.scoring.population.emit import Emitter, line_dtype
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.native import Native
from jifen.scoring.population.program import Program

Column = NDArray[Any]
Programs = tuple[Program, ...]
CHUNK = 1 << 17
"""People that one thread takes at a time."""
_LARGE = 1 << 20
"""From so many people on results are written past the caches."""
_KIND = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
)


class Kernel:
    """Some programs over the same axes, compiled. `score` fills outputs from columns of codes."""

    def __init__(self, programs: Programs, *, lines: bool, streaming: bool) -> None:
        self._programs, self._lines = programs, lines
        prints = [program.fingerprint for program in programs]
        emitter = Emitter(programs, lines=lines, streaming=streaming)
        self._native = Native("score", (prints, lines, streaming), emitter.emit)
        self._run = _KIND(self._native.address)

    def outputs(self, people: int) -> list[list[Column]]:
        """For each program arrays for total, flags and, with lines, each indicator's points."""
        turns = count()
        return [
            [aligned(people, dtype, next(turns)) for dtype in self._types(program)]
            for program in self._programs
        ]

    def _types(self, program: Program) -> list[np.dtype[Any]]:
        types = [program.total_dtype, np.dtype(np.uint8)]
        return types + [line_dtype(table) for table in program.points if self._lines]

    def score(
        self,
        columns: Sequence[Column],
        outputs: Sequence[Sequence[Column]],
        lines: Sequence[int],
        threads: int,
    ) -> None:
        """Score everybody. Columns are C-contiguous, one per axis of the programs, of its dtype;
        `lines` are the scaled points to be reached, one per program."""
        flat = [array for arrays in outputs for array in arrays]
        people = len(flat[0])
        whole = people // LANES * LANES
        limits = (ctypes.c_int32 * len(lines))(*lines)
        places = _addresses(columns), _addresses(flat), limits
        spans = [(start, min(start + CHUNK, whole)) for start in range(0, whole, CHUNK)]
        if threads == 1 or len(spans) == 1:
            for span in spans:
                self._run(*places, *span)
        else:
            list(_pool(threads).map(lambda span: self._run(*places, *span), spans))
        if whole < people:
            self._rest(columns, flat, limits, whole)

    def _rest(
        self, columns: Sequence[Column], outputs: Sequence[Column], limits: Any, whole: int
    ) -> None:
        """The last people, fewer than a vector holds, in arrays that are long enough."""
        given = [aligned(LANES, column.dtype) for column in columns]
        taken = [aligned(LANES, output.dtype) for output in outputs]
        rest = len(outputs[0]) - whole
        for column, copy in zip(columns, given, strict=True):
            copy[:] = 0
            copy[:rest] = column[whole : whole + rest]
        self._run(_addresses(given), _addresses(taken), limits, 0, LANES)
        for output, copy in zip(outputs, taken, strict=True):
            output[whole:] = copy[:rest]


def _addresses(arrays: Sequence[Column]) -> Any:
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))


def kernel_for(programs: Programs, *, lines: bool, people: int) -> Kernel:
    """The kernel of some programs over the same axes, for so many people."""
    return _kernel(programs, lines, people >= _LARGE)


@lru_cache(maxsize=256)
def _kernel(programs: Programs, lines: bool, streaming: bool) -> Kernel:
    return Kernel(programs, lines=lines, streaming=streaming)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="jifen-score")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def aligned(people: int, dtype: np.dtype[Any], turn: int = 0) -> Column:
    """An empty array that begins at a cache line. Arrays of different turns begin at different
    places of a page: columns that all began at the same one would push each other out."""
    stagger = turn % _TURNS * _APART
    size = people * dtype.itemsize
    room = np.empty(size + LANES + _TURNS * _APART, np.uint8)
    first = -room.ctypes.data % LANES + stagger
    array: Column = room[first : first + size].view(dtype)
    return array


_TURNS, _APART = 32, 4096 + 64


def ordered(program: Program, columns: Mapping[str, Column]) -> list[Column]:
    """The columns of a program in its order."""
    return [columns[ident] for ident in program.facts]
