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
from jifen.planning.days import DaySpan
from jifen.planning.effects import TimedMove
from jifen.planning.fact_states import (
    CodeRange,
    Codes,
    FactStates,
    Mask,
    Rows,
    find_line_codes,
    interpolate_codes,
)
from jifen.planning.initial_state import Habits, InitialState
from jifen.planning.insurance_months import ContributionOutlook
from jifen.planning.model import CityMoves
from jifen.planning.move_set_scores import find_directions
from jifen.planning.population_answers import (
    StateAnswers,
    evaluate_condition,
    is_age,
    is_permit_validity,
    value_of_code,
)
from jifen.planning.trajectories import Trajectories
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis
from jifen.scoring.population.program import Program, build_program

CodeColumns = dict[str, Codes]


class AnsweredState(InitialState):
    """A start of which only the facts are told that a course hangs on."""

    def get_value(self, ident: str) -> Any:
        """A fact as it is given; ABSENT where it is not."""
        return self.given.get(ident, ABSENT)

    @cached_property
    def _base_level(self) -> tuple[Decimal | None, Decimal | None]:
        """At how many average wages the person pays: what the answers say, not the months."""
        return self.habits.pays, None

    def get_outlook(self, scheme: str | None) -> ContributionOutlook:
        """How contributions go on. The level is that of what is paid today: of another job nobody
        has said any."""
        return replace(super().get_outlook(scheme), level_is_stated=False)


@dataclass(frozen=True, eq=False)
class CodedPopulation:
    """People as columns of codes on the first day; what comes out for rows of which something is
    not known means nothing."""

    rules: Rules
    moves: CityMoves
    on: date
    columns: CodeColumns
    people: int

    @cached_property
    def program(self) -> Program:
        """The tables of the rules."""
        return build_program(self.rules)

    def find_where_holds(self, condition: Condition) -> Mask:
        """For whom a condition surely holds on the first day. Their birthday may lie between the
        day on which the measure counts and that day, on which they are a year older."""
        axes = self.program.axes
        found = evaluate_condition(condition, axes, self.columns, self.people)
        ages = [
            i for i in list_condition_facts(condition) if i in self.columns and is_age(axes[i].fact)
        ]
        if not ages or self.rules.reference.day_for(self.on) == self.on:
            return found
        older = {ident: _add_year(self.columns[ident], axes[ident]) for ident in ages}
        return found & evaluate_condition(condition, axes, {**self.columns, **older}, self.people)

    def forecast_on(
        self, days: Sequence[date], done: tuple[TimedMove, ...] = ()
    ) -> "PopulationForecast":
        """Everybody on some days, with moves done."""
        return PopulationForecast(self, DaySpan(self.rules, self.on, tuple(days)), done)

    @cached_property
    def fact_states(self) -> Mapping[str, FactStates]:
        """The facts that time or a move may change, with what each hangs on."""
        asked = StateAnswers(self.program.axes, self.columns, self.moves)
        return {
            ident: FactStates(axis, self.columns[ident], asked.answers_for(axis.fact))
            for ident, axis in self.program.axes.items()
        }

    @cached_property
    def code_tables(self) -> dict[Any, CodeRange]:
        """Codes by day and state at the worse end and at the better, each worked out once."""
        return {}


@dataclass(frozen=True, eq=False)
class PopulationForecast:
    """A crowd on some days; `rows` are numbers of people in it."""

    population: CodedPopulation
    span: DaySpan
    timed_moves: tuple[TimedMove, ...]

    def columns_on(
        self, number: int, rows: Rows, *, younger: bool = False
    ) -> tuple[CodeColumns, Mask | None]:
        """Codes of some people on the day `number` of the days, at the worse end, and for whom
        something is not known any more (None: nobody). `younger`: with the age at its better end,
        since the birthday is not known."""
        found, unknown = CodeColumns(), np.zeros(len(rows), bool)
        for ident, states in self.population.fact_states.items():
            worse, better = self._get_table(ident, states)
            row = (better if younger and is_age(states.axis.fact) else worse)[number]
            found[ident] = states.lookup_codes(row, rows)
            if (row[states.present_states] == states.axis.absent).any():
                missing = found[ident] == states.axis.absent
                found[ident][missing] = NOT_APPLICABLE
                unknown |= missing
        self._apply_following(found, rows)
        return found, unknown if unknown.any() else None

    def find_best_columns(self, first: int, last: int, rows: Rows) -> CodeColumns | None:
        """Codes of some people that are no worse than on any of the days from the first to the
        last, with the age at its better end; None where that cannot be said."""
        found, rising = CodeColumns(), find_directions(self.population.program)
        for ident, states in self.population.fact_states.items():
            worse, better = self._get_table(ident, states)
            several = (better if is_age(states.axis.fact) else worse)[first : last + 1]
            some = several[:, states.present_states]
            moves = rising[ident] == 0 and (some != some[0]).any()
            if moves or (some == states.axis.absent).any():
                return None
            best = several.min(0) if rising[ident] < 0 else several.max(0)
            found[ident] = states.lookup_codes(best, rows)
        for ident in self._list_following_facts():
            if rising[ident] == 0:
                return None
            found[ident] = np.full_like(found[ident], rising[ident] > 0)
        return found

    def _list_following_facts(self) -> Iterator[str]:
        """Facts that follow a condition, where no move sets them."""
        for ident, course in self.population.moves.trajectory_rules.items():
            known = course.when and set(list_condition_facts(course.when)) <= set(
                self.population.columns
            )
            moved = any(ident in one.move.sets for one in self.timed_moves)
            if known and not moved and ident in self.population.columns:
                yield ident

    def _apply_following(self, columns: CodeColumns, rows: Rows) -> None:
        """As given, until the condition comes to say otherwise."""
        axes, given = self.population.program.axes, self.population.columns
        for ident in self._list_following_facts():
            when = self.population.moves.trajectory_rules[ident].when
            if when is not None:
                before = {one: given[one][rows] for one in list_condition_facts(when)}
                first = evaluate_condition(when, axes, before, len(rows))
                then = evaluate_condition(when, axes, columns, len(rows))
                held = np.where(first == then, columns[ident], then)
                columns[ident] = held.astype(columns[ident].dtype)

    # ------------------------------------------------------------ tables

    def _get_table(self, ident: str, states: FactStates) -> CodeRange:
        """Days × states: the codes at the worse end, and at the better."""
        touching = tuple(one for one in self.timed_moves if ident in self._affected_facts(one))
        key = ident, self.span.days, tuple((one.move.id, one.on) for one in touching)
        tables = self.population.code_tables
        if key not in tables:
            tables[key] = self._fill_table(ident, states, touching)
        return tables[key]

    def _affected_facts(self, one: TimedMove) -> frozenset[str]:
        start = AnsweredState(self.population.rules, self.population.moves, {}, self.population.on)
        return Trajectories(start, self.span).affected_facts(one)

    def _fill_table(self, ident: str, states: FactStates, done: tuple[TimedMove, ...]) -> CodeRange:
        axis, days = states.axis, len(self.span.days)
        still = np.broadcast_to(states.initial_codes, (days, states.size))
        if ident in self._list_following_facts() or (
            not done and not _can_change(axis.fact, self.population.moves)
        ):
            return still, still
        low, high = still.copy(), still.copy()
        for begin, answers in states.list_answers():
            inside = (states.present_states >= begin) & (
                states.present_states < begin + states.width
            )
            codes = states.present_states[inside] - begin
            if len(codes):
                ends = self._trace_codes(axis, codes, answers, done)
                low[:, begin + codes], high[:, begin + codes] = ends
        return _order_ends(low, high, axis, find_directions(self.population.program)[ident])

    def _trace_codes(
        self, axis: Axis, codes: Codes, answers: Mapping[str, bool], done: tuple[TimedMove, ...]
    ) -> CodeRange:
        """Days × codes at the low end and at the high, for given answers."""

        def track(code: int) -> CodeRange:
            return self._trace_state(axis, code, answers, done)

        least, most = find_line_codes(axis)
        alone = [track(int(code)) for code in codes if code < least or most < least]
        rest = codes[codes >= least].astype(np.int64) if least <= most else codes[:0]
        ends = [_stack_ends(alone)] if alone else []
        if len(rest):
            ends.append(interpolate_codes(axis, track(least), track(most), rest))
        low, high = (np.hstack([part[end] for part in ends]) for end in (0, 1))
        return low, high

    def _trace_state(
        self, axis: Axis, code: int, answers: Mapping[str, bool], done: tuple[TimedMove, ...]
    ) -> CodeRange:
        """The planner's track of one state, as codes by day."""
        crowd, fact, value = self.population, axis.fact, value_of_code(axis, code)
        multiple = fact.derive.multiple if fact.derive and answers.get("level") else None
        habits = Habits(contributes=answers.get("pays"), pays=multiple)
        given = {fact.id: value} | _derive_given(crowd, fact, answers)
        start = AnsweredState(crowd.rules, crowd.moves, given, crowd.on, habits)
        track = Trajectories(start, self.span).get_track(fact.id, done)
        now = axis.encode(value)
        low, high = (track.encode_codes(axis, high=end) for end in (False, True))
        return np.where(low == now, code, low), np.where(high == now, code, high)


def _add_year(codes: Codes, axis: Axis) -> Codes:
    known = (codes != NOT_APPLICABLE) & (codes < axis.size - 1)
    return np.where(known, codes + 1, codes).astype(axis.dtype)


def _can_change(fact: Fact, moves: CityMoves) -> bool:
    return fact.derive is not None or fact.id in moves.trajectory_rules


def _stack_ends(ends: Sequence[CodeRange]) -> CodeRange:
    low, high = zip(*ends, strict=True)
    return np.stack(low, 1), np.stack(high, 1)


def _order_ends(low: Codes, high: Codes, axis: Axis, rising: int) -> CodeRange:
    """Where nobody knows which end is the worse, what lies between two is not known."""
    if rising == 0:
        low = np.where(low == high, low, axis.absent).astype(axis.dtype)
        return low, low
    return (low, high) if rising > 0 else (high, low)


def _derive_given(
    crowd: CodedPopulation, fact: Fact, answers: Mapping[str, bool]
) -> dict[str, Any]:
    """The facts beside a fact, so that they say what the answers say."""
    given: dict[str, Any] = {}
    valid = next(
        (i for i, axis in crowd.program.axes.items() if is_permit_validity(axis.fact)), None
    )
    permit = answers.get("permit", answers.get("area"))
    if valid is not None and permit is not None:
        given[valid] = permit
    if "area" in answers:
        beside = crowd.program.axes[crowd.moves.trajectory_rules[fact.id].companion].fact
        some = next((ident for ident in beside.ids if ident != "none"), None)
        given[beside.id] = some if answers["area"] else None
    return given
