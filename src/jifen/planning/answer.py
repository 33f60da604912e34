"""The whole answer for one person: the years ahead, the routes or the risks, what they hang on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from jifen.facts.measures import ABSENT
from jifen.facts.situation import understand
from jifen.planning.case import Case
from jifen.planning.earliest import Earliest, earliest
from jifen.planning.faults import refuse
from jifen.planning.forecast import Forecast, forecast
from jifen.planning.reach import reach
from jifen.planning.robust import Otherwise, Robust, readings, robust
from jifen.planning.routes import MOST_MOVES, Route, Routes, routes, timeline_of
from jifen.planning.schedule import Schedule, Standing
from jifen.policy.fault import Place
from jifen.policy.text import Lang
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment

LONGEST_ROUTES = 40
"""So many routes are looked at for what they hang on; all are listed."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """A move by which the line is kept longer than without it: until a day, or (None) for all the
    years that are looked at."""

    standing: Standing
    until: date | None


@dataclass(frozen=True, slots=True)
class Risks:
    """What endangers somebody who is at the line. `stops`: the years ahead where contributions end
    now; `lapses`: where the permit is not endorsed any more (`permit_known`: its dates are given,
    so that the day can be told); `readings` under which the line is not reached today, or kept for
    another time; `keeping`: moves that help against a loss that is coming."""

    stops: Forecast
    lapses: Forecast
    permit_known: bool
    readings: tuple[Otherwise, ...]
    keeping: tuple[Keeping, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """What `plan` says. Who is at the line has `risks`, who is not has `routes`. `elsewise`: where
    no route was found, the readings by which waiting, or the moves that come nearest, would do."""

    case: Case
    today: Assessment
    forecast: Forecast
    standings: tuple[Standing, ...]
    routes: Routes | None
    robust: tuple[Robust, ...]
    risks: Risks | None
    elsewise: tuple[Otherwise, ...] = ()
    earliest: Earliest | None = None
    """When the line is reached soonest; None for who is at the line already."""

    def __repr__(self) -> str:
        return (
            f"<Answer for {self.case.city} from {self.case.on}: reached on "
            f"{self.forecast.reached_on} without a move, {len(self.found)} routes>"
        )

    @property
    def found(self) -> tuple[Route, ...]:
        """The routes, the earliest first."""
        return self.routes.found if self.routes else ()

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Facts that are not known and matter: today, or only in the years to come (in which area
        months of nought may begin to count; what only a later measure asks for)."""
        start = self.case.start(self.case.rules)
        later = [
            course.beside
            for course in start.moves.courses.values()
            if course.beside and start.value(course.fact) == 0
            if start.value(course.beside) is ABSENT
        ]
        later += [
            ident
            for step in self.forecast.steps
            if step.version != self.today.rules.version
            for ident in step.missing
        ]
        if self.earliest is not None:
            later += self.earliest.decided_by
        if self.routes and not self.routes.bound and not self.found:
            later += [ident for one in self.standings for ident in one.missing]
        return tuple(dict.fromkeys([*self.today.missing, *later]))


def plan(
    case: Case,
    *,
    most: int = MOST_MOVES,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
    also_known: Iterable[str] = (),
) -> Answer:
    """Answer for a person. Raises FactsError for facts that cannot be used, Unusable for wishes
    that make no sense, LookupError where no measure is in force on the day."""
    refuse(case, most)
    situation = understand(
        case.rules, case.given, case.on, places=places, lang=lang, also_known=also_known
    )
    today, timeline = score_situation(case.rules, situation), case.timeline()
    ahead, schedule = forecast(case, timeline), Schedule(case, timeline)
    if today.reached:
        risks = _risks(case, schedule, ahead)
        return Answer(case, today, ahead, schedule.standings, None, (), risks)
    found = routes(case, schedule, most)
    looked = robust(case, schedule, found.found[:LONGEST_ROUTES])
    otherwise = () if found.found else tuple(_elsewise(case, found))
    soonest = earliest(case, schedule, found, most)
    return Answer(case, today, ahead, schedule.standings, found, looked, None, otherwise, soonest)


def _elsewise(case: Case, found: Routes) -> Iterable[Otherwise]:
    """Of each reading the earlier day."""
    sets = list(dict.fromkeys([(), *([found.bound.by] if found.bound else [])]))
    best: dict[str, Otherwise] = {}
    for one in (other for some in readings(case, sets).values() for other in some):
        key = f"{one.switch.id}={one.reading.id}"
        if key not in best or (one.reached_on or date.max) < (best[key].reached_on or date.max):
            best[key] = one
    return best.values()


def _risks(case: Case, schedule: Schedule, ahead: Forecast) -> Risks:
    stops = replace(case, habits=replace(case.habits, contributes=False))
    lapses = replace(case, habits=replace(case.habits, endorses=False))
    changed = readings(case, [()])[()]
    keeping = tuple(_keeping(case, schedule, ahead)) if ahead.doubtful_on else ()
    known = case.start(case.rules).permit is not None
    return Risks(forecast(stops), forecast(lapses), known, tuple(changed), keeping)


def _keeping(case: Case, schedule: Schedule, ahead: Forecast) -> Iterable[Keeping]:
    """Single moves that keep the line longer, the longest first."""
    sets = [done for done in schedule.sets(1, case.wishes.shortest) if done]
    if not sets or ahead.doubtful_on is None:
        return []
    reached = reach(timeline_of(case, sets), sets)
    standing = {s.move.id: s for s in schedule.standings}
    found = [
        Keeping(standing[done[0].move.id], until)
        for number, done in enumerate(sets)
        if (until := reached.until(number)) is None or until > ahead.doubtful_on
    ]
    return sorted(found, key=lambda k: k.until or date.max, reverse=True)
