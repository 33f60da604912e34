"""Reminders of what lies ahead: each bracket of days once, and only the one that holds today, so
that a worker that was away for weeks sends no old ones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from jifen.office.casework.models import Correction, PointsPeriod
from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.models import Cursor
from jifen.office.messages.still import renewal_filed
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Permit
from jifen.permits import automatic
from jifen.policy.text import Text

SOURCE = "reminders"
ONE_DAY = timedelta(days=1)
DAYS = (7, 30, 60)
BATCH = 1_000
SCHOOL_AGE = 6
SCHOOL_MONTHS = (1, 3)
"""Early enough before the registration of April and May."""


def remind(now: datetime) -> int:
    """Enter the reminders of a day, once; how many messages were looked at."""
    on = timezone.localtime(now).date()
    Cursor.objects.get_or_create(pk=SOURCE)
    last = Cursor.objects.get(pk=SOURCE).last
    if last >= on.toordinal():
        return 0
    parts = (
        *_parts(_permits(on, _since(last, on))),
        _points(on),
        _corrections(on),
        _settling(on),
        _school(on),
    )
    looked = sum(enter(part, now) for part in parts)
    Cursor.objects.filter(pk=SOURCE, last__lt=on.toordinal()).update(last=on.toordinal())
    return looked


def _since(last: int, on: date) -> date | None:
    """The day of the last look, for looking only at what has come nearer since; on Mondays
    everything is looked at, whatever way it came there."""
    return None if not last or on.weekday() == 0 else date.fromordinal(last)


def bracket(days: int) -> int | None:
    """7, 30 or 60: the reminder that holds so many days before; None earlier, or after."""
    return next((most for most in DAYS if 0 <= days <= most), None)


def _parts(tellings: Iterator[Telling]) -> Iterator[list[Telling]]:
    part: list[Telling] = []
    for one in tellings:
        part.append(one)
        if len(part) == BATCH:
            yield part
            part = []
    yield part


def _coming(on: date, since: date | None) -> Q:
    """Ends that came into a bracket since a day; without one, all that are within the last."""
    if since is None:
        return Q(valid_until__gte=on, valid_until__lte=on + timedelta(days=DAYS[-1]))
    found = Q(pk__in=())
    for days in DAYS:
        first, final = since + timedelta(days=days), on + timedelta(days=days)
        found |= Q(valid_until__gt=max(first, on - ONE_DAY), valid_until__lte=final)
    return found


def _permits(on: date, since: date | None) -> Iterator[Telling]:
    rows = Permit.objects.filter(cancelled_on__isnull=True).select_related("person__user")
    for permit in rows.filter(_coming(on, since)).iterator(chunk_size=BATCH):
        yield _ends(permit, (permit.valid_until - on).days)
        yield from _lease(permit)
    first = since or on - timedelta(days=DAYS[-1] + 1)
    late = rows.filter(valid_until__lt=on, valid_until__gte=first)
    for permit in late.iterator(chunk_size=BATCH):
        yield from _late(permit, on)


def _ends(permit: Permit, days: int) -> Telling:
    found = automatic(rules_for(permit.city, permit.valid_until), permit.card, permit.home)
    what = _BY_ITSELF if found and found.granted else found.words if found else _AT_A_WINDOW
    until = permit.valid_until
    within = bracket(days)
    return Telling(
        event=f"permit:{permit.pk} ends {until} {within}",
        kind="permit_ends",
        params={"until": str(until), "days": days, "what": {"zh": what.zh, "en": what.en}},
        person=permit.person,
        permit=permit,
        stale_on=until - timedelta(days=_next_lower(within)),
        spread=True,
    )


def _next_lower(within: int | None) -> int:
    """The days at which the next reminder takes the place of this one."""
    return max((days for days in (0, *DAYS) if days < (within or 0)), default=0)


_BY_ITSELF = Text(
    "到期前将自动签注，无需办理。", "It will be endorsed by itself; nothing is needed."
)
_AT_A_WINDOW = Text("请在到期前办理签注。", "Have it endorsed before.")


def _lease(permit: Permit) -> Iterator[Telling]:
    lease = permit.lease_until
    if permit.dwelling != "registered_rental" or lease is None or lease >= permit.valid_until:
        return
    yield Telling(
        event=f"permit:{permit.pk} lease {lease} {permit.valid_until}",
        kind="lease_ends",
        params={"lease": str(lease), "until": str(permit.valid_until)},
        person=permit.person,
        permit=permit,
        stale_on=permit.valid_until,
        spread=True,
    )


def _late(permit: Permit, on: date) -> Iterator[Telling]:
    grace = permit.valid_until + timedelta(days=rules_for(permit.city, on).made_up_days)
    if grace < on:
        return
    yield Telling(
        event=f"permit:{permit.pk} late {permit.valid_until}",
        kind="permit_late",
        params={"until": str(permit.valid_until), "grace": str(grace)},
        person=permit.person,
        permit=permit,
        stale_on=grace,
    )


def _points(on: date) -> list[Telling]:
    rows = PointsPeriod.objects.filter(renewed=False, ended_on__isnull=True)
    rows = rows.filter(until__gte=on, until__lte=on + timedelta(days=DAYS[-1]))
    rows = rows.select_related("person__user", "decision__application__unit")
    found = []
    for period in rows:
        if period.until is None or renewal_filed(period):
            continue
        days = (period.until - on).days
        within = bracket(days)
        found.append(
            Telling(
                event=f"points:{period.pk} end {period.until} {within}",
                kind="points_end",
                params={"until": str(period.until), "days": days, "period": period.pk},
                person=period.person,
                unit=period.decision.application.unit if within == DAYS[1] else None,
                application=period.decision.application,
                stale_on=period.until - timedelta(days=_next_lower(within)),
                spread=True,
            )
        )
    return found


def _settling(on: date) -> Iterator[Telling]:
    """Settlement notices whose last day comes near."""
    rows = Entry.objects.filter(state="noticed", settle_by__gte=on, decision__isnull=False)
    rows = rows.filter(settle_by__lte=on + timedelta(days=DAYS[1]))
    for entry in rows.select_related("decision__application__person__user"):
        case = entry.decision.application if entry.decision else None
        if case is None or entry.settle_by is None:
            continue
        days = (entry.settle_by - on).days
        yield Telling(
            event=f"list entry:{entry.pk} settle {entry.settle_by} {bracket(days)}",
            kind="settle_due",
            params={
                "number": entry.number,
                "until": str(entry.settle_by),
                "days": days,
                "entry": entry.pk,
            },
            person=case.person,
            application=case,
            stale_on=entry.settle_by,
        )


def _corrections(on: date) -> list[Telling]:
    rows = Correction.objects.filter(state="open", due_on__gte=on)
    rows = rows.filter(due_on__lte=on + timedelta(days=3))
    rows = rows.select_related("application__person__user", "application__unit")
    return [
        Telling(
            event=f"correction:{row.pk} due {row.due_on}",
            kind="correction_due",
            params={
                "number": row.application.number or "",
                "until": str(row.due_on),
                "days": (row.due_on - on).days,
            },
            person=row.application.person,
            unit=row.application.unit,
            application=row.application,
            stale_on=row.due_on,
        )
        for row in rows
    ]


def _school(on: date) -> list[Telling]:
    """In the first months of the year in which a child given with the case reaches school age."""
    if not SCHOOL_MONTHS[0] <= on.month <= SCHOOL_MONTHS[1]:
        return []
    rows = PointsPeriod.objects.filter(ended_on__isnull=True, since__lte=on, until__gte=on)
    rows = rows.exclude(decision__application__family=[])
    found = []
    for period in rows.select_related("person__user", "decision__application"):
        family = period.decision.application.family
        children = [m for m in family if m.get("relation") == "child"]
        if any(_reaches_school_age(m.get("born", ""), on.year) for m in children):
            found.append(
                Telling(
                    event=f"school:{period.person_id} {on.year}",
                    kind="school_age",
                    params={"until": str(period.until)},
                    person=period.person,
                    stale_on=date(on.year, 5, 31),
                    spread=True,
                )
            )
    return found


def _reaches_school_age(born: str, year: int) -> bool:
    """Six years old by 31 August of the year."""
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return False
    return date(year - SCHOOL_AGE - 1, 9, 1) <= birth <= date(year - SCHOOL_AGE, 8, 31)
