"""Each movement of a fact, on a few people."""

from typing import Any

import pytest

from jifen.lab.years.cohort_block import Cohort, CohortBlock
from tests.lab.years.projecting import (
    Person,
    assumed,
    chengdu,
    people_of,
    shanghai,
    value_of,
    words,
)

ALWAYS = "{share: 1, months: %d, confidence: unsure}"


def after(
    city: str, persons: list[Person], fact: str, moves: dict[str, str], years: int, **parts: str
) -> list[Any]:
    """A fact of each person after some years."""
    people = people_of(city, persons)
    cohort = Cohort(0, len(persons), slice(0, len(persons)), 0)
    block = CohortBlock(people, cohort, assumed(city, moves, **parts), 7)
    for _ in range(years):
        block.pass_year()
    return [value_of(words(city), fact, int(code)) for code in block.codes[fact]]


def in_shanghai(fact: str, keys: str, given: list[Any], years: int, **parts: str) -> list[Any]:
    persons = [shanghai(**{fact: value}) for value in given]
    return after("shanghai", persons, fact, {fact: keys}, years, **parts)


def test_everybody_is_a_year_older_and_an_unknown_age_stays_unknown() -> None:
    assert in_shanghai("age", "moves: ages", [17, 59, 120, ...], 3) == [20, 62, 120, ...]


def test_months_accrue_up_to_the_most_of_the_vocabulary() -> None:
    keys = "moves: accrues, by: insurance"
    assert in_shanghai("insured_months", keys, [0, 7, 700, ...], 2) == [24, 31, 720, ...]


def test_months_of_what_does_not_apply_do_not_begin() -> None:
    keys = "moves: accrues, by: calendar, zero: stays"
    assert in_shanghai("spouse_local_months", keys, [None, 0, 5], 1) == [None, 0, 17]


def test_months_accrue_only_while_the_condition_holds() -> None:
    keys = "moves: accrues, by: calendar, while: outer_suburb_area"
    persons = [
        shanghai(outer_suburb_area=area, outer_suburb_months=6) for area in ("lingang", None)
    ]
    moves = {"outer_suburb_months": keys}
    assert after("shanghai", persons, "outer_suburb_months", moves, 1) == [18, 6]


def test_home_years_rise_by_one() -> None:
    persons = [chengdu(home_years=years) for years in (0, 79, 80)]
    found = after("chengdu", persons, "home_years", {"home_years": "moves: accrues"}, 1)
    assert found == [1, 80, 80]


def test_nobody_accrues_who_is_not_employed() -> None:
    gap = "{share: 0, months: 3, while: employed_and_insured, confidence: unsure}"
    persons = [shanghai(insured_months=10, employed_and_insured=e) for e in (True, False)]
    moves = {"insured_months": "moves: accrues, by: insurance"}
    assert after("shanghai", persons, "insured_months", moves, 1, interruption=gap) == [22, 10]


def test_a_window_fills_and_no_further() -> None:
    keys = "moves: window, by: insurance"
    for fact, window in (("base_08x_months_last_48", 48), ("insured_months_last_12", 12)):
        for start in (0, 5, 12):
            expected = min(window, start + 24)
            assert in_shanghai(fact, keys, [start], 2) == [expected]


def test_a_window_at_a_level_fills_for_those_who_pay_at_it_and_empties_for_the_others() -> None:
    levels = (
        "{among: insured_months, from_highest: [{id: at_2x, "
        "share_of: [base_2x_months_last_48]}], confidence: unsure}"
    )
    keys = {"base_2x_months_last_48": "moves: window, by: insurance, level: at_2x"}
    persons = [
        shanghai(insured_months=100, base_2x_months_last_48=48),
        shanghai(insured_months=100, base_2x_months_last_48=0),
        shanghai(insured_months=8, base_2x_months_last_48=8),
    ]
    for years, expected in ((1, [48, 0, 20]), (4, [48, 0, 48])):
        found = after("shanghai", persons, "base_2x_months_last_48", keys, years, levels=levels)
        assert found == expected


def test_months_that_no_longer_come_leave_the_window_within_its_length() -> None:
    levels = "{from_highest: [{id: at_2x, share_of: [base_2x_months_last_48]}], confidence: unsure}"
    keys = {"base_2x_months_last_48": "moves: window, by: insurance, level: at_2x"}
    persons = [shanghai(base_2x_months_last_48=18)] * 400
    start = [18] * 400
    for years in (1, 2, 3, 4):
        found = after("shanghai", persons, "base_2x_months_last_48", keys, years, levels=levels)
        ways = {min(48, 18 + 12 * years), {1: 6, 2: 0, 3: 0, 4: 0}[years]}
        assert set(found) == ways
        share = sum(value > 18 for value in found) / len(start)
        assert abs(share - 18 / 48) < 0.1  # those who pay at it, by the share of their months


def test_who_pays_at_a_level_pays_at_those_below() -> None:
    levels = (
        "{from_highest: [{id: high, share_of: [base_2x_months_last_48]}, "
        "{id: low, share_of: [base_1x_months_last_48]}], confidence: unsure}"
    )
    keys = {
        "base_2x_months_last_48": "moves: window, by: insurance, level: high",
        "base_1x_months_last_48": "moves: window, by: insurance, level: low",
    }
    persons = [
        shanghai(base_2x_months_last_48=n % 30, base_1x_months_last_48=n % 30 + n % 7)
        for n in range(300)
    ]
    for years in (1, 3, 6):
        high, low = (after("shanghai", persons, f, keys, years, levels=levels) for f in keys)
        assert all(a <= b for a, b in zip(high, low, strict=True))


@pytest.mark.parametrize("months", [1, 3, 6, 11, 12])
def test_an_interruption_is_told_alike_by_all_insurance_facts(months: int) -> None:
    moves = {
        "insured_months": "moves: accrues, by: insurance",
        "insured_months_run": "moves: runs, by: insurance",
        "insured_months_last_12": "moves: window, by: insurance",
    }
    persons = [shanghai(insured_months=50, insured_months_run=30)] * 200
    total, run, last = (
        after("shanghai", persons, fact, moves, 1, interruption=ALWAYS % months) for fact in moves
    )
    assert set(total) == {50 + 12 - months}
    assert set(last) == {12 - months}
    least = 0 if months == 12 else 1
    assert all(least <= value <= 12 - months for value in run)
    assert months > 6 or len(set(run)) > 3  # the gap lies anywhere in the year


def test_the_same_people_are_interrupted_in_all_facts() -> None:
    moves = {
        "insured_months": "moves: accrues, by: insurance",
        "insured_months_run": "moves: runs, by: insurance",
        "insured_months_last_12": "moves: window, by: insurance",
    }
    persons = [shanghai(insured_months=50, insured_months_run=50)] * 500
    gap = "{share: 0.3, months: 4, confidence: unsure}"
    total, run, last = (
        after("shanghai", persons, fact, moves, 1, interruption=gap) for fact in moves
    )
    broken = [value == 8 for value in last]
    assert 100 < sum(broken) < 200
    assert [value == 58 for value in total] == broken
    assert [value < 12 for value in run] == broken
    assert all(value in (58, 62) for value in total)


def test_records_leave_their_window_and_are_all_gone_after_it() -> None:
    fact, keys, given = "detention_count_5y", "moves: expires", [0, 1, 3, ...] * 100
    before: list[Any] = given
    now: list[Any] = given
    for years in (1, 2, 3, 4, 5):
        now = in_shanghai(fact, keys, given, years)
        assert all(b is ... or a <= b for a, b in zip(now, before, strict=True))
        before = now
    assert set(now) == {0, ...}
    first = in_shanghai(fact, keys, [1] * 1000, 1)
    assert abs(sum(first) - 800) < 60  # a fifth of five years


def test_a_choice_moves_one_step_a_year_and_takes_its_answers_along() -> None:
    keys = (
        "moves: improves, steps: [{from: none, to: college, share: 1, sets: {study_mode: part_time,"
        " study_place: shanghai}}, {from: college, to: bachelor, share: 1}]"
    )
    persons = [shanghai(education="none"), shanghai(education="doctor")]
    moves = {"education": keys}
    assert after("shanghai", persons, "education", moves, 1) == ["college", "doctor"]
    assert after("shanghai", persons, "education", moves, 2) == ["bachelor", "doctor"]
    assert after("shanghai", persons, "education", moves, 9) == ["bachelor", "doctor"]
    assert after("shanghai", persons, "study_mode", moves, 1) == ["part_time", "full_time"]
    assert after("shanghai", persons, "study_place", moves, 1) == ["shanghai", None]


def test_two_steps_from_one_answer_share_the_people() -> None:
    keys = (
        "moves: improves, steps: [{from: none, to: level_4, share: 0.5}, "
        "{from: none, to: intermediate, share: 0.5}]"
    )
    found = in_shanghai("title", keys, ["none"] * 600, 1)
    assert set(found) == {"level_4", "intermediate"}
    assert abs(found.count("level_4") - 300) < 60


def test_a_yes_lapses() -> None:
    found = in_shanghai("fresh_graduate", "moves: lapses, share: 1", [True, False, ...], 1)
    assert found == [False, False, ...]


def test_a_yes_follows_its_number() -> None:
    moves = {
        "pension_months": "moves: runs, by: insurance, zero: stays",
        "employed_six_months": "moves: follows, of: pension_months, least: 6",
    }
    persons = [
        chengdu(pension_months=3, employed_six_months=False),
        chengdu(pension_months=0, employed_six_months=True),
        chengdu(pension_months=..., employed_six_months=True),
    ]
    assert after("chengdu", persons, "pension_months", moves, 1) == [15, 0, ...]
    assert after("chengdu", persons, "employed_six_months", moves, 1) == [True, False, True]
