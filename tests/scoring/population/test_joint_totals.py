"""A population's bounds are those of one person, also where indicators share unknown facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.facts.situation import Situation
from jifen.policy.joint_sets import Sharing
from jifen.policy.model import Rules
from jifen.scoring.evaluator import Evaluator
from jifen.scoring.population import joint_totals
from jifen.scoring.population.bounds import UNKNOWN_SHIFT, BatchBounds, Bounder
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import build_program
from jifen.scoring.result import Assessment
from tests.hypothesis_profiles import each
from tests.people.small_policies import ON, build_rules, known_facts, list_completions, small_rules

Known = dict[str, Any]


NO_LIMIT = 10**6


@contextmanager
def limited(most: int) -> Iterator[None]:
    """Joint sets cost at most so many evaluations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint_totals, "find_sharing", lambda rules: Sharing(rules, most))
        yield


def bounds_of(rules: Rules, people: list[Known], most: int = NO_LIMIT) -> BatchBounds:
    program = build_program(rules)
    codes = {
        ident: np.array(
            [axis.encode(one[ident]) if ident in one else axis.absent for one in people], axis.dtype
        )
        for ident, axis in program.axes.items()
    }
    codes = codes or {"nothing": np.zeros(len(people), np.uint8)}
    with limited(most):
        return Bounder(program).bound_scores(codes, program.threshold_on(ON))


def answer(flags: int, bit: int) -> bool | None:
    return None if flags & (bit << UNKNOWN_SHIFT) else bool(flags & bit)


def verdicts(flags: int) -> tuple[bool | None, ...]:
    return tuple(answer(flags, bit) for bit in (ELIGIBLE, VETOED, REACHED))


def assessed(scorer: Evaluator, known: Known) -> Assessment:
    return scorer.evaluate(Situation(ON, ON, values=known))


@st.composite
def small_populations(draw: st.DrawFn, rules: Rules) -> list[Known]:
    return [draw(known_facts(rules)) for _ in range(draw(st.integers(1, 6)))]


@given(data=st.data())
@each(40, 2_500)
def test_bounds_of_a_population_are_those_of_its_people(data: st.DataObject) -> None:
    rules = data.draw(small_rules())
    people = data.draw(small_populations(rules))
    scorer, bounds = Evaluator(rules, NO_LIMIT), bounds_of(rules, people)
    for row, known in enumerate(people):
        one = assessed(scorer, known)
        assert one.exact
        assert bounds.exact[row]
        assert (bounds.least[row], bounds.most[row]) == one.scaled_bounds
        for line, (low, high) in zip(one.lines, bounds.lines, strict=True):
            assert (low[row], high[row]) == (line.scaled_low, line.scaled_high)
        assert verdicts(int(bounds.flags[row])) == (one.eligible, one.vetoed, one.reached)


@given(data=st.data())
@each(25, 1_500)
def test_beyond_the_limit_a_table_still_knows_single_lines_and_is_never_wider(
    data: st.DataObject,
) -> None:
    """Of one indicator a population has a whole table: its ends are exact whatever the limit. So a
    population's bounds lie within those of one person, and are equal where those are exact."""
    rules = data.draw(small_rules())
    people = data.draw(small_populations(rules))
    most = data.draw(st.integers(1, 60))
    scorer = Evaluator(rules, most)
    bounds = bounds_of(rules, people, most)
    for row, known in enumerate(people):
        one = assessed(scorer, known)
        low, high = one.scaled_bounds
        ends = (int(bounds.least[row]), int(bounds.most[row]))
        totals = [
            assessed(scorer, whole).scaled_bounds[0] for whole in list_completions(rules, known)
        ]
        assert low <= ends[0] <= min(totals)
        assert max(totals) <= ends[1] <= high
        if bounds.exact[row]:
            assert ends == (min(totals), max(totals))
        assert bounds.exact[row] or not one.exact


def test_one_choice_split_over_three_lines() -> None:
    group = {"id": "all", "label": {"zh": "全", "en": "All"}, "confidence": "likely"}
    points = (
        {"school": 5, "college": 25},
        {"school": 35, "college": 15},
        {"school": 5, "college": 35},
    )
    lines = [
        {
            "id": f"part_{number}",
            "label": {"zh": "项", "en": "Part"},
            "group": "all",
            "choice": {"of": "study", "points": of},
            "confidence": "likely",
        }
        for number, of in enumerate(points)
    ]
    bounds = bounds_of(build_rules([group], lines), [{}, {"study": "school"}, {}])
    assert bounds.least.tolist() == [45, 45, 45]
    assert bounds.most.tolist() == [75, 45, 75]
    assert bounds.exact.all()
