"""The compiled loop with its data: one stretch of people in all variants at a time."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.sweeps.loop_emitter import LoopStructure, SweepEmitter
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.machine_code import CompiledFunction

_PLACE, _NUMBER = ctypes.c_void_p, ctypes.c_int64
_KIND = ctypes.CFUNCTYPE(None, *[_PLACE] * 4, *[_NUMBER] * 2, *[_PLACE] * 2)


def tile_points(points: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """(variants, codes) → (tiles, codes, 64), aligned; missing variants repeat the last."""
    variants, codes = points.shape
    tiles = -(-variants // LANES)
    wide = np.concatenate([points, np.repeat(points[-1:], tiles * LANES - variants, 0)])
    table = allocate_aligned(tiles * codes * LANES, dtype).reshape(tiles, codes, LANES)
    table[:] = wide.reshape(tiles, LANES, codes).transpose(0, 2, 1)
    return table


class SweepLoop:
    """The compiled loop with its data; `run` counts one stretch of people in all variants."""

    def __init__(
        self,
        structure: LoopStructure,
        codes: list[NDArray[np.uint8]],
        same: list[NDArray[np.int16]],
        tables: list[NDArray[Any]],
        limits: list[NDArray[np.int16]],
    ) -> None:
        self._native = CompiledFunction(
            "sweep", ("sweep", structure.key), SweepEmitter(structure).emit_module
        )
        self._call = _KIND(self._native.address)
        self._kept = codes, same, tables, limits
        self.tiles = len(limits[0])
        self._codes, self._same = _array_addresses(codes), _array_addresses(same)
        self._places = [
            (
                _array_addresses([leaf_tables[n] for leaf_tables in tables]),
                _array_addresses([row[n] for row in limits]),
            )
            for n in range(self.tiles)
        ]

    def count_people(self, start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Counts and sums of people [start, stop), int32 (variants)."""
        dtype = np.dtype(np.int32)
        reached, sums = (allocate_aligned(self.tiles * LANES, dtype) for _ in range(2))
        reached[:], sums[:] = 0, 0
        for tile, (tables, limits) in enumerate(self._places):
            first = tile * LANES
            places = (reached[first:].ctypes.data, sums[first:].ctypes.data)
            self._call(self._codes, self._same, tables, limits, start, stop, *places)
        return reached, sums


def _array_addresses(arrays: Sequence[NDArray[Any]]) -> Any:
    return (ctypes.c_void_p * max(len(arrays), 1))(*(array.ctypes.data for array in arrays))
