"""When the line is reached soonest, whatever the facts that are not known turn out to be: one day,
or the range that they leave, with the facts that decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.planning.case import PlanCase
from jifen.planning.forecast import assess_day
from jifen.planning.initial_state import InitialState
from jifen.planning.model import Move
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.route_models import OpenRoute, RouteSearch
from jifen.planning.routes import MOST_MOVES, find_routes, timeline_for_sets
from jifen.planning.schedule import Schedule
from jifen.planning.trajectories import Trajectories
from jifen.policy.break_points import list_condition_answers, list_indicator_answers
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months
from jifen.policy.vocabulary import Fact
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment

MOST_NAMED = 5
"""So many facts that decide are named at once."""
MOST_TRIED, MOST_SETS = 8, 10
"""So many facts are tried, each with so many sets of moves."""
MoveTuple = tuple[Move, ...]
_RECORD_TYPES = ("contributions", "permit")


@dataclass(frozen=True, slots=True)
class EarliestDay:
    """The first day at the line by the best of all moves: not before `best`, not after `worst`,
    whatever is not known (None: not within the years). `decided_by`: the facts that are not known
    and on which the day hangs, or only the moves that get there (`exact`); the most decisive first,
    none where no answer could tell."""

    best: date | None
    worst: date | None
    decided_by: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether it is one day, or never."""
        return self.best == self.worst


def find_earliest_day(
    case: PlanCase, schedule: Schedule, search: RouteSearch, most: int = MOST_MOVES
) -> EarliestDay:
    """What the routes of a person come to, of at most so many moves. One question to be answered
    yes or no is answered both ways, since moves often make up for a no."""
    if not search.open_routes:
        return EarliestDay(search.reached_on, search.reached_on)
    first_route = search.open_routes[0]
    questions = list(dict.fromkeys(_list_required_facts(case, schedule, first_route)))[:MOST_TRIED]
    shown_sets = [
        *(route.timed_moves for route in search.open_routes),
        *(route.timed_moves for route in search.routes),
    ]
    sets = [tuple(timed_move.move for timed_move in move_set) for move_set in shown_sets]
    narrowing_facts = _rank_narrowing_facts(case, questions, sets[:MOST_SETS])
    best, worst = first_route.perhaps_on, search.reached_on
    split = next(
        (fact_id for fact_id in narrowing_facts if case.rules.vocabulary[fact_id].type == "bool"),
        None,
    )
    if split is not None:
        answer_ranges = [
            _find_best_and_worst(replace(case, given={**case.given, split: answer}), most)
            for answer in (False, True)
        ]
        best = max(best, min(_or_never(best_day) for best_day, _ in answer_ranges))
        latest = min(_or_never(worst), max(_or_never(worst_day) for _, worst_day in answer_ranges))
        worst = None if latest == date.max else latest
    return EarliestDay(best, worst, tuple(narrowing_facts or questions)[:MOST_NAMED])


def _find_best_and_worst(case: PlanCase, most: int) -> tuple[date | None, date | None]:
    """The best day and the worst, of all moves."""
    search = find_routes(case, Schedule(case, case.build_timeline()), most)
    return search.perhaps_on, search.reached_on


def _or_never(day: date | None) -> date:
    return day or date.max


def _rank_narrowing_facts(
    case: PlanCase, questions: Sequence[str], sets: Sequence[MoveTuple]
) -> list[str]:
    """The facts of which some answer alone brings the best day and the worst nearer together, the
    one that brings them nearest first."""
    best, worst = _find_first_days(case, sets)
    days_apart = dict[str, int]()
    for fact_id in questions:
        for answer in _list_extreme_answers(case.rules.vocabulary[fact_id], case.on):
            sooner, later = _find_first_days(
                replace(case, given={**case.given, fact_id: answer}), sets
            )
            if sooner > best or later < worst:
                remaining = (later - min(sooner, later)).days
                days_apart[fact_id] = min(days_apart.get(fact_id, remaining), remaining)
    return sorted(days_apart, key=lambda fact_id: days_apart[fact_id])


def _find_first_days(case: PlanCase, sets: Sequence[MoveTuple]) -> tuple[date, date]:
    """The first day on which any of some sets of moves perhaps reaches the line, and surely
    (date.max: none does)."""
    schedule = Schedule(case, case.build_timeline())
    days = list[date]()
    for variant, surely in ((schedule.hopeful_schedule, False), (schedule, True)):
        timed_sets = [variant.schedule_moves(moves, case.wishes.shortest_months) for moves in sets]
        possible_sets = [move_set for move_set in timed_sets if move_set is not None]
        scores = (
            score_move_sets(timeline_for_sets(case, possible_sets), possible_sets)
            if possible_sets
            else None
        )
        firsts = (
            [scores.first_day(number, surely=surely) for number in range(len(possible_sets))]
            if scores
            else []
        )
        days.append(min((day for day in firsts if day), default=date.max))
    return days[0], days[1]


def _list_extreme_answers(fact: Fact, on: date) -> tuple[Any, ...]:
    """The two answers to a fact that are furthest apart; none to a record."""
    if fact.type == "bool":
        return False, True
    if fact.type == "choice":
        return fact.ids[0], fact.ids[-1]
    if fact.type == "dates":
        return [], [on]
    if fact.type == "date":
        return subtract_months(on, 12 * 25), subtract_months(on, 12 * 55)
    return (int(fact.least), int(fact.most)) if fact.is_number else ()


def _list_required_facts(case: PlanCase, schedule: Schedule, route: OpenRoute) -> Iterator[str]:
    """The facts to ask for: what the moves need, then what the points of that day hang on."""
    vocabulary = case.rules.vocabulary
    surely = schedule.schedule_moves(
        [timed_move.move for timed_move in route.timed_moves], case.wishes.shortest_months
    )
    if surely is None or set(surely) != set(route.timed_moves):
        for timed_move in route.timed_moves:
            yield from map(vocabulary.find_asked_fact, schedule.find_missing(timed_move.move))
    trajectories, number = case.build_timeline(route.timed_moves).find_day(route.perhaps_on)
    ranges = {
        i: trajectories.get_track(i, route.timed_moves).value_on(number)
        for i in trajectories.initial.rules.used
    }
    assessment = assess_day(trajectories, number, ranges)
    yield from _list_questions(
        trajectories.initial, _sort_by_weight(trajectories, ranges, assessment)
    )


def _sort_by_weight(
    trajectories: Trajectories, ranges: Mapping[str, tuple[Any, Any]], assessment: Assessment
) -> list[str]:
    """What is open on a day and matters, first that of which an answer alone can decide whether the
    line is reached."""
    rules = trajectories.initial.rules
    missing = {*assessment.missing}
    opened = [
        i
        for i in rules.vocabulary.ids
        if i in ranges and rules.vocabulary.find_asked_fact(i) in missing
    ]
    opened = [i for i in opened if ranges[i][0] is ABSENT or ranges[i][0] != ranges[i][1]]
    return sorted(
        opened, key=lambda fact_id: not _can_settle(rules, assessment, fact_id, ranges[fact_id])
    )


def _can_settle(rules: Rules, assessment: Assessment, fact_id: str, ends: tuple[Any, Any]) -> bool:
    """Whether some answer to a fact alone says that the line is reached, or that it is not."""
    situation, is_ranged = (
        assessment.situation,
        isinstance(ends[0], int) and isinstance(ends[1], int),
    )
    for answer in _list_telling_answers(rules, fact_id):
        if is_ranged and (answer is None or not ends[0] <= answer <= ends[1]):
            continue
        completed = replace(situation, values={**situation.values, fact_id: answer})
        if score_situation(rules, completed).reached is not None:
            return True
    return False


def _list_telling_answers(rules: Rules, fact_id: str) -> list[Any]:
    """Answers to a fact that between them show everything that it can do under the rules."""
    tables = [list_indicator_answers(indicator, rules.vocabulary) for indicator in rules.indicators]
    tables += [list_condition_answers(test.when, rules.vocabulary) for test in rules.entry_tests]
    return list(dict.fromkeys(answer for table in tables for answer in table.get(fact_id, ())))


def _list_questions(initial: InitialState, fact_ids: Iterable[str]) -> Iterator[str]:
    """What a person is asked for these facts: themselves, or what tells how they go on."""
    vocabulary, rules = initial.rules.vocabulary, initial.moves.trajectory_rules
    for fact_id in fact_ids:
        asked_id, derivation = vocabulary.find_asked_fact(fact_id), vocabulary[fact_id].derive
        source = vocabulary.get(derivation.source) if derivation else None
        companion = rules[fact_id].companion if fact_id in rules else ""
        by_insurance = fact_id in rules and rules[fact_id].by_insurance
        if initial.get_value(asked_id) is ABSENT and asked_id not in initial.given:
            yield asked_id
        elif source is not None and source.type in _RECORD_TYPES and source.id not in initial.given:
            yield source.id
        if companion and initial.get_value(companion) is ABSENT:
            yield companion
        insured = source is not None and source.type == "contributions"
        insured_by = initial.moves.insured_by if insured or by_insurance else ""
        if insured_by in vocabulary and initial.get_value(insured_by) is ABSENT:
            yield insured_by
