"""Scores as Arrow columns: exact points, three-valued answers, nothing for what is not known."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.scoring.population.bounds import UNKNOWN_SHIFT
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED, points_dtype
from jifen.scoring.population.program import Program

if TYPE_CHECKING:
    from jifen.scoring.population.scorer import BatchScores

_ANSWERS = (("eligible", ELIGIBLE), ("vetoed", VETOED), ("reached", REACHED))
Array = NDArray[Any]
Rows = NDArray[np.intp]


def result_names(program: Program, *, lines: bool, bounds: bool) -> list[str]:
    """The names of the columns of a result, in order."""
    return list(result_schema(program, lines=lines, bounds=bounds).names)


def result_schema(program: Program, *, lines: bool, bounds: bool) -> pa.Schema:
    """The columns of a result: the same for every batch of a file."""
    kinds = {"total": program.total_dtype}
    if lines:
        kinds |= {f"points_{table.id}": points_dtype(table) for table in program.points}
    answers = [pa.field(name, pa.bool_()) for name, _ in _ANSWERS]
    fields = []
    for name, dtype in kinds.items():
        kind = points_type(program, dtype)
        fields.append(pa.field(name, kind))
        if bounds:
            fields += [pa.field(f"{name}_{end}", kind) for end in ("least", "most")]
        fields += answers if name == "total" else []
    return pa.schema(fields)


def points_type(program: Program, dtype: np.dtype[Any]) -> pa.DataType:
    """Whole points as integers, tenths and hundredths as exact decimals."""
    places = program.rules.precision
    return pa.decimal128(10, places) if places else pa.from_numpy_dtype(dtype)


def result_table(program: Program, scores: "BatchScores", *, bounds: bool) -> pa.Table:
    """The columns of `result_schema` for one batch."""
    schema = result_schema(program, lines=bool(scores.lines), bounds=bounds)
    columns = []
    for column_number, values in enumerate([scores.total, *scores.lines]):
        columns += _build_point_columns(program, scores, column_number, values, bounds=bounds)
        if column_number == 0:
            columns += [_build_answer_array(scores, bit) for _, bit in _ANSWERS]
    return pa.Table.from_arrays(columns, schema=schema)


def _build_point_columns(
    program: Program, scores: "BatchScores", column_number: int, values: Array, *, bounds: bool
) -> list[pa.Array]:
    faulty = scores.faulty_rows
    if scores.bounds is None:
        column = _build_points_array(program, values, faulty)
        return [column] * (3 if bounds else 1)
    ends = (scores.bounds.least, scores.bounds.most)
    if column_number:
        ends = scores.bounds.lines[column_number - 1]
    low, high = (_replace_rows(values, scores.open_rows, end) for end in ends)
    open_ = np.union1d(scores.open_rows[ends[0] != ends[1]], faulty)
    column = _build_points_array(program, low, open_)
    if not bounds:
        return [column]
    return [
        column,
        _build_points_array(program, low, faulty),
        _build_points_array(program, high, faulty),
    ]


def _replace_rows(values: Array, rows: Rows, replacements: Array) -> Array:
    patched = values.copy()
    patched[rows] = replacements
    return patched


def _build_points_array(program: Program, values: Array, absent: Rows) -> pa.Array:
    kind, valid = points_type(program, values.dtype), _build_validity_bitmap(len(values), absent)
    if program.rules.precision:
        wide = np.zeros((len(values), 2), np.int64)
        wide[:, 0] = values
        wide[:, 1] = values >> 31 if values.dtype.kind == "i" else 0  # the sign, carried on
        values = wide
    return pa.Array.from_buffers(
        kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))], len(absent)
    )


def _build_validity_bitmap(people: int, absent: Rows) -> pa.Buffer | None:
    if not len(absent):
        return None
    valid = np.ones(people, bool)
    valid[absent] = False
    return pa.py_buffer(np.packbits(valid, bitorder="little"))


def _build_answer_array(scores: "BatchScores", bit: int) -> pa.Array:
    flags, absent = scores.flags, scores.faulty_rows
    if scores.bounds is not None:
        flags = _replace_rows(flags, scores.open_rows, scores.bounds.flags)
        unknown = scores.open_rows[(scores.bounds.flags & (bit << UNKNOWN_SHIFT)) != 0]
        absent = np.union1d(absent, unknown)
    bits = np.packbits((flags & bit).view(bool), bitorder="little")
    buffers = [_build_validity_bitmap(scores.people, absent), pa.py_buffer(bits)]
    return pa.Array.from_buffers(pa.bool_(), scores.people, buffers, len(absent))
