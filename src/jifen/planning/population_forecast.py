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

    def get_value(self, fact_id: str) -> Any:
        """A fact as it is given; ABSENT where it is not."""
        return self.given.get(fact_id, ABSENT)

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
        mask = evaluate_condition(condition, axes, self.columns, self.people)
        ages = [
            fact_id
            for fact_id in list_condition_facts(condition)
            if fact_id in self.columns and is_age(axes[fact_id].fact)
        ]
        if not ages or self.rules.reference.day_for(self.on) == self.on:
            return mask
        older = {fact_id: _add_year(self.columns[fact_id], axes[fact_id]) for fact_id in ages}
        return mask & evaluate_condition(condition, axes, {**self.columns, **older}, self.people)

    def forecast_on(
        self, days: Sequence[date], timed_moves: tuple[TimedMove, ...] = ()
    ) -> "PopulationForecast":
        """Everybody on some days, with moves done."""
        return PopulationForecast(self, DaySpan(self.rules, self.on, tuple(days)), timed_moves)

    @cached_property
    def fact_states(self) -> Mapping[str, FactStates]:
        """The facts that time or a move may change, with what each hangs on."""
        answers = StateAnswers(self.program.axes, self.columns, self.moves)
        return {
            fact_id: FactStates(axis, self.columns[fact_id], answers.answers_for(axis.fact))
            for fact_id, axis in self.program.axes.items()
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
        columns, unknown = CodeColumns(), np.zeros(len(rows), bool)
        for fact_id, states in self.population.fact_states.items():
            worse, better = self._get_table(fact_id, states)
            state_codes = (better if younger and is_age(states.axis.fact) else worse)[number]
            columns[fact_id] = states.lookup_codes(state_codes, rows)
            if (state_codes[states.present_states] == states.axis.absent).any():
                missing = columns[fact_id] == states.axis.absent
                columns[fact_id][missing] = NOT_APPLICABLE
                unknown |= missing
        self._apply_following(columns, rows)
        return columns, unknown if unknown.any() else None

    def find_best_columns(self, first: int, last: int, rows: Rows) -> CodeColumns | None:
        """Codes of some people that are no worse than on any of the days from the first to the
        last, with the age at its better end; None where that cannot be said."""
        columns, rising = CodeColumns(), find_directions(self.population.program)
        for fact_id, states in self.population.fact_states.items():
            worse, better = self._get_table(fact_id, states)
            codes = (better if is_age(states.axis.fact) else worse)[first : last + 1]
            present_codes = codes[:, states.present_states]
            varies = rising[fact_id] == 0 and (present_codes != present_codes[0]).any()
            if varies or (present_codes == states.axis.absent).any():
                return None
            best = codes.min(0) if rising[fact_id] < 0 else codes.max(0)
            columns[fact_id] = states.lookup_codes(best, rows)
        for fact_id in self._list_following_facts():
            if rising[fact_id] == 0:
                return None
            columns[fact_id] = np.full_like(columns[fact_id], rising[fact_id] > 0)
        return columns

    def _list_following_facts(self) -> Iterator[str]:
        """Facts that follow a condition, where no move sets them."""
        for fact_id, rule in self.population.moves.trajectory_rules.items():
            is_known = rule.when and set(list_condition_facts(rule.when)) <= set(
                self.population.columns
            )
            is_moved = any(fact_id in timed_move.move.sets for timed_move in self.timed_moves)
            if is_known and not is_moved and fact_id in self.population.columns:
                yield fact_id

    def _apply_following(self, columns: CodeColumns, rows: Rows) -> None:
        """As given, until the condition comes to say otherwise."""
        axes, given = self.population.program.axes, self.population.columns
        for fact_id in self._list_following_facts():
            condition = self.population.moves.trajectory_rules[fact_id].when
            if condition is not None:
                before = {
                    used_id: given[used_id][rows] for used_id in list_condition_facts(condition)
                }
                initially = evaluate_condition(condition, axes, before, len(rows))
                holds_now = evaluate_condition(condition, axes, columns, len(rows))
                codes = np.where(initially == holds_now, columns[fact_id], holds_now)
                columns[fact_id] = codes.astype(columns[fact_id].dtype)

    # ------------------------------------------------------------ tables

    def _get_table(self, fact_id: str, states: FactStates) -> CodeRange:
        """Days × states: the codes at the worse end, and at the better."""
        affecting = tuple(
            timed_move
            for timed_move in self.timed_moves
            if fact_id in self._affected_facts(timed_move)
        )
        key = (
            fact_id,
            self.span.days,
            tuple((timed_move.move.id, timed_move.on) for timed_move in affecting),
        )
        tables = self.population.code_tables
        if key not in tables:
            tables[key] = self._fill_table(fact_id, states, affecting)
        return tables[key]

    def _affected_facts(self, timed_move: TimedMove) -> frozenset[str]:
        initial = AnsweredState(
            self.population.rules, self.population.moves, {}, self.population.on
        )
        return Trajectories(initial, self.span).affected_facts(timed_move)

    def _fill_table(
        self, fact_id: str, states: FactStates, timed_moves: tuple[TimedMove, ...]
    ) -> CodeRange:
        axis, days = states.axis, len(self.span.days)
        unchanged = np.broadcast_to(states.initial_codes, (days, states.size))
        if fact_id in self._list_following_facts() or (
            not timed_moves and not _can_change(axis.fact, self.population.moves)
        ):
            return unchanged, unchanged
        low, high = unchanged.copy(), unchanged.copy()
        for begin, answers in states.list_answers():
            inside = (states.present_states >= begin) & (
                states.present_states < begin + states.width
            )
            codes = states.present_states[inside] - begin
            if len(codes):
                ends = self._trace_codes(axis, codes, answers, timed_moves)
                low[:, begin + codes], high[:, begin + codes] = ends
        return _order_ends(low, high, axis, find_directions(self.population.program)[fact_id])

    def _trace_codes(
        self,
        axis: Axis,
        codes: Codes,
        answers: Mapping[str, bool],
        timed_moves: tuple[TimedMove, ...],
    ) -> CodeRange:
        """Days × codes at the low end and at the high, for given answers."""

        def trace(code: int) -> CodeRange:
            return self._trace_state(axis, code, answers, timed_moves)

        least, most = find_line_codes(axis)
        separate_ranges = [trace(int(code)) for code in codes if code < least or most < least]
        other_codes = codes[codes >= least].astype(np.int64) if least <= most else codes[:0]
        ranges = [_stack_ends(separate_ranges)] if separate_ranges else []
        if len(other_codes):
            ranges.append(interpolate_codes(axis, trace(least), trace(most), other_codes))
        low, high = (np.hstack([part[end] for part in ranges]) for end in (0, 1))
        return low, high

    def _trace_state(
        self, axis: Axis, code: int, answers: Mapping[str, bool], timed_moves: tuple[TimedMove, ...]
    ) -> CodeRange:
        """The planner's track of one state, as codes by day."""
        population, fact, value = self.population, axis.fact, value_of_code(axis, code)
        multiple = fact.derive.multiple if fact.derive and answers.get("level") else None
        habits = Habits(contributes=answers.get("pays"), pays=multiple)
        given = {fact.id: value} | _derive_given(population, fact, answers)
        initial = AnsweredState(population.rules, population.moves, given, population.on, habits)
        track = Trajectories(initial, self.span).get_track(fact.id, timed_moves)
        initial_code = axis.encode(value)
        low, high = (track.encode_codes(axis, high=end) for end in (False, True))
        return np.where(low == initial_code, code, low), np.where(high == initial_code, code, high)


def _add_year(codes: Codes, axis: Axis) -> Codes:
    can_grow = (codes != NOT_APPLICABLE) & (codes < axis.size - 1)
    return np.where(can_grow, codes + 1, codes).astype(axis.dtype)


def _can_change(fact: Fact, moves: CityMoves) -> bool:
    return fact.derive is not None or fact.id in moves.trajectory_rules


def _stack_ends(ranges: Sequence[CodeRange]) -> CodeRange:
    low, high = zip(*ranges, strict=True)
    return np.stack(low, 1), np.stack(high, 1)


def _order_ends(low: Codes, high: Codes, axis: Axis, rising: int) -> CodeRange:
    """Where nobody knows which end is the worse, what lies between two is not known."""
    if rising == 0:
        low = np.where(low == high, low, axis.absent).astype(axis.dtype)
        return low, low
    return (low, high) if rising > 0 else (high, low)


def _derive_given(
    population: CodedPopulation, fact: Fact, answers: Mapping[str, bool]
) -> dict[str, Any]:
    """The facts beside a fact, so that they say what the answers say."""
    given: dict[str, Any] = {}
    permit_fact = next(
        (
            fact_id
            for fact_id, axis in population.program.axes.items()
            if is_permit_validity(axis.fact)
        ),
        None,
    )
    permit = answers.get("permit", answers.get("area"))
    if permit_fact is not None and permit is not None:
        given[permit_fact] = permit
    if "area" in answers:
        companion = population.program.axes[
            population.moves.trajectory_rules[fact.id].companion
        ].fact
        area = next((area_id for area_id in companion.ids if area_id != "none"), None)
        given[companion.id] = area if answers["area"] else None
    return given
