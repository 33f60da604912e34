"""The years ahead with official facts: for a holder of points, and for the staff of an employer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from jifen.facts.fault import FactsError
from jifen.office.casework.models import Decision, Outcome, PointsPeriod
from jifen.office.casework.renewal.official_facts import make_official_case, read_current_facts
from jifen.office.casework.renewal.opening import find_opening
from jifen.office.casework.words import say
from jifen.office.registry.models import Person, Unit
from jifen.planning.messages import describe_ending, describe_soonest_moves, find_first_sure_day
from jifen.planning.planner import PlanResult, plan
from jifen.policy.months import subtract_months
from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status import derive_status, describe_status

STAFF_YEARS = 3
"""Years that are looked ahead for each of a staff."""
YEAR = 12


@dataclass(frozen=True, slots=True)
class StaffOutlook:
    """One of a staff. `holds`: has points at the line now; `reaches`: the day at the line within a
    year, by waiting or by the moves of `by`; `ends`: when the line is lost, or perhaps lost (empty:
    kept); `at_renewal`: whether it is there on the day of the renewal (None: no renewal, or
    undecided); `helps`: the move that keeps it longest, or the moves that bring it back. `faulty`:
    the facts contradict each other, so that nothing can be said."""

    person: Person
    period: PointsPeriod | None
    holds: bool
    reached: bool | None
    reached_on: date | None
    moves: Text
    ends: Text
    at_renewal: bool | None
    remedy: Text
    faulty: bool = False

    @property
    def is_at_risk(self) -> bool:
        """Whether points that are held may be lost, at the renewal or before."""
        return self.holds and not self.faulty and self.is_kept is not True

    @property
    def is_kept(self) -> bool | None:
        """Whether the line is there today, at the renewal and for the years looked at."""
        return self.reached and self.at_renewal is not False and not self.ends.en


def list_staff_decisions(unit: Unit) -> "QuerySet[Decision]":
    """The last standing decision on each of the people for whom an employer files: the one that
    filed last, or that the person named since."""
    of_unit = Q(application__unit=unit) | Q(points__employer=unit)
    rows = Decision.objects.filter(application__city=unit.city)
    rows = rows.filter(void_at__isnull=True, revoked_at__isnull=True, signed_at__isnull=False)
    people = rows.filter(of_unit).values("application__person")
    newest = rows.filter(application__person__in=people).order_by("-on", "-pk")
    filers = newest.annotate(files=Coalesce("points__employer", "application__unit"))
    last_decisions: dict[int, tuple[int, int]] = {}
    for person, pk, employer in filers.values_list("application__person", "pk", "files"):
        last_decisions.setdefault(person, (pk, employer))
    decisions = Decision.objects.filter(
        pk__in=[pk for pk, files in last_decisions.values() if files == unit.pk]
    )
    return decisions.select_related("application__person", "application__unit").order_by("pk")


def forecast_staff(decisions: Iterable[Decision], today: date) -> Iterator[StaffOutlook]:
    """How each stands in the years to come."""
    for decision in decisions:
        person = decision.application.person
        period = PointsPeriod.objects.filter(
            decision=decision, ended_on__isnull=True, renewed=False
        ).first()
        try:
            yield _forecast_member(decision, period, today)
        except (FactsError, LookupError):
            holds = _holds_points(period)
            yield StaffOutlook(
                person, period, holds, None, None, EMPTY, EMPTY, None, EMPTY, faulty=True
            )


def _holds_points(period: PointsPeriod | None) -> bool:
    return period is not None and period.decision.outcome == Outcome.REACHED


def _forecast_member(decision: Decision, period: PointsPeriod | None, today: date) -> StaffOutlook:
    application = decision.application
    facts = read_current_facts(decision)
    case = make_official_case(application.city, facts, application.person, today, years=STAFF_YEARS)
    answer = plan(case, most=1)
    reached_on, moves = _find_reach_day(answer, today)
    forecast = answer.forecast
    keeping = answer.risks.keeping_moves if answer.risks else ()
    return StaffOutlook(
        application.person,
        period,
        _holds_points(period),
        answer.today.reached,
        reached_on,
        moves,
        describe_today(answer) or describe_ending(forecast.doubtful_on, forecast.lost_on) or EMPTY,
        _is_reached_at_renewal(answer, period, today),
        keeping[0].move_status.move.label if keeping else describe_soonest_moves(answer) or EMPTY,
    )


def describe_today(answer: PlanResult) -> Text | None:
    """Why the line is not surely reached today; None where it is."""
    if answer.today.reached:
        return None
    spoken = describe_status(derive_status(answer.today)).spoken
    return say("renewal.staff_outlook.today_by_what", spoken=spoken)


def _find_reach_day(answer: PlanResult, today: date) -> tuple[date | None, Text]:
    """The day at the line within a year, and the moves by which (none: by waiting)."""
    day = None if answer.today.reached else find_first_sure_day(answer)
    if day is None or day > subtract_months(today, -YEAR):
        return None, EMPTY
    return day, describe_soonest_moves(answer) or EMPTY


def _is_reached_at_renewal(
    answer: PlanResult, period: PointsPeriod | None, today: date
) -> bool | None:
    if period is None:
        return None
    day = find_opening(period).first or period.until
    return answer.forecast.step_on(max(day or today, today)).reached
