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

from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.loop_emitter import Emitter, points_dtype
from jifen.scoring.population.machine_code import CompiledFunction
from jifen.scoring.population.program import Program

Column = NDArray[Any]
Programs = tuple[Program, ...]
CHUNK = 1 << 17
"""People that one thread takes at a time."""
_STREAMING_SIZE = 1 << 20
"""From so many people on results are written past the caches."""
_KERNEL_TYPE = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
)


class Kernel:
    """Some programs over the same axes, compiled. `score` fills outputs from columns of codes."""

    def __init__(self, programs: Programs, *, lines: bool, streaming: bool) -> None:
        self._programs, self._lines = programs, lines
        prints = [program.fingerprint for program in programs]
        emitter = Emitter(programs, lines=lines, streaming=streaming)
        self._native = CompiledFunction("score", (prints, lines, streaming), emitter.emit_module)
        self._run = _KERNEL_TYPE(self._native.address)

    def allocate_outputs(self, people: int) -> list[list[Column]]:
        """For each program arrays for total, flags and, with lines, each indicator's points."""
        staggers = count()
        return [
            [
                allocate_aligned(people, dtype, next(staggers))
                for dtype in self._output_dtypes(program)
            ]
            for program in self._programs
        ]

    def _output_dtypes(self, program: Program) -> list[np.dtype[Any]]:
        types = [program.total_dtype, np.dtype(np.uint8)]
        return types + [points_dtype(table) for table in program.points if self._lines]

    def score(
        self,
        columns: Sequence[Column],
        outputs: Sequence[Sequence[Column]],
        thresholds: Sequence[int],
        threads: int,
    ) -> None:
        """Score everybody. Columns are C-contiguous, one per axis of the programs, of its dtype;
        `lines` are the scaled points to be reached, one per program."""
        flat = [array for arrays in outputs for array in arrays]
        people = len(flat[0])
        vectored = people // LANES * LANES
        scaled_thresholds = (ctypes.c_int32 * len(thresholds))(*thresholds)
        addresses = _array_addresses(columns), _array_addresses(flat), scaled_thresholds
        spans = [(start, min(start + CHUNK, vectored)) for start in range(0, vectored, CHUNK)]
        if threads == 1 or len(spans) == 1:
            for span in spans:
                self._run(*addresses, *span)
        else:
            list(_thread_pool(threads).map(lambda span: self._run(*addresses, *span), spans))
        if vectored < people:
            self._score_remainder(columns, flat, scaled_thresholds, vectored)

    def _score_remainder(
        self,
        columns: Sequence[Column],
        outputs: Sequence[Column],
        scaled_thresholds: Any,
        vectored: int,
    ) -> None:
        """The last people, fewer than a vector holds, in arrays that are long enough."""
        padded_columns = [allocate_aligned(LANES, column.dtype) for column in columns]
        padded_outputs = [allocate_aligned(LANES, output.dtype) for output in outputs]
        remaining = len(outputs[0]) - vectored
        for column, copy in zip(columns, padded_columns, strict=True):
            copy[:] = 0
            copy[:remaining] = column[vectored : vectored + remaining]
        self._run(
            _array_addresses(padded_columns),
            _array_addresses(padded_outputs),
            scaled_thresholds,
            0,
            LANES,
        )
        for output, copy in zip(outputs, padded_outputs, strict=True):
            output[vectored:] = copy[:remaining]


def _array_addresses(arrays: Sequence[Column]) -> Any:
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))


def get_kernel(programs: Programs, *, lines: bool, people: int) -> Kernel:
    """The kernel of some programs over the same axes, for so many people."""
    return _compile_kernel(programs, lines, people >= _STREAMING_SIZE)


@lru_cache(maxsize=256)
def _compile_kernel(programs: Programs, lines: bool, streaming: bool) -> Kernel:
    return Kernel(programs, lines=lines, streaming=streaming)


@cache
def _thread_pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="jifen-score")


def count_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def allocate_aligned(people: int, dtype: np.dtype[Any], stagger_number: int = 0) -> Column:
    """An empty array that begins at a cache line. Arrays of different turns begin at different
    places of a page: columns that all began at the same one would push each other out."""
    stagger = stagger_number % _STAGGERS * _STAGGER_BYTES
    size = people * dtype.itemsize
    buffer = np.empty(size + LANES + _STAGGERS * _STAGGER_BYTES, np.uint8)
    first = -buffer.ctypes.data % LANES + stagger
    array: Column = buffer[first : first + size].view(dtype)
    return array


_STAGGERS, _STAGGER_BYTES = 32, 4096 + 64


def order_columns(program: Program, columns: Mapping[str, Column]) -> list[Column]:
    """The columns of a program in its order."""
    return [columns[fact_id] for fact_id in program.facts]
