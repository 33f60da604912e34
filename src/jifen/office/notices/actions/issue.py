"""Issuing a paper: its number, its content and its place in the queue to be printed, together."""

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
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.models import Kind, Notice, Printing, Series
from jifen.office.notices.papers import decided, others
from jifen.office.notices.papers.content import figure
from jifen.office.notices.papers.words import papers
from jifen.policy.text import Text
from jifen.statements.codes import LENGTH, code_from

Made = Callable[[date], dict[str, Any]]
OF_DECISION = (Kind.NOTICE, Kind.REFUSAL)


def issue(
    kind: Kind,
    application: Application,
    event: str,
    content: Made,
    *,
    decision: Decision | None = None,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
) -> Notice | None:
    """Issue a paper for an event, once; None where it was issued before. In one transaction: the
    number is taken from the series, the paper written with it, its printing made due. Whatever
    fails on the way takes the number back along."""
    with transaction.atomic():
        if Notice.objects.filter(event=event).exists():
            return None
        day = on or timezone.localdate()
        series = _locked(application, kind, day.year)
        if Notice.objects.filter(event=event).exists():
            return None  # another worker was first, while this one waited for the series
        made = _written(
            kind, application, event, content(day), series, decision, (since, until), day
        )
        Printing.objects.create(notice=made, due_at=timezone.now())
        _log(made)
        return made


def _locked(application: Application, kind: Kind, year: int) -> Series:
    where: dict[str, Any] = {
        "city": application.city,
        "district": application.district,
        "kind": kind.value,
    }
    row, _ = Series.objects.get_or_create(**where, year=year)
    return Series.objects.select_for_update().get(pk=row.pk)


def _written(
    kind: Kind,
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
    before = _last(application) if kind in OF_DECISION else None
    return Notice.objects.create(
        kind=kind,
        event=event,
        series=series,
        sequence=series.last,
        number=number_of(series),
        code=code_from(secrets.token_bytes(LENGTH - 1)),
        person_id=application.person_id,
        application=application,
        decision=decision,
        version=before.version + 1 if before else 1,
        replaces=before,
        result=decision.outcome if decision and kind in OF_DECISION else "",
        issued_on=on,
        since=days[0],
        until=days[1],
        content=content,
    )


def number_of(series: Series) -> str:
    """City, office, year, letter of the kind, place in the series: SH-PUDONG-2026-N000123."""
    letter = papers()[series.kind].letter
    office = f"{cities.find(series.city).prefix}-{series.district}".upper()
    return f"{office}-{series.year}-{letter}{series.last:06d}"


def _last(application: Application) -> Notice | None:
    """The paper that a new decision of the case replaces."""
    rows = Notice.objects.filter(application=application, kind__in=OF_DECISION)
    return rows.order_by("-version").first()


def _log(made: Notice) -> None:
    details = {"kind": made.kind, "number": made.number, "version": made.version}
    subject = f"notice:{made.pk}"
    record("notice.issued", actor=SYSTEM, subject=subject, city=made.series.city, details=details)


def for_decision(decision: Decision, on: date | None = None) -> Notice | None:
    """The notice of a signed decision, or its refusal."""
    return _of_decision(decision, f"decision:{decision.pk}", on)


def for_days(period: PointsPeriod, on: date) -> Notice | None:
    """The notice of a decision once more, of points whose days are others than it says."""
    event = f"days:{period.pk}:{period.since}:{period.until}"
    return _of_decision(period.decision, event, on)


def _of_decision(decision: Decision, event: str, on: date | None) -> Notice | None:
    application = decision.application
    if decision.outcome in (Outcome.REFUSED, Outcome.VETOED):

        def refused(day: date) -> dict[str, Any]:
            return decided.refusal(decision, day)

        return issue(Kind.REFUSAL, application, event, refused, decision=decision, on=on)
    period = decided.period_of(decision)

    def found(day: date) -> dict[str, Any]:
        return decided.notice(decision, day)

    days = {"since": period.since, "until": period.until} if period else {}
    return issue(Kind.NOTICE, application, event, found, decision=decision, on=on, **days)


def for_receipt(application: Application) -> Notice | None:
    """受理回执."""
    event = f"receipt:{application.pk}"
    return issue(Kind.RECEIPT, application, event, lambda day: others.receipt(application, day))


def for_correction(row: Correction) -> Notice | None:
    """补正通知书."""
    event, application = f"correction:{row.pk}", row.application
    return issue(Kind.CORRECTION, application, event, lambda day: others.correction(row, day))


def for_revocation(decision: Decision) -> Notice | None:
    """撤销决定书."""
    event, application = f"revoked:{decision.pk}", decision.application

    def revoked(day: date) -> dict[str, Any]:
        return decided.revocation(decision, day)

    return issue(Kind.REVOCATION, application, event, revoked, decision=decision)


def for_renewal(period: PointsPeriod, on: date) -> Notice | None:
    """积分续签通知."""
    event, application = f"renewal:{period.pk}", period.decision.application
    decision = period.decision

    def due(day: date) -> dict[str, Any]:
        return others.renewal(period, day)

    until = period.until
    return issue(Kind.RENEWAL, application, event, due, decision=decision, until=until, on=on)


def for_settlement(decision: Decision, settle_by: date, on: date | None = None) -> Notice | None:
    """积分入户通知单, for whoever is on the formal list of a city that settles by points. Called by
    what keeps the lists; `settle_by`: the last day on which it can be used. Raises NoticeFault in a
    city whose points do not lead to settlement."""
    if process_of(decision.application).renewal is not None:
        raise NoticeFault("JF-T008", _NO_SETTLEMENT)
    event, application = f"settlement:{decision.pk}", decision.application
    total = figure(decision.total.normalize())

    def listed(day: date) -> dict[str, Any]:
        return others.settlement(application, total, settle_by, day)

    kind = Kind.SETTLEMENT
    return issue(kind, application, event, listed, decision=decision, until=settle_by, on=on)


_NO_SETTLEMENT = Text(
    "本市的积分不等于落户，没有入户通知单。",
    "Points of this city are not household registration: there is no settlement slip.",
)
