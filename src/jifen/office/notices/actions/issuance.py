"""Issuing a notice: its number, its content and its place in the queue to be printed, together."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen import cities
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Correction, Decision, Outcome, PointsPeriod
from jifen.office.notices.content import case_steps, decisions
from jifen.office.notices.content.layout import format_points
from jifen.office.notices.content.templates import load_templates
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.models import Notice, NoticeKind, Printing, Series
from jifen.office.notices.words import say
from jifen.statements.codes import LENGTH, make_code

BuildContent = Callable[[date], dict[str, Any]]
OF_DECISION = (NoticeKind.NOTICE, NoticeKind.REFUSAL)


def issue_notice(
    kind: NoticeKind,
    application: Application,
    event: str,
    build_content: BuildContent,
    *,
    decision: Decision | None = None,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
) -> Notice | None:
    """Issue a notice for an event, once; None where it was issued before. One transaction takes the
    number from the series, writes the notice and queues its printing; if any of it fails, the
    number is given back too."""
    with transaction.atomic():
        if Notice.objects.filter(event=event).exists():
            return None
        day = on or timezone.localdate()
        series = _lock_series(application, kind, day.year)
        if Notice.objects.filter(event=event).exists():
            return None  # another worker issued it while this one waited for the series
        notice = _create_notice(
            kind, application, event, build_content(day), series, decision, (since, until), day
        )
        Printing.objects.create(notice=notice, due_at=timezone.now())
        _record_issue(notice)
        return notice


def _lock_series(application: Application, kind: NoticeKind, year: int) -> Series:
    series_key: dict[str, Any] = {
        "city": application.city,
        "district": application.district,
        "kind": kind.value,
    }
    series, _ = Series.objects.get_or_create(**series_key, year=year)
    return Series.objects.select_for_update().get(pk=series.pk)


def _create_notice(
    kind: NoticeKind,
    application: Application,
    event: str,
    content: dict[str, Any],
    series: Series,
    decision: Decision | None,
    days: tuple[date | None, date | None],
    on: date,
) -> Notice:
    series.last += 1
    series.save(update_fields=("last",))
    previous = _find_replaced_notice(application) if kind in OF_DECISION else None
    return Notice.objects.create(
        kind=kind,
        event=event,
        series=series,
        sequence=series.last,
        number=format_notice_number(series),
        code=make_code(secrets.token_bytes(LENGTH - 1)),
        person_id=application.person_id,
        application=application,
        decision=decision,
        version=previous.version + 1 if previous else 1,
        replaces=previous,
        result=decision.outcome if decision and kind in OF_DECISION else "",
        issued_on=on,
        since=days[0],
        until=days[1],
        content=content,
    )


def format_notice_number(series: Series) -> str:
    """City, office, year, letter of the kind, place in the series: SH-PUDONG-2026-N000123."""
    letter = load_templates()[series.kind].letter
    office = f"{cities.find_city(series.city).prefix}-{series.district}".upper()
    return f"{office}-{series.year}-{letter}{series.last:06d}"


def _find_replaced_notice(application: Application) -> Notice | None:
    """The notice that a new decision of the case replaces."""
    rows = Notice.objects.filter(application=application, kind__in=OF_DECISION)
    return rows.order_by("-version").first()


def _record_issue(notice: Notice) -> None:
    details = {"kind": notice.kind, "number": notice.number, "version": notice.version}
    subject = f"notice:{notice.pk}"
    record("notice.issued", actor=SYSTEM, subject=subject, city=notice.series.city, details=details)


def issue_for_decision(decision: Decision, on: date | None = None) -> Notice | None:
    """The notice of a signed decision, or its refusal."""
    return _issue_for_decision_event(decision, f"decision:{decision.pk}", on)


def issue_for_changed_days(period: PointsPeriod, on: date) -> Notice | None:
    """A new notice of a decision whose points have other days than the last notice says."""
    event = f"days:{period.pk}:{period.since}:{period.until}"
    return _issue_for_decision_event(period.decision, event, on)


def _issue_for_decision_event(decision: Decision, event: str, on: date | None) -> Notice | None:
    application = decision.application
    if decision.outcome in (Outcome.REFUSED, Outcome.VETOED):

        def build_refusal(day: date) -> dict[str, Any]:
            return decisions.build_refusal(decision, day)

        return issue_notice(
            NoticeKind.REFUSAL, application, event, build_refusal, decision=decision, on=on
        )
    period = decisions.find_points_period(decision)

    def build_notice(day: date) -> dict[str, Any]:
        return decisions.build_notice(decision, day)

    days = {"since": period.since, "until": period.until} if period else {}
    return issue_notice(
        NoticeKind.NOTICE, application, event, build_notice, decision=decision, on=on, **days
    )


def issue_receipt(application: Application) -> Notice | None:
    """受理回执."""
    event = f"receipt:{application.pk}"
    return issue_notice(
        NoticeKind.RECEIPT,
        application,
        event,
        lambda day: case_steps.build_receipt(application, day),
    )


def issue_correction(correction: Correction) -> Notice | None:
    """补正通知书."""
    event, application = f"correction:{correction.pk}", correction.application
    return issue_notice(
        NoticeKind.CORRECTION,
        application,
        event,
        lambda day: case_steps.build_correction(correction, day),
    )


def issue_revocation(decision: Decision) -> Notice | None:
    """撤销决定书."""
    event, application = f"revoked:{decision.pk}", decision.application

    def build_revocation(day: date) -> dict[str, Any]:
        return decisions.build_revocation(decision, day)

    return issue_notice(
        NoticeKind.REVOCATION, application, event, build_revocation, decision=decision
    )


def issue_renewal(period: PointsPeriod, on: date) -> Notice | None:
    """积分续签通知."""
    event, application = f"renewal:{period.pk}", period.decision.application
    decision = period.decision

    def build_renewal(day: date) -> dict[str, Any]:
        return case_steps.build_renewal(period, day)

    until = period.until
    return issue_notice(
        NoticeKind.RENEWAL, application, event, build_renewal, decision=decision, until=until, on=on
    )


def issue_settlement(decision: Decision, settle_by: date, on: date | None = None) -> Notice | None:
    """积分入户通知单, for whoever is on the formal list of a city that settles by points. Called by
    what keeps the lists; `settle_by`: the last day on which it can be used. Raises NoticeFault in a
    city whose points do not lead to settlement."""
    if process_of(decision.application).renewal is not None:
        raise NoticeFault("JF-T008", _NO_SETTLEMENT)
    event, application = f"settlement:{decision.pk}", decision.application
    total = format_points(decision.total.normalize())

    def build_settlement(day: date) -> dict[str, Any]:
        return case_steps.build_settlement(application, total, settle_by, day)

    kind = NoticeKind.SETTLEMENT
    return issue_notice(
        kind, application, event, build_settlement, decision=decision, until=settle_by, on=on
    )


_NO_SETTLEMENT = say("actions.issuance.no_settlement")
