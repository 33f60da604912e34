"""Columns of numbers become the codes that each number has alone: at every cut, a step below it and
a step above it, in every type that a column may have; what does not fit is doubted."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jifen.cities import load
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import WHOLE_TYPES
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring.population.axis import Axis, Cut, is_wide
from jifen.scoring.population.number_codes import encode_numbers
from jifen.scoring.population.program import build_program
from tests.measures import VERSIONS, a_day
from tests.policy.faults import HERE

AXES = {
    f"{city} {version} {ident}": axis
    for city, version in VERSIONS
    for ident, axis in build_program(
        load(city, version).rules_on(a_day(load(city, version)))
    ).axes.items()
    if axis.fact.is_number
}


def near(axis: Axis) -> list[Decimal]:
    """Both ends of the range, every cut, and the values a step beside them."""
    fact = axis.fact
    step = Decimal(1) if fact.type in WHOLE_TYPES else Decimal("0.01")
    marks = {fact.least, fact.most, *(cut.value for cut in axis.cuts or ())}
    if axis.cuts is None:
        marks |= {Decimal(n) for n in range(int(fact.least), min(int(fact.most), 300) + 1)}
    values = {mark + off for mark in marks for off in (-step, Decimal(0), step)}
    return sorted(v for v in values if fact.least <= v <= fact.most and v == round(v, 2))


def coded(axis: Axis, values: list[Any], kind: pa.DataType) -> tuple[list[int], list[bool]]:
    codes = np.zeros(len(values), axis.dtype)
    quick = encode_numbers(axis, pa.array(values, kind), codes)
    assert quick is not None
    doubtful = np.zeros(len(values), bool) if quick.doubtful is None else quick.doubtful
    return codes.tolist(), doubtful.tolist()


@pytest.mark.parametrize("name", AXES)
@pytest.mark.parametrize(
    "kind",
    [pa.decimal128(18, 2), pa.decimal128(18, 4), pa.decimal128(30, 6), pa.float64()],
    ids=str,
)
def test_a_number_has_the_code_that_it_has_alone(name: str, kind: pa.DataType) -> None:
    axis = AXES[name]
    values = near(axis)
    given = [float(value) for value in values] if pa.types.is_floating(kind) else values
    codes, doubtful = coded(axis, given, kind)
    for value, code, doubted in zip(values, codes, doubtful, strict=True):
        assert doubted or code == axis.encode(value), value


@pytest.mark.parametrize("name", [n for n, axis in AXES.items() if axis.fact.type in WHOLE_TYPES])
@pytest.mark.parametrize(
    "kind", [pa.int16(), pa.int32(), pa.int64(), pa.uint16(), pa.uint64()], ids=str
)
def test_a_whole_number_of_any_width_too(name: str, kind: pa.DataType) -> None:
    axis = AXES[name]
    most = np.iinfo(kind.to_pandas_dtype()).max
    values = [int(value) for value in near(axis) if value <= most]
    codes, doubtful = coded(axis, values, kind)
    assert codes == [axis.encode(value) for value in values]
    assert not any(doubtful)


@pytest.mark.parametrize("name", AXES)
def test_what_lies_outside_the_range_is_doubted_and_nothing_else(name: str) -> None:
    axis = AXES[name]
    least, most = float(axis.fact.least), float(axis.fact.most)
    values = [least - 1, least, most, most + 1, float("nan"), float("inf"), -float("inf")]
    _, doubtful = coded(axis, values, pa.float64())
    assert doubtful == [True, False, False, True, True, True, True]
    assert coded(axis, [least, most], pa.float64())[1] == [False, False]
    assert coded(axis, [], pa.float64()) == ([], [])


@pytest.mark.parametrize("name", AXES)
def test_a_fraction_is_doubted_where_none_may_be(name: str) -> None:
    axis = AXES[name]
    fact = axis.fact
    if fact.type in WHOLE_TYPES:
        allowed = ["1", "1.00"]
        doubted = ["1.01", "1.50"]
    elif fact.type == "yuan":
        allowed, doubted = ["1.00", "1.01"], ["1.001", "1.0101"]
    else:
        allowed, doubted = ["1.00", "1.01", "1.0001"], []
    for kind in (pa.decimal128(18, 4), pa.float64()):
        values: list[Any] = [Decimal(text) for text in allowed + doubted]
        if pa.types.is_floating(kind):
            values = [float(value) for value in values]
        _, doubtful = coded(axis, values, kind)
        assert doubtful == [False] * len(allowed) + [True] * len(doubted)


def test_a_slice_of_a_column_is_read_from_its_beginning() -> None:
    axis = next(axis for axis in AXES.values() if axis.cuts is None)
    for kind in (pa.int64(), pa.decimal128(18, 0)):
        chunk = pa.array([9, 1, 2, 3], kind)[1:3]
        codes = np.zeros(2, axis.dtype)
        encode_numbers(axis, chunk, codes)
        assert codes.tolist() == [axis.encode(1), axis.encode(2)]


def test_text_and_short_floats_are_read_one_by_one() -> None:
    axis = next(iter(AXES.values()))
    for chunk in (pa.array(["1"]), pa.array([1.0], pa.float32()), pa.array([True])):
        assert encode_numbers(axis, chunk, np.zeros(1, axis.dtype)) is None


@pytest.mark.parametrize("cuts", [3, 40, 41, 60])
def test_few_cuts_and_many_are_the_same_stretches(cuts: int) -> None:
    fact = next(axis.fact for axis in AXES.values() if axis.fact.type == "yuan")
    marks = tuple(Cut(Decimal(100 * n), after=n % 2 == 1) for n in range(1, cuts + 1))
    axis = Axis(fact, marks)
    values = [
        Decimal(100 * n) + off
        for n in range(1, cuts + 1)
        for off in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))
    ]
    for kind in (pa.decimal128(18, 2), pa.float64()):
        given = [float(value) for value in values] if pa.types.is_floating(kind) else values
        assert coded(axis, given, kind)[0] == [axis.encode(value) for value in values]


@pytest.mark.parametrize("name", AXES)
def test_the_first_code_at_a_cut_is_that_of_its_value_or_of_the_next(name: str) -> None:
    axis = AXES[name]
    for cut in axis.cuts or ():
        step = Decimal("0.0000001") if cut.after else Decimal(0)
        assert axis.encode_cut(cut) == axis.encode(cut.value + step)
        assert axis.encode_cut(cut) > axis.encode(
            cut.value - (0 if cut.after else Decimal("0.0000001"))
        )


def test_a_code_is_no_more_than_eight_bits_where_they_are_enough() -> None:
    for axis in AXES.values():
        narrow = axis.size <= 255
        assert axis.dtype == (np.uint8 if narrow else np.uint16)
        assert axis.absent == (255 if narrow else 65535)
        assert axis.encode(None) == 0
        assert axis.encode(axis.fact.most) == axis.size - 1


@pytest.mark.parametrize(("most", "wide"), [(65_533, False), (65_534, True)])
def test_a_number_is_wide_where_its_values_leave_no_code_for_absent(most: int, wide: bool) -> None:
    sink = Sink()
    text = (HERE / "facts.yaml").read_text("utf-8").replace("most: 20\n", f"most: {most}\n")
    fact = read_vocabulary(parse_yaml(text), sink)["detention_count_5y"]
    assert sink.faults == []
    assert int(fact.most) == most
    assert is_wide(fact) is wide
    assert Axis(fact).encode(most) == most + 1
    assert (Axis(fact).encode(most) < Axis(fact).absent) is not wide
