"""A compiled loop over people: where its arrays are, and how processors share the people."""

import ctypes
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.scoring.population.kernel import CHUNK
from jifen.scoring.population.lanes import LONG
from jifen.scoring.population.machine_code import CompiledFunction

Arrays = Sequence[NDArray[Any]]
Places = NDArray[np.int64]
"""Addresses of arrays."""
POINTERS = ir.IntType(8).as_pointer().as_pointer()
_KIND = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, *[ctypes.c_int64] * 2)


class LoopFrame:
    """The function `name(inputs: i8**, outputs: i8**, numbers: i64*, start, stop)` with the arrays
    loaded, and a loop from `start` to `stop` in steps of `width` people."""

    def __init__(self, name: str, width: int) -> None:
        self.module, self._width = ir.Module(name=f"jifen-{name}"), width
        kinds = [POINTERS, POINTERS, LONG.as_pointer(), LONG, LONG]
        self._function = ir.Function(self.module, ir.FunctionType(ir.VoidType(), kinds), name=name)
        blocks = ("entry", "loop", "end")
        entry, self._loop, self._end = (self._function.append_basic_block(n) for n in blocks)
        self.build = ir.IRBuilder(entry)

    def load_pointer(self, argument: int, number: int) -> Any:
        """An input (0) or output (1) by its number."""
        places = self._function.args[argument]
        return self.build.load(self.build.gep(places, [ir.Constant(LONG, number)]))

    def load_number(self, number: int) -> Any:
        """One of the numbers, 64 bits wide."""
        return self.build.load(self.build.gep(self._function.args[2], [ir.Constant(LONG, number)]))

    def begin(self) -> Any:
        """Start the loop; the first person of this round."""
        start, stop = self._function.args[3:]
        entry = self.build.block
        self.build.cbranch(self.build.icmp_signed("<", start, stop), self._loop, self._end)
        self.build.position_at_end(self._loop)
        self._position = self.build.phi(LONG)
        self._position.add_incoming(start, entry)
        return self._position

    def finish(self) -> ir.Module:
        """End the loop; the module."""
        stop, build = self._function.args[4], self.build
        following = build.add(self._position, ir.Constant(LONG, self._width))
        self._position.add_incoming(following, build.block)
        build.cbranch(build.icmp_signed("<", following, stop), self._loop, self._end)
        ir.IRBuilder(self._end).ret_void()
        return self.module


class NativeLoop:
    """A compiled loop that is run over people."""

    def __init__(self, name: str, key: object, emit: Callable[[], ir.Module]) -> None:
        self._native = CompiledFunction(name, (name, key), emit)
        self._call = _KIND(self._native.address)

    def run(
        self, inputs: Arrays, outputs: Arrays, numbers: Sequence[int], start: int, stop: int
    ) -> None:
        """Over people [start, stop)."""
        figures = (ctypes.c_int64 * max(len(numbers), 1))(*numbers)
        self._call(_addresses(inputs), _addresses(outputs), figures, start, stop)

    def run_at(
        self, inputs: Places, outputs: Places, figures: NDArray[np.int64], people: int
    ) -> None:
        """Over so many people of arrays that begin at these addresses; `figures` are the
        numbers."""
        places = inputs.ctypes.data, outputs.ctypes.data, figures.ctypes.data
        self._call(*places, 0, people)

    def run_all(
        self,
        inputs: Arrays,
        outputs: Arrays,
        numbers: Sequence[int],
        people: int,
        threads: int,
    ) -> None:
        """Over everybody, by some threads; outputs are written person by person."""
        spans = [(first, min(first + CHUNK, people)) for first in range(0, people, CHUNK)]
        figures = (ctypes.c_int64 * max(len(numbers), 1))(*numbers)
        places = _addresses(inputs), _addresses(outputs), figures
        list(thread_pool(threads).map(lambda span: self._call(*places, *span), spans))


def _addresses(arrays: Arrays) -> Any:
    return (ctypes.c_void_p * max(len(arrays), 1))(*(array.ctypes.data for array in arrays))


@cache
def thread_pool(threads: int) -> ThreadPoolExecutor:
    """The threads that share the people."""
    return ThreadPoolExecutor(threads, thread_name_prefix="jifen-warm")
