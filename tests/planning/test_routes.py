"""Routes against brute force: every set of moves on every day, by the plain assessment of the facts
file that would be written then."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.case import Case, Wishes, case_of
from jifen.planning.forecast import forecast
from jifen.planning.model import Move
from jifen.planning.reach import reach
from jifen.planning.routes import routes, timeline_of
from jifen.planning.schedule import Schedule
from jifen.policy.months import first_day, minus_months, month_of
from jifen.policy.policy import Policy
from tests.people.futures import Made, Somebody, judged, somebody

EACH = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MEASURES = [
    ("shanghai", "2018", date(2022, 6, 1), 4),
    ("shanghai", "2018", date(2022, 3, 30), 4),
    ("chengdu", "2024", date(2025, 6, 17), 6),
]


def _cases(
    data: st.DataObject, city: str, version: str, on: date, years: int
) -> tuple[Policy, Somebody, Case]:
    policy = load(city, version)
    person = data.draw(somebody(city, version, on))
    months = {"level_3": 12, "senior": 18, "senior_worker": 12, "bachelor": 14, "sanitation": 0}
    wishes = Wishes(months={ident: n for ident, n in months.items() if data.draw(st.booleans())})
    given_ = person.given(policy.at(on))
    return policy, person, case_of(city, given_, on, policy=policy, years=years, wishes=wishes)


@pytest.mark.parametrize(("city", "version", "on", "years"), MEASURES)
@given(data=st.data())
@EACH
def test_every_set_on_every_day_is_what_the_assessment_says(
    city: str, version: str, on: date, years: int, data: st.DataObject
) -> None:
    policy, person, case = _cases(data, city, version, on, years)
    schedule = Schedule(case, case.timeline())
    sets = schedule.sets(3, case.wishes.shortest)
    found = reach(timeline_of(case, sets), sets)
    for _ in range(25):
        number = data.draw(st.integers(0, len(sets) - 1))
        day = data.draw(st.sampled_from(found.days))
        made = [Made(one.move, one.on, one.at_will) for one in sets[number]]
        then, column = judged(policy, person, day, made), found.days.index(day)
        total = then.scaled_bounds
        assert (found.least[number, column], found.most[number, column]) == total
        assert found.surely[number, column] == then.reached == found.perhaps[number, column]


@pytest.mark.parametrize(("city", "version", "on", "years"), MEASURES)
@given(data=st.data())
@settings(EACH, max_examples=8, phases=[Phase.generate, Phase.explicit])
def test_routes_are_those_of_brute_force(
    city: str, version: str, on: date, years: int, data: st.DataObject
) -> None:
    policy, person, case = _cases(data, city, version, on, years)
    years = min(years, 2)
    kept = data.draw(
        st.sets(st.sampled_from([m.id for m in case.moves.moves]), min_size=1, max_size=3)
    )
    without = frozenset(m.id for m in case.moves.moves) - kept
    case = case_of(
        city, case.given, on, policy=policy, years=years, wishes=Wishes(without, case.wishes.months)
    )
    found = routes(case, Schedule(case, case.timeline()))
    mine = {route.ids: route.reached_on for route in found.found}
    assert mine == dict(_by_force(policy, person, case))


@given(data=st.data())
@settings(EACH, max_examples=4, phases=[Phase.generate, Phase.explicit])
def test_a_move_that_only_two_others_together_open_is_in_the_routes(data: st.DataObject) -> None:
    """The senior title wants the intermediate one and a bachelor's degree."""
    on, policy = date(2022, 6, 1), load("shanghai", "2018")
    person = data.draw(somebody("shanghai", "2018", on))
    person.facts.update(birth_date=date(1970, 1, 5), education="college", title="none")
    kept = {"bachelor", "intermediate", "senior"}
    ids = [move.id for move in case_of("shanghai", {}, on).moves.moves]
    wishes = Wishes(
        frozenset(ids) - kept,
        {ident: data.draw(st.sampled_from([2, 5, 8])) for ident in sorted(kept)},
    )
    given_ = person.given(policy.at(on))
    case = case_of("shanghai", given_, on, policy=policy, years=2, wishes=wishes)
    schedule = Schedule(case, case.timeline())
    assert kept == {move.id for move in schedule.offered}
    found = routes(case, schedule)
    assert {route.ids: route.reached_on for route in found.found} == dict(
        _by_force(policy, person, case)
    )
    if found.bound:
        assert found.bound.sets == 5  # none, either, both, and all three


def _by_force(
    policy: Policy, person: Somebody, case: Case
) -> Iterator[tuple[frozenset[str], date]]:
    """Sets of which every smaller one is later, found by looking at each."""
    moves = [move for move in case.moves.moves if move.id not in case.wishes.without]
    first: dict[frozenset[str], date | None] = {}
    for size in range(4):
        for some in combinations(moves, size):
            ids = frozenset(move.id for move in some)
            first[ids] = _first_day(policy, person, case, some)
    for ids, day in first.items():
        smaller = [first[frozenset(s)] for n in range(len(ids)) for s in combinations(ids, n)]
        if day is not None and all(other is None or other > day for other in smaller):
            yield ids, day


def _first_day(policy: Policy, person: Somebody, case: Case, moves: Sequence[Move]) -> date | None:
    made = _timed(policy, person, case, moves)
    if made is None:
        return None
    for day in _days(case, made):
        if judged(policy, person, day, made).reached:
            return day
    return None


def _days(case: Case, made: Sequence[Made]) -> list[date]:
    """Every day that could matter, told without the planner: firsts of months, months since the
    first day and since a move, anniversaries of all dates, and the day after each."""
    months = range(12 * case.years + 2)
    days = {case.on, *(minus_months(case.on.replace(day=1), -n) for n in months)}
    days |= {minus_months(day, -n) for day in (case.on, *(m.on for m in made)) for n in months}
    for value in case.given.values():
        for mark in value if isinstance(value, list) else [value]:
            if isinstance(mark, date):
                years = range(
                    12 * (case.on.year - mark.year), 12 * (case.last.year - mark.year + 1)
                )
                days |= {minus_months(mark, -n) for n in years if n % 12 == 0}
    days |= {date.fromordinal(day.toordinal() + 1) for day in days if day.day >= 28}
    return sorted(day for day in days if case.on <= day <= case.last)


def _timed(
    policy: Policy, person: Somebody, case: Case, moves: Sequence[Move]
) -> list[Made] | None:
    """Each move as soon as the facts of a day allow it, day by day."""
    waiting, made = list(moves), list[Made]()
    begun: dict[str, date] = {}
    day = case.on
    while waiting and day <= case.last:
        for move in list(waiting):
            if move.open_on(day) and _allowed(policy, person, case, move, made, day):
                waiting.remove(move)
                begun[move.id] = day
                done = minus_months(day, -case.wishes.shortest(move))
                made.append(Made(move, done, move.at_will))
        day = date.fromordinal(day.toordinal() + 1)
        if not any(one.on >= day for one in made) and day.day != 1:
            day = min(first_day(month_of(day) + 1), case.last)
            if day == case.last:
                break
    if waiting or any(one.on > case.last for one in made):
        return None
    for one, other in combinations(made, 2):
        if one.move.instead and one.move.instead == other.move.instead:
            first, second = sorted((one, other), key=lambda m: begun[m.move.id])
            if begun[second.move.id] < first.on or begun[first.move.id] == begun[second.move.id]:
                return None
    return made


def _allowed(
    policy: Policy, person: Somebody, case: Case, move: Move, made: Sequence[Made], day: date
) -> bool:
    if move.needs is None:
        return True
    rules = policy.at(day)
    facts = person.later(rules, day, made)
    for one in made:
        if one.on <= day:
            facts |= one.move.sets
    from jifen.planning.start import Start

    there = Start(rules, case.moves, facts, day)
    from jifen.policy.condition import facts_of

    return move.needs.test()({ident: there.value(ident) for ident in facts_of(move.needs)})


def test_a_base_that_is_raised_is_on_record_no_sooner_than_the_months_before() -> None:
    """The record runs a month behind: the window of 48 months does not slide over a month that is
    not there yet."""
    on, policy = date(2022, 6, 1), load("shanghai", "2018")
    at_08 = {month: Decimal("0.8") for month in (24265, *range(24228, 24257))}
    facts = {"birth_date": date(2000, 1, 1), "employed_and_insured": True}
    person = Somebody(facts, at_08 | {24268: Decimal("0.7")}, on, lag=1)
    case = case_of("shanghai", person.given(policy.at(on)), on, policy=policy, years=2)
    schedule = Schedule(case, case.timeline())
    sets = schedule.sets(1, case.wishes.shortest)
    raised = next(done for done in sets if [one.move.id for one in done] == ["base_1x"])
    made = [Made(one.move, one.on) for one in raised]
    step = forecast(case, done=raised).on(date(2023, 1, 1))
    then = judged(policy, person, date(2023, 1, 1), made)
    assert then.situation.values["base_08x_months_last_48"] == 36
    assert step.bounds == then.bounds
