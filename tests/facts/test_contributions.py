"""From contribution records to facts: what counts, what does not, and how it is shown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import ABSENT, FactsError, Situation, read_situation
from jifen.facts.contributions import STATUSES

ON = date(2025, 6, 15)


def shanghai(spells: list[dict[str, Any]], on: date = ON, **facts: Any) -> Situation:
    rules = load("shanghai", "2018").rules_on(on)
    return read_situation(rules, {"contributions": spells, **facts}, on, lang="en")


def chengdu(spells: list[dict[str, Any]], on: date = ON, **facts: Any) -> Situation:
    rules = load("chengdu", "2024").rules_on(on)
    return read_situation(rules, {"contributions": spells, **facts}, on, lang="en")


def spell(since: str, until: str, base: object = 20000, status: str = "paid", **more: Any) -> Any:
    return {"from": since, "to": until, "base": base, "status": status, **more}


def refused(spells: Any, **facts: Any) -> str:
    with pytest.raises(FactsError) as error:
        shanghai(spells, **facts)
    return str(error.value)


def test_paid_months_add_up_over_gaps() -> None:
    known = shanghai([spell("2020-01", "2020-12"), spell("2022-01", "2022-06")])
    assert known.values["insured_months"] == 18


def test_the_month_of_filing_counts_once_it_is_on_record() -> None:
    assert shanghai([spell("2024-06", "2025-05")]).values["insured_months_last_12"] == 12
    assert shanghai([spell("2024-07", "2025-06")]).values["insured_months_last_12"] == 12
    assert shanghai([spell("2024-07", "2025-06")]).values["insured_months"] == 12


@pytest.mark.parametrize("status", ["back_paid", "mismatched"])
def test_back_paid_and_mismatched_months_never_count(status: str) -> None:
    known = shanghai([spell("2024-06", "2025-04"), spell("2025-05", "2025-05", status=status)])
    assert known.values["insured_months"] == 11
    months = known.derived["insured_months"].months
    assert [(m.month, m.counts) for m in months[-2:]] == [("2025-04", True), ("2025-05", False)]
    assert months[-1].why.zh
    assert months[-1].why.en


def test_deferred_months_count_inside_the_recognised_term_only() -> None:
    spells = [spell("2022-03", "2022-05", status="deferred"), spell("2022-06", "2022-06")]
    known = shanghai(spells)
    assert known.values["insured_months"] == 3
    shown = {m.month: m.counts for m in known.derived["insured_months"].months}
    assert shown["2022-03"] is False
    assert shown["2022-04"] is True
    assert shown["2022-05"] is True


def test_deferred_months_are_not_recognised_where_the_city_has_no_such_term() -> None:
    known = chengdu([spell("2022-04", "2025-05", status="deferred")])
    assert known.values["pension_months"] == 0


def test_only_the_current_unbroken_run_counts_in_chengdu() -> None:
    known = chengdu([spell("2019-01", "2021-12"), spell("2022-02", "2025-05")])
    assert known.values["pension_months"] == 40
    assert known.values["medical_months"] == 40


def test_a_run_that_ended_before_last_month_is_over() -> None:
    assert chengdu([spell("2019-01", "2025-04")]).values["pension_months"] == 0


@pytest.mark.parametrize(
    ("until", "on", "months"),
    [
        ("2019-04", date(2019, 5, 31), 59),  # May is not on record yet
        ("2019-05", date(2019, 5, 31), 60),
        ("2019-05", date(2019, 6, 1), 60),
        ("2019-04", date(2019, 6, 1), 0),  # May is over and was not paid
        ("2019-03", date(2019, 5, 31), 0),  # April is over and was not paid
    ],
)
def test_a_month_under_way_breaks_no_run_on_the_day_that_a_measure_counts_to(
    until: str, on: date, months: int
) -> None:
    rules = load("chengdu", "2018").rules_on(on)
    known = read_situation(rules, {"contributions": [spell("2014-06", until)]}, on)
    assert (known.values["pension_months"], known.values["medical_months"]) == (months, months)


def test_schemes_may_differ() -> None:
    known = chengdu(
        [
            spell("2020-06", "2025-05", schemes=["pension"]),
            spell("2020-12", "2025-05", schemes=["medical"]),
        ]
    )
    assert (known.values["pension_months"], known.values["medical_months"]) == (60, 54)


def test_each_month_is_compared_with_the_wage_of_that_month() -> None:
    # 11,396 until 2023-06, 12,183 from 2023-07: one base, two answers
    known = shanghai([spell("2022-07", "2024-06", base=12000)])
    assert known.values["base_1x_months_last_48"] == 12
    months = {m.month: m for m in known.derived["base_1x_months_last_48"].months}
    assert months["2023-06"].wage == Decimal(11396)
    assert months["2023-06"].counts
    assert months["2023-07"].wage == Decimal(12183)
    assert not months["2023-07"].counts


def test_a_base_exactly_at_the_multiple_counts() -> None:
    known = shanghai([spell("2024-07", "2025-05", base="9845.60")])
    assert known.values["base_08x_months_last_48"] == 11
    below = shanghai([spell("2024-07", "2025-05", base="9845.59")])
    assert below.values["base_08x_months_last_48"] == 0


def test_a_higher_multiple_also_counts_for_the_lower_ones() -> None:
    known = shanghai([spell("2022-06", "2025-05", base=37302)])
    for fact in ("base_08x_months_last_48", "base_1x_months_last_48", "base_2x_months_last_48"):
        assert known.values[fact] == 36
    assert known.values["base_3x_months_last_36"] == 36


def test_a_month_without_a_recorded_wage_leaves_the_fact_absent_and_says_which() -> None:
    known = shanghai([spell("2027-06", "2028-05")], on=date(2028, 6, 15))
    assert "base_1x_months_last_48" not in known.values
    derived = known.derived["base_1x_months_last_48"]
    assert derived.value is ABSENT
    assert "2027-07" in derived.reason.en


def test_a_missing_base_is_not_taken_for_zero() -> None:
    known = shanghai([spell("2024-06", "2025-05", base=None)])
    assert known.values["insured_months"] == 12
    assert "base_1x_months_last_48" not in known.values
    assert "no contribution base" in known.derived["base_1x_months_last_48"].reason.en


def test_the_mean_ratio_does_not_apply_under_36_months() -> None:
    policy = load("chengdu", "2020")
    on = date(2023, 6, 15)
    spells = [spell("2020-07", "2023-05")]
    known = read_situation(policy.rules_on(on), {"contributions": spells}, on)
    assert known.values["pension_base_ratio"] is None


def test_overlapping_spells_show_both() -> None:
    words = refused([spell("2024-01", "2024-06"), spell("2024-06", "2024-12")])
    assert "2024-01 – 2024-06" in words
    assert "2024-06 – 2024-12" in words
    assert "JF-F026" in words


def test_records_and_totals_that_disagree_are_both_named() -> None:
    words = refused([spell("2024-06", "2025-05")], insured_months=24)
    assert "insured_months given as 24 months" in words
    assert "gives 12 months" in words


def test_records_and_totals_that_agree_are_fine() -> None:
    assert shanghai([spell("2024-06", "2025-05")], insured_months=12).values["insured_months"] == 12


@pytest.mark.parametrize(
    ("spells", "code"),
    [
        ("2024", "JF-F020"),
        ([7], "JF-F020"),
        ([spell("2024-13", "2025-01")], "JF-F021"),
        ([spell("2024-06-31", "2025-01")], "JF-F021"),
        ([spell("2025-02", "2025-01")], "JF-F025"),
        ([spell("2024-01", "2024-02", base=-1)], "JF-F022"),
        ([spell("2024-01", "2024-02", base="viel")], "JF-F022"),
        ([spell("2024-01", "2024-02", status="payed")], "JF-F023"),
        ([spell("2024-01", "2024-02", schemes=["housing"])], "JF-F024"),
        ([spell("2024-01", "2024-02", bass=3)], "JF-F001"),
        ([spell("2025-01", "2025-07")], "JF-F009"),
    ],
)
def test_a_bad_spell_is_named_with_its_place(spells: Any, code: str) -> None:
    words = refused(spells)
    assert code in words
    assert "contributions" in words
    assert "expected:" in words


def test_a_mistyped_status_brings_the_nearest_one() -> None:
    assert "Did you mean paid?" in refused([spell("2024-01", "2024-02", status="payed")])
    assert set(STATUSES) == {"paid", "deferred", "back_paid", "mismatched"}


def test_a_back_paid_month_of_filing_does_not_move_the_window() -> None:
    spells = [spell("2024-06", "2025-05"), spell("2025-06", "2025-06", status="back_paid")]
    assert shanghai(spells).values["insured_months_last_12"] == 12


def test_more_months_than_a_life_holds_are_refused() -> None:
    assert "JF-F041" in refused([spell("1950-01", "2025-05")])


def test_a_month_that_cannot_be_compared_leaves_a_range_not_everything() -> None:
    from jifen.scoring import assess

    on = date(2016, 12, 15)
    facts = {"contributions": [spell("2010-01", "2016-11", base=30000)]}
    result = assess(load("shanghai", "2015"), facts, on)
    # 2012-12 to 2013-03 lack a wage; the other 44 months are at three times the average
    assert result.situation.ranges["base_2x_months_last_48"] == (44, 48)
    assert (
        result.line("contribution_base").scaled_low
        == result.line("contribution_base").scaled_high
        == 120
    )
    assert "base_2x_months_last_48" not in result.missing


def test_a_total_that_the_records_cannot_allow_is_a_contradiction_too() -> None:
    # one of twelve months has no base: 11 or 12 months at the average wage, never 5
    spells = [spell("2024-06", "2025-04"), spell("2025-05", "2025-05", base=None)]
    assert "11 months to 12 months" in refused(spells, base_1x_months_last_12=5)
    known = shanghai(spells, base_1x_months_last_12=12)
    assert known.values["base_1x_months_last_12"] == 12
