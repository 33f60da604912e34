"""Sums, caps and floors of 64 people in lanes: exact at the ends of every width."""

import ctypes
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from llvmlite import ir

from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import (
    LANES,
    LaneArithmetic,
    Lanes,
    lane_width,
    splat,
    vector_type,
)
from jifen.scoring.population.machine_code import CompiledFunction

_KIND = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_TYPES = {8: np.uint8, 16: np.int16, 32: np.int32}
Operation = Callable[[LaneArithmetic, Lanes], Lanes]


def applied(name: str, values: Sequence[int], operation: Operation) -> tuple[list[int], Lanes]:
    """What an operation makes of some values in their narrowest lanes, and its proven range."""
    least, most = min(values), max(values)
    bits = lane_width(least, most)
    lanes: list[Lanes] = []

    def emit() -> ir.Module:
        module = ir.Module()
        bytes_ = ir.IntType(8).as_pointer()
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), [bytes_, bytes_]), "apply")
        build = ir.IRBuilder(function.append_basic_block())
        place, target = function.args
        vector = build.load(build.bitcast(place, vector_type(bits).as_pointer()))
        arithmetic = LaneArithmetic(build)
        lanes.append(operation(arithmetic, Lanes(vector, bits, least, most)))
        wide = arithmetic.widen(lanes[0], 32)
        build.store(wide.vector, build.bitcast(target, vector_type(32).as_pointer()))
        build.ret_void()
        return module

    native = CompiledFunction("apply", (name, least, most), emit)
    given, result = (
        allocate_aligned(LANES, np.dtype(_TYPES[bits])),
        allocate_aligned(LANES, np.dtype(np.int32)),
    )
    given[:] = np.resize(np.array(values), LANES)
    _KIND(native.address)(given.ctypes.data, result.ctypes.data)
    return result[: len(values)].tolist(), lanes[0]


RANGES = [(0, 10), (0, 255), (0, 256), (-1, 254), (-200, 300), (0, 32767), (-32768, 0), (0, 40000)]


def near(least: int, most: int) -> list[int]:
    return sorted({least, least + 1, (least + most) // 2, most - 1, most})


@pytest.mark.parametrize(
    ("least", "most", "bits"),
    [
        (0, 255, 8),
        (0, 256, 16),
        (-1, 0, 16),
        (0, 32767, 16),
        (0, 32768, 32),
        (-32768, 0, 16),
        (-32769, 0, 32),
    ],
)
def test_a_range_takes_the_narrowest_width(least: int, most: int, bits: int) -> None:
    assert lane_width(least, most) == bits


@pytest.mark.parametrize(("least", "most"), RANGES)
@pytest.mark.parametrize("below", [-1, 0, 1, 7])
def test_a_cap_cuts_whoever_is_above_it(least: int, most: int, below: int) -> None:
    values, cap = near(least, most), most - below
    capped, lanes = applied(f"cap {cap}", values, lambda to, given: to.apply_cap(given, cap))
    assert capped == [min(value, cap) for value in values]
    assert (lanes.least, lanes.most) == (least, min(most, cap))


@pytest.mark.parametrize(("least", "most"), [(0, 10), (0, 255), (-200, 300), (3, 9)])
@pytest.mark.parametrize("cap", [2, 0, -1, -300])
def test_a_cap_below_the_least_is_everybody_s(least: int, most: int, cap: int) -> None:
    values = near(least, most)
    capped, lanes = applied(f"cap {cap}", values, lambda to, given: to.apply_cap(given, cap))
    assert capped == [min(value, cap) for value in values]
    assert (lanes.least, lanes.most) == (min(least, cap), min(most, cap))


@pytest.mark.parametrize(("least", "most"), RANGES)
@pytest.mark.parametrize("above", [-1, 0, 1, 7, 1000, 40_000])
def test_a_floor_lifts_whoever_is_below_it(least: int, most: int, above: int) -> None:
    values, floor = near(least, most), least + above
    floored, lanes = applied(
        f"floor {floor}", values, lambda to, given: to.apply_floor(given, floor)
    )
    assert floored == [max(value, floor) for value in values]
    assert (lanes.least, lanes.most) == (max(least, floor), max(most, floor))


def test_without_a_floor_nothing_is_lifted() -> None:
    values = [-5, 0, 5]
    assert applied("no floor", values, lambda to, given: to.apply_floor(given, None))[0] == values


@pytest.mark.parametrize(("least", "most"), RANGES)
@pytest.mark.parametrize("other", [0, 1, 255, 256, -1, -300, 32767, 40_000])
def test_sums_and_the_higher_of_two_do_not_overflow(least: int, most: int, other: int) -> None:
    values = near(least, most)
    bits = lane_width(other, other)
    constant = Lanes(splat(bits, other), bits, other, other)
    for swapped in (False, True):

        def added(to: LaneArithmetic, given: Lanes, swapped: bool = swapped) -> Lanes:
            return to.add(constant, given) if swapped else to.add(given, constant)

        def higher(to: LaneArithmetic, given: Lanes, swapped: bool = swapped) -> Lanes:
            return to.take_higher(constant, given) if swapped else to.take_higher(given, constant)

        sums, lanes = applied(f"add {other} {swapped}", values, added)
        assert sums == [value + other for value in values]
        assert (lanes.least, lanes.most) == (least + other, most + other)
        best, lanes = applied(f"best {other} {swapped}", values, higher)
        assert best == [max(value, other) for value in values]
        assert (lanes.least, lanes.most) == (max(least, other), max(most, other))
