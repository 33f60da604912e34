"""A population through the years: against people carried on by hand, and what must always hold."""

import random
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from jifen.lab.population import People
from jifen.lab.years import YearsResult, load_assumptions, project_years, shipped_assumptions_file
from jifen.lab.years.draws import draw_numbers
from jifen.lab.years.messages import list_cautions, summarize_projection
from jifen.lab.years.projection import find_anniversary
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring.evaluator import assess
from jifen.scoring.population.columns import TableError
from tests.lab.years.projecting import (
    TODAY,
    Person,
    assumed,
    chengdu,
    in_force,
    people_of,
    reform,
    shanghai,
    words,
)

BACHELORS_LESS = "indicators.education.choice.points.bachelor_with_degree: 70"


def reached(result: YearsResult, policy: int = 0) -> list[int]:
    return [int(year.reached) for year in result.by_policy[policy].years]


def some_shanghai(count: int, seed: int = 3) -> list[Person]:
    """People around the line, by a fixed seed."""
    luck = random.Random(seed)
    persons = []
    for _ in range(count):
        months = luck.randint(0, 90)
        persons.append(
            shanghai(
                age=luck.randint(18, 62),
                permit_valid=luck.random() < 0.95,
                education=luck.choice(("none", "college", "bachelor", "bachelor_with_degree")),
                insured_months=months,
                insured_months_run=luck.randint(0, months),
                insured_months_last_12=min(12, luck.randint(0, months)),
                base_08x_months_last_48=min(48, luck.randint(0, months)),
                title=luck.choice(("none", "none", "level_3", "junior")),
                detention_count_5y=int(luck.random() < 0.05),
            )
        )
    return persons


def some_chengdu(count: int) -> list[Person]:
    luck = random.Random(5)
    return [
        chengdu(
            age=luck.randint(20, 50),
            pension_months=(months := luck.randint(0, 60)),
            medical_months=months,
            employed_six_months=months >= 6,
            permit_months=luck.randint(0, 60),
        )
        for _ in range(count)
    ]


# ---------------------------------------------------------------- by hand


def one_year_in_shanghai(person: Person, gap: int | None) -> Person:
    """A year by hand; `gap`: months missed (None: nothing is missed)."""
    paid = 12 - (gap or 0)
    older = dict(person)
    older["age"] = person["age"] + 1
    older["insured_months"] = person["insured_months"] + paid
    older["insured_months_last_12"] = paid
    older["fresh_graduate"] = False
    return older


def one_year_in_chengdu(person: Person, gap: int | None) -> Person:
    older = dict(person)
    older["age"] = person["age"] + 1
    for fact in ("pension_months", "medical_months"):
        older[fact] = person[fact] + 12 if gap is None else 12 - gap
    older["employed_six_months"] = older["pension_months"] >= 6
    older["permit_months"] = person["permit_months"] + 12
    return older


SHANGHAI_MOVES = {
    "age": "moves: ages",
    "insured_months": "moves: accrues, by: insurance",
    "insured_months_last_12": "moves: window, by: insurance",
    "fresh_graduate": "moves: lapses, share: 1",
}
CHENGDU_MOVES = {
    "age": "moves: ages",
    "pension_months": "moves: runs, by: insurance",
    "medical_months": "moves: runs, by: insurance",
    "employed_six_months": "moves: follows, of: pension_months, least: 6",
    "permit_months": "moves: accrues, by: calendar, while: permit_valid",
}


@pytest.mark.parametrize("gap", [None, 11])
@pytest.mark.parametrize(
    ("city", "moves", "persons", "year_by_hand"),
    [
        ("shanghai", SHANGHAI_MOVES, some_shanghai(60), one_year_in_shanghai),
        ("chengdu", CHENGDU_MOVES, some_chengdu(60), one_year_in_chengdu),
    ],
    ids=["shanghai", "chengdu"],
)
def test_every_year_is_as_the_plain_evaluator_says_of_people_carried_on_by_hand(
    city: str,
    moves: dict[str, str],
    persons: list[Person],
    year_by_hand: Callable[[Person, int | None], Person],
    gap: int | None,
) -> None:
    policy = in_force(city)
    broken = f"{{share: {int(gap is not None)}, months: {gap or 1}, confidence: unsure}}"
    assumptions = assumed(city, moves, interruption=broken)
    result = project_years(people_of(city, persons), [policy], TODAY, 6, assumptions)
    was = [False] * len(persons)
    for year in result.by_policy[0].years:
        scored = [assess(policy, person, year.day) for person in persons]
        now = [bool(one.reached) for one in scored]
        assert year.reached == sum(now)
        assert year.admissible == sum(bool(one.eligible) and not one.vetoed for one in scored)
        assert year.mean_total == pytest.approx(
            float(sum(one.total or 0 for one in scored)) / len(persons)
        )
        if year.day > TODAY:
            assert year.newly == sum(b and not a for a, b in zip(was, now, strict=True))
            assert year.lost == sum(a and not b for a, b in zip(was, now, strict=True))
        was = now
        persons = [year_by_hand(person, gap) for person in persons]
    assert len(set(reached(result))) > 1


def test_the_first_year_at_the_line_is_told_of_those_who_were_under_it() -> None:
    persons = [shanghai(insured_months=months) for months in (40, 24, 12, 1)]
    persons.append(shanghai(insured_months=0, education="none"))
    moves = {"insured_months": "moves: accrues, by: insurance"}
    result = project_years(
        people_of("shanghai", persons), [in_force("shanghai")], TODAY, 4, assumed("shanghai", moves)
    )
    # age 40 and degree: 120 points, so that 30 + 90 reach the line without insurance
    first = result.by_policy[0].first
    assert (first.under, first.reached, first.left, first.never) == (1, (0, 0, 0, 0), 0, 1)
    lower = reform(in_force("shanghai"), BACHELORS_LESS)  # 100 points: 84 insured months needed
    result = project_years(
        people_of("shanghai", persons), [lower], TODAY, 6, assumed("shanghai", moves)
    )
    first = result.by_policy[0].first
    assert (first.under, first.reached, first.never) == (5, (0, 0, 0, 1, 1, 1), 2)


# ---------------------------------------------------------------- what the rules change


def test_without_changes_of_the_people_nothing_changes() -> None:
    people = people_of("shanghai", some_shanghai(300))
    result = project_years(people, [in_force("shanghai")], TODAY, 5, assumed("shanghai"))
    years = result.by_policy[0].years
    assert len({(y.people, y.reached, y.admissible, y.mean_total) for y in years}) == 1
    assert all(y.newly == y.lost == y.gone == y.entered == y.settled == 0 for y in years)


def test_a_dated_change_of_the_rules_takes_effect_in_its_year() -> None:
    # Lin-gang from the first year on since 2024-08-21; before it three years were needed
    area = {"outer_suburb_area": "lingang", "outer_suburb_months": 24}
    person = shanghai(age=44, insured_months=12, **area)  # 24 + … + 90 + 3
    people = people_of("shanghai", [person, person | {"outer_suburb_area": None}])
    policy, day = in_force("shanghai", date(2022, 9, 1)), date(2022, 9, 1)
    before = assess(policy, person, day).total or 0
    after = assess(policy, person, date(2024, 9, 1)).total or 0
    assert after > before
    result = project_years(people, [policy], day, 3, assumed("shanghai"))
    means = [year.mean_total for year in result.by_policy[0].years]
    assert means[0] == means[1]
    assert means[2] == means[3] == pytest.approx((means[1] or 0) + float(after - before) / 2)


def test_who_loses_the_line_by_a_change_of_the_rules_is_told_so() -> None:
    policy = reform(in_force("shanghai"), "decision.lines.0.until: 2026-06-30")
    policy = reform(
        in_force("shanghai"),
        "decision.lines: [{from: 2018-01-01, until: 2026-06-30, points: 120, confidence: certain},"
        " {from: 2026-07-01, until: null, points: 121, confidence: certain}]",
    )
    people = people_of("shanghai", [shanghai()])
    result = project_years(people, [policy], TODAY, 2, assumed("shanghai"))
    assert reached(result) == [1, 0, 0]
    why = result.by_policy[0].why[1]
    assert [(r.kind, n) for r, n in why.items()] == [("rules", 1)]


def test_why_the_line_is_lost() -> None:
    moves = SHANGHAI_MOVES | {"spouse_local_months": "moves: stays"}
    persons = [
        shanghai(age=43),  # a birthday, and no year of insurance to make up for it
        shanghai(age=43, insured_months=6),
        shanghai(fresh_graduate=True, age=50, shortage_major=False),
    ]
    gap = "{share: 1, months: 7, confidence: unsure}"
    people = people_of("shanghai", [shanghai(age=40, insured_months=60)])
    result = project_years(
        people, [in_force("shanghai")], TODAY, 1, assumed("shanghai", moves, interruption=gap)
    )
    assert {r.kind + " " + r.id: n for r, n in result.by_policy[0].why[1].items()} == {
        "condition insured_six_months": 1
    }
    people = people_of("shanghai", persons[:2])
    result = project_years(
        people, [in_force("shanghai")], TODAY, 1, assumed("shanghai", {"age": "moves: ages"})
    )
    assert reached(result) == [2, 0]
    why = result.by_policy[0]
    assert {(r.kind, r.id) for r in why.why[1]} == {("indicator", "age")}
    assert "Age" in why.describe_reason(next(iter(why.why[1]))).en


# ---------------------------------------------------------------- who comes and who goes


LEAVING = (
    "{bands: [{from: 0, to: 39, share: 0.2}, {from: 40, share: 0.1}], reached_leave: %s, "
    "confidence: unsure}"
)
COMING = "{share: 0.15, like: {fact: insured_months, below: 12}, confidence: unsure}"


def lively(seed: int = 7, block: int = 1 << 17, *, policies: int = 2, by: str | None = None,
           settle: str = "0.3", threads: int = 2, count: int = 3000) -> YearsResult:  # fmt: skip
    today = in_force("shanghai")
    assumptions = assumed(
        "shanghai",
        SHANGHAI_MOVES | {"detention_count_5y": "moves: expires"},
        leavers=LEAVING % settle,
        entrants=COMING,
        interruption="{share: 0.1, months: 7, confidence: unsure}",
    )
    return project_years(
        people_of("shanghai", some_shanghai(count)),
        [today, reform(today, BACHELORS_LESS)][:policies],
        TODAY,
        6,
        assumptions,
        seed=seed,
        by=by,
        block=block,
        threads=threads,
    )


def test_who_reached_is_who_reached_before_and_who_came_and_went() -> None:
    for policy in lively().by_policy:
        for before, now in pairwise(policy.years):
            came, went = now.newly + now.entered, now.lost + now.gone + now.settled
            assert now.reached == before.reached + came - went
            assert min(now.newly, now.lost, now.gone, now.settled) > 0
    assert sum(year.entered for year in lively().by_policy[0].years) > 0


def test_numbers_are_kept_where_as_many_come_as_leave() -> None:
    result = project_years(
        people_of("shanghai", some_shanghai(5000)),
        [in_force("shanghai")],
        TODAY,
        6,
        assumed(
            "shanghai",
            leavers="{bands: [{from: 0, share: 0.15}], reached_leave: 0, confidence: unsure}",
            entrants=COMING,
        ),
    )
    for year in result.by_policy[0].years:
        assert abs(year.people - 5000) < 200


def test_nobody_leaves_and_the_same_number_comes_each_year() -> None:
    people = people_of("shanghai", some_shanghai(1000))
    result = project_years(
        people, [in_force("shanghai")], TODAY, 4, assumed("shanghai", entrants=COMING)
    )
    assert [year.people for year in result.by_policy[0].years] == [1000, 1150, 1300, 1450, 1600]


def test_newcomers_are_like_the_new_among_the_given_people() -> None:
    persons = [shanghai(insured_months=1, age=25)] * 10 + [shanghai(insured_months=90)] * 90
    result = project_years(
        people_of("shanghai", persons),
        [in_force("shanghai")],
        TODAY,
        1,
        assumed("shanghai", entrants=COMING),
        by="age:10",
    )
    labels = [label.en for label in result.group_labels]
    by_age = {
        label: [year.people for year in years]
        for label, years in zip(labels, result.by_policy[0].groups, strict=True)
    }
    assert by_age["20–29"] == [10, 25]
    assert by_age["40–49"] == [90, 90]


def test_where_nobody_is_new_the_words_say_what_to_do() -> None:
    people = people_of("shanghai", [shanghai(insured_months=50)] * 20)
    with pytest.raises(TableError, match=r"nobody has 'insured_months' below 12.*share to 0"):
        project_years(
            people, [in_force("shanghai")], TODAY, 1, assumed("shanghai", entrants=COMING)
        )


def test_all_who_reach_settle_and_are_gone_the_next_year() -> None:
    leavers = "{bands: [], reached_leave: 1, confidence: unsure}"
    people = people_of("chengdu", some_chengdu(300))
    result = project_years(
        people,
        [in_force("chengdu")],
        TODAY,
        5,
        assumed("chengdu", CHENGDU_MOVES, leavers=leavers),
    )
    years = result.by_policy[0].years
    for before, now in pairwise(years):
        assert now.settled == before.reached
        assert now.people == before.people - before.reached
        assert now.reached == now.newly


def test_those_who_leave_before_they_reach_are_told_apart() -> None:
    leavers = "{bands: [{from: 0, share: 1}], reached_leave: 0, confidence: unsure}"
    people = people_of("shanghai", [shanghai(education="none")] * 4)
    result = project_years(
        people, [in_force("shanghai")], TODAY, 3, assumed("shanghai", leavers=leavers)
    )
    first = result.by_policy[0].first
    assert (first.under, first.left, first.never) == (4, 4, 0)
    assert [year.people for year in result.by_policy[0].years] == [4, 0, 0, 0]


# ---------------------------------------------------------------- the same whatever the way


@pytest.mark.parametrize("block", [1, 97, 1000, 1024])
def test_the_size_of_the_blocks_changes_nothing(block: int) -> None:
    whole, parts = (lively(block=b, count=400, by="age:10") for b in (1 << 17, block))
    assert parts.to_dict() == whole.to_dict()


def test_neither_does_the_number_of_threads() -> None:
    assert lively(block=500, threads=1).to_dict() == lively(block=500, threads=4).to_dict()


def test_another_seed_is_another_future() -> None:
    assert lively(seed=7).to_dict()["policies"] != lively(seed=8).to_dict()["policies"]


def test_a_reform_never_changes_the_figures_of_today_s_rules() -> None:
    alone, beside = lively(policies=1), lively(policies=2)
    assert beside.to_dict()["policies"][0] == alone.to_dict()["policies"][0]
    assert reached(beside, 1) != reached(beside, 0)


def test_the_same_policy_twice_gives_the_same_figures() -> None:
    today = in_force("chengdu")
    same = reform(today, "conditions.pension_run.when: pension_months >= 36")
    people = people_of("chengdu", some_chengdu(500))
    leavers = "{bands: [{from: 0, share: 0.1}], reached_leave: 0.5, confidence: unsure}"
    result = project_years(
        people, [today, same], TODAY, 5, assumed("chengdu", CHENGDU_MOVES, leavers=leavers)
    )
    first, second = result.to_dict()["policies"]
    assert first["years"] == second["years"]
    assert first["first"] == second["first"]


def test_groups_add_up_to_everybody() -> None:
    for policy in lively(by="age:10").by_policy:
        for number, year in enumerate(policy.years):
            groups = [years[number] for years in policy.groups]
            for name in ("people", "reached", "admissible", "newly", "lost", "known"):
                assert sum(getattr(g, name) for g in groups) == getattr(year, name)


@pytest.mark.parametrize(("first", "count"), [(0, 9), (1, 8), (2, 5), (3, 1), (1000, 17)])
def test_a_person_s_luck_does_not_depend_on_who_is_drawn_beside(first: int, count: int) -> None:
    everybody = draw_numbers(7, "leaves", 3, 0, 1100)
    assert np.array_equal(
        draw_numbers(7, "leaves", 3, first, count), everybody[first : first + count]
    )
    assert not np.array_equal(draw_numbers(7, "leaves", 4, 0, 1100), everybody)
    assert not np.array_equal(draw_numbers(7, "settles", 3, 0, 1100), everybody)


# ---------------------------------------------------------------- what is unknown


def test_unknown_facts_stay_unknown_and_are_counted_apart() -> None:
    open_ = shanghai(insured_months=36, age=45)
    del open_["education"]
    surely = shanghai(insured_months=60)
    people = people_of("shanghai", [open_, open_, surely])
    moves = {"insured_months": "moves: accrues, by: insurance"}
    result = project_years(people, [in_force("shanghai")], TODAY, 2, assumed("shanghai", moves))
    for year in result.by_policy[0].years:
        assert (year.reached, year.undecided, year.at_most, year.known) == (1, 2, 3, 1)


def test_a_person_who_reaches_whatever_is_unknown_is_counted_as_reaching() -> None:
    open_ = shanghai(entrepreneur=True)
    del open_["education"]
    result = project_years(
        people_of("shanghai", [open_, shanghai()]), [in_force("shanghai")], TODAY, 1,
        assumed("shanghai"),
    )  # fmt: skip
    assert reached(result) == [2, 2]
    assert [year.known for year in result.by_policy[0].years] == [1, 1]


def test_rows_that_cannot_be_used_take_no_part() -> None:
    whole = people_of("shanghai", [shanghai()] * 4)
    faulty = People(
        whole.vocabulary, 4, whole.codes, whole.numbers, np.array([True, False, False, True])
    )
    result = project_years(faulty, [in_force("shanghai")], TODAY, 2, assumed("shanghai"))
    assert result.excluded == 2
    assert [year.people for year in result.by_policy[0].years] == [2, 2, 2]


def test_a_missing_column_is_named() -> None:
    person = shanghai()
    del person["title"]
    with pytest.raises(TableError, match="the column 'title' is missing"):
        project_years(
            people_of("shanghai", [person]), [in_force("shanghai")], TODAY, 1, assumed("shanghai")
        )


def test_years_out_of_range_are_refused() -> None:
    people, policy = people_of("shanghai", [shanghai()]), in_force("shanghai")
    for years in (-1, 61):
        with pytest.raises(ValueError, match=f"{years} years; expected 0 to 60"):
            project_years(people, [policy], TODAY, years, assumed("shanghai"))


def test_the_last_of_february_has_an_anniversary() -> None:
    assert find_anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert find_anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_leavers_need_the_ages() -> None:
    policy = reform(in_force("shanghai"), "indicators.age: null")
    person = shanghai()
    del person["age"]
    with pytest.raises(TableError, match="the column 'age' is missing: how many leave"):
        project_years(
            people_of("shanghai", [person]),
            [policy],
            TODAY,
            1,
            assumed("shanghai", leavers=LEAVING % 0),
        )


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_the_assumptions_that_come_with_jifen_can_be_used(city: str) -> None:
    assumptions = load_assumptions(shipped_assumptions_file(city), words(city))
    persons = some_shanghai(500) if city == "shanghai" else some_chengdu(500)
    policy: Policy = in_force(city)
    result = project_years(people_of(city, persons), [policy], TODAY, 10, assumptions)
    last = result.by_policy[0].years[-1]
    assert 0 < last.reached < last.people
    assert result.by_policy[0].first.under > 0
    assert set(result.to_tables()) == {"years", "first", "why"}
    for words_, basis in assumptions.list_parts():
        assert basis.sources or basis.confidence == "unsure", words_.en


def test_nobody_at_all_is_projected_too() -> None:
    whole = people_of("shanghai", [shanghai()])
    nobody = People(
        whole.vocabulary,
        0,
        {fact: column[:0] for fact, column in whole.codes.items()},
        {fact: column[:0] for fact, column in whole.numbers.items()},
    )
    result = project_years(
        nobody, [in_force("shanghai")], TODAY, 2, assumed("shanghai"), by="age:10"
    )
    assert reached(result) == [0, 0, 0]
    assert result.by_policy[0].years[0].mean_total is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_say_who_never_reaches_and_what_is_assumed(lang: Lang) -> None:
    persons = [shanghai(), shanghai(education="none")]
    people = people_of("shanghai", persons, synthetic="true")
    moves = {"age": "moves: ages"}
    result = project_years(people, [in_force("shanghai")], TODAY, 5, assumed("shanghai", moves))
    told = "\n".join(
        [*summarize_projection(result, lang), *(words_(lang) for words_ in list_cautions(result))]
    )
    expected = {
        "zh": ("现行规定", "1 人（100.0%）始终未达到", "分数下降：年龄", "合成的", "把握不足"),
        "en": ("today's rules", "never reach it", "fewer points: Age", "synthetic", "are unsure"),
    }
    for part in expected[lang]:
        assert part in told
