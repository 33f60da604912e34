"""From which day a notice no longer holds: its decision was replaced or revoked, the points or the
permit ended."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.notices.actions.later_decisions import find_later_decision_day
from jifen.office.notices.models import Notice, NoticeKind, Revocation, RevocationReason
from jifen.office.registry.models import Permit

REVOCABLE = (NoticeKind.NOTICE, NoticeKind.REFUSAL, NoticeKind.RENEWAL, NoticeKind.SETTLEMENT)
"""Notices that are valid as long as their decision. A settlement notice stays valid when the permit
ends: it ends with its place on the list, where the reason of the permit's end is known."""


def revoke_for_person(person: int, city: str) -> int:
    """Revoke the notices of a person in a city that are no longer valid. Returns how many. Running
    it again changes nothing."""
    rows = Notice.objects.filter(person=person, series__city=city, kind__in=REVOCABLE)
    rows = rows.filter(revocation__isnull=True).select_related("decision__application", "series")
    return sum(
        revoke_notice(notice, on, why) for notice in rows for on, why in _find_reason(notice)
    )


def _find_reason(notice: Notice) -> Iterator[tuple[date, RevocationReason]]:
    """The first reason, at most one."""
    decision = notice.decision
    if decision is None:
        return
    reason = _find_decision_reason(decision)
    if reason is None and notice.kind != NoticeKind.SETTLEMENT:
        reason = _find_period_reason(decision)
    if reason:
        yield reason
    elif newer := find_later_decision_day(notice):
        yield newer, RevocationReason.REPLACED


def _find_decision_reason(decision: Decision) -> tuple[date, RevocationReason] | None:
    if decision.revoked_at:
        return timezone.localtime(decision.revoked_at).date(), RevocationReason.REVOKED
    if newer := find_successor_day(decision):
        return newer, RevocationReason.REPLACED
    return None


def find_successor_day(decision: Decision) -> date | None:
    """The day from which another decision of the case replaces a void one. None: it is not signed
    yet (after the recheck of an automatic renewal); points and notice stay valid until then."""
    if decision.void_at is None:
        return None
    rows = Decision.objects.filter(application=decision.application_id, number__gt=decision.number)
    signed = rows.filter(signed_at__isnull=False).order_by("number").first()
    return timezone.localtime(signed.signed_at).date() if signed and signed.signed_at else None


def _find_period_reason(decision: Decision) -> tuple[date, RevocationReason] | None:
    """The end of the points or of the permit that they depend on; in a city without periods, the
    end of the permit alone."""
    period = PointsPeriod.objects.filter(decision=decision).select_related("permit").first()
    if period and period.ended_on:
        return (
            period.ended_on,
            RevocationReason.REPLACED if period.renewed else RevocationReason.ENDED,
        )
    permit = (period.permit if period else None) or _find_permit_on(decision)
    if permit is None or permit.cancelled_on is None or permit.cancelled_on < decision.on:
        return None
    until = period.until if period else None
    return (
        (permit.cancelled_on, RevocationReason.PERMIT)
        if not until or permit.cancelled_on <= until
        else None
    )


def _find_permit_on(decision: Decision) -> Permit | None:
    """The permit that the person had when it was decided, as far as it is on record."""
    application = decision.application
    rows = Permit.objects.filter(person=application.person_id, city=application.city)
    return rows.filter(issued_on__lte=decision.on).order_by("-issued_on", "-pk").first()


def revoke_notice(notice: Notice, on: date, why: RevocationReason) -> int:
    """Revoke a notice from a day on. Returns 1, or 0 where it had been revoked before."""
    with transaction.atomic():
        _, created = Revocation.objects.get_or_create(
            notice=notice, defaults={"on": on, "why": why}
        )
        if created:
            details = {"number": notice.number, "why": why.value, "on": str(on)}
            city, subject = notice.series.city, f"notice:{notice.pk}"
            record("notice.revoked", actor=SYSTEM, subject=subject, city=city, details=details)
    return int(created)
