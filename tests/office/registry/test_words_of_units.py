"""What is read by those who register a unit, join it, confirm it or let an agency act for it."""

from dataclasses import replace
from typing import Any

import pytest

from jifen.office.accounts.models import User
from jifen.office.documents.actions import store_document
from jifen.office.messages.groups import add_group
from jifen.office.messages.models import GroupAddress
from jifen.office.registry.actions import members, units
from jifen.office.registry.models import Mandate, Membership, Unit, UnitVersion
from tests.world.faults import refused
from tests.world.office import credit_code, photo, staff, unit, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    """Who registers a unit."""
    del db
    return user("boss")


def particulars(by: User) -> units.Particulars:
    """All that a unit says of itself."""
    return units.Particulars(
        "张江软件", "pudong", "碧波路 1 号", store_document(photo(), "licence.jpg", by)
    )


def registered(by: User) -> Unit:
    """A unit that waits for a clerk."""
    return units.register_unit(by, "employer", "shanghai", credit_code(1), particulars(by))


# ----------------------------------------------------------------------------------- registration


@pytest.mark.parametrize("code", ["", "91310000MA1000001", credit_code(1)[:-1] + "X"])
def test_a_code_that_is_none_says_what_one_looks_like(boss: User, code: str) -> None:
    with refused(
        "JF-G001",
        "统一社会信用代码不对：应为 18 位（数字和大写字母，不含 I、O、S、V、Z），末位是校验位。"
        "请对照营业执照核对。",
        "This is no unified social credit code: 18 digits and capital letters (no I, O, S, V, Z), "
        "the last one a check character. Compare it with the licence.",
        "credit_code",
    ):
        units.register_unit(boss, "employer", "shanghai", code, particulars(boss))


def test_one_registers_a_code_once(boss: User) -> None:
    registered(boss)
    with refused(
        "JF-G002",
        "您已在本市登记过此代码的单位。请在“我的”页面打开该登记。",
        "You registered a unit with this code in the city already: open it on your own page.",
        "credit_code",
    ):
        registered(boss)
    assert Unit.objects.count() == 1


def test_one_change_waits_at_a_time(boss: User) -> None:
    made = registered(boss)
    with refused(
        "JF-G003",
        "上一次变更还在核实中，请等核实完成后再提交。",
        "An earlier change is being confirmed; wait until that is done.",
    ):
        units.change_unit(boss, made, particulars(boss))
    assert made.versions.count() == 1


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        ("name", "请填写单位名称。", "Give the name of the unit."),
        ("address", "请填写单位地址。", "Give the address of the unit."),
        ("district", "请选择所在区。", "Choose the district."),
        ("licence", "请上传营业执照（或登记证书）。", "Upload the licence."),
    ],
)
def test_what_is_left_out_is_named(boss: User, place: str, zh: str, en: str) -> None:
    empty: Any = None if place == "licence" else ""
    said = replace(particulars(boss), **{place: empty})
    with refused("JF-G004", zh, en, place):
        units.register_unit(boss, "employer", "shanghai", credit_code(1), said)
    assert not Unit.objects.exists()


# ----------------------------------------------------------------------------------- confirmation


def test_a_refusal_says_why(boss: User) -> None:
    version = registered(boss).versions.get()
    with refused(
        "JF-G005",
        "不通过时请写明原因，单位会看到。",
        "Say why it is refused: the unit reads it.",
        "words",
    ):
        units.review_unit(staff("clerk", "clerk"), version, confirm=False, words=" ")


def test_a_registration_is_decided_once(boss: User) -> None:
    version = registered(boss).versions.get()
    clerk = staff("clerk", "clerk")
    units.review_unit(clerk, version, confirm=True, words="")
    with refused(
        "JF-G006",
        "此登记已处理，没有再改动。请刷新后查看结果。",
        "This registration was decided already; nothing was changed. Reload to see how.",
    ):
        units.review_unit(clerk, version, confirm=False, words="执照过期")
    assert Unit.objects.get().state == "confirmed"


def test_nobody_confirms_what_they_registered(boss: User) -> None:
    version = registered(boss).versions.get()
    with refused(
        "JF-G007",
        "不能核实自己提交的登记，请由另一名经办人员核实。",
        "You submitted this registration: another clerk decides about it.",
    ):
        units.review_unit(boss, version, confirm=True, words="")
    assert UnitVersion.objects.get().state == "submitted"


# ---------------------------------------------------------------------------- members and mandates


def test_an_invitation_works_once(boss: User) -> None:
    token = members.invite_member(boss, unit(1, boss), "operator")
    members.accept_invitation(user("first"), token)
    for used in (token, "never-given"):
        with refused(
            "JF-G010",
            "邀请无效：已使用、已过期或已取消。请向单位管理员要新的邀请。",
            "This invitation is used, expired or withdrawn. Ask the administrator for a new one.",
        ):
            members.accept_invitation(user(f"second-{used[:5]}"), used)


def test_a_member_does_not_join_again(boss: User) -> None:
    token = members.invite_member(boss, unit(1, boss), "operator")
    with refused(
        "JF-G011",
        "您已是该单位的成员，不需要再接受邀请。",
        "You are a member of this unit already: there is nothing to accept.",
    ):
        members.accept_invitation(boss, token)
    assert Membership.objects.get().role == "admin"


def test_the_last_administrator_stays(boss: User) -> None:
    unit(1, boss)
    with refused(
        "JF-G012",
        "至少要保留一名管理员。请先让另一人成为管理员。",
        "One administrator has to stay: make somebody else one first.",
    ):
        members.end_membership(boss, Membership.objects.get())
    assert Membership.objects.get().ended_at is None


@pytest.mark.parametrize(
    "fields",
    [{"kind": "employer"}, {"kind": "agency", "state": "submitted"}, {"city": "chengdu"}],
    ids=["an employer", "not confirmed", "of another city"],
)
def test_only_a_confirmed_agency_of_the_city_acts_for_an_employer(
    boss: User, fields: dict[str, str]
) -> None:
    employer, other = unit(1, boss), unit(2, **({"kind": "agency"} | fields))
    with refused(
        "JF-G013",
        "不是本市已核实的代理机构。请核对，并请对方先登记。",
        "This is no confirmed agency of the city. Check its name, and have it register first.",
        "agency",
    ):
        members.grant_mandate(boss, employer, other)
    assert not Mandate.objects.exists()


def test_a_mandate_is_given_once(boss: User) -> None:
    employer, agency = unit(1, boss), unit(2, kind="agency")
    members.grant_mandate(boss, employer, agency)
    with refused(
        "JF-G014",
        "已经授权给该机构，不需要再次授权。",
        "The agency has a mandate already: there is nothing to grant.",
    ):
        members.grant_mandate(boss, employer, agency)
    assert Mandate.objects.count() == 1


# ------------------------------------------------------------------------------------- group chats


@pytest.mark.parametrize(
    ("label", "address", "code", "zh", "en", "place"),
    [
        (
            "人事群",
            "https://example.org/hook",
            "JF-M001",
            "不是企业微信、钉钉或飞书群机器人的地址。请在群设置中添加机器人，复制完整的 https "
            "地址。",
            "This is no address of a robot of WeCom, DingTalk or Feishu. Add a robot to the group "
            "and copy its whole https address.",
            "address",
        ),
        (
            " ",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc",
            "JF-M002",
            "请给群起个名字。",
            "Name the group.",
            "label",
        ),
    ],
    ids=["no robot", "no name"],
)
def test_a_group_is_a_robot_with_a_name(
    boss: User, label: str, address: str, code: str, zh: str, en: str, place: str
) -> None:
    made = unit(1, boss)
    with refused(code, zh, en, place):
        add_group(boss, made, label, address)
    assert not GroupAddress.objects.exists()
