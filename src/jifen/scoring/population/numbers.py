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
class Quick:
    """The rows that have to be looked at one by one (None: no row)."""

    doubtful: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a column: values times 10 ** places; rounded from more digits than fit."""

    values: Column
    places: int
    rounded: bool = False


def quick_numbers(axis: Axis, chunk: pa.Array, codes: Column) -> Quick | None:
    """Code a column of numbers; None where the type of the column holds none."""
    numbers = _numbers(chunk)
    if numbers is None:
        return None
    doubtful = _doubtful(axis.fact, numbers)
    if numbers.rounded and axis.cuts:
        near = _near_a_cut(axis.cuts, numbers.values)
        doubtful = near if doubtful is None else doubtful | near
    if doubtful is not None:
        sound = np.where(doubtful, _within(axis.fact, numbers), numbers.values)
        numbers = Numbers(sound, numbers.places, numbers.rounded)
    if axis.cuts is None:
        _one_by_one(axis, numbers, codes)
    else:
        code_by_cuts(axis.cuts, numbers, codes)
    return Quick(doubtful)


def _numbers(chunk: pa.Array) -> Numbers | None:
    kind = chunk.type
    if pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        dtype = kind.to_pandas_dtype()
        buffer = chunk.buffers()[1]
        values = np.frombuffer(buffer, dtype)[chunk.offset : chunk.offset + len(chunk)]
        if pa.types.is_float32(kind):
            return None  # its digits are those of a shorter number: read one by one
        return Numbers(values, 0)
    if pa.types.is_decimal128(kind) and kind.precision <= _LONG_DIGITS and kind.scale >= 0:
        halves = np.frombuffer(chunk.buffers()[1], np.int64).reshape(-1, 2)
        return Numbers(halves[chunk.offset : chunk.offset + len(chunk), 0], kind.scale)
    if pa.types.is_decimal(kind) and not pa.types.is_decimal32(kind):
        return Numbers(pc.cast(chunk, pa.float64()).to_numpy(zero_copy_only=False), 0, True)
    return None


def _near_a_cut(cuts: tuple[Cut, ...], values: Column) -> NDArray[np.bool_]:
    """Numbers so close to a cut that rounding may have moved them over it."""
    found = np.zeros(len(values), bool)
    for cut in cuts:
        found |= np.abs(values - float(cut.value)) <= _CLOSE * (1 + abs(float(cut.value)))
    return found


_CLOSE = 1e-12


def _doubtful(fact: Fact, numbers: Numbers) -> NDArray[np.bool_] | None:
    values, unit = numbers.values, 10**numbers.places
    if not len(values):
        return None
    least, most = _ceiling(fact.least * unit), _floor(fact.most * unit)
    marked: list[Any] = []
    # for a column of nan both comparisons fail, and so it is marked
    if not (values.min() >= least and values.max() <= most):
        marked.append(~((values >= least) & (values <= most)))
    if fact.type in WHOLE_TYPES:
        marked += _fractions(values, unit)
    elif fact.type == "yuan":
        marked += _too_many_places(numbers)
    if not marked:
        return None
    found: NDArray[np.bool_] = np.logical_or.reduce(marked)
    return found if found.any() else None


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def _floor(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_FLOOR))


def _fractions(values: Column, unit: int) -> list[Any]:
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            return [values != np.floor(values)]
    return [values % unit != 0] if unit > 1 else []


def _too_many_places(numbers: Numbers) -> list[Any]:
    values = numbers.values
    if values.dtype.kind == "f":
        return [values != np.round(values, _YUAN_PLACES)]
    extra = numbers.places - _YUAN_PLACES
    return [values % 10**extra != 0] if extra > 0 else []


def _within(fact: Fact, numbers: Numbers) -> Any:
    """A value that can be coded, in the place of those that are looked at later."""
    return numbers.values.dtype.type(_ceiling(fact.least * 10**numbers.places))


def _one_by_one(axis: Axis, numbers: Numbers, codes: Column) -> None:
    values, least = numbers.values, int(axis.fact.least)
    if numbers.places:
        values = values // 10**numbers.places
    if values.dtype.kind == "f":
        values = values.astype(np.int64)
    # modulo the range of the codes, in which the result is
    codes[:] = values.astype(codes.dtype)
    codes += codes.dtype.type((1 - least) % (int(np.iinfo(codes.dtype).max) + 1))


def code_by_cuts(cuts: tuple[Cut, ...], numbers: Numbers, codes: Column) -> None:
    """The stretch of each number between the cuts; 1 is the first."""
    thresholds = [_threshold(cut, numbers) for cut in cuts]
    if len(thresholds) > _FEW:
        codes[:] = np.searchsorted(np.array(thresholds), numbers.values, side="right") + 1
        return
    codes[:] = 1
    for threshold in thresholds:
        codes += numbers.values >= threshold


_FEW = 40
"""So many comparisons of a whole column are faster than searching for each value."""


def _threshold(cut: Cut, numbers: Numbers) -> Any:
    """The least value of the column that is at or above a cut."""
    if numbers.values.dtype.kind == "f":
        nearest = float(cut.value)
        return np.nextafter(nearest, np.inf) if cut.after else nearest
    scaled = cut.value * 10**numbers.places
    if cut.after:
        return _floor(scaled) + 1
    return _ceiling(scaled)
