"""What an administrator reads when a role cannot be given or ended."""

from collections.abc import Callable

import pytest

from jifen.office.accounts.actions import end_role, give_role
from jifen.office.accounts.installation import (
    add_administrator,
    remove_second_factor,
    reset_password,
)
from jifen.office.accounts.models import StaffRole, User
from tests.world.faults import refused
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db: None) -> User:
    """The security administrator of Shanghai; and somebody without a role."""
    del db
    user("somebody")
    return staff("lead", "security_admin")


@pytest.mark.parametrize(
    ("given", "code", "zh", "en", "place"),
    [
        (
            ("nobody", "clerk", "shanghai", "pudong"),
            "JF-N001",
            "没有这个登录名。请对方先注册。",
            "No such sign-in name: they sign up first.",
            "username",
        ),
        (
            ("somebody", "king", "shanghai"),
            "JF-N002",
            "没有这种岗位，请从列出的岗位中选择。",
            "There is no such role: choose one of those listed.",
            "role",
        ),
        (
            ("somebody", "reviewer", "shanghai"),
            "JF-N003",
            "部门审核员须写明部门，其他岗位不写。",
            "A department is for reviewers only, and every reviewer has one.",
            "department",
        ),
        (
            ("somebody", "clerk", "shanghai", "pudong", "police"),
            "JF-N003",
            "部门审核员须写明部门，其他岗位不写。",
            "A department is for reviewers only, and every reviewer has one.",
            "department",
        ),
        (
            ("lead", "clerk", "shanghai", "pudong"),
            "JF-N004",
            "不能给自己授予岗位，请由另一名管理员授予。",
            "Nobody gives a role to themselves: another administrator does.",
            "username",
        ),
        (
            ("somebody", "clerk", "chengdu", "wuhou"),
            "JF-N007",
            "您不是本市的安全管理员，请由本市的安全管理员办理。",
            "Not a security administrator of this city: ask one who is.",
            "",
        ),
    ],
    ids=["no name", "no role", "no department", "a department", "oneself", "another city"],
)
def test_a_role_that_cannot_be_given_says_what_to_do(
    lead: User, given: tuple[str, ...], code: str, zh: str, en: str, place: str
) -> None:
    with refused(code, zh, en, place):
        give_role(lead, *given)
    assert StaffRole.objects.count() == 1


def test_a_role_is_given_once(lead: User) -> None:
    give_role(lead, " SOMEBODY ", "clerk", "shanghai", "pudong")
    with refused(
        "JF-N005",
        "此人已有这个岗位，或已在等待确认，没有改动。",
        "They have this role already, or it waits to be confirmed; nothing was changed.",
        "username",
    ):
        give_role(lead, "somebody", "clerk", "shanghai", "pudong")
    assert StaffRole.objects.count() == 2


def test_nobody_ends_their_own_role(lead: User) -> None:
    with refused(
        "JF-N006",
        "不能终止自己的岗位，请由另一名管理员终止。",
        "Nobody ends their own role: another administrator does.",
    ):
        end_role(lead, StaffRole.objects.get())
    assert StaffRole.objects.get().until is None


# ---------------------------------------------------------------------------- the command line


@pytest.mark.parametrize("act", [reset_password, remove_second_factor])
def test_a_name_that_nobody_has_is_repeated(lead: User, act: Callable[[str], object]) -> None:
    with refused(
        "JF-N001",
        "没有登录名“laed”，请核对。",
        "There is no sign-in name 'laed': check it.",
        "name",
    ):
        act("laed")


def test_a_name_that_is_taken_is_not_given_again(lead: User) -> None:
    with refused(
        "JF-N008",
        "登录名已被使用，请另选一个。",
        "The sign-in name is taken; choose another.",
        "name",
    ):
        add_administrator("LEAD", "chengdu")
    assert StaffRole.objects.get().city == "shanghai"
