"""Routes against brute force: every set of moves on every day, by the plain assessment of the facts
file that would be written then."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.situation import read_situation
from jifen.planning.case import PlanCase, Wishes, build_case
from jifen.planning.forecast import forecast_case
from jifen.planning.model import Move
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.moves_file import moves_for_city
from jifen.planning.routes import find_routes, timeline_for_sets
from jifen.planning.schedule import Schedule
from jifen.policy.condition import list_condition_facts
from jifen.policy.months import completed_years, first_day, subtract_months, to_month
from jifen.policy.policy import Policy
from tests.hypothesis_profiles import each
from tests.measures import WITH_MOVES as VERSIONS
from tests.people.forecast_comparison import (
    agrees_with_assessment,
    build_plan_case,
    days_near_changes,
    list_doubtful_facts,
    to_done_moves,
)
from tests.people.later_facts import DoneMove, PersonWithRecords, assess_later_day
from tests.people.planner_people import (
    days_of_version,
    people_known_ahead,
    people_with_records,
    readings_of,
)

each_version = pytest.mark.parametrize(("city", "version"), VERSIONS)
MEASURES = [("shanghai", "2018"), ("chengdu", "2024"), ("chengdu", "2020")]
TOO_LARGE = [HealthCheck.data_too_large]
ONCE = [Phase.explicit, Phase.reuse, Phase.generate]  # brute force is too slow to be shrunk


def durations_of(city: str) -> st.SearchStrategy[Wishes]:
    """Months that moves take, some of them named by the person."""
    ids = [move.id for move in moves_for_city(city).moves]
    months = st.dictionaries(st.sampled_from(ids), st.integers(0, 20), max_size=5)
    return st.builds(lambda found: Wishes(months=found), months)


@each_version
@given(data=st.data())
@each(5, 1_000, suppress_health_check=TOO_LARGE)
def test_every_set_on_every_day_is_what_the_assessment_says(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person, readings = (
        data.draw(people_with_records(city, version, on)),
        data.draw(readings_of(policy)),
    )
    wishes, years = data.draw(durations_of(city)), data.draw(st.sampled_from([2, 4]))
    case = build_plan_case(policy, person, years, readings=readings, wishes=wishes)
    sets = Schedule(case, case.build_timeline()).list_sets(2, case.wishes.shortest_months)
    found = score_move_sets(timeline_for_sets(case, sets), sets)
    for number in data.draw(st.sets(st.integers(0, len(sets) - 1), min_size=1, max_size=4)):
        doubt = bool(list_doubtful_facts(person, case.rules.used, sets[number]))
        for day in data.draw(days_near_changes(case, found.days, 3)):
            then = assess_later_day(policy, person, day, to_done_moves(sets[number]), readings)
            column = bisect_right(found.days, day) - 1
            total = found.least[number, column], found.most[number, column]
            reached = True if found.surely[number, column] else None
            reached = reached if found.perhaps[number, column] else False
            assert agrees_with_assessment(total, reached, then, doubt=doubt, scaled=True), (
                sets[number],
                day,
            )


@pytest.mark.parametrize(("city", "version"), MEASURES)
@given(data=st.data())
@each(4, 200, suppress_health_check=TOO_LARGE, phases=ONCE)
def test_routes_are_those_of_brute_force(city: str, version: str, data: st.DataObject) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person, wishes = data.draw(people_known_ahead(city, version, on)), data.draw(durations_of(city))
    ids = {move.id for move in moves_for_city(city).moves}
    kept = data.draw(st.sets(st.sampled_from(sorted(ids)), min_size=1, max_size=3))
    case = build_plan_case(policy, person, 2, wishes=Wishes(frozenset(ids - kept), wishes.months))
    found = find_routes(case, Schedule(case, case.build_timeline()))
    mine = {route.move_ids: route.reached_on for route in found.routes}
    assert mine == dict(Force(policy, person, case).routes())


@given(data=st.data())
@each(3, 100, suppress_health_check=TOO_LARGE, phases=ONCE)
def test_a_move_that_only_two_others_together_open_is_in_the_routes(data: st.DataObject) -> None:
    """The senior title wants the intermediate one and a bachelor's degree."""
    on, policy = date(2022, 6, 1), load("shanghai", "2018")
    person = data.draw(people_known_ahead("shanghai", "2018", on))
    person.facts.update(birth_date=date(1970, 1, 5), education="college", title="none")
    kept = {"bachelor", "intermediate", "senior"}
    ids = {move.id for move in moves_for_city("shanghai").moves}
    months = {ident: data.draw(st.sampled_from([2, 5, 8])) for ident in sorted(kept)}
    case = build_plan_case(policy, person, 2, wishes=Wishes(frozenset(ids - kept), months))
    schedule = Schedule(case, case.build_timeline())
    assert kept == {move.id for move in schedule.offered_moves}
    found = find_routes(case, schedule)
    mine = {route.move_ids: route.reached_on for route in found.routes}
    assert mine == dict(Force(policy, person, case).routes())
    if found.bound:
        assert found.bound.sets == 5  # none, either, both, and all three


@dataclass(frozen=True, eq=False)
class Force:
    """Every set of moves on every day, each day assessed once for the moves that are done by it."""

    policy: Policy
    person: PersonWithRecords
    case: PlanCase
    _reached: dict[tuple[date, frozenset[tuple[str, date]]], bool] = field(default_factory=dict)

    def routes(self) -> Iterator[tuple[frozenset[str], date]]:
        """The sets of which every smaller one is later, with their days."""
        moves = [
            move for move in self.case.moves.moves if move.id not in self.case.wishes.ruled_out
        ]
        first = {
            frozenset(move.id for move in some): self._first_day(some)
            for size in range(4)
            for some in combinations(moves, size)
        }
        for ids, day in first.items():
            smaller = [first[frozenset(s)] for n in range(len(ids)) for s in combinations(ids, n)]
            if day is not None and all(other is None or other > day for other in smaller):
                yield ids, day

    def _first_day(self, moves: Sequence[Move]) -> date | None:
        made = self._timed(moves)
        if made is None:
            return None
        days = self._days({one.on for one in made})
        return next((day for day in days if self._reaches(day, made)), None)

    def _reaches(self, day: date, made: Sequence[DoneMove]) -> bool:
        done = [one for one in made if one.on <= day]
        key = day, frozenset((one.move.id, one.on) for one in done)
        if key not in self._reached:
            self._reached[key] = (
                assess_later_day(self.policy, self.person, day, done).reached is True
            )
        return self._reached[key]

    def _days(self, more: set[date]) -> list[date]:
        """Every day that could matter, told without the planner: months since the first day and
        since a move, anniversaries of all dates, and the day after each."""
        case, days = self.case, set(self._of_the_person)
        days |= {subtract_months(day, -n) for day in more for n in range(12 * case.years + 2)}
        return sorted(day for day in days if case.on <= day <= case.last_day)

    @cached_property
    def _of_the_person(self) -> set[date]:
        case, months = self.case, range(12 * self.case.years + 2)
        firsts = {first_day(to_month(case.on) + n) for n in months}
        days = {case.on, *firsts, *(subtract_months(case.on, -n) for n in months)}
        for value in self.person.facts.values():
            for mark in value if isinstance(value, list) else [value]:
                if isinstance(mark, date):
                    days |= {subtract_months(mark, -12 * n) for n in range(100)}
        return days | {date.fromordinal(day.toordinal() + 1) for day in days}

    def _timed(self, moves: Sequence[Move]) -> list[DoneMove] | None:
        """Each move as soon as the facts of a day allow it."""
        made, begun = list[DoneMove](), dict[str, date]()
        for _ in moves:
            waiting = [move for move in moves if move.id not in begun]
            starts = [(day, n) for n, m in enumerate(waiting) if (day := self._begins(m, made))]
            if not starts:
                return None
            day, number = min(starts)
            begun[waiting[number].id] = day
            ends = subtract_months(day, -self.case.wishes.shortest_months(waiting[number]))
            made.append(DoneMove(waiting[number], ends, waiting[number].is_at_will))
        late = any(one.on > self.case.last_day for one in made)
        return None if late or _in_each_others_way(made, begun) else made

    def _begins(self, move: Move, made: Sequence[DoneMove]) -> date | None:
        days = self._days({one.on for one in made})
        return next((day for day in days if self._may_begin(move, made, day)), None)

    def _may_begin(self, move: Move, made: Sequence[DoneMove], day: date) -> bool:
        if not move.is_open_on(day) or move.needs is None:
            return move.is_open_on(day)
        rules = self.policy.rules_on(day)
        facts = self.person.facts_on_day(rules, day, made)
        for one in made:
            if one.on <= day:  # a certificate is there on its day, whenever the measure counts it
                facts |= one.move.sets
        known = facts | read_situation(rules, facts, day).values
        known["age"] = completed_years(facts["birth_date"], day)
        return move.needs.compile_test()(
            {ident: known[ident] for ident in list_condition_facts(move.needs)}
        )


def _in_each_others_way(made: Sequence[DoneMove], begun: dict[str, date]) -> bool:
    """Whether two moves stand for one another and the later does not wait for the earlier."""
    for one, other in combinations(made, 2):
        if one.move.instead and one.move.instead == other.move.instead:
            first, second = sorted((one, other), key=lambda m: begun[m.move.id])
            if begun[second.move.id] < first.on or begun[first.move.id] == begun[second.move.id]:
                return True
    return False


def test_a_base_that_is_raised_is_on_record_no_sooner_than_the_months_before() -> None:
    """The record runs a month behind: the window of 48 months does not slide over a month that is
    not there yet."""
    on, policy = date(2022, 6, 1), load("shanghai", "2018")
    at_08 = {month: Decimal("0.8") for month in (24265, *range(24228, 24257))}
    facts = {"birth_date": date(2000, 1, 1), "employed_and_insured": True}
    person = PersonWithRecords(facts, at_08 | {24268: Decimal("0.7")}, on, lag=1)
    case = build_case(
        "shanghai", person.initial_facts(policy.rules_on(on)), on, policy=policy, years=2
    )
    schedule = Schedule(case, case.build_timeline())
    sets = schedule.list_sets(1, case.wishes.shortest_months)
    raised = next(done for done in sets if [one.move.id for one in done] == ["base_1x"])
    step = forecast_case(case, timed_moves=raised).step_on(date(2023, 1, 1))
    then = assess_later_day(policy, person, date(2023, 1, 1), to_done_moves(raised))
    assert then.situation.values["base_08x_months_last_48"] == 36
    assert step.bounds == then.bounds


def test_blood_is_given_by_the_age_of_the_day_and_not_of_the_end_of_the_month_before() -> None:
    """Fifty-six on 1 June 2026: that of December 2025 is the last, as on 17 June 2026 nobody may
    give any more, though Chengdu's measure still counts 55 to the end of May."""
    on, policy = date(2025, 6, 17), load("chengdu", "2024")
    facts = {
        "award": "none",
        "charity_yuan_last_36": 0,
        "birth_date": date(1970, 6, 1),
        "bad_credit_dates": None,
        "qualification": "senior_title",
        "employed_six_months": False,
        "detoxification_dates": [],
        "volunteer_hours": 225,
        "blood_ml_last_12": 0,
        "permit_valid": False,
        "legal_residence": True,
        "permit_months": 0,
        "detention_dates": [],
        "criminal_record": False,
        "veteran_merit": "none",
        "star_talent": "none",
        "banned_organisation": None,
        "permit_area": "jinjiang",
    }
    person = PersonWithRecords(facts, {24305: Decimal("0.7"), 24304: Decimal("0.7")}, on, 0)
    case = build_plan_case(policy, person, 6)
    sets = Schedule(case, case.build_timeline()).list_sets(3, case.wishes.shortest_months)
    found = score_move_sets(timeline_for_sets(case, sets), sets)
    blood = next(n for n, done in enumerate(sets) if [one.move.id for one in done] == ["blood"])
    assert found.least[blood, found.days.index(date(2026, 7, 1))] == 74  # 4 points, and not 8
    for number, done in enumerate(sets):
        for column, day in enumerate(found.days):
            then = assess_later_day(policy, person, day, to_done_moves(done))
            assert (found.least[number, column], found.most[number, column]) == then.scaled_bounds
