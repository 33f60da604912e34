"""How many people of a table stand within one move of the line.

For each person below the line and each move that they can begin on the day: would they be at the
line, surely, on the day on which the move has its whole effect, under the rules of that day, that
much older, with what they pay going on? And would they be without it? Who gets there by waiting as
long is counted apart. Facts take the courses of the planner itself, of totals at the worse end, so
the counts are lower bounds. Unknown counts as no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.cities import find_city_of_policy
from jifen.planning.case import PlanCase
from jifen.planning.days import list_month_firsts
from jifen.planning.effects import TimedMove
from jifen.planning.fact_states import Mask, Rows
from jifen.planning.model import Move
from jifen.planning.population_answers import evaluate_condition
from jifen.planning.population_forecast import CodeColumns, CodedPopulation, PopulationForecast
from jifen.planning.waiting_days import NEVER, Days, WaitingSearch, find_reached
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months
from jifen.policy.policy import Policy
from jifen.scoring.population.bounds import UNKNOWN_SHIFT as OPEN
from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.coding import CodedPeople
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.scorer import ASSUMED_UNKNOWN, BatchScorer

Count = int | float
"""A number of people; with weights it need not be whole."""
_PLACES = 6
COUNTED_WITHIN = 14
"""Months within which every measure has a counting day."""


@dataclass(frozen=True, slots=True)
class NearThreshold:
    """Of `people`: how many are surely at the line (`reached`) and how many could be, settled not
    (`perhaps`), by the same bounds as a score. Moves are asked of those of whom every fact is known
    and who are not at the line: how many would be by one move, and not by waiting as long
    (`within`); how many others get there by waiting as long as a move takes (`waiting`). By each
    move: `by_move`, and `by_waiting` as long as it takes. `open`: rows in which something is
    unknown or faulty, of which no moves are asked; `faulty` those that cannot be used at all.
    `rows` and `waiting_rows` mark them for each move. With weights every number of people is a sum
    of them."""

    people: Count
    reached: Count
    perhaps: Count
    within_one_move: Count
    by_waiting_alone: Count
    by_move: Mapping[str, Count]
    by_waiting: Mapping[str, Count]
    open: Count
    faulty: Count
    rows: Mapping[str, Mask]
    waiting_rows: Mapping[str, Mask]

    def add_faulty(self, added_people: Count) -> "NearThreshold":
        """The counts with people whose values cannot be used, who were not in the table."""
        people, faulty = self.people + added_people, self.faulty + added_people
        return replace(self, people=people, open=self.open + added_people, faulty=faulty)


def count_within_one_move(
    policy: Policy,
    table: pa.Table,
    *,
    on: date,
    readings: Mapping[str, str] | None = None,
    later: Sequence[Policy] = (),
    weights: NDArray[np.float64] | None = None,
) -> NearThreshold:
    """Count them. The table is one of people, as for `score_population`; `later` are the versions
    that follow (none: the policy is taken for every day); `weights` say how many people each row
    stands for. Raises TableError where a column is
    missing, NoMoves where the city has no moves."""
    case = PlanCase(
        policy.city,
        {},
        on,
        (policy, *later),
        readings=readings or {},
        one_policy_always=not later,
        place=find_city_of_policy(policy),
    )
    return _NearCounter(case, table, weights).count_moves()


def add_counts(tables: Iterable[NearThreshold]) -> NearThreshold:
    """The counts of several tables together; their rows are let go."""
    parts = list(tables)
    move_ids = dict.fromkeys(move_id for near in parts for move_id in near.by_move)
    return NearThreshold(
        _sum_counts(near.people for near in parts),
        _sum_counts(near.reached for near in parts),
        _sum_counts(near.perhaps for near in parts),
        _sum_counts(near.within_one_move for near in parts),
        _sum_counts(near.by_waiting_alone for near in parts),
        {move_id: _sum_counts(near.by_move[move_id] for near in parts) for move_id in move_ids},
        {move_id: _sum_counts(near.by_waiting[move_id] for near in parts) for move_id in move_ids},
        _sum_counts(near.open for near in parts),
        _sum_counts(near.faulty for near in parts),
        {},
        {},
    )


def _sum_counts(counts: Iterable[Count]) -> Count:
    """Sums of weights are rounded, so that no noise of binary fractions is shown."""
    total = sum(counts)
    return total if isinstance(total, int) else round(total, _PLACES)


@dataclass(frozen=True, eq=False)
class _NearCounter:
    """The question for one table. Masks are of the people who are `below` the line."""

    case: PlanCase
    table: pa.Table
    weights: NDArray[np.float64] | None = None

    def count_moves(self) -> NearThreshold:
        """Every move in turn."""
        surely, perhaps = self._find_waiting_days()
        by_move, by_waiting = dict[str, Mask](), dict[str, Mask]()
        for move in self.case.moves.moves:
            day = self._effect_days.get(move.id)
            able = self._find_able(move) & (day is not None)
            last = day.toordinal() if day else 0
            by_waiting[move.id] = able & (surely <= last)
            needed = able & (perhaps > last)
            by_move[move.id] = (
                self._find_reached(move, day, needed) if day and needed.any() else needed
            )
        return self._sum_masks(by_move, by_waiting)

    def _sum_masks(
        self, by_move: Mapping[str, Mask], by_waiting: Mapping[str, Mask]
    ) -> NearThreshold:
        nobody = np.zeros(self._first_population.people, bool)
        within = np.logical_or.reduce([nobody, *by_move.values()])
        waiting = np.logical_or.reduce([nobody, *by_waiting.values()]) & ~within
        open_surely, open_perhaps, faulty = self._count_open_rows()
        return NearThreshold(
            self._count_rows(np.ones(self.table.num_rows, bool)),
            _sum_counts([self._count_rows(self._known_rows & ~self._below_mask), open_surely]),
            open_perhaps,
            self._count_rows(self._spread_mask(within)),
            self._count_rows(self._spread_mask(waiting)),
            {move: self._count_rows(self._spread_mask(mask)) for move, mask in by_move.items()},
            {move: self._count_rows(self._spread_mask(mask)) for move, mask in by_waiting.items()},
            self._count_rows(~self._known_rows),
            faulty,
            {move_id: self._spread_mask(mask) for move_id, mask in by_move.items()},
            {move_id: self._spread_mask(mask) for move_id, mask in by_waiting.items()},
        )

    def _count_rows(self, mask: Mask) -> Count:
        """The people of some rows, by their weights."""
        if self.weights is None:
            return int(np.count_nonzero(mask))
        return round(float(self.weights[mask].sum()), _PLACES)

    def _count_open_rows(self) -> tuple[Count, Count, Count]:
        """Of the rows of which something is unknown, who surely reaches the line and who could; and
        how many rows cannot be used."""
        scorer, coded = self._coded_first_day
        rows = coded.marked_rows(coded.unknown)
        if coded.faulty is not None:
            rows = rows[~coded.faulty[rows]]
        faulty = 0 if coded.faulty is None else self._count_rows(np.asarray(coded.faulty))
        if not len(rows):
            return 0, 0, faulty
        open_columns = {fact_id: codes[rows] for fact_id, codes in coded.columns.items()}
        flags = get_bounder(scorer.program).bound_scores(open_columns, scorer.threshold).flags
        surely, perhaps = np.zeros((2, self.table.num_rows), bool)
        surely[rows], perhaps[rows] = flags & REACHED, flags & (REACHED << OPEN)
        return self._count_rows(surely), self._count_rows(perhaps), faulty

    @cached_property
    def _coded_first_day(self) -> tuple[BatchScorer, CodedPeople]:
        """Everybody in codes by the rules of the first day."""
        return self._code_by(self.case.rules)

    def _code_by(self, rules: Rules) -> tuple[BatchScorer, CodedPeople]:
        scorer, first = BatchScorer(rules, self.case.on), rules is self.case.rules
        assume = {} if first else dict.fromkeys(scorer.program.facts, ASSUMED_UNKNOWN)
        plan = scorer.plan_columns(self.table.column_names, assume=assume, bounds=False)
        return scorer, scorer.build_coder(plan).encode(self.table)

    def _spread_mask(self, below_mask: Mask) -> Mask:
        """A mask of those below the line as one of all rows."""
        all_rows = np.zeros(self.table.num_rows, bool)
        all_rows[self._below_rows[below_mask]] = True
        return all_rows

    # ------------------------------------------------------------ who is asked

    @cached_property
    def _known_rows(self) -> Mask:
        """Rows of which all is known today."""
        return self._get_codes(self.case.rules)[1]

    @cached_property
    def _below_mask(self) -> Mask:
        """Rows of which all is known and which are not at the line."""
        columns, known = self._get_codes(self.case.rules)
        return known & ~find_reached(self.case.rules, columns, self.case.on)

    @cached_property
    def _below_rows(self) -> Rows:
        """The numbers of the rows below the line."""
        return np.flatnonzero(self._below_mask)

    @cached_property
    def _first_population(self) -> CodedPopulation:
        """Those below the line, by the rules of the first day."""
        return self._get_population(self.case.rules)[0]

    def _get_population(self, rules: Rules) -> tuple[CodedPopulation, Mask]:
        """Those below the line by some rules, and of whom these know all."""
        if id(rules) not in self._populations:
            columns, known = self._get_codes(rules)
            below_columns = {
                fact_id: codes.take(self._below_rows) for fact_id, codes in columns.items()
            }
            population = CodedPopulation(
                rules, self.case.moves, self.case.on, below_columns, len(self._below_rows)
            )
            self._populations[id(rules)] = population, known.take(self._below_rows)
        return self._populations[id(rules)]

    @cached_property
    def _populations(self) -> dict[int, tuple[CodedPopulation, Mask]]:
        return {}

    def _get_codes(self, rules: Rules) -> tuple[CodeColumns, Mask]:
        """All people in codes on the first day, and of whom all is known. What only rules of later
        days ask for need not be in the table: it is not known then."""
        if id(rules) not in self._codes_by_rules:
            first = rules is self.case.rules
            coded = self._coded_first_day[1] if first else self._code_by(rules)[1]
            known = np.ones(coded.people, bool)
            for mask in (coded.unknown, coded.faulty):
                known = known if mask is None else known & ~mask
            self._codes_by_rules[id(rules)] = coded.columns, known
        return self._codes_by_rules[id(rules)]

    @cached_property
    def _codes_by_rules(self) -> dict[int, tuple[CodeColumns, Mask]]:
        return {}

    def _find_able(self, move: Move) -> Mask:
        """Who can begin a move on the first day. No table says who holds a lapsed permit."""
        if move.only or not move.is_open_on(self.case.on):
            return np.zeros(self._first_population.people, bool)
        if move.needs is None:
            return np.ones(self._first_population.people, bool)
        return self._first_population.find_where_holds(move.needs)

    # ------------------------------------------------------------ the days ahead

    @cached_property
    def _effect_days(self) -> dict[str, date]:
        """The first day on which each move counts whole; none beyond the years looked at."""
        effect_days = {}
        for move in self.case.moves.moves:
            day = self._find_effect_day(move)
            if day is not None and day <= self.case.last_day:
                effect_days[move.id] = day
        return effect_days

    def _find_effect_day(self, move: Move) -> date | None:
        whole_on = subtract_months(self._time_move(move).on, -move.settles)
        for day in (
            whole_on,
            *list_month_firsts(whole_on, subtract_months(whole_on, -COUNTED_WITHIN)),
        ):
            rules = self.case.rules_on(day)
            if rules is not None and rules.reference.day_for(day) >= whole_on:
                return day
        return None

    def _time_move(self, move: Move) -> TimedMove:
        """The move begun at once, at its shortest. What must hold each time that an amount is given
        is asked apart, of the first day and of the last (`_may_give`)."""
        gives = tuple(replace(gift, during=None) for gift in move.gives)
        ends = subtract_months(self.case.on, -move.shortest)
        return TimedMove(replace(move, gives=gives), self.case.on, ends, move.is_at_will)

    def _find_reached(self, move: Move, day: date, needed: Mask) -> Mask:
        """Who of those that need it is at the line by a move."""
        rules = self.case.rules_on(day)
        if rules is None:
            return np.zeros_like(needed)
        population, known = self._get_population(rules)
        rows = np.flatnonzero(needed & known)
        forecast = population.forecast_on(self._days_under(rules), (self._time_move(move),))
        number = forecast.span.days.index(day)
        columns, unknown = forecast.columns_on(number, rows)
        at_threshold = find_reached(rules, columns, day) & _find_who_can_give(
            forecast, move, number, rows
        )
        reached = np.zeros_like(needed)
        reached[rows] = at_threshold if unknown is None else at_threshold & ~unknown
        return reached

    def _days_under(self, rules: Rules) -> tuple[date, ...]:
        """The days on which moves are done under some rules."""
        days = sorted(set(self._effect_days.values()))
        return tuple(day for day in days if self.case.rules_on(day) is rules)

    def _find_waiting_days(self) -> tuple[Days, Days]:
        """The first day, as a number, on which each is surely, and perhaps, at the line without
        any move (NEVER: not before the last move is done). Perhaps: their birthday may be any."""
        surely, perhaps = (
            np.full(self._first_population.people, NEVER, np.int32) for _ in range(2)
        )
        last = max(self._effect_days.values(), default=self.case.on)
        for trajectories in (
            segment
            for segment in self.case.build_timeline().segments
            if not segment.span.no_measure
        ):
            days = [day for day in trajectories.span.days if self.case.on < day <= last]
            if days:
                population, known = self._get_population(trajectories.initial.rules)
                perhaps[~known] = np.minimum(perhaps[~known], days[0].toordinal())
                rows = np.flatnonzero(known & (surely == NEVER))
                WaitingSearch(population.forecast_on(days), surely, perhaps).fill_first_days(
                    0, len(days) - 1, rows
                )
        return surely, perhaps


def _find_who_can_give(forecast: PopulationForecast, move: Move, number: int, rows: Rows) -> Mask:
    """For whom what an amount hangs on holds from the first day to another, whatever their
    birthday: it is asked of both, since time makes nothing hold in between only."""
    population, can_give = forecast.population, np.ones(len(rows), bool)
    for during in (gift.during for gift in move.gives if gift.during is not None):
        can_give &= population.find_where_holds(during)[rows]
        for younger in (False, True):
            columns, _ = forecast.columns_on(number, rows, younger=younger)
            can_give &= evaluate_condition(during, population.program.axes, columns, len(rows))
    return can_give
