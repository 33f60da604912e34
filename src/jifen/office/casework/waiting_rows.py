"""The rows of what waits of a case and of its points, derived from their parts: the only place that
derives them. `unit_of_work.save_derived_state` writes them with every act; the nightly check proves
them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from jifen.office.casework.consent import has_consent
from jifen.office.casework.models import (
    Application,
    Decision,
    FalseRecord,
    GateState,
    PointsPeriod,
    Recheck,
    State,
)
from jifen.office.casework.queries import is_renewal_filed
from jifen.office.casework.rules import rule_for
from jifen.office.registry.models import Permit
from jifen.office.waiting.actions import Wait, WaitPlace, store_waits
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import REVIEWER, rule_of

ONE_DAY = timedelta(days=1)
RENEWAL_WINDOW = timedelta(days=60)
"""Before points end their renewal waits from so many days on, and as long after them."""


def store_case_waits(application: Application) -> None:
    """Write what waits of a case as it is now, in the transaction of the act; of a renewal, also
    what waits of the points that it renews."""
    store_waits(place_of_case(application), list_case_waits(application))
    if application.renews is not None:
        renewed_case = application.renews.application_id
        for period in PointsPeriod.objects.filter(decision__application=renewed_case):
            store_renewal_wait(period)


def place_of_case(application: Application) -> WaitPlace:
    """The office that has a case, and its order in a queue."""
    return WaitPlace(
        f"application:{application.pk}",
        application.city,
        application.district,
        application.pk,
        application.lane,
        application.overtakes_on,
    )


def list_case_waits(application: Application) -> list[Wait]:
    """What waits of a case: only what the table of acts lets somebody do now."""
    waits = [
        *_list_draft_waits(application),
        *_list_consent_waits(application),
        *_list_gate_waits(application),
        *_list_correction_waits(application),
        *_list_decision_waits(application),
        *_list_expedite_waits(application),
        *_list_recheck_waits(application),
        *_list_false_material_waits(application),
    ]
    state = application.state
    return [wait for wait in waits if rule_for(state, rule_of(wait.kind).act) is not None]


def _assign_to_applicant(application: Application, wait: Wait) -> Wait:
    """On whoever files: the unit, or the account of somebody who files alone."""
    if application.unit_id is not None:
        return replace(wait, unit=application.unit_id)
    return replace(wait, account=application.created_by_id)


def _list_draft_waits(application: Application) -> Iterator[Wait]:
    if application.state == State.DRAFT:
        due = _find_points_end(application)
        yield _assign_to_applicant(application, Wait(WaitKind.DRAFT, due_on=due))


def _find_points_end(application: Application) -> date | None:
    """Of a renewal: the last day of the points that it renews."""
    if application.renews_id is None:
        return None
    rows = PointsPeriod.objects.filter(decision=application.renews_id)
    return rows.values_list("until", flat=True).first()


def _list_consent_waits(application: Application) -> Iterator[Wait]:
    is_open = application.state not in (State.DECIDED, State.WITHDRAWN, State.LAPSED, State.REVOKED)
    if is_open and not has_consent(application):
        yield Wait(WaitKind.CONSENT, person=application.person_id)


def _list_gate_waits(application: Application) -> Iterator[Wait]:
    if application.state not in (State.REVIEW, State.DECIDING):
        return
    for gate in application.gates.filter(state=GateState.OPEN):
        yield Wait(
            WaitKind.GATE,
            gate.gate,
            role=REVIEWER if gate.department else "",
            department=gate.department,
            due_on=application.due_on,
        )


def _list_correction_waits(application: Application) -> Iterator[Wait]:
    if application.state != State.CORRECTION:
        return
    for correction in application.corrections.filter(state="open"):
        wait = Wait(WaitKind.CORRECTION, str(correction.pk), due_on=correction.due_on)
        yield _assign_to_applicant(application, wait)


def _list_decision_waits(application: Application) -> Iterator[Wait]:
    due = application.due_on
    if application.state == State.DECIDING:
        yield Wait(WaitKind.DECISION, due_on=due)
    if application.state == State.COUNTERSIGN:
        proposals = application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
        for proposal in proposals:
            barred = {*list_finders(application), proposal.proposed_by_id}
            yield Wait(WaitKind.SIGNATURE, due_on=due, barred=_sort_accounts(barred))


def _list_expedite_waits(application: Application) -> Iterator[Wait]:
    if application.submitted_at is None:
        return
    for row in application.expedites.filter(approved__isnull=True):
        due, barred = application.due_on, (row.asked_by_id,)
        yield Wait(WaitKind.EXPEDITE, str(row.pk), due_on=due, barred=barred)


def _list_recheck_waits(application: Application) -> Iterator[Wait]:
    if application.state != State.DECIDED:
        return
    rows = Recheck.objects.filter(application=application, state="open")
    for row in rows.select_related("decision"):
        barred = {*list_participants(application, row.decision), row.asked_by_id}
        due = row.due_on
        yield Wait(WaitKind.RECHECK, str(row.pk), due_on=due, barred=_sort_accounts(barred))


def _list_false_material_waits(application: Application) -> Iterator[Wait]:
    """The person is told, by a letter where they have no account, and heard; once the answer is in,
    or the days are over, it is decided."""
    if application.state not in (State.DECIDED, State.REVOKED):
        return
    for row in FalseRecord.objects.filter(application=application, state="hearing"):
        barred = (row.found_by_id,)
        if row.answered_at:
            item = f"{row.pk} answered"
            yield Wait(WaitKind.FINDING, item, barred=barred)
            continue
        until = row.hearing_until
        if until is None and row.told_by == "letter":
            yield Wait(WaitKind.DELIVERY, str(row.pk))
            continue
        yield Wait(WaitKind.ANSWER, str(row.pk), due_on=until, person=application.person_id)
        if until is None:
            continue
        starts = until + ONE_DAY
        yield Wait(WaitKind.FINDING, str(row.pk), starts_on=starts, barred=barred)


def store_renewal_wait(period: PointsPeriod) -> None:
    """Write what waits of somebody's points: their renewal, on the employer that files it or on the
    person, from some weeks before they end. In the transaction of the act."""
    store_waits(place_of_points(period), list_renewal_waits(period))


def place_of_points(period: PointsPeriod) -> WaitPlace:
    """The office that decided somebody's points."""
    case, district = period.decision.application_id, period.decision.application.district
    return WaitPlace(make_points_subject(period.pk), period.city, district, case)


def make_points_subject(period_id: int) -> str:
    """How somebody's points are named in what waits."""
    return f"points:{period_id}"


def list_renewal_waits(period: PointsPeriod) -> list[Wait]:
    """What waits of somebody's points."""
    permit_cancelled = period.permit is not None and period.permit.cancelled_on is not None
    if (
        period.renewed
        or period.ended_on
        or permit_cancelled
        or not period.until
        or is_renewal_filed(period)
    ):
        return []
    starts = max(period.since, period.until - RENEWAL_WINDOW)
    wait = Wait(WaitKind.RENEWAL, due_on=period.until, starts_on=starts)
    if period.employer_id is None:
        return [replace(wait, person=period.person_id)]
    return [replace(wait, unit=period.employer_id)]


def end_waits_of_permit(permit: Permit) -> None:
    """Points of a permit that is being cancelled are renewed no more. In the transaction of the
    act."""
    periods = PointsPeriod.objects.filter(permit=permit).values_list("pk", flat=True)
    rows = Waiting.objects.filter(kind=WaitKind.RENEWAL, ended_at__isnull=True)
    rows = rows.filter(subject__in=[make_points_subject(pk) for pk in periods])
    rows.update(ended_at=timezone.now())


def end_renewal_waits(day: date) -> int:
    """Renewals that wait no more because too many days went by; how many."""
    rows = Waiting.objects.filter(kind=WaitKind.RENEWAL, ended_at__isnull=True)
    return rows.filter(due_on__lt=day - RENEWAL_WINDOW).update(ended_at=timezone.now())


def list_finders(application: Application) -> set[int | None]:
    """Whoever found a fact of a case."""
    rows = application.items.exclude(found_by=None)
    return set(rows.values_list("found_by", flat=True))


def list_participants(application: Application, decision: Decision) -> set[int | None]:
    """Whoever proposed or signed a decision, or found a fact that it rests on."""
    return {decision.proposed_by_id, decision.signed_by_id, *list_finders(application)}


def _sort_accounts(accounts: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted(pk for pk in accounts if pk is not None))
