"""What the planner says of a day beside what the assessment of the file of that day says."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from jifen.facts.measures import ABSENT
from jifen.facts.situation import read_situation
from jifen.planning.case import PlanCase, Timeline, Wishes, build_case
from jifen.planning.initial_state import Habits
from jifen.planning.schedule import MoveSet
from jifen.policy.policy import Policy
from jifen.scoring import Assessment
from tests.people.later_facts import WINDOWS, DoneMove, PersonWithRecords

BASE_FACTS = frozenset(
    f"base_{multiple}_months_last_{window}"
    for multiple in ("08x", "1x", "2x", "3x")
    for window in (12, 36, 48)
)
"""Months in which a new job may pay any base."""


def build_plan_case(
    policy: Policy,
    person: PersonWithRecords,
    years: int,
    *,
    given: Mapping[str, Any] | None = None,
    readings: Mapping[str, str] | None = None,
    wishes: Wishes | None = None,
) -> PlanCase:
    """The planner's case of a person under one version for ever, told of `given`."""
    return build_case(
        policy.city,
        given if given is not None else person.initial_facts(policy.rules_on(person.on, readings)),
        person.on,
        policy=policy,
        years=years,
        habits=Habits(contributes=False) if person.stops else Habits(),
        readings=readings,
        wishes=wishes,
    )


def to_done_moves(done: MoveSet) -> list[DoneMove]:
    """The moves of a set as the file of a later day has them."""
    return [DoneMove(one.move, one.on, one.at_will) for one in done]


def list_doubtful_facts(
    person: PersonWithRecords, used: Iterable[str], done: MoveSet = ()
) -> set[str]:
    """The facts of which nobody knows ahead more than bounds, though all of today is known."""
    found = {ident for ident in WINDOWS if person.given_on.get(ident)}
    found |= {"home_years"} if person.moved_in else set()
    if person.start.get("area_months") == 0 and person.start.get("permit_valid") is not True:
        found.add("area_months")  # whether its holder lives there
    if person.start.get("permit_valid") is False and person.start.get("permit_months"):
        found.add("permit_months")  # it may have lapsed after the day to which the measure counts
    if person.start.get("permit_valid") is True and person.start.get("permit_months") == 0:
        found.add("permit_months")  # a permit of zero months may be of today
    if person.stops and any(one.move.contribute is not None for one in done):
        found |= BASE_FACTS
    return found & set(used)


def list_fact_differences(
    person: PersonWithRecords, timeline: Timeline, done: MoveSet, day: date
) -> list[tuple[str, Any, Any]]:
    """The facts of which the planner says something else than the file of a day."""
    courses, number = timeline.find_day(day)
    rules = courses.initial.rules
    then = read_situation(rules, person.facts_on_day(rules, day, to_done_moves(done)), day)
    doubts, found = list_doubtful_facts(person, rules.used, done), []
    for ident in rules.used:
        low, high = courses.get_track(ident, done).value_on(number)
        value = then.values.get(ident, ABSENT)
        if ident in then.ranges:  # no average wage is known of some of its months
            ends = then.ranges[ident]
            agree = _lies_inside((low, high), ends) or (
                ident in doubts and _overlaps((low, high), ends)
            )
        elif ident in doubts and low != high:
            agree = value is not ABSENT and value is not None and low <= value <= high
        else:
            agree = (low, high) == (value, value)
        if not agree:
            found.append((ident, (low, high), value))
    return found


def _lies_inside(inner: tuple[Any, Any], outer: tuple[Any, Any]) -> bool:
    return bool(outer[0] <= inner[0] <= inner[1] <= outer[1])


def _overlaps(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return bool(one[0] <= other[1] and other[0] <= one[1])


def agrees_with_assessment(
    bounds: tuple[Any, Any],
    reached: bool | None,
    then: Assessment,
    *,
    doubt: bool,
    scaled: bool = False,
) -> bool:
    """Whether a total and a verdict of the planner are those of the assessment of the day: exactly,
    or (`doubt`: something is known within bounds only) hold them. Where the file of the day leaves
    something open (no average wage of the day is known yet) the planner may know more."""
    ends = then.scaled_bounds if scaled else then.bounds
    same = reached is None or then.reached is None or reached == then.reached
    if ends[0] != ends[1]:
        return same and (_overlaps(bounds, ends) if doubt else _lies_inside(bounds, ends))
    if doubt:
        return same and (then.reached is not None or reached is None) and _lies_inside(ends, bounds)
    return (bounds, reached) == (ends, then.reached)


def days_near_changes(
    case: PlanCase, turns: Iterable[date], most: int = 8
) -> st.SearchStrategy[list[date]]:
    """Some of the days on which something may change, the days before them, and any others."""
    span = (case.last_day - case.on).days
    others = st.sets(st.integers(0, span).map(lambda n: case.on + timedelta(days=n)), max_size=most)
    chosen = st.sets(st.sampled_from(sorted(turns)), min_size=1, max_size=most)
    return st.tuples(chosen, others).map(lambda found: _with_days_before(case.on, *found))


def _with_days_before(on: date, turns: set[date], others: set[date]) -> list[date]:
    before = {day - timedelta(days=1) for day in turns if day > on}
    return sorted({on, *turns, *before, *others})
