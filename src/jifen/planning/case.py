"""What is asked: whose facts, under which rules, from which day on, for how long."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from jifen import cities
from jifen.planning.ages import turns_of_age
from jifen.planning.course import Courses
from jifen.planning.days import (
    ONE_DAY,
    RulesOn,
    counting_days,
    firsts,
    horizon,
    monthly,
    spans,
    turns_of,
    within,
    yearly,
)
from jifen.planning.effects import Done
from jifen.planning.model import Move, Moves
from jifen.planning.read import moves_of
from jifen.planning.start import Habits, Start
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months
from jifen.policy.policy import Policy

YEARS = 10
MOST_YEARS = 30


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says of the moves: which are ruled out, how many months they take them, what
    they cost them (yuan)."""

    without: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    yuan: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, city: cities.CityOrId, among: Iterable[cities.CityOrId]) -> "Wishes":
        """What of them is about moves of a city, where several are asked about: moves of the other
        cities are left out, and what no city knows stays, to be refused."""
        own = {move.id for move in moves_of(city).moves}
        others = {move.id for name in among for move in moves_of(name).moves} - own
        return Wishes(
            self.without - others,
            {ident: n for ident, n in self.months.items() if ident not in others},
            {ident: n for ident, n in self.yuan.items() if ident not in others},
        )

    def shortest(self, move: Move) -> int:
        """Months that a move takes at least."""
        return self.months.get(move.id, move.shortest)

    def usual(self, move: Move) -> int:
        """Months that a move takes as a rule."""
        return self.months.get(move.id, move.usual)

    def cost(self, move: Move) -> Decimal | None:
        """What a move costs; None where nobody knows."""
        return self.yuan.get(move.id, move.cost)


@dataclass(frozen=True, eq=False)
class Case:
    """A person under a city's measure from a day on. `given` were examined by the assessment;
    `policies` hold one after another (a named version: for ever); readings are chosen ones."""

    city: str
    given: Mapping[str, Any]
    on: date
    policies: tuple[Policy, ...]
    years: int = YEARS
    wishes: Wishes = field(default_factory=Wishes)
    habits: Habits = field(default_factory=Habits)
    readings: Mapping[str, str] = field(default_factory=dict)
    always: bool = False
    """The first policy is taken for every day, whether it is in force or not."""
    place: cities.City | None = None
    """The city itself, where its id alone does not say which is meant."""

    @cached_property
    def moves(self) -> Moves:
        """What can be done in the city."""
        return moves_of(self.place or self.city)

    @cached_property
    def last(self) -> date:
        """The last day that is looked at: none after the end of the last measure that is known."""
        ends = None if self.always or not self.policies else self.policies[-1].until
        asked = horizon(self.on, self.years)
        return asked if ends is None else max(min(asked, ends), self.on)

    @property
    def cut(self) -> bool:
        """Whether fewer years are looked at than were asked for."""
        return self.last < horizon(self.on, self.years)

    def rules_on(self, day: date) -> Rules | None:
        """The rules of a day; None where no measure is known."""
        for policy in self.policies:
            if self.always or policy.in_force_on(day):
                return policy.rules_on(day, self._own(policy))
        return None

    def _own(self, policy: Policy) -> dict[str, str]:
        known = {switch.id for switch in policy.switches}
        return {switch: word for switch, word in self.readings.items() if switch in known}

    @cached_property
    def rules(self) -> Rules:
        """The rules of the first day. Raises LookupError where there are none."""
        rules = self.rules_on(self.on)
        if rules is None:
            raise LookupError(f"no measure of {self.city} is in force on {self.on}")
        return rules

    def start(self, rules: Rules) -> Start:
        """The person on the first day, under some rules."""
        return self._starts.setdefault(
            id(rules), Start(rules, self.moves, self.given, self.on, self.habits)
        )

    @cached_property
    def _starts(self) -> dict[int, Start]:
        return {}

    def timeline(
        self,
        done: Sequence[Done] = (),
        rules_on: RulesOn | None = None,
        last: date | None = None,
    ) -> "Timeline":
        """The days on which something can change, with the moves that may be done by then; up to
        `last`, if that is sooner than the last of all."""
        last = min(last or self.last, self.last)
        days = within([*self._events, *self._after(done)], self.on, last)
        found = spans(rules_on or self.rules_on, self.on, days)
        return Timeline(tuple(Courses(self.start(span.rules), span) for span in found))

    @cached_property
    def _events(self) -> tuple[date, ...]:
        """What happens without any move."""
        days = [*firsts(self.on, self.last), *turns_of(self.policies)]
        days += counting_days(self.policies, self.on, self.last)
        if self._by_day:
            days += self._of_the_person()
        if self.start(self.rules).unsettled:
            days.append(self.on + ONE_DAY)
        if not self.habits.endorses:
            days += self._permit_days()
        return within(days, self.on, self.last)

    @cached_property
    def _by_day(self) -> bool:
        """Whether a measure counts on the day itself, so that days inside a month matter."""
        return any(p.rules_on(p.since).reference.kind == "on_the_day" for p in self.policies)

    def _of_the_person(self) -> Iterator[date]:
        start = self.start(self.rules)
        yield self.on + ONE_DAY  # what is known of a day only may be otherwise on the next
        yield from monthly(self.on, self.last)
        for fact in self.rules.vocabulary:
            how = fact.derive
            value = start.value(how.source) if how else None
            if how and how.measure == "completed_years":
                yield from turns_of_age(start, fact, self.last)
            if how and how.measure == "records_in_window" and isinstance(value, tuple):
                for day in value if how.window else ():
                    left = subtract_months(day, -(how.window or 0))
                    yield from (left, left + ONE_DAY)
        permit = start.permit
        since = permit.held_since(self.on) if permit else None
        if since is not None:
            yield from (day - ONE_DAY for day in monthly(since, self.last))

    def _permit_days(self) -> Iterator[date]:
        permit = self.start(self.rules).permit
        if permit is None:
            return
        if permit.valid_until is not None:
            yield permit.valid_until + ONE_DAY
        # made up late, years are counted from the day of making up, and so is what is due
        for since in {permit.issued_on, permit.held_since(self.on)}:
            for due in yearly(since, self.last) if since else ():
                yield from (due, due + ONE_DAY)

    def _after(self, done: Sequence[Done]) -> Iterator[date]:
        """When moves have their effect, and when what they began adds up or leaves a window."""
        for day in {one.on for one in done}:
            yield day
        if self._by_day:
            for day in {one.on for one in done if one.move.starts or one.move.gives}:
                yield from monthly(day, self.last)


@dataclass(frozen=True, eq=False)
class Timeline:
    """The days of a case, span by span."""

    spans: tuple[Courses, ...]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All days, in order."""
        return tuple(day for courses in self.spans for day in courses.span.days)

    def find(self, day: date) -> tuple[Courses, int]:
        """The courses, and the number among their days, that hold on a day."""
        for courses in reversed(self.spans):
            if courses.span.days[0] <= day or courses is self.spans[0]:
                return courses, max(bisect_right(courses.span.days, day) - 1, 0)
        raise LookupError("a timeline without days")


def case_of(
    city: cities.CityOrId,
    given: Mapping[str, Any],
    on: date,
    *,
    policy: Policy | None = None,
    years: int = YEARS,
    wishes: Wishes | None = None,
    habits: Habits | None = None,
    readings: Mapping[str, str] | None = None,
) -> Case:
    """The case of a person in a city; `policy` names a version, taken for every day. Facts are
    not examined here."""
    there = cities.find(city)
    found = (policy,) if policy else tuple(_from(there, on))
    return Case(
        there.id,
        given,
        on,
        found,
        years,
        wishes or Wishes(),
        habits or Habits(),
        readings or {},
        policy is not None,
        there,
    )


def _from(city: cities.City, on: date) -> Iterator[Policy]:
    """The versions in force on a day or later."""
    for version in city.versions:
        if version.until is None or version.until >= on:
            yield cities.load_file(version.path)
