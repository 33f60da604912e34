"""What a result amounts to: its state, the number that may be shown, its range and its words."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import index, load
from jifen.policy.text import Text
from jifen.scoring import Assessment, score_situation
from jifen.scoring.result_status import (
    ResultStatus,
    StatusTexts,
    derive_status,
    derive_stored_status,
    describe_status,
)
from jifen.scoring.result_status.presumption import presume_clean_record, presumed_values
from tests.hypothesis_profiles import each
from tests.people.result_statuses import (
    CITIES,
    COMPLETE_FACTS,
    ON,
    assess_sound_facts,
    cases_near_threshold,
)

OVER = re.compile(r"达到|高出|够 |reached|over|enough|at the line", re.IGNORECASE)
"""Words by which somebody would take the line for reached."""
NUMBER = re.compile(r"−?[0-9]+(?:\.[0-9]+)?")


def _numbers(words: Text) -> list[Decimal]:
    return [Decimal(found.replace("−", "-")) for found in NUMBER.findall(words.zh)]


def _of(city: str, **facts: Any) -> tuple[Assessment, ResultStatus, StatusTexts]:
    assessment = assess_sound_facts(city, facts)
    standing = derive_status(assessment)
    return assessment, standing, describe_status(standing)


def test_a_range_that_may_be_too_wide_says_so() -> None:
    _, standing, words = _of("shanghai", birth_date="1990-05-01")
    assert standing.narrowest
    assert "可能比实际的宽" not in words.bounds.zh
    wide = describe_status(replace(standing, narrowest=False)).bounds
    assert wide.zh.endswith("此区间可能比实际的宽。")
    assert wide.en.endswith("this range may be wider than it need be.")


def test_a_serious_crime_leaves_no_number_over_the_line() -> None:
    assessment, standing, words = _of(
        "shanghai", **COMPLETE_FACTS["shanghai"] | {"serious_crime": True}
    )
    assert assessment.total is not None
    assert assessment.total > 120
    assert (standing.state, standing.number, standing.over) == ("vetoed", None, None)
    assert words.spoken.zh == "一票否决：严重刑事犯罪记录 · 申请不会通过"
    assert words.spoken.en == "Veto: Serious criminal record · refused whatever the points"
    assert words.headline.zh == "一票否决（严重刑事犯罪记录）：申请不会通过，与分数无关。"
    assert words.next.zh == "请向受理窗口确认记录与认定是否准确。"
    assert words.points.zh == f"各项合计 {assessment.total} 分"


@pytest.mark.parametrize("city", CITIES)
def test_without_a_permit_nobody_is_over_the_line(city: str) -> None:
    _, standing, words = _of(city, **COMPLETE_FACTS[city] | {"permit_valid": False})
    assert (standing.state, standing.number) == ("refused", None)
    assert standing.deciders[0].kind == "condition"
    assert words.spoken.zh.startswith("申请条件未满足：")
    assert words.headline.zh.endswith("：分数再高也不能申请。")
    assert "居住证" in words.next.zh


def test_who_surely_passes_is_not_told_to_be_short() -> None:
    """Insurance of 240 months or more gives 60 points at least, which are not settled yet."""
    facts = {
        k: v for k, v in COMPLETE_FACTS["shanghai"].items() if k not in ("insured_months", "award")
    }
    facts |= {"award": None, "education": "bachelor"}
    whole = assess_sound_facts("shanghai", facts | {"insured_months": 240})
    del whole.situation.values["insured_months"]
    whole.situation.ranges["insured_months"] = (240, 720)
    assessment = score_situation(whole.rules, whole.situation)
    standing = derive_status(assessment)
    settled, (low, high) = assessment.answered, assessment.bounds
    assert settled < 120 <= low < high
    assert (standing.state, standing.number, standing.lacking) == ("reached", low, None)
    words = describe_status(standing)
    assert words.spoken.zh == f"目前可得 {low} 分 · 达到 120 分线，至少高出 {low - 120} 分"
    assert words.spoken.en == (
        f"{low} points so far · the line of 120 is reached, at least {low - 120} over"
    )


def test_only_adverse_records_are_open() -> None:
    facts = {k: v for k, v in COMPLETE_FACTS["shanghai"].items() if "dates" not in k}
    del facts["serious_crime"]
    assessment, standing, words = _of("shanghai", **facts)
    assert assessment.reached is None
    assert (standing.state, standing.presumed_state) == ("open", "reached")
    total = standing.number
    assert standing.range == (total, total)
    assert words.spoken.zh == f"目前可得 {total} 分 · 如无不良记录，达到 120 分线"
    assert words.range.zh == f"如无不良记录：{total} 分"
    assert words.headline.zh == "如无不良记录，达到 120 分线；还有 4 个问题需要确认。"
    low, high = assessment.bounds
    assert words.bounds.zh == (
        f"如无不良记录：{total} 分。未回答的不良记录按最多次数计算：{low} 至 {high} 分。"
    )


@pytest.mark.parametrize("city", CITIES)
def test_nothing_answered_has_no_number_and_no_range(city: str) -> None:
    assessment, standing, words = _of(city)
    assert standing.number is None
    assert words.points.zh == "还没有作答"
    assert words.spoken.zh == f"还没有作答 · 分数线 {assessment.threshold} 分"
    assert words.range.zh == ""
    assert words.next.zh == "请从任意一个问题开始作答。"
    assert str(assessment.bounds[1]) in words.bounds.zh


@pytest.mark.parametrize("city", CITIES)
def test_a_range_wider_than_the_line_shows_its_lower_end(city: str) -> None:
    _, standing, words = _of(city, permit_valid=True)
    assert standing.is_wide
    assert words.range.zh == "如无不良记录：0 分起"
    assert _numbers(words.spoken)[0] == 0


def test_a_known_total_says_its_distance() -> None:
    _, over, words = _of("shanghai", **COMPLETE_FACTS["shanghai"])
    assert over.over
    assert words.spoken.zh == f"共 {over.number} 分 · 达到 120 分线，高出 {over.over} 分"
    assert words.headline.zh.endswith("；申请条件全部满足。")
    _, below, words = _of(
        "shanghai", **COMPLETE_FACTS["shanghai"] | {"education": "none", "award": "none"}
    )
    assert below.state == "below"
    assert words.verdict.zh == f"未达到分数线 120 分，还差 {below.lacking} 分"
    assert words.verdict.en == f"below the line of 120, {below.lacking} short"


@pytest.mark.parametrize("city", CITIES)
@given(data=st.data())
@each(40, 3_000)
def test_a_standing_never_contradicts_itself(city: str, data: st.DataObject) -> None:
    assessment = assess_sound_facts(city, data.draw(cases_near_threshold(city)))
    standing = derive_status(assessment)
    words = describe_status(standing)
    (low, high), (least, most) = standing.range, standing.bounds
    assert (least, most) == assessment.bounds
    assert least <= low <= high <= most
    assert standing.number is None or low <= standing.number <= high
    if standing.state == "reached":
        assert assessment.reached is True
    if standing.is_barred:
        assert standing.number is None
        for text in (words.verdict, words.headline, words.spoken):
            assert not OVER.search(text.zh), text
            assert not OVER.search(text.en), text
            assert not NUMBER.search(text.zh.replace("12 个月", "").replace("6 个月", "")) or (
                standing.deciders[0].kind == "condition"
            )
    for number in _numbers(words.points):
        assert low <= number <= high
    if words.range.zh:
        assert {low, high} >= set(_numbers(words.range))
    assert all(text.zh and text.en for text in (words.points, words.headline, words.next))


@pytest.mark.parametrize("city", CITIES)
@given(data=st.data())
@each(25, 2_000)
def test_a_presumption_never_worsens_and_changes_nothing_that_is_known(
    city: str, data: st.DataObject
) -> None:
    assessment = assess_sound_facts(city, data.draw(cases_near_threshold(city)))
    presumed = presume_clean_record(assessment)
    assert presumed.bounds[1] == assessment.bounds[1], "a presumed value is the best one"
    known = assessment.situation.values
    assert {ident: presumed.situation.values[ident] for ident in known} == known
    if assessment.reached is not None:
        assert presumed.reached == assessment.reached


@pytest.mark.parametrize("city", CITIES)
def test_every_record_that_takes_points_or_refuses_is_presumed(city: str) -> None:
    for version in index()[city].versions:
        policy = load(city, version.version)
        rules = policy.rules_on(policy.since)
        presumed = presumed_values(rules, policy.since)
        adverse = {
            fact
            for indicator in rules.indicators
            if indicator.is_veto or "eachrecord" in type(indicator.mechanism).__name__.lower()
            for fact in indicator.mechanism.list_facts()
        }
        assert adverse <= presumed.keys(), version.version


def _with_line(standing: ResultStatus, line: Decimal | None) -> StatusTexts:
    return describe_status(replace(standing, threshold=line))


def test_a_line_of_zero_and_no_line_have_words() -> None:
    _, standing, _ = _of("shanghai", **COMPLETE_FACTS["shanghai"])
    assert _with_line(standing, Decimal(0)).verdict.zh.startswith("达到 0 分线，高出")
    ranked = replace(standing, ranked=True)
    assert _with_line(ranked, None).spoken.zh == f"共 {standing.number} 分 · 可以参加排名"
    assert _with_line(ranked, None).headline.zh == "可以参加排名；能否入选还要看当年名额。"
    _, empty, _ = _of("shanghai")
    assert _with_line(empty, None).spoken.zh == "还没有作答"
    assert _with_line(replace(empty, ranked=True), None).verdict.zh == "还不能确定"


def test_a_stored_result_amounts_to_the_same() -> None:
    for city in CITIES:
        for changed in ({}, {"permit_valid": False}, {"serious_crime": True}):
            facts = COMPLETE_FACTS[city] | changed
            if city == "chengdu" and "serious_crime" in changed:
                continue
            assessment = assess_sound_facts(city, facts)
            standing = derive_status(assessment)
            stored = derive_stored_status(assessment.to_dict(), ranked=False)
            assert (stored.state, stored.number) == (standing.state, standing.number)
            assert (stored.over, stored.lacking) == (standing.over, standing.lacking)
            assert describe_status(stored).verdict == describe_status(standing).verdict


def test_the_questions_that_decide_are_those_of_the_conditions_once_the_points_suffice() -> None:
    facts = {
        k: v for k, v in COMPLETE_FACTS["shanghai"].items() if k not in ("permit_valid", "award")
    }
    _, standing, words = _of("shanghai", **facts)
    assert [decider.id for decider in standing.deciders] == ["permit_valid"]
    assert words.headline.zh == (
        "还不能确定：分数够 120 分，申请条件待确认；还有 1 个问题会影响结果。"
    )
    assert words.next.zh == "请回答：持有有效的上海市居住证。"


def test_the_day_of_these_people_is_one_of_the_shipped_measures() -> None:
    assert all(index()[city].version_on(ON) for city in CITIES)
