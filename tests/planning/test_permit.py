"""The residence permit through the years: when it lapses, and how it is come by or made up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen.cities import in_force
from jifen.facts.permit import count_full_months, read_permit
from jifen.facts.situation import read_situation
from jifen.planning.case import Wishes, build_case
from jifen.planning.effects import TimedMove
from jifen.planning.forecast import forecast_case
from jifen.planning.initial_state import Habits
from jifen.planning.messages import describe_verdict
from jifen.planning.planner import PlanResult, plan
from jifen.planning.schedule import Schedule
from jifen.policy.months import subtract_months
from jifen.scoring import assess
from tests.people.people_with_plans import CHENGDU, SHANGHAI

ON = date(2025, 6, 10)
NEAR: dict[str, Any] = CHENGDU | {
    "birth_date": date(1992, 1, 1),
    "contributions": [{"from": "2021-01", "to": "2025-05"}],
}
"""At the line of Chengdu but for the conditions."""
UNTOLD = {ident: value for ident, value in SHANGHAI.items() if ident != "permit_valid"}


@given(
    issued=st.dates(date(2018, 1, 1), date(2024, 5, 1)),
    gaps=st.lists(st.integers(200, 420), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_a_permit_lapses_on_the_day_of_the_record_however_late_it_was_endorsed(
    issued: date, gaps: list[int]
) -> None:
    days = [issued + timedelta(days=sum(gaps[: n + 1])) for n in range(len(gaps))]
    permit: dict[str, Any] = {"issued_on": issued, "valid_until": date(2035, 1, 1)}
    permit["endorsements"] = [day for day in days if day <= ON]
    case = build_case("shanghai", UNTOLD | {"permit": permit, "education": "master"}, ON, years=3)
    found = forecast_case(replace(case, habits=Habits(endorses=False)))
    record = read_permit(permit, None, [])
    assert record is not None
    for number in range((case.last_day - ON).days + 1):
        day = ON + timedelta(days=number)
        assert found.step_on(day).facts["permit_valid"] == (record.is_valid_on(day),) * 2, day


def _chengdu(**facts: Any) -> PlanResult:
    return plan(build_case("chengdu", NEAR | facts, ON))


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        ({"legal_residence": False}, {"legal_residence": True}, "home"),
        ({"permit_area": "jintang"}, {"permit_area": "xindu"}, "move_in"),
    ],
)
def test_what_must_hold_on_the_day_is_asked_of_the_day(
    before: dict[str, Any], after: dict[str, Any], move: str
) -> None:
    """No month's end is waited for, though the measure counts to the end of the month before."""
    first = _chengdu(**before).routes[0]
    assert [one.move.id for one in first.timed_moves] == [move]
    day = first.reached_on
    assert day == date(2025, 7, 10)
    policy = in_force("chengdu", day)
    assert policy
    paid = {"contributions": [{"from": "2021-01", "to": "2025-06"}]}
    assert assess(policy, NEAR | paid | after, day).reached
    assert not assess(policy, NEAR | paid | before, day).reached


NONE: dict[str, Any] = {"permit_valid": False, "permit_months": None, "permit_area": None}
LAPSED = {"permit_valid": False, "permit_months": 0}


def _plain(city: str, day: date, facts: dict[str, Any]) -> bool | None:
    """The plain assessment of a facts file written on a day, contributions paid until then."""
    last = subtract_months(day, 0 if city == "shanghai" else 1)
    [spell] = facts["contributions"]
    policy = in_force(city, day)
    assert policy
    paid = {"contributions": [spell | {"to": f"{last:%Y-%m}"}]}
    return assess(policy, facts | paid, day).reached


@pytest.mark.parametrize("record", [True, False])
def test_who_holds_no_permit_gets_one_in_an_area_where_points_count(record: bool) -> None:
    facts = {k: v for k, v in NEAR.items() if not k.startswith("permit")}
    facts |= {"permit": None} if record else NONE
    answer = plan(build_case("chengdu", facts, ON))
    [route] = answer.routes
    assert route.move_ids == {"permit_in"}
    assert route.reached_on == date(2026, 1, 10)
    there = {"permit_valid": True, "permit_months": 0, "permit_area": "wuhou"}
    facts.pop("permit", None)
    assert _plain("chengdu", route.reached_on, facts | there)
    assert "endorse" not in {s.move.id for s in answer.move_statuses if s.status == "offered"}


def test_an_area_that_is_not_told_leaves_open_whether_the_permit_is_of_use() -> None:
    facts = {k: v for k, v in NEAR.items() if k != "permit_area"} | LAPSED
    answer = plan(build_case("chengdu", facts, ON))
    assert answer.route_search
    assert (answer.routes, answer.route_search.bound) == ((), None)
    assert "permit_area" in answer.missing_facts


def test_months_in_the_area_of_a_new_permit_are_counted_from_it() -> None:
    """Under the measure of 2020 both those of the permit and those in its area give points; a late
    endorsement begins the first anew, and leaves open since when the home is there."""
    on = date(2021, 3, 10)
    facts = NEAR | {"zone_group": "none", "zone_months": 0, "settlement_area": "wuhou"}
    facts |= LAPSED | {"permit_area": "dongbu_xinqu", "area_months": 0}
    facts["contributions"] = [{"from": "2016-03", "to": "2021-02"}]
    schedule = Schedule(case := build_case("chengdu", facts, on), case.build_timeline())
    then, looked = date(2022, 12, 1), set()
    for done in schedule.list_sets(1, case.wishes.shortest_months):
        ids = {one.move.id for one in done}
        if ids & {"permit", "endorse"}:
            courses, number = case.build_timeline(done).find_day(then)
            permit, area = (courses.get_track(f"{of}_months", done) for of in ("permit", "area"))
            assert permit.value_on(number)[0] == count_full_months(done[0].on, date(2022, 11, 30))
            # the area of a permit that has lapsed need not be where its holder lives
            assert area.value_on(number) == ((13, 13) if ids == {"permit"} else (0, 21))
            looked |= ids
    assert looked == {"permit", "endorse"}


@given(late=st.integers(1, 400), gone=st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_lapsed_permit_is_made_up_and_not_waited_for(late: int, gone: bool) -> None:
    """Its functions return on the day on which the endorsement is made up."""
    issued = subtract_months(ON - timedelta(days=late), 36)
    times = [subtract_months(issued, -12 * n) for n in (1, 2)]
    until = subtract_months(issued, -36) if gone else date(2035, 1, 1)
    permit = {"issued_on": issued, "valid_until": until, "endorsements": times}
    facts = UNTOLD | {"permit": permit, "education": "master", "award": "special"}
    answer = plan(build_case("shanghai", facts, ON))
    assert not answer.today.reached
    first = answer.routes[0]
    assert first.move_ids == {"endorse"}
    assert first.reached_on == ON
    permit = permit | {"endorsements": [*times, ON], "valid_until": date(2035, 1, 1)}
    assert _plain("shanghai", ON, facts | {"permit": permit})


def test_whether_a_permit_was_held_decides_what_is_offered() -> None:
    near = SHANGHAI | {"education": "master", "award": "special", "permit_valid": False}
    untold = plan(build_case("shanghai", near, ON)).routes
    assert [route.move_ids for route in untold] == [{"endorse"}, {"permit"}]
    never = {k: v for k, v in near.items() if k != "permit_valid"} | {"permit": None}
    [route] = plan(build_case("shanghai", never, ON)).routes
    assert route.move_ids == {"permit"}
    assert route.reached_on == date(2026, 1, 10)


def _old(**facts: Any) -> PlanResult:
    """Forty-six, and so short of the line, in half a year; today there."""
    near = {k: v for k, v in NEAR.items() if k != "permit_months"}
    spell = [{"from": "2022-06", "to": "2025-05"}]
    old = {"birth_date": date(1979, 9, 1), "permit_valid": False, "contributions": spell}
    case = build_case("chengdu", near | old | facts, ON, years=1)
    ids = {move.id for move in case.moves.moves} - {"permit", "permit_in", "endorse"}
    return plan(replace(case, wishes=Wishes(frozenset(ids))))


def test_nothing_is_impossible_while_it_is_not_known_whether_a_move_can_be_made() -> None:
    assert [route.move_ids for route in _old(permit_months=0).routes] == [{"endorse"}]
    answer = _old()
    assert answer.route_search
    assert (answer.routes, answer.route_search.bound) == ((), None)
    assert answer.route_search.perhaps_on == ON  # not the day of the new permit: today, it may be
    assert "permit_months" in answer.missing_facts
    assert describe_verdict(answer).kind == "open"
    barred = _old(criminal_record=True)
    assert barred.route_search
    assert barred.route_search.bound
    assert describe_verdict(barred).kind == "no"


def test_a_permit_that_is_planned_counts_as_it_will_on_record() -> None:
    """Got on the first of a month: a year is full by the end of the month before the same day."""
    issued = date(2026, 1, 1)
    facts = NEAR | LAPSED | {"permit_area": "wuhou", "area_months": 0}
    case = build_case("chengdu", facts, ON, years=3)
    move = next(one for one in case.moves.moves if "permit_months" in one.starts)
    done = (TimedMove(move, ON, issued),)
    endorsed, counted = [date(year, 12, 20) for year in (2026, 2027)], dict[date, Any]()
    for courses in case.build_timeline(done).segments:
        track = courses.get_track("permit_months", done)
        for number, day in enumerate(courses.span.days):
            policy = in_force("chengdu", day)
            if issued <= courses.span.counting_days[number] and policy is not None:
                permit = {
                    "issued_on": issued,
                    "valid_until": date(2030, 1, 1),
                    "endorsements": [one for one in endorsed if one <= day],
                }
                known = read_situation(
                    policy.rules_on(day), {"permit": permit}, day, lang="en"
                ).values
                counted[day] = known["permit_months"]
                assert track.value_on(number) == (counted[day],) * 2, day
    assert (counted[date(2026, 12, 1)], counted[date(2027, 1, 1)]) == (11, 12)


def test_months_of_a_permit_that_is_not_valid_may_be_gone_on_the_next_counting_day() -> None:
    on, later = date(2020, 8, 31), date(2020, 9, 1)
    facts = CHENGDU | {"permit_valid": False, "permit_months": 1}
    timeline = build_case("chengdu", facts, on, years=1).build_timeline()
    for day, months in ((on, (1, 1)), (later, (0, 1))):
        trajectories, number = timeline.find_day(day)
        assert trajectories.get_track("permit_months").value_on(number) == months
