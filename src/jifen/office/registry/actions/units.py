"""Registration of employers and agencies, and changes of it as versions."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.accounts.roles import name_principal
from jifen.office.audit.actions import record
from jifen.office.documents.models import Document
from jifen.office.registry.access import CONFIRMING_ROLES
from jifen.office.registry.credit_code import is_credit_code, normalize_code
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Membership, Unit, UnitState, UnitVersion
from jifen.office.registry.registers import RegisterDown, find_business_register
from jifen.office.registry.words import say
from jifen.office.waiting.actions import Wait, WaitPlace, store_waits
from jifen.office.waiting.models import WaitKind
from jifen.process import find_process


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a unit says of itself."""

    name: str
    district: str
    address: str
    licence: Document | None


def register_unit(user: User, kind: str, city: str, code: str, particulars: Particulars) -> Unit:
    """Register a unit; the user becomes its administrator. Whether others registered the same code
    is told to clerks only, who decide. Raises RegistryFault for a second registration of one's own.
    """
    code = normalize_code(code)
    if not is_credit_code(code):
        raise RegistryFault("JF-G001", _BAD_CODE, "credit_code")
    _refuse_empty(particulars, city)
    with transaction.atomic():
        # two clicks at once come one after the other
        User.objects.select_for_update().get(pk=user.pk)
        own_memberships = Membership.objects.filter(user=user, ended_at__isnull=True)
        own_memberships = own_memberships.filter(unit__city=city, unit__credit_code=code)
        if own_memberships.exclude(unit__state=UnitState.REFUSED).exists():
            raise RegistryFault("JF-G002", _THERE_ALREADY, "credit_code")
        unit = Unit.objects.create(
            kind=kind,
            credit_code=code,
            city=city,
            district=particulars.district,
            name=particulars.name,
        )
        Membership.objects.create(unit=unit, user=user, role="admin")
        _create_version(unit, user, particulars)
        store_unit_waits(unit)
        _record_act("unit.registered", user, unit)
    return unit


def list_other_claims(unit: Unit) -> QuerySet[Unit]:
    """Registrations of the same code by others, for the clerk who decides."""
    rows = Unit.objects.filter(city=unit.city, credit_code=unit.credit_code).exclude(pk=unit.pk)
    return rows.exclude(state=UnitState.REFUSED).order_by("created_at")


_BAD_CODE = say("actions.units.bad_code")
_THERE_ALREADY = say("actions.units.there_already")


def change_unit(user: User, unit: Unit, particulars: Particulars) -> UnitVersion:
    """Tell a change: a new version that waits for a clerk. Raises RegistryFault while one waits."""
    _refuse_empty(particulars, unit.city)
    try:
        with transaction.atomic():
            version = _create_version(unit, user, particulars)
            store_unit_waits(unit)
            _record_act("unit.change_told", user, unit, version=version.number)
    except IntegrityError:
        words = say("actions.units.an_earlier_change_is_being")
        raise RegistryFault("JF-G003", words) from None
    return version


_EMPTY = {
    "name": say("actions.units.empty_name"),
    "address": say("actions.units.empty_address"),
}


def _refuse_empty(particulars: Particulars, city: str) -> None:
    for place, text in (("name", particulars.name), ("address", particulars.address)):
        if not text.strip():
            raise RegistryFault("JF-G004", _EMPTY[place], place)
    if not find_process(city, timezone.localdate()).takes_district(particulars.district):
        raise RegistryFault("JF-G004", say("actions.units.choose_the_district"), "district")
    if particulars.licence is None:
        words = say("actions.units.upload_the_licence")
        raise RegistryFault("JF-G004", words, "licence")


def _create_version(unit: Unit, user: User, particulars: Particulars) -> UnitVersion:
    last = unit.versions.aggregate(last=Max("number"))["last"] or 0
    return UnitVersion.objects.create(
        unit=unit,
        number=last + 1,
        name=particulars.name.strip()[:120],
        district=particulars.district,
        address=particulars.address.strip()[:200],
        licence=particulars.licence,
        register_answer=_look_up_unit(unit),
        submitted_by=user,
    )


def _look_up_unit(unit: Unit) -> dict[str, Any]:
    """What the business register says; a clerk decides with or without it."""
    try:
        answer = find_business_register().look_up(unit.city, unit.credit_code)
    except RegisterDown:
        return {"state": "down"}
    return answer or {"state": "none"}


def review_unit(user: User, version: UnitVersion, *, confirm: bool, words: str) -> None:
    """A clerk confirms or refuses a version. Raises RegistryFault: without words for a refusal,
    for one's own version, or one that was decided already."""
    if not confirm and not words.strip():
        raise RegistryFault(
            "JF-G005",
            say("actions.units.say_why_it_is_refused"),
            "words",
        )
    with transaction.atomic():
        unit = _lock_unit_and_rivals(version.unit_id)
        if confirm and list_other_claims(unit).filter(state=UnitState.CONFIRMED).exists():
            raise RegistryFault("JF-G049", _CONFIRMED_ALREADY)
        row = UnitVersion.objects.select_for_update().get(pk=version.pk)
        if row.state != UnitState.SUBMITTED:
            raise RegistryFault("JF-G006", _DECIDED)
        if row.submitted_by_id == user.pk:
            raise RegistryFault("JF-G007", _OWN)
        row.state = UnitState.CONFIRMED if confirm else UnitState.REFUSED
        row.reviewed_by, row.reviewed_at, row.words = user, timezone.now(), words[:2000]
        row.save()
        if confirm:
            unit.name, unit.district, unit.state = row.name, row.district, UnitState.CONFIRMED
        elif unit.state != UnitState.CONFIRMED:
            unit.state = UnitState.REFUSED
        unit.save()
        store_unit_waits(unit)
        _record_act("unit.reviewed", user, unit, version=row.number, confirmed=confirm)


_CONFIRMED_ALREADY = say("actions.units.confirmed_already")
_DECIDED = say("actions.units.decided")
_OWN = say("actions.units.own")


def _lock_unit_and_rivals(pk: int) -> Unit:
    """The unit, while nobody else decides about a registration of the same code."""
    unit = Unit.objects.get(pk=pk)
    rows = Unit.objects.filter(city=unit.city, credit_code=unit.credit_code).order_by("pk")
    return next(row for row in rows.select_for_update() if row.pk == pk)


def store_unit_waits(unit: Unit) -> None:
    """Write what waits of a registration: a version on those who confirm it, a refused unit on its
    own people."""
    store_waits(WaitPlace(f"unit:{unit.pk}", unit.city, unit.district), _list_unit_waits(unit))


def _list_unit_waits(unit: Unit) -> list[Wait]:
    version = unit.versions.filter(state=UnitState.SUBMITTED).first()
    if version is not None:
        barred = (version.submitted_by_id,)
        return [Wait(WaitKind.REGISTRATION, barred=barred)]
    if unit.state == UnitState.REFUSED:
        return [Wait(WaitKind.REGISTRATION_AGAIN, unit=unit.pk)]
    return []


def _record_act(act: str, user: User, unit: Unit, **details: Any) -> None:
    record(
        act,
        actor=f"user:{user.pk}",
        subject=f"unit:{unit.pk}",
        city=unit.city,
        on_behalf_of=name_principal(user, unit.city, unit.district, *CONFIRMING_ROLES),
        details=details,
    )
