"""Group chats of an employer (WeCom, DingTalk, Feishu), by the address that a robot has there."""

from urllib.parse import parse_qs, urlsplit

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.messages.models import GroupAddress
from jifen.office.messages.words import say
from jifen.office.registry.access import access_unit
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Unit


def add_group(user: User, unit: Unit, label: str, address: str, secret: str = "") -> GroupAddress:
    """Add a group chat that gets messages from now on; only an administrator of the unit may.
    Raises RegistryFault."""
    access_unit(user, unit.pk, admin=True)
    if not label.strip():
        raise RegistryFault("JF-M002", say("groups.name_the_group"), "label")
    url = parse_robot_address(address.strip(), secret.strip())
    with transaction.atomic():
        group = GroupAddress.objects.create(
            unit=unit, url=url, label=label.strip()[:60], made_by=user
        )
        record("group.added", actor=f"user:{user.pk}", subject=f"unit:{unit.pk}", city=unit.city)
    return group


def end_group(user: User, unit: Unit, pk: int) -> None:
    """End a group chat: it gets no more messages."""
    access_unit(user, unit.pk, admin=True)
    with transaction.atomic():
        rows = GroupAddress.objects.filter(unit=unit, pk=pk, ended_at__isnull=True)
        if rows.update(ended_at=timezone.now()):
            actor, subject = f"user:{user.pk}", f"unit:{unit.pk}"
            record("group.ended", actor=actor, subject=subject, city=unit.city)


def parse_robot_address(address: str, secret: str = "") -> str:
    """The address of a robot as the channel takes it ('wecombot://KEY'). Raises RegistryFault for
    any that is none of the three services, since messages go nowhere else."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    last_segment = parts.path.rstrip("/").rpartition("/")[2]
    robot = {
        "qyapi.weixin.qq.com": ("wecombot", query.get("key", "")),
        "oapi.dingtalk.com": ("dingtalk", query.get("access_token", "")),
        "open.feishu.cn": ("feishu", last_segment if "/hook/" in parts.path else ""),
    }.get(parts.hostname or "")
    scheme, token = robot or ("", "")
    if parts.scheme != "https" or not token.replace("-", "").isalnum():
        raise RegistryFault("JF-M001", _NO_ROBOT, "address")
    if secret and not secret.isalnum():
        raise RegistryFault("JF-M003", _NO_SECRET, "secret")
    return (
        f"{scheme}://{secret}@{token}"
        if secret and scheme == "dingtalk"
        else (f"{scheme}://{token}")
    )


_NO_ROBOT = say("groups.no_robot")
_NO_SECRET = say("groups.no_secret")
