"""Worked years: each says what happens on which day, and why."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.planning.case import Wishes, build_case
from jifen.planning.effects import TimedMove
from jifen.planning.forecast import Forecast, forecast_case
from jifen.planning.initial_state import Habits
from jifen.planning.moves_file import moves_for_city
from jifen.planning.planner import PlanResult, plan
from jifen.planning.routes import find_first_days
from jifen.planning.schedule import Schedule
from jifen.scoring import assess
from tests.people.people_with_plans import CHENGDU, ON, SHANGHAI, plan_for


def _days(found: Forecast, ident: str) -> dict[str, tuple[Any, Any]]:
    """The days on which a line changes, with its points before and after."""
    return {
        str(step.on): (change.before[0], change.after[0])
        for step in found.steps
        for change in step.changes
        if change.id == ident
    }


def test_a_record_leaves_its_window_on_its_anniversary_and_not_on_the_first() -> None:
    found = plan_for(detention_dates=["2021-09-10", "2024-02-29"]).forecast
    # 29 February leaves on 1 March, the first day five years before which is later than it
    assert _days(found, "detention") == {"2026-09-10": (-100, -50), "2029-03-01": (-50, 0)}


def test_a_birthday_counts_on_the_day_in_shanghai_and_at_the_month_s_end_in_chengdu() -> None:
    assert min(_days(plan_for().forecast, "age")) == "2029-03-14"
    found = plan_for("chengdu", birth_date="1979-06-20").forecast
    assert _days(found, "age") == {"2025-07-01": (40, 0)}


def test_lin_gang_enters_on_the_day_of_the_overlay() -> None:
    facts: dict[str, Any] = {"outer_suburb_area": "lingang", "outer_suburb_months": 24}
    spells = [{"from": "2021-07", "to": "2024-06", "base": 9000, "status": "paid"}]
    found = plan_for(on=date(2024, 6, 1), contributions=spells, **facts).forecast
    days = _days(found, "outer_suburb")
    assert days["2024-08-21"] == (0, 4)
    assert days["2025-06-01"] == (4, 6)


def test_a_new_version_of_the_measure_is_applied_from_its_day() -> None:
    spells = [{"from": "2019-06", "to": "2023-05", "status": "paid"}]
    facts: dict[str, Any] = {"zone_group": "none", "zone_months": 0, "area_months": 0}
    facts["pension_base_ratio"] = "1"
    on = date(2023, 6, 1)
    found = plan_for("chengdu", on, contributions=spells, settlement_area="wuhou", **facts).forecast
    before, after = found.step_on(date(2024, 2, 19)), found.step_on(date(2024, 2, 20))
    assert [before.version, str(before.threshold)] == ["2020", "140"]
    assert [after.version, str(after.threshold)] == ["2024", "100"]


def test_a_permit_that_is_not_endorsed_takes_the_line_with_it() -> None:
    permit = {"issued_on": "2024-10-20", "valid_until": "2025-10-20", "endorsements": []}
    facts = {k: v for k, v in SHANGHAI.items() if k != "permit_valid"} | {"permit": permit}
    answer = plan(build_case("shanghai", facts | {"education": "master", "award": "special"}, ON))
    assert answer.today.reached
    assert answer.risks
    # 20 October is the last day on the card, and an endorsement on it is in time
    policy = answer.case.policies[0]
    due, after = date(2025, 10, 20), date(2025, 10, 21)
    known = {f: v for f, v in facts.items() if f != "contributions"}
    valid = [assess(policy, known, day).conditions[0].met for day in (due, after)]
    assert valid == [True, False]
    assert answer.risks.without_endorsement.lost_on == after
    assert answer.risks.permit_known
    assert answer.risks.without_contributions.lost_on == date(2025, 7, 1)


def test_an_area_that_is_not_told_is_missed_where_months_could_begin_in_it() -> None:
    facts = {k: v for k, v in SHANGHAI.items() if k != "outer_suburb_area"}
    untold = plan(build_case("shanghai", facts | {"outer_suburb_months": 0}, ON))
    assert "outer_suburb_area" not in untold.today.missing
    assert untold.missing_facts == (*untold.today.missing, "outer_suburb_area")
    assert "outer_suburb_area" not in plan(build_case("shanghai", SHANGHAI, ON)).missing_facts


def test_contributions_that_stop_leave_the_windows_month_by_month() -> None:
    case = build_case("shanghai", SHANGHAI, ON, habits=Habits(contributes=False))
    (days,) = [_days(forecast_case(case), "insured_six_months")]
    # June 2025 is the last month: seen in February the last twelve, from February 2025 to January
    # 2026, hold five paid ones
    assert days == {"2026-02-01": (True, False)}


def test_blood_counts_for_a_year_and_is_given_again() -> None:
    case = build_case("chengdu", CHENGDU, ON)
    (done,) = [
        s
        for s in Schedule(case, case.build_timeline()).list_sets(1, case.wishes.shortest_months)
        if s and s[0].move.id == "blood"
    ]
    found = forecast_case(case, case.build_timeline(done), done)
    days = _days(found, "blood_donation")
    # given on 1 June and on 1 December, seen from the month after on; 60 from 2040 on never comes
    assert days["2025-07-01"] == (0, 4)
    assert days["2026-01-01"] == (4, 8)
    assert len(days) == 2


def test_one_move_begins_when_the_one_that_it_needs_is_done() -> None:
    case = build_case("shanghai", SHANGHAI, ON)
    schedule = Schedule(case, case.build_timeline())
    bachelor, master = (case.moves.find_move(i) for i in ("bachelor", "master"))
    assert schedule.schedule_moves([master], case.wishes.shortest_months) is None
    first, second = schedule.schedule_moves([master, bachelor], case.wishes.shortest_months) or ()
    assert (first.move.id, first.begun, first.on) == ("bachelor", ON, date(2027, 12, 1))
    assert (second.move.id, second.begun, second.on) == (
        "master",
        date(2027, 12, 1),
        date(2030, 6, 1),
    )
    level_4, other = case.moves.find_move("level_4"), case.moves.find_move("intermediate")
    assert schedule.schedule_moves([level_4, other], case.wishes.shortest_months) is None


def test_half_a_year_late_is_what_half_a_year_more_gives() -> None:
    answer = plan_for()
    assert answer.robustness
    for looked in answer.robustness:
        for slip in looked.delays:
            move = slip.move
            months = {move.id: move.shortest + 6}
            case = build_case("shanghai", SHANGHAI, ON, wishes=Wishes(months=months))
            schedule = Schedule(case, case.build_timeline())
            done = schedule.schedule_moves(
                [one.move for one in looked.route.timed_moves], case.wishes.shortest_months
            )
            assert done is not None
            assert find_first_days(case, [done])[done] == slip.reached_if_late


def test_a_reading_that_changes_the_day_is_told() -> None:
    gap = [
        {"from": "2016-01", "to": "2020-12", "base": 9000, "status": "paid"},
        {"from": "2021-07", "to": "2025-06", "base": 9000, "status": "paid"},
    ]
    answer = plan_for(contributions=gap)
    told = {
        (o.switch.id, o.reading.id): o.reached_on for r in answer.robustness for o in r.readings
    }
    assert ("insurance_count", "continuous") in told
    reading = {"insurance_count": "continuous"}
    other = plan(build_case("shanghai", SHANGHAI | {"contributions": gap}, ON, readings=reading))
    days = {r.move_ids: r.reached_on for r in other.routes}
    for looked in answer.robustness:
        for found in looked.readings:
            if found.switch.id == "insurance_count" and looked.route.move_ids in days:
                assert days[looked.route.move_ids] == found.reached_on


def test_what_keeps_the_line_is_told_to_who_will_lose_it() -> None:
    answer = plan_for(
        "chengdu",
        contributions=[{"from": "2022-06", "to": "2025-05"}],
        permit_months=42,
        birth_date="1979-08-20",
        qualification="none",
    )
    assert answer.today.reached
    assert answer.forecast.lost_on == date(2025, 9, 1)
    assert answer.risks
    # 95 points are left after the birthday; a donation gives ten at once, volunteering comes late
    kept = {k.move_status.move.id: k.until for k in answer.risks.keeping_moves}
    assert kept == {"charity": None}


def test_a_cost_that_is_not_known_is_not_nought() -> None:
    answer = plan_for()
    by_move = {route.move_ids: route for route in answer.routes}
    assert by_move[frozenset({"bachelor"})].cost is None
    wishes = Wishes(yuan={"bachelor": Decimal(12_000)})
    again = plan(build_case("shanghai", SHANGHAI, ON, wishes=wishes))
    costs = {route.move_ids: route.cost for route in again.routes}
    assert costs[frozenset({"bachelor"})] == 12_000


def test_the_same_facts_give_the_same_answer_whatever_their_order() -> None:
    from jifen.planning.serialization import serialize_plans

    turned = dict(reversed(SHANGHAI.items()))
    first, second = (plan(build_case("shanghai", facts, ON)) for facts in (SHANGHAI, turned))
    assert serialize_plans([first], "en") == serialize_plans([second], "en")


@pytest.mark.parametrize("pays", [Decimal("0.8"), Decimal(1)])
def test_what_is_paid_from_now_on_can_be_said(pays: Decimal) -> None:
    totals = {
        "insured_months": 48,
        "insured_months_last_12": 12,
        "base_1x_months_last_12": 6,
        "base_1x_months_last_48": 20,
        "base_08x_months_last_48": 40,
        "base_2x_months_last_48": 0,
        "base_3x_months_last_36": 0,
    }
    facts = {k: v for k, v in SHANGHAI.items() if k != "contributions"} | totals
    open_ = forecast_case(build_case("shanghai", facts, ON))
    said = forecast_case(build_case("shanghai", facts, ON, habits=Habits(pays=pays)))
    last = date(2035, 6, 1)
    assert list(open_.step_on(last).line_items["contribution_base"]) == [0, 50]
    points = said.step_on(last).line_items["contribution_base"]
    assert list(points) == ([50, 50] if pays == 1 else [25, 25])


LATER = date(2026, 11, 26)


def _chengdu(only: tuple[str, ...], years: int = 10, **facts: Any) -> PlanResult:
    """Without contributions on record, and with some moves only (none named: all)."""
    base = {k: v for k, v in CHENGDU.items() if k not in ("contributions", "detention_dates")}
    all_moves = {move.id for move in moves_for_city("chengdu").moves}
    wishes = Wishes(frozenset(all_moves - set(only)) if only else frozenset())
    return plan(build_case("chengdu", base | facts, LATER, years=years, wishes=wishes))


UNINSURED = {"pension_months": 0, "medical_months": 0, "employed_six_months": False}


def test_a_donation_waits_until_it_counts() -> None:
    """36 months of insurance are full in July 2030; a donation of today would have left its window
    of 36 months by then."""
    facts = UNINSURED | {"birth_date": "1974-03-01", "permit_months": 8, "detention_count": 1}
    answer = _chengdu(("insure", "charity"), 4, **facts)
    (route,) = answer.routes
    assert route.reached_on == date(2030, 7, 1)
    given = next(one for one in route.timed_moves if one.move.id == "charity")
    assert given.on == date(2030, 6, 30)  # the day on which July counts


def test_the_bound_is_of_a_day_on_which_every_condition_is_met() -> None:
    """Before June 2027 the points would do, and the 36 months are not full; then age has fallen."""
    facts = {"birth_date": "1981-03-01", "pension_months": 29, "medical_months": 29}
    answer = _chengdu(("home",), 1, permit_months=8, detention_dates=[], **facts)
    assert answer.route_search
    bound = answer.route_search.bound
    assert bound
    assert bound.most < bound.threshold
    assert bound.on >= date(2027, 6, 1)


def test_a_reading_that_would_do_is_told_where_no_route_was_found() -> None:
    answer = _chengdu(
        ("home",),
        2,
        birth_date="1976-03-01",
        permit_months=40,
        detention_dates=["2018-01-01", "2018-02-01", "2018-03-01"],
        contributions=[{"from": "2023-06", "to": "2026-11", "status": "paid"}],
    )
    assert answer.route_search
    assert answer.route_search.bound
    (other,) = answer.other_readings
    assert (other.switch.id, other.reading.id) == ("five_year_violation", "minus_100")
    assert other.reached_on == date(2026, 12, 1)


def test_where_four_moves_are_needed_the_longer_routes_are_told() -> None:
    answer = _chengdu(
        ("permit", "home", "insure", "move_in", "middle_title"),
        birth_date="1982-01-01",
        permit_valid=False,
        permit_months=None,
        legal_residence=False,
        permit_area="jianyang",
        detention_dates=[],
        **UNINSURED,
    )
    assert answer.routes
    assert all({"permit", "home", "insure", "move_in"} <= route.move_ids for route in answer.routes)
    assert min(len(route.timed_moves) for route in answer.routes) > 3


def test_blood_is_given_up_to_the_age_of_the_law() -> None:
    case = _chengdu(
        (), birth_date="1971-08-03", pension_months=60, medical_months=60, detention_dates=[]
    ).case
    given = next(move for move in case.moves.moves if move.id == "blood")
    done = (TimedMove(given, LATER, LATER),)
    found = forecast_case(case, timed_moves=done)
    # 56 on 3 August 2027: the last gift is of May 2027, and leaves its window in May 2028
    assert found.step_on(date(2027, 12, 1)).line_items["blood_donation"][0] > 0
    assert found.step_on(date(2028, 7, 1)).line_items["blood_donation"][1] == 0


def test_a_title_is_not_offered_to_whoever_cannot_have_worked_so_long() -> None:
    young = plan_for(birth_date="2003-05-01")
    begun = {
        one.begun for r in young.routes for one in r.timed_moves if one.move.id == "intermediate"
    }
    assert all(day >= date(2029, 5, 1) for day in begun)  # 26 with college
    without = plan_for(education="none", study_mode=None)
    offered = {s.move.id for s in without.move_statuses if s.status == "offered"}
    assert "level_3_by_years" in offered
    assert "degree" in {
        s.move.id for s in plan_for(education="bachelor").move_statuses if s.status == "offered"
    }


def test_what_the_measure_says_of_old_age_is_told_with_its_day() -> None:
    found = plan_for(birth_date="1970-05-03").forecast
    ((day, caution),) = found.cautions
    assert day == date(2031, 5, 3)
    assert caution.words.zh
