"""Many people of totals through the days: the planner's own courses, looked up instead of walked.

What becomes of a fact hangs on its value and a few yes or no answers beside it (are contributions
paid, is the permit valid). For each such state that occurs the planner's track is asked once; the
columns of a day are then one look-up per fact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from jifen.facts.measures import ABSENT
from jifen.planning.asked import Asked, holds, is_age, is_permit, value_of
from jifen.planning.course import Courses
from jifen.planning.days import Span
from jifen.planning.effects import Done
from jifen.planning.insured import Outlook
from jifen.planning.model import Moves
from jifen.planning.reach import directions
from jifen.planning.start import Habits, Start
from jifen.planning.states import Codes, Ends, Mask, Rows, States, between, line_of
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis
from jifen.scoring.population.program import Program, program_for

Columns = dict[str, Codes]


class Told(Start):
    """A start of which only the facts are told that a course hangs on."""

    def value(self, ident: str) -> Any:
        """A fact as it is given; ABSENT where it is not."""
        return self.given.get(ident, ABSENT)

    @cached_property
    def _level(self) -> tuple[Decimal | None, Decimal | None]:
        """At how many average wages the person pays: what the answers say, not the months."""
        return self.habits.pays, None

    def outlook(self, scheme: str | None) -> Outlook:
        """How contributions go on. The level is that of what is paid today: of another job nobody
        has said any."""
        return replace(super().outlook(scheme), said=False)


@dataclass(frozen=True, eq=False)
class Crowd:
    """People as columns of codes on the first day; what comes out for rows of which something is
    not known means nothing."""

    rules: Rules
    moves: Moves
    on: date
    columns: Columns
    people: int

    @cached_property
    def program(self) -> Program:
        """The tables of the rules."""
        return program_for(self.rules)

    def holds(self, condition: Condition) -> Mask:
        """For whom a condition surely holds on the first day. Their birthday may lie between the
        day on which the measure counts and that day, on which they are a year older."""
        axes = self.program.axes
        found = holds(condition, axes, self.columns, self.people)
        ages = [
            i for i in list_condition_facts(condition) if i in self.columns and is_age(axes[i].fact)
        ]
        if not ages or self.rules.reference.day_for(self.on) == self.on:
            return found
        older = {ident: _a_year_more(self.columns[ident], axes[ident]) for ident in ages}
        return found & holds(condition, axes, {**self.columns, **older}, self.people)

    def ahead(self, days: Sequence[date], done: tuple[Done, ...] = ()) -> "Ahead":
        """Everybody on some days, with moves done."""
        return Ahead(self, Span(self.rules, self.on, tuple(days)), done)

    @cached_property
    def states(self) -> Mapping[str, States]:
        """The facts that time or a move may change, with what each hangs on."""
        asked = Asked(self.program.axes, self.columns, self.moves)
        return {
            ident: States(axis, self.columns[ident], asked.beside(axis.fact))
            for ident, axis in self.program.axes.items()
        }

    @cached_property
    def tables(self) -> dict[Any, Ends]:
        """Codes by day and state at the worse end and at the better, each worked out once."""
        return {}


@dataclass(frozen=True, eq=False)
class Ahead:
    """A crowd on some days; `rows` are numbers of people in it."""

    crowd: Crowd
    span: Span
    done: tuple[Done, ...]

    def columns(
        self, number: int, rows: Rows, *, younger: bool = False
    ) -> tuple[Columns, Mask | None]:
        """Codes of some people on the day `number` of the days, at the worse end, and for whom
        something is not known any more (None: nobody). `younger`: with the age at its better end,
        since the birthday is not known."""
        found, unknown = Columns(), np.zeros(len(rows), bool)
        for ident, states in self.crowd.states.items():
            worse, better = self._table(ident, states)
            row = (better if younger and is_age(states.axis.fact) else worse)[number]
            found[ident] = states.turned(row, rows)
            if (row[states.present] == states.axis.absent).any():
                missing = found[ident] == states.axis.absent
                found[ident][missing] = NOT_APPLICABLE
                unknown |= missing
        self._follow(found, rows)
        return found, unknown if unknown.any() else None

    def best(self, first: int, last: int, rows: Rows) -> Columns | None:
        """Codes of some people that are no worse than on any of the days from the first to the
        last, with the age at its better end; None where that cannot be said."""
        found, rising = Columns(), directions(self.crowd.program)
        for ident, states in self.crowd.states.items():
            worse, better = self._table(ident, states)
            several = (better if is_age(states.axis.fact) else worse)[first : last + 1]
            some = several[:, states.present]
            moves = rising[ident] == 0 and (some != some[0]).any()
            if moves or (some == states.axis.absent).any():
                return None
            best = several.min(0) if rising[ident] < 0 else several.max(0)
            found[ident] = states.turned(best, rows)
        for ident in self._followed():
            if rising[ident] == 0:
                return None
            found[ident] = np.full_like(found[ident], rising[ident] > 0)
        return found

    def _followed(self) -> Iterator[str]:
        """Facts that follow a condition, where no move sets them."""
        for ident, course in self.crowd.moves.courses.items():
            known = course.when and set(list_condition_facts(course.when)) <= set(
                self.crowd.columns
            )
            moved = any(ident in one.move.sets for one in self.done)
            if known and not moved and ident in self.crowd.columns:
                yield ident

    def _follow(self, columns: Columns, rows: Rows) -> None:
        """As given, until the condition comes to say otherwise."""
        axes, given = self.crowd.program.axes, self.crowd.columns
        for ident in self._followed():
            when = self.crowd.moves.courses[ident].when
            if when is not None:
                before = {one: given[one][rows] for one in list_condition_facts(when)}
                first = holds(when, axes, before, len(rows))
                then = holds(when, axes, columns, len(rows))
                held = np.where(first == then, columns[ident], then)
                columns[ident] = held.astype(columns[ident].dtype)

    # ------------------------------------------------------------ tables

    def _table(self, ident: str, states: States) -> Ends:
        """Days × states: the codes at the worse end, and at the better."""
        touching = tuple(one for one in self.done if ident in self._touched(one))
        key = ident, self.span.days, tuple((one.move.id, one.on) for one in touching)
        tables = self.crowd.tables
        if key not in tables:
            tables[key] = self._filled(ident, states, touching)
        return tables[key]

    def _touched(self, one: Done) -> frozenset[str]:
        start = Told(self.crowd.rules, self.crowd.moves, {}, self.crowd.on)
        return Courses(start, self.span).touched(one)

    def _filled(self, ident: str, states: States, done: tuple[Done, ...]) -> Ends:
        axis, days = states.axis, len(self.span.days)
        still = np.broadcast_to(states.now, (days, states.size))
        if ident in self._followed() or (not done and not _may_change(axis.fact, self.crowd.moves)):
            return still, still
        low, high = still.copy(), still.copy()
        for begin, answers in states.answers():
            inside = (states.present >= begin) & (states.present < begin + states.width)
            codes = states.present[inside] - begin
            if len(codes):
                ends = self._codes(axis, codes, answers, done)
                low[:, begin + codes], high[:, begin + codes] = ends
        return _worse_and_better(low, high, axis, directions(self.crowd.program)[ident])

    def _codes(
        self, axis: Axis, codes: Codes, answers: Mapping[str, bool], done: tuple[Done, ...]
    ) -> Ends:
        """Days × codes at the low end and at the high, for given answers."""

        def track(code: int) -> Ends:
            return self._track(axis, code, answers, done)

        least, most = line_of(axis)
        alone = [track(int(code)) for code in codes if code < least or most < least]
        rest = codes[codes >= least].astype(np.int64) if least <= most else codes[:0]
        ends = [_stacked(alone)] if alone else []
        if len(rest):
            ends.append(between(axis, track(least), track(most), rest))
        low, high = (np.hstack([part[end] for part in ends]) for end in (0, 1))
        return low, high

    def _track(
        self, axis: Axis, code: int, answers: Mapping[str, bool], done: tuple[Done, ...]
    ) -> Ends:
        """The planner's track of one state, as codes by day."""
        crowd, fact, value = self.crowd, axis.fact, value_of(axis, code)
        multiple = fact.derive.multiple if fact.derive and answers.get("level") else None
        habits = Habits(contributes=answers.get("pays"), pays=multiple)
        given = {fact.id: value} | _given(crowd, fact, answers)
        start = Told(crowd.rules, crowd.moves, given, crowd.on, habits)
        track = Courses(start, self.span).track(fact.id, done)
        now = axis.code(value)
        low, high = (track.codes(axis, high=end) for end in (False, True))
        return np.where(low == now, code, low), np.where(high == now, code, high)


def _a_year_more(codes: Codes, axis: Axis) -> Codes:
    known = (codes != NOT_APPLICABLE) & (codes < axis.size - 1)
    return np.where(known, codes + 1, codes).astype(axis.dtype)


def _may_change(fact: Fact, moves: Moves) -> bool:
    return fact.derive is not None or fact.id in moves.courses


def _stacked(ends: Sequence[Ends]) -> Ends:
    low, high = zip(*ends, strict=True)
    return np.stack(low, 1), np.stack(high, 1)


def _worse_and_better(low: Codes, high: Codes, axis: Axis, rising: int) -> Ends:
    """Where nobody knows which end is the worse, what lies between two is not known."""
    if rising == 0:
        low = np.where(low == high, low, axis.absent).astype(axis.dtype)
        return low, low
    return (low, high) if rising > 0 else (high, low)


def _given(crowd: Crowd, fact: Fact, answers: Mapping[str, bool]) -> dict[str, Any]:
    """The facts beside a fact, so that they say what the answers say."""
    given: dict[str, Any] = {}
    valid = next((i for i, axis in crowd.program.axes.items() if is_permit(axis.fact)), None)
    permit = answers.get("permit", answers.get("area"))
    if valid is not None and permit is not None:
        given[valid] = permit
    if "area" in answers:
        beside = crowd.program.axes[crowd.moves.courses[fact.id].beside].fact
        some = next((ident for ident in beside.ids if ident != "none"), None)
        given[beside.id] = some if answers["area"] else None
    return given
