"""What is asked: whose facts, under which rules, from which day on, for how long."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from jifen import cities
from jifen.planning.ages import list_age_changes
from jifen.planning.days import (
    ONE_DAY,
    DaySpan,
    RulesOn,
    find_horizon,
    list_counting_days,
    list_month_firsts,
    list_monthly,
    list_rule_changes,
    list_yearly,
    select_days,
    split_by_rules,
)
from jifen.planning.effects import TimedMove
from jifen.planning.initial_state import Habits, InitialState
from jifen.planning.model import CityMoves, Move
from jifen.planning.moves_file import moves_for_city
from jifen.planning.trajectories import Trajectories
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months
from jifen.policy.policy import Policy

DEFAULT_YEARS = 10
MOST_YEARS = 30


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says of the moves: which are ruled out, how many months they take them, what
    they cost them (yuan)."""

    ruled_out: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    yuan: Mapping[str, Decimal] = field(default_factory=dict)

    def wishes_for_city(self, city: cities.CityOrId, among: Iterable[cities.CityOrId]) -> "Wishes":
        """What of them is about moves of a city, where several are asked about: moves of the other
        cities are left out, and what no city knows stays, to be refused."""
        own_moves = {move.id for move in moves_for_city(city).moves}
        other_moves = {move.id for name in among for move in moves_for_city(name).moves} - own_moves
        return Wishes(
            self.ruled_out - other_moves,
            {
                move_id: months
                for move_id, months in self.months.items()
                if move_id not in other_moves
            },
            {move_id: yuan for move_id, yuan in self.yuan.items() if move_id not in other_moves},
        )

    def shortest_months(self, move: Move) -> int:
        """Months that a move takes at least."""
        return self.months.get(move.id, move.shortest)

    def usual_months(self, move: Move) -> int:
        """Months that a move takes as a rule."""
        return self.months.get(move.id, move.usual)

    def find_cost(self, move: Move) -> Decimal | None:
        """What a move costs; None where nobody knows."""
        return self.yuan.get(move.id, move.cost)


@dataclass(frozen=True, eq=False)
class PlanCase:
    """A person under a city's measure from a day on. `given` were examined by the assessment;
    `policies` hold one after another (a named version: for ever); readings are chosen ones."""

    city: str
    given: Mapping[str, Any]
    on: date
    policies: tuple[Policy, ...]
    years: int = DEFAULT_YEARS
    wishes: Wishes = field(default_factory=Wishes)
    habits: Habits = field(default_factory=Habits)
    readings: Mapping[str, str] = field(default_factory=dict)
    one_policy_always: bool = False
    """The first policy is taken for every day, whether it is in force or not."""
    place: cities.City | None = None
    """The city itself, where its id alone does not say which is meant."""

    @cached_property
    def moves(self) -> CityMoves:
        """What can be done in the city."""
        return moves_for_city(self.place or self.city)

    @cached_property
    def last_day(self) -> date:
        """The last day that is looked at: none after the end of the last measure that is known."""
        ends = None if self.one_policy_always or not self.policies else self.policies[-1].until
        requested = find_horizon(self.on, self.years)
        return requested if ends is None else max(min(requested, ends), self.on)

    @property
    def is_cut_short(self) -> bool:
        """Whether fewer years are looked at than were asked for."""
        return self.last_day < find_horizon(self.on, self.years)

    def rules_on(self, day: date) -> Rules | None:
        """The rules of a day; None where no measure is known."""
        if day not in self._rules_by_day:
            self._rules_by_day[day] = self._find_rules(day)
        return self._rules_by_day[day]

    @cached_property
    def _rules_by_day(self) -> dict[date, Rules | None]:
        return {}

    def _find_rules(self, day: date) -> Rules | None:
        for policy in self.policies:
            if self.one_policy_always or policy.in_force_on(day):
                return policy.rules_on(day, self._known_readings(policy))
        return None

    def _known_readings(self, policy: Policy) -> dict[str, str]:
        known = policy.choices
        return {choice: option for choice, option in self.readings.items() if choice in known}

    @cached_property
    def rules(self) -> Rules:
        """The rules of the first day. Raises LookupError where there are none."""
        rules = self.rules_on(self.on)
        if rules is None:
            raise LookupError(f"no measure of {self.city} is in force on {self.on}")
        return rules

    def get_initial_state(self, rules: Rules) -> InitialState:
        """The person on the first day, under some rules."""
        return self._initial_states.setdefault(
            id(rules), InitialState(rules, self.moves, self.given, self.on, self.habits)
        )

    @cached_property
    def _initial_states(self) -> dict[int, InitialState]:
        return {}

    def build_timeline(
        self,
        timed_moves: Sequence[TimedMove] = (),
        rules_on: RulesOn | None = None,
        last: date | None = None,
    ) -> "Timeline":
        """The days on which something can change, with the moves that may be done by then; up to
        `last`, if that is sooner than the last of all."""
        last = min(last or self.last_day, self.last_day)
        days = select_days(
            [*self._change_days, *self._list_effect_days(timed_moves)], self.on, last
        )
        spans = split_by_rules(rules_on or self.rules_on, self.on, days)
        return Timeline(tuple(map(self._get_trajectories, spans)))

    def _get_trajectories(self, span: DaySpan) -> Trajectories:
        """The courses of the facts through some days, the same ones whenever they are asked for."""
        key = id(span.rules), span.no_measure, span.days
        if key not in self._trajectories:
            initial = self.get_initial_state(span.rules)
            self._trajectories[key] = Trajectories(initial, span)
        return self._trajectories[key]

    @cached_property
    def _trajectories(self) -> dict[tuple[int, bool, tuple[date, ...]], Trajectories]:
        """By rules (which the initial states keep, so that an id stands for one), void, days."""
        return {}

    @cached_property
    def _change_days(self) -> tuple[date, ...]:
        """What happens without any move."""
        days = [*list_month_firsts(self.on, self.last_day), *list_rule_changes(self.policies)]
        days += list_counting_days(self.policies, self.on, self.last_day)
        if self._counts_by_day:
            days += self._list_personal_days()
        if self.get_initial_state(self.rules).is_unsettled:
            days.append(self.on + ONE_DAY)
        if not self.habits.endorses:
            days += self._list_permit_days()
        return select_days(days, self.on, self.last_day)

    @cached_property
    def _counts_by_day(self) -> bool:
        """Whether a measure counts on the day itself, so that days inside a month matter."""
        return any(
            policy.rules_on(policy.since).reference.kind == "on_the_day" for policy in self.policies
        )

    def _list_personal_days(self) -> Iterator[date]:
        initial = self.get_initial_state(self.rules)
        yield self.on + ONE_DAY  # what is known of a day only may be otherwise on the next
        yield from list_monthly(self.on, self.last_day)
        for fact in self.rules.vocabulary:
            derivation = fact.derive
            value = initial.get_value(derivation.source) if derivation else None
            if derivation and derivation.measure == "completed_years":
                yield from list_age_changes(initial, fact, self.last_day)
            if (
                derivation
                and derivation.measure == "records_in_window"
                and isinstance(value, tuple)
            ):
                for day in value if derivation.window else ():
                    leaves_on = subtract_months(day, -(derivation.window or 0))
                    yield from (leaves_on, leaves_on + ONE_DAY)
        permit = initial.permit
        since = permit.held_since(self.on) if permit else None
        if since is not None:
            yield from (day - ONE_DAY for day in list_monthly(since, self.last_day))

    def _list_permit_days(self) -> Iterator[date]:
        permit = self.get_initial_state(self.rules).permit
        if permit is None:
            return
        if permit.valid_until is not None:
            yield permit.valid_until + ONE_DAY
        # made up late, years are counted from the day of making up, and so is what is due
        for since in {permit.issued_on, permit.held_since(self.on)}:
            for due in list_yearly(since, self.last_day) if since else ():
                yield from (due, due + ONE_DAY)

    def _list_effect_days(self, timed_moves: Sequence[TimedMove]) -> Iterator[date]:
        """When moves have their effect, and when what they began adds up or leaves a window."""
        for day in {timed_move.on for timed_move in timed_moves}:
            yield day
        if self._counts_by_day:
            for day in {
                timed_move.on
                for timed_move in timed_moves
                if timed_move.move.starts or timed_move.move.gives
            }:
                yield from list_monthly(day, self.last_day)


@dataclass(frozen=True, eq=False)
class Timeline:
    """The days of a case, span by span."""

    segments: tuple[Trajectories, ...]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All days, in order."""
        return tuple(day for trajectories in self.segments for day in trajectories.span.days)

    def find_day(self, day: date) -> tuple[Trajectories, int]:
        """The courses, and the number among their days, that hold on a day."""
        for trajectories in reversed(self.segments):
            if trajectories.span.days[0] <= day or trajectories is self.segments[0]:
                return trajectories, max(bisect_right(trajectories.span.days, day) - 1, 0)
        raise LookupError("a timeline without days")


def build_case(
    city: cities.CityOrId,
    given: Mapping[str, Any],
    on: date,
    *,
    policy: Policy | None = None,
    years: int = DEFAULT_YEARS,
    wishes: Wishes | None = None,
    habits: Habits | None = None,
    readings: Mapping[str, str] | None = None,
) -> PlanCase:
    """The case of a person in a city; `policy` names a version, taken for every day. Facts are
    not examined here."""
    found_city = cities.find_city(city)
    policies = (policy,) if policy else tuple(_list_versions_from(found_city, on))
    return PlanCase(
        found_city.id,
        given,
        on,
        policies,
        years,
        wishes or Wishes(),
        habits or Habits(),
        readings or {},
        policy is not None,
        found_city,
    )


def _list_versions_from(city: cities.City, on: date) -> Iterator[Policy]:
    """The versions in force on a day or later."""
    for version in city.versions:
        if version.until is None or version.until >= on:
            yield cities.load_policy_file(version.path)
