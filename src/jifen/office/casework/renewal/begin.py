"""Beginning a renewal: by the employer, in a batch, or by itself after the endorsement."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import Case, case_for
from jifen.office.casework.actions.periods import running
from jifen.office.casework.actions.submit import file
from jifen.office.casework.actions.unit_of_work import locked, settle, tell
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import (
    Application,
    Item,
    Material,
    MaterialVersion,
    PointsPeriod,
)
from jifen.office.casework.renewal.difference import difference
from jifen.office.casework.standing import policy_on, process_of
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Unit
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

logger = logging.getLogger("jifen.casework")


@dataclass(frozen=True, slots=True)
class Opens:
    """When a period may be renewed: from a day on, or not (`words` say what comes first)."""

    first: date | None
    words: Text


def opens(period: PointsPeriod) -> Opens:
    """After the endorsement and the working days that its data need. A period whose permit is not
    on record may be renewed in its last 30 days."""
    permit = period.permit
    if permit is None:
        first = period.until - timedelta(days=30) if period.until else period.since
        return Opens(first, Text("", ""))
    if permit.cancelled_on is not None or (period.until and permit.anchor > period.until):
        return Opens(None, NO_MORE)
    if period.until is not None and permit.valid_until <= period.until:
        return Opens(None, _ENDORSE_FIRST)
    moved = [event.on for event in permit.events.all() if event.kind in MOVING]
    if not moved:
        return Opens(period.since, Text("", ""))
    first = _data_there(permit.city, moved[-1])
    return Opens(
        first,
        Text(
            f"签注数据 {first} 到达，当日起可以续签积分。",
            f"Endorsement data arrive on {first}; points can be renewed from then on.",
        ),
    )


def _data_there(city: str, moved: date) -> date:
    """When the data of an endorsement are there for the points."""
    return working_calendar().after(moved, rules_for(city, moved).points.follow_days)


MOVING = ("endorsed", "restored")
_ENDORSE_FIRST = Text(
    "请先办理居住证签注，再续签积分。", "Have the permit endorsed first; points are renewed after."
)


def begin(user: User, period: PointsPeriod, *, unit: Unit | None, on: date) -> Case:
    """A draft of the renewal with everything that holds still. Raises CaseFault where it is too
    early, or there is one."""
    _refuse_early(period, on)
    with transaction.atomic():
        made = _begin(period, unit, user, on)
        case = case_for(user, made)
        if case is None:
            raise NoSuchCase
        tell(made, "renewal_opened", case)
    return case


def _refuse_early(period: PointsPeriod, on: date) -> None:
    if period.ended_on is not None:
        raise CaseFault("JF-K090", NO_MORE)
    when = opens(period)
    if when.first is None or on < when.first:
        said = (
            when.words if when.words.zh else Text(f"{when.first} 起办理。", f"From {when.first}.")
        )
        raise CaseFault("JF-K091", said)


NO_MORE = Text("这份积分已失效，请重新申请。", "These points have ended: file a new application.")


def _begin(period: PointsPeriod, unit: Unit | None, user: User, on: date) -> Application:
    decision = period.decision
    old = decision.application
    policy = policy_on(old.city, on)
    try:
        with transaction.atomic():
            new = Application.objects.create(
                kind="renewal",
                renews=decision,
                city=old.city,
                district=unit.district if unit else old.district,
                person_id=old.person_id,
                unit=unit,
                agency=old.agency if unit and unit.pk == old.unit_id else None,
                on=on,
                policy=policy.id,
                policy_version=policy.version,
                policy_hash=policy.hash,
                created_by=user,
                family=old.family,
                renews_itself=old.renews_itself,
                # the same employer goes on with what the person agreed to
                consent_at=old.consent_at if unit and unit.pk == old.unit_id else None,
            )
    except IntegrityError:
        raise CaseFault("JF-K092", _THERE_IS_ONE) from None
    _carry_facts(old, new)
    _carry_documents(old, new)
    return new


_THERE_IS_ONE = Text("已有一件续签或申请在办理。", "A renewal or an application is under way.")


def _carry_facts(old: Application, new: Application) -> None:
    """What holds still is confirmed as it was; the rest is filled in with last year's value."""
    now, made = timezone.now(), []
    for one in difference(old, new):
        item = one.item
        held = {"carried_from": item, "finding": item.finding, "found": item.found}
        held |= {"source": item.source, "source_as_of": item.source_as_of, "found_at": now}
        held |= {"proof_until": item.proof_until}
        made.append(
            Item(
                application=new,
                fact=item.fact,
                typed=item.typed if item.found == item.given else None,
                given=item.found,
                why=one.why,
                **({} if one.why else held),
            )
        )
    Item.objects.bulk_create(made)


def _carry_documents(old: Application, new: Application) -> None:
    """Accepted versions stand for the renewal too, unless they are too old for their kind."""
    process = process_of(new)
    rows = MaterialVersion.objects.filter(material__application=old, dropped_at__isnull=True)
    for version in rows.select_related("material"):
        kind = process.material(version.material.kind)
        if kind is None or _too_old(version, kind.months_valid, new.on):
            continue
        material, _ = Material.objects.get_or_create(application=new, kind=kind.id)
        MaterialVersion.objects.create(
            material=material,
            number=version.number,
            document=version.document,
            by=version.by,
            carried_from=version,
        )


def _too_old(version: MaterialVersion, months: int | None, on: date) -> bool:
    """By the day of the upload; a copy that was carried over is as old as what it copies."""
    while version.carried_from is not None:
        version = version.carried_from
    return months is not None and (on - version.at.date()).days > 30 * months


def renew_due(on: date, progress: Callable[[int], None] | None = None) -> int:
    """Begin and file the renewals that go by themselves and whose day has come; how many. What is
    lacking is left as a draft, and the history says what. One that fails stops no other."""
    done = 0
    for pk in _waiting(on):
        try:
            done += _renew(pk, on)
        except Exception:
            logger.exception("the renewal of points %s could not be begun", pk)
        if progress:
            progress(done)
    return done


def _waiting(on: date) -> list[int]:
    """Points whose permit was endorsed, whose data are there, and of which no renewal was ever
    begun: one that was withdrawn or lapsed goes on by hand only."""
    rows = running().filter(permit__valid_until__gt=F("until"), permit__anchor__lte=F("until"))
    rows = rows.filter(decision__application__renews_itself=True, decision__renewals__isnull=True)
    moved = Max("permit__events__on", filter=Q(permit__events__kind__in=MOVING))
    found = rows.annotate(moved=moved).order_by("until", "id")
    return [
        pk
        for pk, city, day in found.values_list("pk", "permit__city", "moved")
        if day is None or _data_there(city, day) <= on
    ]


def _renew(pk: int, on: date) -> int:
    try:
        with transaction.atomic():
            rows = running().select_for_update(skip_locked=True, of=("self",))
            period = rows.filter(pk=pk).first()
            if period is None or period.decision.renewals.exists():
                return 0
            _refuse_early(period, on)
            by = period.decision.application.created_by
            application = locked(_begin(period, period.employer, by, on).pk)
            tell(application, "renewal_opened", None)
            _file(application, on)
            settle(application)
    except CaseFault:
        return 0  # its data have not arrived, or somebody else has begun
    return 1


def _file(application: Application, on: date) -> None:
    try:
        with transaction.atomic():
            file(application, None, f"renewal-{application.pk}", on)
    except CaseFault as fault:
        application.refresh_from_db()
        words = Text(
            f"续签还需要单位或本人处理：{fault.words.zh}",
            f"The renewal needs the employer or the person: {fault.words.en}",
        )
        tell(application, "renewal_waits", None, words, details={"code": fault.code})
