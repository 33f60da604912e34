"""A population scores as its people do one by one: every line, bound and verdict."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import WHOLE_TYPES
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.kernel import CHUNK, get_kernel, order_columns
from jifen.scoring.population.program import build_program
from tests.hypothesis_profiles import each
from tests.measures import VERSIONS, a_day, days
from tests.people.population_rows import assert_equal, rows_of

SLOW = each(12, 500)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@SLOW
def test_people_drawn_near_the_breaks(city: str, version: str, data: st.DataObject) -> None:
    policy = load(city, version)
    on = data.draw(st.sampled_from(days(policy)))
    assert_equal(policy, on, data.draw(rows_of(policy, on)))


def _values(axis: Axis) -> list[Any]:
    """Every value of a fact with few; both sides of every cut of a wide one."""
    fact = axis.fact
    if fact.type == "bool":
        return [False, True]
    if fact.type == "choice":
        return [*fact.ids, None] if not fact.always_applies else list(fact.ids)
    if axis.cuts is None:
        values: list[Any] = list(range(int(fact.least), int(fact.most) + 1))
    else:
        step = Decimal(1) if fact.type in WHOLE_TYPES else Decimal("0.01")
        near = {cut.value + d for cut in axis.cuts for d in (-step, Decimal(0), step)}
        values = sorted(v for v in near | {fact.least, fact.most} if fact.least <= v <= fact.most)
    return values if fact.always_applies else [*values, None]


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_value_of_every_fact(city: str, version: str) -> None:
    """One fact goes through all its values while the others are drawn."""
    policy = load(city, version)
    on = a_day(policy)
    program = build_program(policy.rules_on(on))
    draw = np.random.default_rng(11)
    choices = {ident: _values(axis) for ident, axis in program.axes.items()}
    rows = []
    for ident, values in choices.items():
        for value in values:
            row = {i: v[draw.integers(len(v))] for i, v in choices.items()}
            rows.append(row | {ident: value})
    assert_equal(policy, on, rows)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_reading_of_an_unclear_rule(city: str, version: str) -> None:
    policy = load(city, version)
    on, draw = a_day(policy), np.random.default_rng(5)
    for switch in policy.switches:
        for reading in switch.readings:
            readings = {switch.id: reading.id}
            program = build_program(policy.rules_on(on, readings))
            choices = {ident: _values(axis) for ident, axis in program.axes.items()}
            rows = [
                {i: v[draw.integers(len(v))] for i, v in choices.items() if draw.random() < 0.97}
                for _ in range(60)
            ]
            assert_equal(policy, on, rows, readings)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@pytest.mark.parametrize("people", [0, 1, 63, 64, 65, CHUNK + 1])
def test_the_loop_agrees_with_the_tables(city: str, version: str, people: int) -> None:
    """Two ways that share nothing but the tables: emitted code, and looking up in NumPy."""
    _same(load(city, version), people, threads=1)


@pytest.mark.parametrize("threads", [1, 2])
def test_results_written_past_the_caches_are_the_same(threads: int) -> None:
    _same(load("shanghai", "2018"), (1 << 20) + 17, threads=threads)


def _same(policy: Policy, people: int, threads: int) -> None:
    on = a_day(policy)
    program, draw = build_program(policy.rules_on(on)), np.random.default_rng(3)
    columns = {
        ident: draw.integers(0, axis.size, people, dtype=axis.dtype)
        for ident, axis in program.axes.items()
    }
    kernel = get_kernel((program,), lines=True, people=people)
    outputs = kernel.allocate_outputs(people)
    kernel.score(order_columns(program, columns), outputs, [program.threshold_on(on)], threads)
    total, flags, *lines = outputs[0]
    bounds = get_bounder(program).bound_scores(columns, program.threshold_on(on))
    assert np.array_equal(total, bounds.least)
    assert np.array_equal(total, bounds.most)
    assert np.array_equal(flags, bounds.flags)
    for line, (low, high) in zip(lines, bounds.lines, strict=True):
        assert np.array_equal(line, low)
        assert np.array_equal(line, high)
