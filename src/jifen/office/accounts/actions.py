"""Giving and ending roles."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import has_post
from jifen.office.audit.actions import record
from jifen.policy.text import Text


class RoleFault(Exception):
    """A role that cannot be given or ended, in words."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place


def give_role(
    by: User, username: str, role: str, city: str, district: str = "", department: str = ""
) -> StaffRole:
    """A city administrator gives somebody a role in the city. Raises RoleFault."""
    _refuse_other(by, city)
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        words = Text("没有这个登录名。请对方先注册。", "No such sign-in name: they sign up first.")
        raise RoleFault("JF-N001", words, "username")
    if role not in Role.values:
        raise RoleFault("JF-N002", _NO_ROLE, "role")
    if (role == Role.REVIEWER) != bool(department):
        words = Text(
            "部门审核员须写明部门，其他岗位不写。",
            "A department is for reviewers only, and every reviewer has one.",
        )
        raise RoleFault("JF-N003", words, "department")
    if user == by:
        words = Text(
            "不能给自己授予岗位，请由另一名管理员授予。",
            "Nobody gives a role to themselves: another administrator does.",
        )
        raise RoleFault("JF-N004", words, "username")
    try:
        with transaction.atomic():
            made = StaffRole.objects.create(
                user=user,
                role=role,
                city=city,
                district=district,
                department=department,
                since=timezone.localdate(),
                granted_by=by,
            )
            _log("role.given", by, made)
            return made
    except IntegrityError:
        words = Text(
            "此人已有这个岗位，没有改动。", "They have this role already; nothing was changed."
        )
        raise RoleFault("JF-N005", words, "username") from None


def end_role(by: User, row: StaffRole) -> None:
    """The role ends today; the row stays. Raises RoleFault."""
    _refuse_other(by, row.city)
    if row.user_id == by.pk:
        raise RoleFault("JF-N006", _OWN)
    with transaction.atomic():
        rows = StaffRole.objects.filter(pk=row.pk, until__isnull=True)
        if rows.update(until=timezone.localdate()):
            _log("role.ended", by, row)


def _refuse_other(by: User, city: str) -> None:
    if not has_post(by, city, "", Role.CITY_ADMIN):
        raise RoleFault("JF-N007", _ELSEWHERE)


_NO_ROLE = Text(
    "没有这种岗位，请从列出的岗位中选择。",
    "There is no such role: choose one of those listed.",
)
_OWN = Text(
    "不能终止自己的岗位，请由另一名管理员终止。",
    "Nobody ends their own role: another administrator does.",
)
_ELSEWHERE = Text(
    "您不是本市管理员，请由本市管理员办理。",
    "Not an administrator of this city: ask one who is.",
)


def _log(act: str, by: User, row: StaffRole) -> None:
    details = {"role": row.role, "district": row.district, "department": row.department}
    record(
        act, actor=f"user:{by.pk}", subject=f"user:{row.user_id}", city=row.city, details=details
    )
