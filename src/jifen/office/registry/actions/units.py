"""Registration of employers and agencies, and changes of it as versions."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.documents.models import Document
from jifen.office.registry.credit_code import is_credit_code, tidy
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Membership, Unit, UnitState, UnitVersion
from jifen.office.registry.registers import RegisterDown, business_register
from jifen.office.waiting.actions import Place, Wait, keep
from jifen.office.waiting.models import Kind
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a unit says of itself."""

    name: str
    district: str
    address: str
    licence: Document | None


def register_unit(user: User, kind: str, city: str, code: str, said: Particulars) -> Unit:
    """Register a unit; the user becomes its administrator. Raises RegistryFault."""
    code = tidy(code)
    if not is_credit_code(code):
        raise RegistryFault("JF-G001", _BAD_CODE, "credit_code")
    _refuse_empty(said)
    try:
        with transaction.atomic():
            unit = Unit.objects.create(
                kind=kind, credit_code=code, city=city, district=said.district, name=said.name
            )
            Membership.objects.create(unit=unit, user=user, role="admin")
            _new_version(unit, user, said)
            keep_waits(unit)
            _log("unit.registered", user, unit)
    except IntegrityError:
        raise RegistryFault("JF-G002", _THERE_ALREADY, "credit_code") from None
    return unit


_BAD_CODE = Text(
    "统一社会信用代码不对：应为 18 位（数字和大写字母，不含 I、O、S、V、Z），末位是校验位。"
    "请对照营业执照核对。",
    "This is no unified social credit code: 18 digits and capital letters (no I, O, S, V, Z), the "
    "last one a check character. Compare it with the licence.",
)
_THERE_ALREADY = Text(
    "此代码的单位在本市已登记。请联系本单位的管理员，让其发送加入邀请。",
    "A unit with this code is registered in the city. Ask its administrator for an invitation.",
)


def change_unit(user: User, unit: Unit, said: Particulars) -> UnitVersion:
    """Tell a change: a new version that waits for a clerk. Raises RegistryFault while one waits."""
    _refuse_empty(said)
    try:
        with transaction.atomic():
            version = _new_version(unit, user, said)
            keep_waits(unit)
            _log("unit.change_told", user, unit, version=version.number)
    except IntegrityError:
        words = Text(
            "上一次变更还在核实中，请等核实完成后再提交。",
            "An earlier change is being confirmed; wait until that is done.",
        )
        raise RegistryFault("JF-G003", words) from None
    return version


_EMPTY = {
    "name": Text("请填写单位名称。", "Give the name of the unit."),
    "address": Text("请填写单位地址。", "Give the address of the unit."),
}


def _refuse_empty(said: Particulars) -> None:
    for place, text in (("name", said.name), ("address", said.address)):
        if not text.strip():
            raise RegistryFault("JF-G004", _EMPTY[place], place)
    if not said.district:
        raise RegistryFault("JF-G004", Text("请选择所在区。", "Choose the district."), "district")
    if said.licence is None:
        words = Text("请上传营业执照（或登记证书）。", "Upload the licence.")
        raise RegistryFault("JF-G004", words, "licence")


def _new_version(unit: Unit, user: User, said: Particulars) -> UnitVersion:
    last = unit.versions.aggregate(last=Max("number"))["last"] or 0
    return UnitVersion.objects.create(
        unit=unit,
        number=last + 1,
        name=said.name.strip()[:120],
        district=said.district,
        address=said.address.strip()[:200],
        licence=said.licence,
        register_answer=_looked_up(unit),
        submitted_by=user,
    )


def _looked_up(unit: Unit) -> dict[str, Any]:
    """What the business register says; a clerk decides with or without it."""
    try:
        found = business_register().look_up(unit.city, unit.credit_code)
    except RegisterDown:
        return {"state": "down"}
    return found or {"state": "none"}


def review_unit(user: User, version: UnitVersion, *, confirm: bool, words: str) -> None:
    """A clerk confirms or refuses a version. Raises RegistryFault: without words for a refusal,
    for one's own version, or one that was decided already."""
    if not confirm and not words.strip():
        raise RegistryFault(
            "JF-G005",
            Text("不通过时请写明原因，单位会看到。", "Say why it is refused: the unit reads it."),
            "words",
        )
    with transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=version.unit_id)
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
        keep_waits(unit)
        _log("unit.reviewed", user, unit, version=row.number, confirmed=confirm)


_DECIDED = Text(
    "此登记已处理，没有再改动。请刷新后查看结果。",
    "This registration was decided already; nothing was changed. Reload to see how.",
)
_OWN = Text(
    "不能核实自己提交的登记，请由另一名经办人员核实。",
    "You submitted this registration: another clerk decides about it.",
)


def keep_waits(unit: Unit) -> None:
    """Write what waits of a registration: a version on those who confirm it, a refused unit on its
    own people."""
    keep(Place(f"unit:{unit.pk}", unit.city, unit.district), _waits_of(unit))


def _waits_of(unit: Unit) -> list[Wait]:
    version = unit.versions.filter(state=UnitState.SUBMITTED).first()
    if version is not None:
        barred = (version.submitted_by_id,)
        return [Wait(Kind.REGISTRATION, barred=barred)]
    if unit.state == UnitState.REFUSED:
        return [Wait(Kind.REGISTRATION_AGAIN, unit=unit.pk)]
    return []


def _log(act: str, user: User, unit: Unit, **details: Any) -> None:
    record(act, actor=f"user:{user.pk}", subject=f"unit:{unit.pk}", city=unit.city, details=details)
