"""Deadlines of lists as the files tell them, publicity that moves with holidays, faulty files."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen import cities
from jifen.lists import (
    NoListRules,
    find_entry_deadline,
    find_publicity_end,
    find_settlement_deadline,
    list_rules_on,
    load_list_rules,
    read_list_rules,
)
from jifen.policy.fault import PolicyError
from jifen.process.calendar import working_calendar

FILE = cities.ROOT / "chengdu" / "lists.yaml"
CALENDAR = working_calendar()
RULES = list_rules_on("chengdu", date(2024, 3, 1))
DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 1))


def test_the_rules_are_those_of_the_day_of_acceptance() -> None:
    assert list_rules_on("chengdu", date(2024, 2, 19)).id == "chengdu-list-2020"
    assert list_rules_on("chengdu", date(2024, 2, 20)).id == "chengdu-list-2024"
    assert list_rules_on("chengdu", date(2019, 7, 1)).mode == "rank"
    with pytest.raises(NoListRules, match="chengdu makes no list of cases accepted on 2020-03-01"):
        list_rules_on("chengdu", date(2020, 3, 1))


def test_a_filing_over_the_new_year_belongs_to_the_year_of_its_end() -> None:
    """Zhongshan: filed from September to April, ranked in May."""
    season = list_rules_on("zhongshan", date(2016, 1, 1)).filing
    assert season is not None
    assert season.find_days(2016) == (date(2015, 9, 1), date(2016, 4, 30))
    inside = [date(2015, 9, 1), date(2015, 12, 31), date(2016, 1, 1), date(2016, 4, 30)]
    assert [season.contains_day(day) for day in inside] == [True] * 4
    outside = [date(2015, 8, 31), date(2016, 5, 1)]
    assert [season.contains_day(day) for day in outside] == [False] * 2


def test_a_filing_within_a_year_is_of_that_year() -> None:
    season = list_rules_on("chengdu", date(2019, 7, 1)).filing
    assert season is not None
    first, last = season.find_days(2019)
    assert (first.year, last.year) == (2019, 2019)
    assert season.contains_day(first)
    assert not season.contains_day(last + timedelta(days=1))


def test_points_of_shanghai_lead_to_no_list() -> None:
    assert load_list_rules("shanghai") == ()


@pytest.mark.parametrize(
    ("decided", "on_list_by"),
    [
        (date(2024, 3, 4), date(2024, 3, 6)),
        (date(2024, 3, 8), date(2024, 3, 12)),  # Friday
        (date(2024, 9, 30), date(2024, 10, 9)),  # the National Day holiday
        (date(2024, 10, 11), date(2024, 10, 14)),  # Saturday the 12th is worked
    ],
)
def test_a_decision_is_on_a_list_within_two_working_days(decided: date, on_list_by: date) -> None:
    assert find_entry_deadline(RULES, decided, CALENDAR) == on_list_by


@pytest.mark.parametrize(
    ("published", "working_days", "end_moves"),
    [
        (date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 7)),
        (date(2024, 3, 7), date(2024, 3, 12), date(2024, 3, 11)),
        (date(2024, 9, 30), date(2024, 10, 10), date(2024, 10, 8)),
        (date(2024, 10, 10), date(2024, 10, 14), date(2024, 10, 14)),
    ],
)
def test_publicity_moves_with_holidays(
    published: date, working_days: date, end_moves: date
) -> None:
    assert find_publicity_end(RULES, published, CALENDAR) == working_days
    assert find_publicity_end(RULES.with_counting("end_moves"), published, CALENDAR) == end_moves


@given(DAYS)
def test_publicity_is_never_shorter_than_its_days_and_ends_on_a_working_day(day: date) -> None:
    for counting in RULES.publicity.countings:
        until = find_publicity_end(RULES.with_counting(counting), day, CALENDAR)
        assert until >= day + timedelta(days=RULES.publicity.days)
        assert CALENDAR.is_working_day(until)
    assert find_publicity_end(RULES, day, CALENDAR) >= find_publicity_end(
        RULES.with_counting("end_moves"), day, CALENDAR
    )


def test_another_way_to_count_must_be_one_of_the_file() -> None:
    with pytest.raises(ValueError, match="'calendar_days' is none of: working_days, end_moves"):
        RULES.with_counting("calendar_days")


def test_sixty_days_to_settle_or_the_end_of_november() -> None:
    assert find_settlement_deadline(RULES, date(2024, 3, 11)) == date(2024, 5, 10)
    ranked = list_rules_on("chengdu", date(2019, 7, 1))
    assert find_publicity_end(ranked, date(2019, 9, 25), CALENDAR) == date(2019, 9, 30)
    assert find_settlement_deadline(ranked, date(2019, 10, 8)) == date(2019, 11, 30)
    assert find_settlement_deadline(ranked, date(2019, 12, 2)) == date(2020, 11, 30)


def test_what_no_source_tells_is_unsure_and_says_so() -> None:
    for rules in load_list_rules("chengdu"):
        assert rules.objections.provenance.confidence == "unsure"
        assert rules.reapplication.confidence == "unsure"
        assert "本系统的规则" in rules.objections.provenance.note.zh
    ranking = list_rules_on("chengdu", date(2018, 7, 1)).ranking
    assert ranking is not None
    assert (ranking.level, ranking.provenance.confidence) == ("all", "unsure")


@pytest.mark.parametrize(
    ("change", "to", "code", "words"),
    [
        ("      days: 60\n", "", "JF-Q001", "not exactly one end"),
        ("level: all\n", "level: none\n", "", ""),
        ("counting: calendar_days", "counting: end_moves", "JF-Q002", "one of its countings"),
        ("levels: [all, none]", "levels: [none]", "JF-Q002", "one of its levels"),
        ("mode: rank", "mode: line", "JF-Q003", "'filing'"),
        ("list_on: 09-25", "list_on: 09-31", "JF-Q004", "a month and day such as 09-25"),
        ("until: 11-30", "until: 11-31", "JF-Q004", "'11-31'"),
        ("until: 2024-02-19", "until: 2024-02-20", "JF-Q005", "for cases of the same day"),
        ("    mode: line\n", "    mode: lines\n", "JF-P013", "write 'line'"),
    ],
)
def test_a_faulty_file_says_where_and_what(
    tmp_path: Path, change: str, to: str, code: str, words: str
) -> None:
    text = FILE.read_text("utf-8")
    assert change in text
    faulty = tmp_path / "lists.yaml"
    faulty.write_text(text.replace(change, to, 1), "utf-8")
    if not code:
        assert read_list_rules(faulty)[0].ranking is not None
        return
    with pytest.raises(PolicyError) as error:
        read_list_rules(faulty)
    assert code in [fault.code for fault in error.value.faults]
    assert words in str(error.value)
    assert all(fault.place.line > 1 for fault in error.value.faults)
