"""Bounds against brute force: everybody who may be meant, under small random policies."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.facts.situation import Situation
from jifen.policy.joint_sets import MOST_COMBINATIONS, MOST_RUNS, limit_combinations
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.model import Rules
from jifen.scoring.evaluator import Evaluator
from jifen.scoring.result import Assessment
from tests.hypothesis_profiles import each
from tests.people.small_policies import ON, build_rules, known_facts, list_completions, small_rules

Known = dict[str, Any]
NO_LIMIT = 10**6


def scored(scorer: Evaluator, known: Known) -> Assessment:
    return scorer.evaluate(Situation(ON, ON, values=known))


def everybody(rules: Rules, known: Known) -> list[Assessment]:
    """The results of everybody who may be meant; nothing of them is unknown."""
    scorer = Evaluator(rules)
    return [scored(scorer, person) for person in list_completions(rules, known)]


def assert_sound(partial: Assessment, people: Iterable[Assessment]) -> None:
    """What is said holds for everybody."""
    for person in people:
        assert partial.scaled_bounds[0] <= person.scaled_bounds[0] <= partial.scaled_bounds[1]
        for line, whole in zip(partial.lines, person.lines, strict=True):
            assert line.scaled_low <= whole.scaled_low <= line.scaled_high
        for said, true in (
            (partial.eligible, person.eligible),
            (partial.vetoed, person.vetoed),
            (partial.reached, person.reached),
        ):
            assert said is None or said is true


def assert_narrowest(partial: Assessment, people: list[Assessment]) -> None:
    """Each end of the bounds is the total of somebody who may be meant."""
    totals = [person.scaled_bounds[0] for person in people]
    assert partial.scaled_bounds == (min(totals), max(totals))


@given(data=st.data())
@each(40, 4_000)
def test_bounds_are_the_least_and_the_most_of_everybody_who_may_be_meant(
    data: st.DataObject,
) -> None:
    rules = data.draw(small_rules())
    known = data.draw(known_facts(rules))
    partial, people = scored(Evaluator(rules, NO_LIMIT), known), everybody(rules, known)
    assert partial.exact
    assert_sound(partial, people)
    assert_narrowest(partial, people)
    for number, line in enumerate(partial.lines):
        points = [person.lines[number].scaled_low for person in people]
        assert (line.scaled_low, line.scaled_high) == (min(points), max(points))
    for number, condition in enumerate(partial.conditions):
        answers = {person.conditions[number].met for person in people}
        assert condition.met is (None if len(answers) > 1 else answers.pop())


@given(data=st.data())
@each(40, 4_000)
def test_beyond_the_limit_bounds_hold_and_say_where_they_may_be_too_wide(
    data: st.DataObject,
) -> None:
    rules = data.draw(small_rules())
    known = data.draw(known_facts(rules))
    scorer = Evaluator(rules, most=data.draw(st.integers(1, 40)))
    partial, people = scored(scorer, known), everybody(rules, known)
    assert_sound(partial, people)
    if partial.exact:
        assert_narrowest(partial, people)


@given(data=st.data())
@each(25, 2_000)
def test_an_answer_never_widens_bounds_whatever_the_limit(data: st.DataObject) -> None:
    rules = data.draw(small_rules())
    known = data.draw(known_facts(rules))
    person = data.draw(st.sampled_from(list_completions(rules, known)))
    scorer = Evaluator(rules, most=data.draw(st.integers(1, 200)))
    before = scored(scorer, known)
    for ident in data.draw(st.permutations(sorted(set(person) - set(known)))):
        known = {**known, ident: person[ident]}
        after = scored(scorer, known)
        assert before.scaled_bounds[0] <= after.scaled_bounds[0]
        assert after.scaled_bounds[1] <= before.scaled_bounds[1]
        assert after.exact or not before.exact
        before = after
    assert before.exact
    assert before.total is not None


GROUP = {"id": "all", "label": {"zh": "全", "en": "All"}, "confidence": "likely"}


def line(ident: str, **mechanism: Any) -> dict[str, Any]:
    label = {"zh": ident, "en": ident}
    return {"id": ident, "label": label, "group": "all", "confidence": "likely", **mechanism}


def test_a_table_split_into_three_lines_by_one_choice_is_not_added_up_thrice() -> None:
    """Each line alone gives 5 to 50, and they exclude each other."""
    points = ({"none": 5, "clerk": 25, "smith": 15}, {"none": 35, "clerk": 15, "smith": 10})
    third = {"none": 5, "clerk": 35, "smith": 20}
    lines = [
        line(f"part_{n}", choice={"of": "work", "points": of})
        for n, of in enumerate((*points, third))
    ]
    for one in lines:  # "does not apply" is an answer as well, and gives nothing
        one["when"] = "urban"
    rules = build_rules([GROUP], lines)
    result = scored(Evaluator(rules), {"urban": True})
    assert result.scaled_bounds == (0, 75)
    assert [(one.scaled_low, one.scaled_high) for one in result.lines] == [
        (0, 25),
        (0, 35),
        (0, 35),
    ]
    assert result.exact
    assert result.missing == ("work",)
    apart = scored(Evaluator(rules, most=1), {"urban": True})
    assert apart.scaled_bounds == (0, 95)
    assert not apart.exact
    assert apart.to_dict()["exact"] is False


def test_where_the_lines_cancel_out_the_total_is_known_and_nothing_is_missing() -> None:
    lines = [
        line("more", choice={"of": "study", "points": {"school": 1, "college": 9}}),
        line("less", choice={"of": "study", "points": {"school": 9, "college": 1}}),
    ]
    result = scored(Evaluator(build_rules([GROUP], lines)), {})
    assert result.total == 10
    assert result.missing == ()


def test_points_that_rise_while_others_fall_are_highest_in_between() -> None:
    """3 for every full 4 months less 1 for each month: most at 0, least at 7."""
    lines = [
        line("rises", per_unit={"of": "months", "each": 3, "every": "4 months"}),
        line("falls", per_unit={"of": "months", "each": -1, "every": "1 months"}),
    ]
    result = scored(Evaluator(build_rules([GROUP], lines)), {})
    assert result.scaled_bounds == (-4, 0)


WIDE = " or ".join([f"(urban and months > {n} and work = clerk and age < {n})" for n in (1, 3)])


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often points of a condition were evaluated."""
    score, count = PointsIf.compile_score, [0]

    def counting(mechanism: PointsIf, scale: int) -> Any:
        points = score(mechanism, scale)

        def run(person: Any) -> int:
            count[0] += 1
            return points(person)

        return run

    monkeypatch.setattr(PointsIf, "compile_score", counting)
    return count


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_an_assessment_costs_no_more_than_its_budget(lines: int, runs: list[int]) -> None:
    """Counted, not timed: what anybody may ask for without an account."""
    points = {"when": WIDE, "points": 5}
    rules = build_rules([GROUP], [line(f"wide_{n}", condition=points) for n in range(lines)])
    result = scored(Evaluator(rules, most=100), {})
    assert not result.exact
    assert result.scaled_bounds == (0, 5 * lines)
    assert runs[0] <= 2 * lines * 100
    runs[0] = 0
    exact = scored(Evaluator(rules), {})
    assert exact.exact
    assert exact.scaled_bounds == (0, 5 * lines)
    assert 100 < runs[0] <= 2 * lines * MOST_COMBINATIONS


def test_a_measure_of_very_many_indicators_keeps_to_the_budget_of_an_assessment() -> None:
    condition = {"when": "urban", "points": 5}
    rules = build_rules([GROUP], [line(f"one_{n}", condition=condition) for n in range(200)])
    assert limit_combinations(rules) == 1_250 == MOST_RUNS // (2 * 200)
