"""The points of a table of one fact, emitted as ramps and steps: exact for every code that there
is, also where the first step comes before a whole unit."""

import ctypes

import numpy as np
import pytest
from llvmlite import ir

from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import LANES, LaneArithmetic, Lanes, vector_type
from jifen.scoring.population.machine_code import CompiledFunction
from jifen.scoring.population.table_emitter import TableEmitter
from jifen.scoring.population.tables import OutcomeTable

_KIND = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
CODES = np.arange(256, dtype=np.uint8)


def points_of_all_codes(starts: list[int], values: list[int]) -> list[int]:
    table = OutcomeTable("t", ("f",), (tuple(starts),), np.array(values, np.int32))

    def emit() -> ir.Module:
        module = ir.Module()
        bytes_ = ir.IntType(8).as_pointer()
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), [bytes_, bytes_]), "apply")
        build = ir.IRBuilder(function.append_basic_block())
        place, target = function.args
        codes = Lanes(build.load(build.bitcast(place, vector_type(8).as_pointer())), 8, 0, 254)
        found = TableEmitter(build, {"f": codes}).emit_points(table)
        wide = LaneArithmetic(build).widen(found, 32)
        build.store(wide.vector, build.bitcast(target, vector_type(32).as_pointer()))
        build.ret_void()
        return module

    native = CompiledFunction("apply", (starts, values), emit)
    result: list[int] = []
    given, out = (
        allocate_aligned(LANES, np.dtype(np.uint8)),
        allocate_aligned(LANES, np.dtype(np.int32)),
    )
    for start in range(0, len(CODES), LANES):
        given[:] = CODES[start : start + LANES]
        _KIND(native.address)(given.ctypes.data, out.ctypes.data)
        result += out.tolist()
    return result


@pytest.mark.parametrize("first", [1, 2, 10, 59, 60, 61, 74])
@pytest.mark.parametrize(("every", "each"), [(60, 1), (60, 5), (60, -3), (1, 1), (7, 20)])
@pytest.mark.parametrize("base", [0, 7])
def test_a_straight_staircase_is_exact_for_every_code(
    first: int, every: int, each: int, base: int
) -> None:
    jumps = list(range(first, 255, every))[:12]
    starts, values = [0, *jumps], [base + each * n for n in range(len(jumps) + 1)]
    expected = [values[int(np.searchsorted(starts, code, side="right")) - 1] for code in CODES]
    assert points_of_all_codes(starts, values) == expected


@pytest.mark.parametrize(
    "values", [[0, 3, 3, 9], [5, 4, 200, 0], [0, 300, 20, 1], [-4, -8, 40_000, 0], [7, 7, 7, 7]]
)
def test_single_steps_are_exact_in_every_width(values: list[int]) -> None:
    starts = [0, 3, 100, 254]
    expected = [values[int(np.searchsorted(starts, code, side="right")) - 1] for code in CODES]
    assert points_of_all_codes(starts, values) == expected
