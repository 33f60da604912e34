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
from jifen.planning.routes import MOST_MOVES, OpenRoute, RouteSearch, find_routes, timeline_for_sets
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
    case: PlanCase, schedule: Schedule, found: RouteSearch, most: int = MOST_MOVES
) -> EarliestDay:
    """What the routes of a person come to, of at most so many moves. One question to be answered
    yes or no is answered both ways, since moves often make up for a no."""
    if not found.open_routes:
        return EarliestDay(found.reached_on, found.reached_on)
    first = found.open_routes[0]
    asked = list(dict.fromkeys(_list_required_facts(case, schedule, first)))[:MOST_TRIED]
    shown = [
        *(route.timed_moves for route in found.open_routes),
        *(route.timed_moves for route in found.routes),
    ]
    sets = [tuple(one.move for one in done) for done in shown]
    narrowing = _rank_narrowing_facts(case, asked, sets[:MOST_SETS])
    best, worst = first.perhaps_on, found.reached_on
    split = next((i for i in narrowing if case.rules.vocabulary[i].type == "bool"), None)
    if split is not None:
        each = [
            _find_best_and_worst(replace(case, given={**case.given, split: answer}), most)
            for answer in (False, True)
        ]
        best = max(best, min(_or_never(one) for one, _ in each))
        latest = min(_or_never(worst), max(_or_never(one) for _, one in each))
        worst = None if latest == date.max else latest
    return EarliestDay(best, worst, tuple(narrowing or asked)[:MOST_NAMED])


def _find_best_and_worst(case: PlanCase, most: int) -> tuple[date | None, date | None]:
    """The best day and the worst, of all moves."""
    found = find_routes(case, Schedule(case, case.build_timeline()), most)
    return found.perhaps_on, found.reached_on


def _or_never(day: date | None) -> date:
    return day or date.max


def _rank_narrowing_facts(
    case: PlanCase, asked: Sequence[str], sets: Sequence[MoveTuple]
) -> list[str]:
    """The facts of which some answer alone brings the best day and the worst nearer together, the
    one that brings them nearest first."""
    best, worst = _find_first_days(case, sets)
    found = dict[str, int]()
    for ident in asked:
        for answer in _list_extreme_answers(case.rules.vocabulary[ident], case.on):
            sooner, later = _find_first_days(
                replace(case, given={**case.given, ident: answer}), sets
            )
            if sooner > best or later < worst:
                apart = (later - min(sooner, later)).days
                found[ident] = min(found.get(ident, apart), apart)
    return sorted(found, key=lambda ident: found[ident])


def _find_first_days(case: PlanCase, sets: Sequence[MoveTuple]) -> tuple[date, date]:
    """The first day on which any of some sets of moves perhaps reaches the line, and surely
    (date.max: none does)."""
    schedule = Schedule(case, case.build_timeline())
    days = list[date]()
    for one, surely in ((schedule.hopeful_schedule, False), (schedule, True)):
        timed = [one.schedule_moves(moves, case.wishes.shortest_months) for moves in sets]
        done = [found for found in timed if found is not None]
        reached = score_move_sets(timeline_for_sets(case, done), done) if done else None
        firsts = [reached.first_day(n, surely=surely) for n in range(len(done))] if reached else []
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


def _list_required_facts(case: PlanCase, schedule: Schedule, first: OpenRoute) -> Iterator[str]:
    """The facts to ask for: what the moves need, then what the points of that day hang on."""
    vocabulary = case.rules.vocabulary
    surely = schedule.schedule_moves(
        [one.move for one in first.timed_moves], case.wishes.shortest_months
    )
    if surely is None or set(surely) != set(first.timed_moves):
        for one in first.timed_moves:
            yield from map(vocabulary.find_asked_fact, schedule.find_missing(one.move))
    courses, number = case.build_timeline(first.timed_moves).find_day(first.perhaps_on)
    ends = {
        i: courses.get_track(i, first.timed_moves).value_on(number)
        for i in courses.initial.rules.used
    }
    then = assess_day(courses, number, ends)
    yield from _list_questions(courses.initial, _sort_by_weight(courses, ends, then))


def _sort_by_weight(
    courses: Trajectories, ends: Mapping[str, tuple[Any, Any]], then: Assessment
) -> list[str]:
    """What is open on a day and matters, first that of which an answer alone can decide whether the
    line is reached."""
    rules = courses.initial.rules
    missing = {*then.missing}
    opened = [
        i
        for i in rules.vocabulary.ids
        if i in ends and rules.vocabulary.find_asked_fact(i) in missing
    ]
    opened = [i for i in opened if ends[i][0] is ABSENT or ends[i][0] != ends[i][1]]
    return sorted(opened, key=lambda ident: not _can_settle(rules, then, ident, ends[ident]))


def _can_settle(rules: Rules, then: Assessment, ident: str, ends: tuple[Any, Any]) -> bool:
    """Whether some answer to a fact alone says that the line is reached, or that it is not."""
    situation, ranged = then.situation, isinstance(ends[0], int) and isinstance(ends[1], int)
    for answer in _list_telling_answers(rules, ident):
        if ranged and (answer is None or not ends[0] <= answer <= ends[1]):
            continue
        known = replace(situation, values={**situation.values, ident: answer})
        if score_situation(rules, known).reached is not None:
            return True
    return False


def _list_telling_answers(rules: Rules, ident: str) -> list[Any]:
    """Answers to a fact that between them show everything that it can do under the rules."""
    tables = [list_indicator_answers(one, rules.vocabulary) for one in rules.indicators]
    tables += [list_condition_answers(one.when, rules.vocabulary) for one in rules.requirements]
    return list(dict.fromkeys(answer for table in tables for answer in table.get(ident, ())))


def _list_questions(start: InitialState, idents: Iterable[str]) -> Iterator[str]:
    """What a person is asked for these facts: themselves, or what tells how they go on."""
    vocabulary, courses = start.rules.vocabulary, start.moves.trajectory_rules
    for ident in idents:
        asked, how = vocabulary.find_asked_fact(ident), vocabulary[ident].derive
        source = vocabulary.get(how.source) if how else None
        beside = courses[ident].companion if ident in courses else ""
        by_insurance = ident in courses and courses[ident].by_insurance
        if start.get_value(asked) is ABSENT and asked not in start.given:
            yield asked
        elif source is not None and source.type in _RECORD_TYPES and source.id not in start.given:
            yield source.id
        if beside and start.get_value(beside) is ABSENT:
            yield beside
        insured = source is not None and source.type == "contributions"
        of_pay = start.moves.insured_by if insured or by_insurance else ""
        if of_pay in vocabulary and start.get_value(of_pay) is ABSENT:
            yield of_pay
