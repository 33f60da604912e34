"""Columns of numbers → codes, without looking at single values. What does not fit at first sight
(out of range, a fraction where whole numbers are expected, not a number) is marked as doubtful.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.population.axis import Axis, Cut

Column = NDArray[Any]
_YUAN_PLACES = 2
_LONG_DIGITS = 18
"""Decimals of so many digits fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class QuickResult:
    """The rows that have to be looked at one by one (None: no row)."""

    doubtful: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """The numbers of a column: values times 10 ** places; rounded from more digits than fit."""

    values: Column
    places: int
    rounded: bool = False


def encode_numbers(axis: Axis, chunk: pa.Array, codes: Column) -> QuickResult | None:
    """Code a column of numbers; None where the type of the column holds none."""
    numbers = _read_numbers(chunk)
    if numbers is None:
        return None
    doubtful = _find_doubtful(axis.fact, numbers)
    if numbers.rounded and axis.cuts:
        near = _is_near_cut(axis.cuts, numbers.values)
        doubtful = near if doubtful is None else doubtful | near
    if doubtful is not None:
        sound = np.where(doubtful, _placeholder_value(axis.fact, numbers), numbers.values)
        numbers = NumberColumn(sound, numbers.places, numbers.rounded)
    if axis.cuts is None:
        _encode_by_value(axis, numbers, codes)
    else:
        encode_by_cuts(axis.cuts, numbers, codes)
    return QuickResult(doubtful)


def _read_numbers(chunk: pa.Array) -> NumberColumn | None:
    kind = chunk.type
    if pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        dtype = kind.to_pandas_dtype()
        buffer = chunk.buffers()[1]
        values = np.frombuffer(buffer, dtype)[chunk.offset : chunk.offset + len(chunk)]
        if pa.types.is_float32(kind):
            return None  # its digits are those of a shorter number: read one by one
        return NumberColumn(values, 0)
    if pa.types.is_decimal128(kind) and kind.precision <= _LONG_DIGITS and kind.scale >= 0:
        halves = np.frombuffer(chunk.buffers()[1], np.int64).reshape(-1, 2)
        return NumberColumn(halves[chunk.offset : chunk.offset + len(chunk), 0], kind.scale)
    if pa.types.is_decimal(kind) and not pa.types.is_decimal32(kind):
        return NumberColumn(pc.cast(chunk, pa.float64()).to_numpy(zero_copy_only=False), 0, True)
    return None


def _is_near_cut(cuts: tuple[Cut, ...], values: Column) -> NDArray[np.bool_]:
    """Numbers so close to a cut that rounding may have moved them over it."""
    near = np.zeros(len(values), bool)
    for cut in cuts:
        near |= np.abs(values - float(cut.value)) <= _ROUNDING_MARGIN * (1 + abs(float(cut.value)))
    return near


_ROUNDING_MARGIN = 1e-12


def _find_doubtful(fact: Fact, numbers: NumberColumn) -> NDArray[np.bool_] | None:
    values, unit = numbers.values, 10**numbers.places
    if not len(values):
        return None
    least, most = _round_up(fact.least * unit), _round_down(fact.most * unit)
    marked: list[Any] = []
    # for a column of nan both comparisons fail, and so it is marked
    if not (values.min() >= least and values.max() <= most):
        marked.append(~((values >= least) & (values <= most)))
    if fact.type in WHOLE_TYPES:
        marked += _mark_fractions(values, unit)
    elif fact.type == "yuan":
        marked += _mark_extra_places(numbers)
    if not marked:
        return None
    doubtful: NDArray[np.bool_] = np.logical_or.reduce(marked)
    return doubtful if doubtful.any() else None


def _round_up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def _round_down(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_FLOOR))


def _mark_fractions(values: Column, unit: int) -> list[Any]:
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            return [values != np.floor(values)]
    return [values % unit != 0] if unit > 1 else []


def _mark_extra_places(numbers: NumberColumn) -> list[Any]:
    values = numbers.values
    if values.dtype.kind == "f":
        return [values != np.round(values, _YUAN_PLACES)]
    extra = numbers.places - _YUAN_PLACES
    return [values % 10**extra != 0] if extra > 0 else []


def _placeholder_value(fact: Fact, numbers: NumberColumn) -> Any:
    """A value that can be coded, in the place of those that are looked at later."""
    return numbers.values.dtype.type(_round_up(fact.least * 10**numbers.places))


def _encode_by_value(axis: Axis, numbers: NumberColumn, codes: Column) -> None:
    values, least = numbers.values, int(axis.fact.least)
    if numbers.places:
        values = values // 10**numbers.places
    if values.dtype.kind == "f":
        values = values.astype(np.int64)
    # modulo the range of the codes, in which the result is
    codes[:] = values.astype(codes.dtype)
    codes += codes.dtype.type((1 - least) % (int(np.iinfo(codes.dtype).max) + 1))


def encode_by_cuts(cuts: tuple[Cut, ...], numbers: NumberColumn, codes: Column) -> None:
    """The stretch of each number between the cuts; 1 is the first."""
    thresholds = [_cut_threshold(cut, numbers) for cut in cuts]
    if len(thresholds) > _MOST_COMPARISONS:
        codes[:] = np.searchsorted(np.array(thresholds), numbers.values, side="right") + 1
        return
    codes[:] = 1
    for threshold in thresholds:
        codes += numbers.values >= threshold


_MOST_COMPARISONS = 40
"""So many comparisons of a whole column are faster than searching for each value."""


def _cut_threshold(cut: Cut, numbers: NumberColumn) -> Any:
    """The least value of the column that is at or above a cut."""
    if numbers.values.dtype.kind == "f":
        nearest = float(cut.value)
        return np.nextafter(nearest, np.inf) if cut.after else nearest
    scaled = cut.value * 10**numbers.places
    if cut.after:
        return _round_down(scaled) + 1
    return _round_up(scaled)
