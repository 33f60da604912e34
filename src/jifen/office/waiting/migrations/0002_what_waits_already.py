"""What waited already before rows were written: of open cases, registrations, points, lists, papers
that cannot be printed and registers that do not answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import migrations
from django.db.models import F, Q
from django.utils import timezone

PORTION = 500
AHEAD = timedelta(days=60)
PATIENCE = 3
UNDER_WAY = ("review", "correction", "deciding", "countersign")
Row = dict[str, Any]


def fill(apps: Any, _: Any) -> None:
    """Rows for everything that waits and has none; running it again adds nothing."""
    waiting = apps.get_model("waiting", "Waiting")
    there = waiting.objects.filter(ended_at__isnull=True)
    names = set(there.values_list("subject", "kind", "item").iterator())
    made: list[Any] = []
    now = timezone.now()
    for part in (_cases, _after_decisions, _units, _points, _lists, _papers, _registers):
        for row in part(apps, now):
            name = (row["subject"], row["kind"], row.get("item", ""))
            if name in names:
                continue
            names.add(name)
            made.append(waiting(**row | {"since": min(row.get("since") or now, now)}))
            if len(made) == PORTION:
                waiting.objects.bulk_create(made)
                made = []
    waiting.objects.bulk_create(made)


def _of(case: Any, kind: str, item: object = "", **more: Any) -> Row:
    return {
        "kind": kind,
        "subject": f"application:{case.pk}",
        "item": str(item),
        "application_id": case.pk,
        "city": case.city,
        "district": case.district,
        "lane": case.lane,
        "overtakes_on": case.overtakes_on,
    } | more


def _applicant(case: Any) -> Row:
    return {"unit_id": case.unit_id} if case.unit_id else {"account_id": case.created_by_id}


def _barred(*accounts: int | None) -> str:
    found = sorted({pk for pk in accounts if pk is not None})
    return f",{','.join(map(str, found))}," if found else ""


def _cases(apps: Any, now: datetime) -> Iterator[Row]:
    """Of drafts and cases under way."""
    del now
    get = apps.get_model
    cases = get("casework", "Application").objects.order_by("pk")
    for case in cases.filter(state="draft").iterator(chunk_size=PORTION):
        due = _ends(apps, case) if case.renews_id else None
        yield _of(case, "draft", due_on=due, since=case.created_at, **_applicant(case))
    asked = cases.filter(state__in=("draft", *UNDER_WAY), unit__isnull=False, consent_at=None)
    for case in asked.iterator(chunk_size=PORTION):
        papers = case.materials.filter(kind="consent_form", versions__dropped_at__isnull=True)
        if not papers.exists():
            yield _of(case, "consent", person_id=case.person_id, since=case.created_at)
    gates = get("casework", "Gate").objects.filter(state="open").order_by("pk")
    gates = gates.filter(application__state__in=("review", "deciding"))
    for gate in gates.select_related("application").iterator(chunk_size=PORTION):
        case, role = gate.application, "reviewer" if gate.department else "clerk"
        more = {"role": role, "department": gate.department, "due_on": case.due_on}
        yield _of(case, "gate", gate.gate, since=gate.opened_at, **more)
    for row in _open(apps, "Correction", Q(state="open", application__state="correction")):
        case, more = row.application, _applicant(row.application)
        yield _of(case, "correction", row.pk, due_on=row.due_on, since=row.asked_at, **more)
    for case in cases.filter(state="deciding").iterator(chunk_size=PORTION):
        yield _of(case, "decision", role="clerk", due_on=case.due_on)
    unsigned = Q(signed_at=None, void_at=None, application__state="countersign")
    for row in _open(apps, "Decision", unsigned):
        barred = _barred(row.proposed_by_id, *_finders(row.application))
        more = {"role": "senior_clerk", "due_on": row.application.due_on, "barred": barred}
        yield _of(row.application, "signature", since=row.proposed_at, **more)
    for row in _open(apps, "Expedite", Q(approved=None, application__state__in=UNDER_WAY)):
        more = {"role": "supervisor", "barred": _barred(row.asked_by_id)}
        due, since = row.application.due_on, row.asked_at
        yield _of(row.application, "expedite", row.pk, due_on=due, since=since, **more)


def _open(apps: Any, name: str, where: Q) -> Iterator[Any]:
    rows = apps.get_model("casework", name).objects.filter(where).order_by("pk")
    found: Iterator[Any] = rows.select_related("application").iterator(chunk_size=PORTION)
    return found


def _finders(case: Any) -> list[int]:
    return list(case.items.exclude(found_by=None).values_list("found_by", flat=True))


def _ends(apps: Any, case: Any) -> Any:
    rows = apps.get_model("casework", "PointsPeriod").objects.filter(decision=case.renews_id)
    return rows.values_list("until", flat=True).first()


def _after_decisions(apps: Any, now: datetime) -> Iterator[Row]:
    """Of rechecks and of findings of false material."""
    del now
    for row in _open(apps, "Recheck", Q(state="open", application__state="decided")):
        old, case = row.decision, row.application
        had = (old.proposed_by_id, old.signed_by_id, row.asked_by_id, *_finders(case))
        more = {"role": "senior_clerk", "due_on": row.due_on, "barred": _barred(*had)}
        yield _of(case, "recheck", row.pk, since=row.asked_at, **more)
    hearing = Q(state="hearing", application__state__in=("decided", "revoked"))
    for row in _open(apps, "FalseRecord", hearing):
        more = {"role": "senior_clerk", "barred": _barred(row.found_by_id)}
        if row.answered_at:
            item = f"{row.pk} answered"
            yield _of(row.application, "finding", item, since=row.answered_at, **more)
            continue
        until, who = row.hearing_until, row.application.person_id
        yield _of(
            row.application, "answer", row.pk, due_on=until, since=row.found_at, person_id=who
        )
        more |= {"starts_on": until + timedelta(days=1)}
        yield _of(row.application, "finding", row.pk, since=row.found_at, **more)


def _units(apps: Any, now: datetime) -> Iterator[Row]:
    """Of registrations: a version on those who confirm it, a refused unit on its own people."""
    del now
    get = apps.get_model
    rows = get("registry", "UnitVersion").objects.filter(state="submitted").order_by("pk")
    waiting = set()
    for row in rows.select_related("unit").iterator(chunk_size=PORTION):
        waiting.add(row.unit_id)
        yield _of_unit(row.unit, "registration") | {
            "role": "clerk",
            "barred": _barred(row.submitted_by_id),
            "since": row.submitted_at,
        }
    refused = get("registry", "Unit").objects.filter(state="refused").order_by("pk")
    for unit in refused.iterator(chunk_size=PORTION):
        if unit.pk not in waiting:
            yield _of_unit(unit, "registration_again") | {"unit_id": unit.pk}


def _of_unit(unit: Any, kind: str) -> Row:
    where = {"city": unit.city, "district": unit.district}
    return {"kind": kind, "subject": f"unit:{unit.pk}"} | where


def _points(apps: Any, now: datetime) -> Iterator[Row]:
    """Of points that are to be renewed and whose end is not long past."""
    del now
    get, first = apps.get_model, timezone.localdate() - AHEAD
    rows = get("casework", "PointsPeriod").objects.filter(renewed=False, ended_on=None)
    rows = rows.filter(Q(permit=None) | Q(permit__cancelled_on=None), until__gte=first)
    under_way = get("casework", "Application").objects.filter(renews__isnull=False)
    under_way = under_way.exclude(state__in=("draft", "withdrawn", "lapsed"))
    filed = set(under_way.values_list("renews__application", flat=True))
    for row in rows.select_related("decision__application").order_by("pk").iterator():
        case = row.decision.application
        if case.pk in filed:
            continue
        on = {"unit_id": row.employer_id} if row.employer_id else {"person_id": row.person_id}
        yield on | {
            "kind": "renewal",
            "subject": f"points:{row.pk}",
            "application_id": case.pk,
            "city": row.city,
            "district": case.district,
            "starts_on": max(row.since, row.until - AHEAD),
            "due_on": row.until,
        }


def _lists(apps: Any, now: datetime) -> Iterator[Row]:
    """Of places on a list: to settle, and objections."""
    del now
    get = apps.get_model
    noticed = get("lists", "Entry").objects.filter(state="noticed", decision__isnull=False)
    for entry in noticed.select_related("decision__application").order_by("pk").iterator():
        yield _of_entry(entry) | {
            "kind": "settlement",
            "subject": f"list entry:{entry.pk}",
            "person_id": entry.decision.application.person_id,
            "due_on": entry.settle_by,
        }
    open_ = get("lists", "Objection").objects.filter(state__in=("filed", "heard"))
    for row in open_.select_related("entry__decision").order_by("pk").iterator():
        decision = row.entry.decision
        had = (decision.proposed_by_id, decision.signed_by_id) if decision else ()
        filed = row.state == "filed"
        barred = (
            _barred(row.filed_by_id) if filed else _barred(row.filed_by_id, row.heard_by_id, *had)
        )
        yield _of_entry(row.entry) | {
            "kind": "objection" if filed else "objection_decision",
            "subject": f"objection:{row.pk}",
            "role": "clerk" if filed else "senior_clerk",
            "due_on": row.due_on,
            "barred": barred,
            "since": row.filed_at if filed else row.heard_at,
        }


def _of_entry(entry: Any) -> Row:
    case = entry.decision.application_id if entry.decision else None
    return {"application_id": case, "city": entry.city, "district": entry.district}


def _papers(apps: Any, now: datetime) -> Iterator[Row]:
    """Of papers that do not print by themselves."""
    del now
    rows = apps.get_model("notices", "Printing").objects.exclude(stuck={})
    for row in rows.select_related("notice__series").order_by("pk").iterator():
        series = row.notice.series
        yield {
            "kind": "paper",
            "subject": f"notice:{row.notice_id}",
            "application_id": row.notice.application_id,
            "city": series.city,
            "district": series.district,
            "role": "supervisor",
        }


def _registers(apps: Any, now: datetime) -> Iterator[Row]:
    """Of registers that have not answered some case for several tries."""
    del now
    rows = apps.get_model("casework", "RegisterCheck").objects.filter(state="due")
    down = rows.filter(attempts__gte=PATIENCE).values("register", city=F("application__city"))
    for row in down.distinct().order_by("city", "register"):
        city, register = row["city"], row["register"]
        yield {
            "kind": "register",
            "subject": f"register:{city} {register}",
            "item": register,
            "city": city,
            "role": "supervisor",
        }


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = (
        ("waiting", "0001_what_waits"),
        ("lists", "0004_supplements"),
        ("notices", "0004_removed"),
    )
    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)
