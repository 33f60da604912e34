"""Very many random people: the compiled loop gives each what the plain evaluator gives."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jifen.cities import CityOrId, load
from jifen.facts.situation import Situation
from jifen.policy.model import Rules
from jifen.scoring.evaluator import evaluator_for
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.kernel import get_kernel, order_columns
from jifen.scoring.population.program import Program, build_program
from tests.hypothesis_profiles import examples
from tests.measures import EXAMPLES, a_day, name_parameter

NEW = [
    ("beijing", "2017"),
    ("beijing", "2020"),
    ("dongguan", "2016"),
    ("guangzhou", "2014"),
    ("guangzhou", "2023"),
    ("zhongshan", "2014"),
    *EXAMPLES,
]
_CENT = Decimal("0.01")
KNOWN, OPEN = examples(2_000, 1_000_000), examples(300, 10_000)
"""How many people of whom all is known, and of whom some facts are not."""


def values_of(axis: Axis) -> list[Any]:
    """What each code stands for; of a wide number a value of each stretch."""
    fact = axis.fact
    if fact.type == "bool":
        return [False, True]
    if fact.type == "choice":
        return [None, *fact.ids]
    if axis.cuts is None:
        return [None, *range(int(fact.least), int(fact.most) + 1)]
    return [None, fact.least, *(c.value + _CENT if c.after else c.value for c in axis.cuts)]


def drawn(program: Program, people: int, seed: int) -> dict[str, NDArray[Any]]:
    """Columns of codes; numbers are drawn from the low end as often as from all of the range."""
    draw, columns = np.random.default_rng(seed), {}
    for ident, axis in program.axes.items():
        least = 1 if axis.fact.always_applies and axis.fact.type != "bool" else 0
        every = draw.integers(least, axis.size, people)
        low = draw.integers(least, min(axis.size, least + 60), people)
        columns[ident] = np.where(draw.random(people) < 0.5, every, low).astype(axis.dtype)
    return columns


def persons(program: Program, columns: dict[str, NDArray[Any]]) -> Any:
    """One person after another, as facts; absent ones are left out."""
    tables = {ident: values_of(axis) for ident, axis in program.axes.items()}
    absent = {ident: axis.absent for ident, axis in program.axes.items()}
    lists = {ident: codes.tolist() for ident, codes in columns.items()}
    for row in zip(*lists.values(), strict=True):
        yield {
            ident: tables[ident][code]
            for ident, code in zip(lists, row, strict=True)
            if code != absent[ident]
        }


def rules_of(city: CityOrId, version: str) -> tuple[Rules, date]:
    policy = load(city, version)
    on = a_day(policy)
    return policy.rules_on(on), on


def readings_of(city: CityOrId, version: str) -> list[dict[str, str]]:
    switches = load(city, version).switches
    return [{}, *({s.id: r.id} for s in switches for r in s.readings if r.id != s.default)]


@pytest.mark.parametrize(("city", "version"), NEW, ids=name_parameter)
def test_everybody_of_whom_all_is_known(city: CityOrId, version: str) -> None:
    rules, on = rules_of(city, version)
    program = build_program(rules)
    columns = drawn(program, KNOWN, seed=41)
    kernel = get_kernel((program,), lines=True, people=KNOWN)
    outputs = kernel.allocate_outputs(KNOWN)
    kernel.score(order_columns(program, columns), outputs, [program.threshold_on(on)], 1)
    totals, lines = outputs[0][0].tolist(), [column.tolist() for column in outputs[0][2:]]
    plain, day = evaluator_for(rules), rules.reference.day_for(on)
    for number, person in enumerate(persons(program, columns)):
        found = plain.evaluate(Situation(on, day, person))
        assert found.scaled_bounds == (totals[number], totals[number]), person
        for line, column in zip(found.lines, lines, strict=True):
            assert line.scaled_low == line.scaled_high == column[number], (person, line)


@pytest.mark.parametrize(("city", "version"), NEW, ids=name_parameter)
def test_everybody_of_whom_some_facts_are_not_known(city: CityOrId, version: str) -> None:
    rules, on = rules_of(city, version)
    program = build_program(rules)
    columns, draw = drawn(program, OPEN, seed=43), np.random.default_rng(47)
    facts = list(program.axes)
    for row in range(OPEN):
        for ident in draw.choice(facts, draw.integers(1, 4), replace=False):
            columns[ident][row] = program.axes[ident].absent
    bounds = get_bounder(program).bound_scores(columns, program.threshold_on(on))
    plain, day = evaluator_for(rules), rules.reference.day_for(on)
    for number, person in enumerate(persons(program, columns)):
        found = plain.evaluate(Situation(on, day, person))
        assert found.scaled_bounds == (bounds.least[number], bounds.most[number]), person
        total_exact = bool(bounds.exact[number])
        assert total_exact or not found.exact, person
        for line, (low, high) in zip(found.lines, bounds.lines, strict=True):
            assert (line.scaled_low, line.scaled_high) == (low[number], high[number]), person


@pytest.mark.parametrize(("city", "version"), NEW, ids=name_parameter)
def test_every_other_reading(city: CityOrId, version: str) -> None:
    policy = load(city, version)
    on = a_day(policy)
    for readings in readings_of(city, version):
        rules = policy.rules_on(on, readings)
        program = build_program(rules)
        columns = drawn(program, 500, seed=53)
        bounds = get_bounder(program).bound_scores(columns, program.threshold_on(on))
        plain, day = evaluator_for(rules), rules.reference.day_for(on)
        for number, person in enumerate(persons(program, columns)):
            found = plain.evaluate(Situation(on, day, person))
            assert found.scaled_bounds == (bounds.least[number], bounds.most[number]), person
