"""The years ahead with official facts: for a holder of points, and for the staff of an employer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from jifen.facts.fault import FactsError
from jifen.office.casework.models import Decision, Outcome, PointsPeriod
from jifen.office.casework.renewal.official import facts_now, official_case
from jifen.office.casework.renewal.opening import opens
from jifen.office.registry.models import Person, Unit
from jifen.planning.messages import describe_ending, describe_soonest_moves, find_first_sure_day
from jifen.planning.planner import PlanResult, plan
from jifen.policy.months import minus_months
from jifen.policy.text import EMPTY, Text
from jifen.scoring.standing import standing_of, words_of

STAFF_YEARS = 3
"""Years that are looked ahead for each of a staff."""
YEAR = 12


@dataclass(frozen=True, slots=True)
class Ahead:
    """One of a staff. `holds`: has points at the line now; `reaches`: the day at the line within a
    year, by waiting or by the moves of `by`; `ends`: when the line is lost, or perhaps lost (empty:
    kept); `at_renewal`: whether it is there on the day of the renewal (None: no renewal, or
    undecided); `helps`: the move that keeps it longest, or the moves that bring it back. `faulty`:
    the facts contradict each other, so that nothing can be said."""

    person: Person
    period: PointsPeriod | None
    holds: bool
    reached: bool | None
    reaches: date | None
    by: Text
    ends: Text
    at_renewal: bool | None
    helps: Text
    faulty: bool = False

    @property
    def at_risk(self) -> bool:
        """Whether points that are held may be lost, at the renewal or before."""
        return self.holds and not self.faulty and self.kept is not True

    @property
    def kept(self) -> bool | None:
        """Whether the line is there today, at the renewal and for the years looked at."""
        return self.reached and self.at_renewal is not False and not self.ends.en


def staff_of(unit: Unit) -> "QuerySet[Decision]":
    """The last standing decision on each of the people for whom an employer files: the one that
    filed last, or that the person named since."""
    theirs = Q(application__unit=unit) | Q(points__employer=unit)
    rows = Decision.objects.filter(application__city=unit.city)
    rows = rows.filter(void_at__isnull=True, revoked_at__isnull=True, signed_at__isnull=False)
    people = rows.filter(theirs).values("application__person")
    newest = rows.filter(application__person__in=people).order_by("-on", "-pk")
    files = newest.annotate(files=Coalesce("points__employer", "application__unit"))
    last: dict[int, tuple[int, int]] = {}
    for person, pk, employer in files.values_list("application__person", "pk", "files"):
        last.setdefault(person, (pk, employer))
    found = Decision.objects.filter(pk__in=[pk for pk, files in last.values() if files == unit.pk])
    return found.select_related("application__person", "application__unit").order_by("pk")


def staff_ahead(decisions: Iterable[Decision], today: date) -> Iterator[Ahead]:
    """How each stands in the years to come."""
    for decision in decisions:
        person = decision.application.person
        period = PointsPeriod.objects.filter(
            decision=decision, ended_on__isnull=True, renewed=False
        ).first()
        try:
            yield _ahead(decision, period, today)
        except (FactsError, LookupError):
            holds = _holds(period)
            yield Ahead(person, period, holds, None, None, EMPTY, EMPTY, None, EMPTY, faulty=True)


def _holds(period: PointsPeriod | None) -> bool:
    return period is not None and period.decision.outcome == Outcome.REACHED


def _ahead(decision: Decision, period: PointsPeriod | None, today: date) -> Ahead:
    application = decision.application
    facts = facts_now(decision)
    case = official_case(application.city, facts, application.person, today, years=STAFF_YEARS)
    answer = plan(case, most=1)
    reaches, by = _reaches(answer, today)
    ahead = answer.forecast
    keeping = answer.risks.keeping_moves if answer.risks else ()
    return Ahead(
        application.person,
        period,
        _holds(period),
        answer.today.reached,
        reaches,
        by,
        today_words(answer) or describe_ending(ahead.doubtful_on, ahead.lost_on) or EMPTY,
        _at_renewal(answer, period, today),
        keeping[0].move_status.move.label if keeping else describe_soonest_moves(answer) or EMPTY,
    )


def today_words(answer: PlanResult) -> Text | None:
    """Why the line is not surely reached today; None where it is."""
    if answer.today.reached:
        return None
    said = words_of(standing_of(answer.today)).spoken
    return Text(f"按登记的事实，现在：{said.zh}", f"Today, by what is on record: {said.en}")


def _reaches(answer: PlanResult, today: date) -> tuple[date | None, Text]:
    """The day at the line within a year, and the moves by which (none: by waiting)."""
    day = None if answer.today.reached else find_first_sure_day(answer)
    if day is None or day > minus_months(today, -YEAR):
        return None, EMPTY
    return day, describe_soonest_moves(answer) or EMPTY


def _at_renewal(answer: PlanResult, period: PointsPeriod | None, today: date) -> bool | None:
    if period is None:
        return None
    day = opens(period).first or period.until
    return answer.forecast.step_on(max(day or today, today)).reached
