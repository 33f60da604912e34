"""The whole answer for one person: the years ahead, the routes or the risks, what they hang on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from jifen.facts.measures import ABSENT
from jifen.facts.situation import read_situation
from jifen.planning.case import PlanCase
from jifen.planning.earliest_day import EarliestDay, find_earliest_day
from jifen.planning.faults import refuse_unusable
from jifen.planning.forecast import Forecast, forecast_case
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.robustness import (
    OtherReading,
    RouteRobustness,
    assess_robustness,
    list_other_readings,
)
from jifen.planning.route_models import Route, RouteSearch
from jifen.planning.routes import MOST_MOVES, find_routes, timeline_for_sets
from jifen.planning.schedule import MoveStatus, Schedule
from jifen.policy.fault import Place
from jifen.policy.text import Lang
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment

MOST_EXAMINED_ROUTES = 40
"""So many routes are looked at for what they hang on; all are listed."""


@dataclass(frozen=True, slots=True)
class KeepingMove:
    """A move by which the line is kept longer than without it: until a day, or (None) for all the
    years that are looked at."""

    move_status: MoveStatus
    until: date | None


@dataclass(frozen=True, slots=True)
class Risks:
    """What endangers somebody who is at the line. `stops`: the years ahead where contributions end
    now; `lapses`: where the permit is not endorsed any more (`permit_known`: its dates are given,
    so that the day can be told); `readings` under which the line is not reached today, or kept for
    another time; `keeping`: moves that help against a loss that is coming."""

    without_contributions: Forecast
    without_endorsement: Forecast
    permit_known: bool
    readings: tuple[OtherReading, ...]
    keeping_moves: tuple[KeepingMove, ...]


@dataclass(frozen=True, eq=False)
class PlanResult:
    """What `plan` says. Who is at the line has `risks`, who is not has `routes`. `elsewise`: where
    no route was found, the readings by which waiting, or the moves that come nearest, would do."""

    case: PlanCase
    today: Assessment
    forecast: Forecast
    move_statuses: tuple[MoveStatus, ...]
    route_search: RouteSearch | None
    robustness: tuple[RouteRobustness, ...]
    risks: Risks | None
    other_readings: tuple[OtherReading, ...] = ()
    earliest_day: EarliestDay | None = None
    """When the line is reached soonest; None for who is at the line already."""

    def __repr__(self) -> str:
        return (
            f"<Answer for {self.case.city} from {self.case.on}: reached on "
            f"{self.forecast.reached_on} without a move, {len(self.routes)} routes>"
        )

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes, the earliest first."""
        return self.route_search.routes if self.route_search else ()

    @cached_property
    def missing_facts(self) -> tuple[str, ...]:
        """Facts that are not known and matter: today, or only in the years to come (in which area
        months of nought may begin to count; what only a later measure asks for)."""
        initial = self.case.get_initial_state(self.case.rules)
        later = [
            rule.companion
            for rule in initial.moves.trajectory_rules.values()
            if rule.companion and initial.get_value(rule.fact) == 0
            if initial.get_value(rule.companion) is ABSENT
        ]
        later += [
            fact_id
            for step in self.forecast.steps
            if step.version != self.today.rules.version
            for fact_id in step.missing
        ]
        if self.earliest_day is not None:
            later += self.earliest_day.decided_by
        if self.route_search and not self.route_search.bound and not self.routes:
            later += [fact_id for status in self.move_statuses for fact_id in status.missing]
        return tuple(dict.fromkeys([*self.today.missing, *later]))


def plan(
    case: PlanCase,
    *,
    most: int = MOST_MOVES,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
    also_known: Iterable[str] = (),
) -> PlanResult:
    """Answer for a person. Raises FactsError for facts that cannot be used, Unusable for wishes
    that make no sense, LookupError where no measure is in force on the day."""
    refuse_unusable(case, most)
    situation = read_situation(
        case.rules, case.given, case.on, places=places, lang=lang, also_known=also_known
    )
    today, timeline = score_situation(case.rules, situation), case.build_timeline()
    forecast, schedule = forecast_case(case, timeline), Schedule(case, timeline)
    if today.reached:
        risks = _assess_risks(case, schedule, forecast)
        return PlanResult(case, today, forecast, schedule.move_statuses, None, (), risks)
    search = find_routes(case, schedule, most)
    robustness = assess_robustness(case, schedule, search.routes[:MOST_EXAMINED_ROUTES])
    other_readings = () if search.routes else tuple(_list_sooner_readings(case, search))
    earliest_day = find_earliest_day(case, schedule, search, most)
    return PlanResult(
        case,
        today,
        forecast,
        schedule.move_statuses,
        search,
        robustness,
        None,
        other_readings,
        earliest_day,
    )


def _list_sooner_readings(case: PlanCase, search: RouteSearch) -> Iterable[OtherReading]:
    """Of each reading the earlier day."""
    sets = list(dict.fromkeys([(), *([search.bound.move_set] if search.bound else [])]))
    best: dict[str, OtherReading] = {}
    for other_reading in (
        other_reading
        for group in list_other_readings(case, sets).values()
        for other_reading in group
    ):
        key = f"{other_reading.switch.id}={other_reading.reading.id}"
        if key not in best or (other_reading.reached_on or date.max) < (
            best[key].reached_on or date.max
        ):
            best[key] = other_reading
    return best.values()


def _assess_risks(case: PlanCase, schedule: Schedule, forecast: Forecast) -> Risks:
    stopped_case = replace(case, habits=replace(case.habits, contributes=False))
    lapsed_case = replace(case, habits=replace(case.habits, endorses=False))
    changed_readings = list_other_readings(case, [()])[()]
    keeping_moves = (
        tuple(_list_keeping_moves(case, schedule, forecast)) if forecast.doubtful_on else ()
    )
    permit_known = case.get_initial_state(case.rules).permit is not None
    return Risks(
        forecast_case(stopped_case),
        forecast_case(lapsed_case),
        permit_known,
        tuple(changed_readings),
        keeping_moves,
    )


def _list_keeping_moves(
    case: PlanCase, schedule: Schedule, forecast: Forecast
) -> Iterable[KeepingMove]:
    """Single moves that keep the line longer, the longest first."""
    sets = [move_set for move_set in schedule.list_sets(1, case.wishes.shortest_months) if move_set]
    if not sets or forecast.doubtful_on is None:
        return []
    scores = score_move_sets(timeline_for_sets(case, sets), sets)
    status_by_move = {status.move.id: status for status in schedule.move_statuses}
    keeping_moves = [
        KeepingMove(status_by_move[move_set[0].move.id], until)
        for number, move_set in enumerate(sets)
        if (until := scores.kept_until(number)) is None or until > forecast.doubtful_on
    ]
    return sorted(
        keeping_moves, key=lambda keeping_move: keeping_move.until or date.max, reverse=True
    )
