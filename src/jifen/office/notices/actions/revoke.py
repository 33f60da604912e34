"""From which day a paper no longer holds: its decision was replaced or revoked, the points or the
permit ended."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.notices.actions.anew import newer_than
from jifen.office.notices.models import Kind, Notice, Revocation, Why
from jifen.office.registry.models import Permit

HOLDING = (Kind.NOTICE, Kind.REFUSAL, Kind.RENEWAL, Kind.SETTLEMENT)
"""Papers that hold as long as the decision behind them; a settlement slip not a day less, whatever
becomes of the permit: it ends with its place on the list, which knows why the permit ended."""


def revoke_of(person: int, city: str) -> int:
    """Revoke what no longer holds of a person in a city; how many papers. Done again it changes
    nothing."""
    rows = Notice.objects.filter(person=person, series__city=city, kind__in=HOLDING)
    rows = rows.filter(revocation__isnull=True).select_related("decision__application", "series")
    return sum(withdraw(notice, on, why) for notice in rows for on, why in _reasons(notice))


def _reasons(notice: Notice) -> Iterator[tuple[date, Why]]:
    """The first reason, at most one."""
    decision = notice.decision
    if decision is None:
        return
    found = _of_decision(decision)
    if found is None and notice.kind != Kind.SETTLEMENT:
        found = _of_period(decision)
    if found:
        yield found
    elif newer := newer_than(notice):
        yield newer, Why.REPLACED


def _of_decision(decision: Decision) -> tuple[date, Why] | None:
    if decision.revoked_at:
        return timezone.localtime(decision.revoked_at).date(), Why.REVOKED
    if newer := successor_of(decision):
        return newer, Why.REPLACED
    return None


def successor_of(decision: Decision) -> date | None:
    """From when another decision of the case stands in place of a void one; None: not yet signed
    (after the recheck of a renewal by itself), and the points and their paper go on until then."""
    if decision.void_at is None:
        return None
    rows = Decision.objects.filter(application=decision.application_id, number__gt=decision.number)
    signed = rows.filter(signed_at__isnull=False).order_by("number").first()
    return timezone.localtime(signed.signed_at).date() if signed and signed.signed_at else None


def _of_period(decision: Decision) -> tuple[date, Why] | None:
    """The end of the points, or of the permit on which they hang; where a city knows no periods, of
    the permit alone."""
    period = PointsPeriod.objects.filter(decision=decision).select_related("permit").first()
    if period and period.ended_on:
        return period.ended_on, Why.REPLACED if period.renewed else Why.ENDED
    permit = (period.permit if period else None) or _permit_on(decision)
    if permit is None or permit.cancelled_on is None or permit.cancelled_on < decision.on:
        return None
    until = period.until if period else None
    return (permit.cancelled_on, Why.PERMIT) if not until or permit.cancelled_on <= until else None


def _permit_on(decision: Decision) -> Permit | None:
    """The permit that the person had when it was decided, as far as it is on record."""
    application = decision.application
    rows = Permit.objects.filter(person=application.person_id, city=application.city)
    return rows.filter(issued_on__lte=decision.on).order_by("-issued_on", "-pk").first()


def withdraw(notice: Notice, on: date, why: Why) -> int:
    """A paper holds no more from a day on; 0 where it had been revoked before."""
    with transaction.atomic():
        _, made = Revocation.objects.get_or_create(notice=notice, defaults={"on": on, "why": why})
        if made:
            details = {"number": notice.number, "why": why.value, "on": str(on)}
            city, subject = notice.series.city, f"notice:{notice.pk}"
            record("notice.revoked", actor=SYSTEM, subject=subject, city=city, details=details)
    return int(made)
