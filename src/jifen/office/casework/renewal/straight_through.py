"""Renewed straight through: nothing changed, the registers agree, and nobody has to look."""

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.casework.actions import clock
from jifen.office.casework.actions.decisions import freeze_decision
from jifen.office.casework.actions.periods import open_period, refuse_without_permit
from jifen.office.casework.actions.unit_of_work import lock_case, record_event, save_derived_state
from jifen.office.casework.consent import has_consent
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, FalseRecord, Outcome, State
from jifen.office.casework.words import say
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_outcome

logger = logging.getLogger("jifen.casework")


def decide_due_renewals(max_renewals: int = 200) -> int:
    """Renewals whose last answer came while a worker was stopped; how many were looked at."""
    rows = Application.objects.filter(kind="renewal", state=State.DECIDING, looked_through=False)
    renewal_ids = list(rows.order_by("id").values_list("pk", flat=True)[:max_renewals])
    return sum(_try_decide_renewal(pk) for pk in renewal_ids)


def _try_decide_renewal(pk: int) -> int:
    """One that fails stops no other, and is tried again at the next look."""
    try:
        return decide_straight_through(pk)
    except Exception:
        logger.exception("renewal %s could not be looked through", pk)
        return 0


def decide_straight_through(pk: int) -> int:
    """Decide a renewal by itself, or leave it to a clerk with the reason; 1 where it was ready."""
    rows = Application.objects.filter(pk=pk, kind="renewal", state=State.DECIDING)
    if not rows.filter(looked_through=False).exists():
        return 0
    with transaction.atomic():
        application = lock_case(pk)
        if application.state != State.DECIDING or application.looked_through:
            return 0
        if application.checks.filter(state="due").exists():
            return 0
        application.looked_through = True
        why = _find_clerk_reason(application)
        if why:
            record_event(application, "renewal_to_clerk", None, why, internal=True)
        else:
            _decide_automatically(application)
        save_derived_state(application)
    return 1


def _find_clerk_reason(application: Application) -> Text | None:
    """Why somebody has to look; None where all was carried over or told by registers, and the
    points reach the line as before."""
    last_decision = application.renews
    is_below = last_decision is None or last_decision.outcome != Outcome.REACHED
    is_void = last_decision is not None and (last_decision.revoked_at or last_decision.void_at)
    reasons = (
        (application.reviews.filter(by__isnull=False).exists(), _FOUND),
        (application.items.exclude(why__in=("", "yearly")).exists(), _CHANGED),
        (is_below, _BELOW),
        (is_void, _GONE),
        (not has_consent(application), _NOT_AGREED),
        (last_decision is not None and _is_in_doubt(application, last_decision), _DOUBT),
    )
    return next((words for holds, words in reasons if holds), None)


_FOUND = say("renewal.straight_through.found")
_CHANGED = say("renewal.straight_through.changed")
_LINE = describe_outcome("reached")
_BELOW = say("renewal.straight_through.below", line=_LINE)
_GONE = say("renewal.straight_through.gone")
_NOT_AGREED = say("renewal.straight_through.not_agreed")
_DOUBT = say("renewal.straight_through.doubt")


def _is_in_doubt(application: Application, last_decision: Decision) -> bool:
    """Whether a document of the person is in doubt, or was found false since the last decision."""
    rows = FalseRecord.objects.filter(person=application.person_id)
    since = Q(state="effective", effective_on__gte=last_decision.on)
    return rows.filter(Q(state="hearing") | since).exists()


def _decide_automatically(application: Application) -> None:
    try:
        with transaction.atomic():
            decision = freeze_decision(application, None, "")
            refuse_without_permit(application, decision, application.on)
    except CaseFault as fault:
        record_event(application, "renewal_to_clerk", None, fault.words, internal=True)
        return
    if decision.outcome != Outcome.REACHED:
        decision.delete()
        outcome = describe_outcome(decision.outcome)
        words = say("renewal.straight_through.by_the_facts_of_today", outcome=outcome)
        record_event(application, "renewal_to_clerk", None, words, internal=True)
        return
    decision.signed_at = timezone.now()
    decision.save(update_fields=("signed_at",))
    clock.stop(application, application.on)
    open_period(application, decision, application.on)
    details = {"decision": decision.number, "outcome": decision.outcome}
    record_event(application, "renewed", None, details=details)
