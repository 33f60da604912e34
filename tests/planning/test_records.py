"""Records that are behind, arrears, deferred months, another job: whatever comes of them lies
between the bounds, and what is known is exact."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.case import Wishes, build_case
from jifen.planning.forecast import forecast_case
from jifen.planning.initial_state import Habits
from jifen.planning.messages import describe_verdict
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.near_threshold import count_within_one_move
from jifen.planning.planner import PlanResult, plan
from jifen.planning.routes import timeline_for_sets
from jifen.planning.schedule import Schedule
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month
from jifen.policy.policy import Policy
from jifen.scoring import Assessment, assess
from tests.people.later_facts import (
    MULTIPLES,
    DoneMove,
    PersonWithRecords,
    assess_later_day,
    first_full_month,
)
from tests.people.people_with_plans import CHENGDU, SHANGHAI, build_row, plan_for
from tests.people.planner_people import people_known_ahead

EACH = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ON = date(2025, 6, 10)
SHANGHAI_ON = date(2022, 6, 1)
CHENGDU_ON = date(2025, 6, 17)


@dataclass(frozen=True)
class Another(PersonWithRecords):
    """Somebody of whom other months come onto the record than the first day shows: `gap` paid
    since its end, then, if it `goes_on`, every month at `multiple`, each `runs` months late."""

    gap: frozenset[int] = frozenset()
    goes_on: bool = True
    multiple: Decimal = Decimal(1)
    runs: int = 0

    def _paid_months(self, day: date, made: Sequence[DoneMove]) -> dict[int, Decimal]:
        if day <= self.on:
            return self.months
        coming = set(self.gap)
        begun = [first_full_month(one.on) for one in made if one.move.contribute is not None]
        since = to_month(self.on) if self.goes_on else min(begun, default=10**6)
        coming |= set(range(since, to_month(day) + 1))
        runs = self.runs if self.goes_on else 0
        shown = {month for month in coming if month <= to_month(day) - runs}
        return dict.fromkeys(shown, self.multiple) | self.months

    def _count_paid_since(self, rules: Rules, day: date, made: Sequence[DoneMove] = ()) -> int:
        return super()._count_paid_since(rules, day, made) if self.goes_on else 0


def _held(policy: Policy, person: PersonWithRecords, years: int, data: st.DataObject) -> None:
    """Every day looked at lies between the bounds; the first is exact."""
    on = person.on
    case = build_case(
        policy.city, person.initial_facts(policy.rules_on(on)), on, policy=policy, years=years
    )
    found = forecast_case(case)
    days = {step.on for step in found.steps} | {on + timedelta(days=1)}
    span = (case.last_day - on).days
    days |= {on + timedelta(days=n) for n in data.draw(st.sets(st.integers(0, span), max_size=8))}
    for day in sorted(days):
        step, then = found.step_on(day), assess_later_day(policy, person, day)
        assert step.bounds[0] <= then.bounds[0] <= step.bounds[1], day
        assert step.reached in (None, then.reached), day
    today = assess_later_day(policy, person, on)
    assert (found.steps[0].bounds, found.steps[0].reached) == (today.bounds, today.reached)


@given(data=st.data())
@EACH
def test_whoever_is_insured_and_behind_on_record_is_between_a_gap_and_none(
    data: st.DataObject,
) -> None:
    """Of the months between nobody knows; from today on they are paid, at whatever base."""
    policy, on = load("shanghai", "2018"), SHANGHAI_ON
    lag = data.draw(st.integers(4, 40))
    known = data.draw(people_known_ahead("shanghai", "2018", on, lag))
    gap = range(to_month(on) - lag + 1, to_month(on))
    person = Another(
        known.facts,
        known.months,
        on,
        lag,
        gap=frozenset(data.draw(st.sets(st.sampled_from(gap)))),
        multiple=data.draw(st.sampled_from(MULTIPLES)),
        runs=data.draw(st.integers(0, 3)),
    )
    _held(policy, person, 4, data)


@given(data=st.data())
@EACH
def test_a_record_that_misses_the_last_month_is_late_or_tells_of_a_gap(
    data: st.DataObject,
) -> None:
    policy, on = load("chengdu", "2024"), CHENGDU_ON
    lag = data.draw(st.integers(2, 3))
    known = data.draw(people_known_ahead("chengdu", "2024", on, lag))
    goes_on = data.draw(st.booleans())
    gap = frozenset(range(to_month(on) - lag + 1, to_month(on)) if goes_on else ())
    runs = data.draw(st.integers(0, 3))
    person = Another(known.facts, known.months, on, lag, gap=gap, goes_on=goes_on, runs=runs)
    _held(policy, person, 10, data)


@dataclass(frozen=True)
class Owing(PersonWithRecords):
    """Somebody whose last months on record were deferred, or paid late."""

    status: dict[int, str] = field(default_factory=dict)

    def initial_facts(self, rules: Rules) -> dict[str, Any]:
        return self._told(super().initial_facts(rules))

    def facts_on_day(
        self, rules: Rules, day: date, made: Sequence[DoneMove] = ()
    ) -> dict[str, Any]:
        return self._told(super().facts_on_day(rules, day, made))

    def _told(self, facts: dict[str, Any]) -> dict[str, Any]:
        each = [
            one
            | {"from": format_month(n), "to": format_month(n), "status": self.status.get(n, "paid")}
            for one in facts["contributions"]
            for n in range(_number(one["from"]), _number(one["to"]) + 1)
        ]
        return facts | {"contributions": each}


def _number(month: str) -> int:
    return to_month(date.fromisoformat(f"{month}-01"))


@pytest.mark.parametrize("on", [SHANGHAI_ON, date(2023, 1, 31)])
@given(data=st.data())
@EACH
def test_after_arrears_and_deferred_months_whoever_is_insured_pays_as_before(
    on: date, data: st.DataObject
) -> None:
    policy = load("shanghai", "2018")
    known = data.draw(people_known_ahead("shanghai", "2018", on, data.draw(st.integers(0, 3))))
    last = max(known.months)
    word = data.draw(st.sampled_from(["deferred", "back_paid"]))
    late = range(last - data.draw(st.integers(0, 20)), last + 1)
    owed = dict.fromkeys(late, word)
    person = Owing(known.facts, known.months, on, known.lag, status=owed)
    case = build_case(
        "shanghai", person.initial_facts(policy.rules_on(on)), on, policy=policy, years=4
    )
    for step in forecast_case(case).steps:
        then = assess_later_day(policy, person, step.on)
        assert (step.bounds, step.reached) == (then.bounds, then.reached), step.on


@given(data=st.data())
@settings(EACH, max_examples=15)
def test_another_job_reaches_no_level_surely_and_any_perhaps(data: st.DataObject) -> None:
    policy, on = load("shanghai", "2018"), SHANGHAI_ON
    lag = data.draw(st.integers(0, 30))
    known = data.draw(people_known_ahead("shanghai", "2018", on, lag))
    facts = known.facts | {"employed_and_insured": False, "public_service_months": 0}
    facts |= {"outer_suburb_area": None, "outer_suburb_months": 0}
    pays = data.draw(st.sampled_from(MULTIPLES))
    person = Another(facts, known.months, on, lag, goes_on=False, multiple=pays)
    case = build_case(
        "shanghai", person.initial_facts(policy.rules_on(on)), on, policy=policy, years=4
    )
    schedule = Schedule(case, case.build_timeline())
    (job,) = [
        s
        for s in schedule.list_sets(1, case.wishes.shortest_months)
        if s and s[0].move.id == "insure"
    ]
    found = score_move_sets(timeline_for_sets(case, [job]), [job])
    made = [DoneMove(job[0].move, job[0].on)]
    for day in data.draw(st.lists(st.sampled_from(found.days), min_size=10, max_size=20)):
        then, column = assess_later_day(policy, person, day, made), found.days.index(day)
        least, most = found.least[0, column], found.most[0, column]
        assert least <= then.scaled_bounds[0] <= most, day
        assert found.surely[0, column] <= bool(then.reached) <= found.perhaps[0, column], day


def _paid(until: str, since: str = "2016-01", base: int = 7000, **spell: Any) -> dict[str, Any]:
    return {"from": since, "to": until, "base": base, **spell}


def _chengdu(until: str, **facts: Any) -> PlanResult:
    told = {"birth_date": "1990-05-10", "permit_months": 40, "employed_six_months": False}
    return plan_for("chengdu", ON, contributions=[_paid(until, "2021-01", 8000)], **told | facts)


def _by_hand(city: str, version: str, day: date, **facts: Any) -> Assessment:
    base = SHANGHAI if city == "shanghai" else CHENGDU
    return assess(load(city, version), base | facts, day)


@pytest.mark.parametrize("until", ["2025-04", "2025-03"])
def test_a_record_a_month_behind_makes_nothing_impossible(until: str) -> None:
    """The job may never have stopped, and it may have: then a new one begins a fresh run."""
    answer = _chengdu(until)
    assert answer.today.reached is False
    assert (answer.forecast.reached_on, answer.forecast.perhaps_on) == (None, date(2025, 6, 11))
    (route,) = answer.routes
    assert [one.move.id for one in route.timed_moves] == ["insure"]
    assert route.reached_on == date(2028, 8, 1)
    facts: dict[str, Any] = {"birth_date": "1990-05-10", "employed_six_months": True}
    anew = [_paid(until, "2021-01", 8000), _paid("2028-07", "2025-08", 8000)]
    hand = _by_hand(
        "chengdu", "2024", route.reached_on, permit_months=77, contributions=anew, **facts
    )
    assert hand.reached
    said = describe_verdict(answer).words
    assert "it may be reached on 2025-06-11" in said.en
    assert "最早可能 2025-06-11" in said.zh


def test_where_nothing_is_left_to_answer_no_answer_is_asked_for() -> None:
    facts = CHENGDU | {"permit_months": 40, "contributions": [_paid("2025-04", "2021-01", 8000)]}
    facts |= {"employed_six_months": False, "birth_date": "1990-05-10"}
    answer = plan(build_case("chengdu", facts, ON, wishes=Wishes(frozenset({"insure"}))))
    assert (
        describe_verdict(answer).words.en
        == "Not to be said for sure yet; 2025-06-11 at the earliest."
    )
    assert "没有填写" not in describe_verdict(answer).words.zh


def test_whoever_is_insured_and_behind_on_record_gets_there_by_waiting() -> None:
    """Ten months without a record: perhaps they come, and six new ones are on record by December
    if each comes at once, by March if each comes three months late."""
    facts: dict[str, Any] = {"education": "bachelor_with_degree", "birth_date": "1990-01-01"}
    answer = plan_for(on=ON, contributions=[_paid("2024-08")], **facts)
    assert answer.today.reached is False
    assert answer.forecast.perhaps_on == date(2025, 6, 11)
    assert answer.forecast.reached_on == date(2026, 2, 1)
    late = [_paid("2024-08"), _paid("2025-10", "2025-06")]
    days = date(2026, 1, 31), date(2026, 2, 1)
    assert not _by_hand("shanghai", "2018", days[0], contributions=late, **facts).reached
    late[1]["to"] = "2025-11"
    assert _by_hand("shanghai", "2018", days[1], contributions=late, **facts).reached


def test_whoever_is_insured_and_has_no_month_on_record_gets_there_too() -> None:
    found = plan_for(on=ON, contributions=[], education="master", award="special").forecast
    assert found.reached_on == date(2026, 2, 1)


def test_a_register_that_is_three_months_late_is_not_taken_to_break_every_run_for_ever() -> None:
    """Where the six months must be unbroken: today they are not on record, and may be tomorrow."""
    facts = SHANGHAI | {"contributions": [_paid("2025-03")], "education": "bachelor_with_degree"}
    reading = {"six_months": "consecutive"}
    found = forecast_case(build_case("shanghai", facts, ON, readings=reading))
    assert found.steps[0].reached is False
    assert (found.reached_on, found.perhaps_on) == (None, date(2025, 6, 11))
    assert forecast_case(build_case("shanghai", facts, ON)).reached_on == ON


def test_whoever_says_that_they_go_on_does_not_say_that_months_off_the_record_were_paid() -> None:
    spells = [_paid("2025-03", "2021-01", 8000)]
    facts = CHENGDU | {"contributions": spells, "employed_six_months": False}
    found = forecast_case(build_case("chengdu", facts, ON, habits=Habits(contributes=True)))
    assert found.step_on(date(2028, 6, 1)).facts["pension_months"][0] == 36


def test_deferred_months_are_followed_by_paid_ones() -> None:
    on, base = date(2022, 11, 10), 15000
    spells = [
        _paid("2022-06", "2015-01", base),
        _paid("2022-11", "2022-07", base, status="deferred"),
    ]
    facts: dict[str, Any] = {"birth_date": "1990-01-01"}
    found = plan_for(on=on, contributions=spells, **facts).forecast
    assert found.reached_on == on
    assert (found.lost_on, found.doubtful_on) == (None, None)
    later = [*spells, _paid("2024-01", "2022-12", base)]
    hand = _by_hand("shanghai", "2018", date(2024, 1, 10), contributions=later, **facts)
    assert found.step_on(date(2024, 1, 10)).bounds == hand.bounds
    assert hand.total == 157


def test_after_arrears_the_line_is_reached_by_waiting() -> None:
    spells = [_paid("2024-12"), _paid("2025-06", "2025-01", status="back_paid")]
    facts: dict[str, Any] = {"birth_date": "1990-01-01", "education": "bachelor"}
    answer = plan_for(on=ON, contributions=spells, **facts)
    assert answer.forecast.reached_on == date(2026, 6, 1)
    assert [route.move_ids for route in answer.routes] == [frozenset()]
    later = [*spells, _paid("2026-06", "2025-07")]
    assert _by_hand("shanghai", "2018", date(2026, 6, 1), contributions=later, **facts).reached


def test_who_paid_late_last_and_is_not_said_to_be_insured_may_go_on_or_not() -> None:
    spells = [_paid("2024-12", "2021-01"), _paid("2025-05", "2025-01", status="back_paid")]
    answer = plan_for("chengdu", ON, contributions=spells, employed_six_months=False)
    low, high = answer.forecast.step_on(date(2028, 6, 1)).facts["pension_months"]
    assert (low, high) == (0, 36)


def test_insurance_of_one_scheme_that_is_a_month_behind_the_other_goes_on() -> None:
    spells = [_paid("2025-06", schemes=["pension"]), _paid("2025-05", schemes=["medical"])]
    together = plan_for(on=ON, contributions=[_paid("2025-05")]).forecast
    apart = plan_for(on=ON, contributions=spells).forecast
    assert [(s.on, s.bounds) for s in apart.steps] == [(s.on, s.bounds) for s in together.steps]


OUT_OF_WORK: dict[str, Any] = {"birth_date": "1975-01-01", "employed_and_insured": False}
OUT_OF_WORK |= {"education": "none", "study_mode": None}


def test_a_new_job_does_not_pay_what_the_one_that_ended_did() -> None:
    spells = [_paid("2015-12", "2015-01", 20_000)]
    answer = plan_for(on=ON, contributions=spells, **OUT_OF_WORK)
    assert min(route.reached_on for route in answer.routes) == date(2027, 8, 1)
    assert all({"insure"} < route.move_ids for route in answer.routes)
    anew = [*spells, _paid("2027-07", "2025-08", 8000)]
    facts = OUT_OF_WORK | {"employed_and_insured": True, "contributions": anew}
    assert _by_hand("shanghai", "2018", date(2027, 7, 1), **facts).total == 22


def test_what_is_said_of_the_base_from_now_on_holds_of_a_new_job() -> None:
    spells = [_paid("2015-12", "2015-01", 20_000)]
    case = plan_for(on=ON, contributions=spells, **OUT_OF_WORK).case
    said = build_case("shanghai", case.given, ON, habits=Habits(pays=Decimal(3)))
    assert min(route.reached_on for route in plan(said).routes) == date(2027, 7, 1)


def test_full_windows_of_a_job_that_ended_say_nothing_of_the_next() -> None:
    """As records do."""
    policy, facts = load("shanghai", "2018"), OUT_OF_WORK | {"insured_months": 40}
    facts |= {f"base_{n}_months_last_48": 40 for n in ("08x", "1x", "2x")}
    facts |= {
        "insured_months_last_12": 12,
        "base_1x_months_last_12": 12,
        "base_3x_months_last_36": 36,
    }
    told = {ident: value for ident, value in SHANGHAI.items() if ident != "contributions"} | facts
    case = build_case("shanghai", told, ON, policy=policy)
    schedule = Schedule(case, case.build_timeline())
    (job,) = [
        s
        for s in schedule.list_sets(1, case.wishes.shortest_months)
        if s and s[0].move.id == "insure"
    ]
    level = (
        forecast_case(case, timed_moves=job)
        .step_on(date(2029, 6, 10))
        .facts["base_3x_months_last_36"]
    )
    assert level == (0, 36)


@pytest.mark.parametrize("insured", [True, False])
def test_in_a_population_a_new_job_does_not_pay_what_the_last_one_did(insured: bool) -> None:
    """With the job 36 months at the ceiling are 120 points; without it they leave the window."""
    on, full = date(2025, 6, 1), {"insured_months": 40, "insured_months_last_12": 12}
    full |= {f"base_{n}_months_last_48": 48 for n in ("08x", "1x", "2x")}
    full |= {"base_3x_months_last_36": 36, "base_1x_months_last_12": 12}
    facts: dict[str, Any] = {"age": 50, "permit_valid": True, "employed_and_insured": insured}
    found = count_within_one_move(*build_row("shanghai", "2018", on, **facts, **full), on=on)
    assert (found.reached, found.by_move["insure"]) == (int(insured), 0)
