"""Accounts of the staff, kept in the browser by the security administrator."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from jifen.office.accounts import staff_accounts
from jifen.office.accounts.models import RoleProposal, StaffRole, User
from jifen.office.audit.models import Entry
from jifen.office.web.administration.staff_accounts import NOT_FRESH
from tests.world.browser import PASSWORD, give_phone, show_factor
from tests.world.faults import refused
from tests.world.office import person, staff, unit, user

pytestmark = pytest.mark.django_db
PAGE = "/staff/accounts"
CLERK = {"role": "clerk", "city": "shanghai", "district": "pudong", "department": ""}
BOTH = (
    "JF-N024",
    "同一名管理员不能既重设密码又移除第二验证：请本人先登录完成设置，或由另一名安全管理员办理。",
    "One administrator does not reset both password and second factor: its owner signs in and "
    "finishes the first, or another security administrator does the second.",
)
USED_ELSEWHERE = (
    "JF-N025",
    "此账号同时是申请人、单位人员或其他城市工作人员的账号，不能在这里办理，没有改动。"
    "请本人自行找回，或请系统管理员办理；岗位可在“人员与岗位”终止。",
    "The account is also that of an applicant, of a unit or of another city's staff, and nothing "
    "was changed. Its owner recovers it, or the administrator of the server helps; a role is ended "
    "under Staff and roles.",
)
NO_ACCOUNT = (
    "JF-N022",
    "本市工作人员中没有这个账号，请刷新页面。",
    "The staff of the city has no such account: load the page again.",
)


@pytest.fixture
def security(db: None) -> User:
    """The security administrator of Shanghai."""
    del db
    made = staff("security", "security_admin")
    give_phone(made)
    return made


@pytest.fixture
def clerk(security: User) -> User:
    """A clerk with a second factor."""
    del security
    made = staff("clerk", "clerk")
    give_phone(made)
    return made


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    client.get("/my/")  # the session is listed from its first request on
    return client


def last_acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def test_somebody_invited_signs_in_once_and_chooses_a_password(security: User) -> None:
    made, password = staff_accounts.invite(security, "wang.fang", "王芳", "w@example.cn", **CLERK)
    assert StaffRole.objects.get(user=made).granted_by == security
    assert made.password_ends_at is not None
    assert timedelta(hours=71) < made.password_ends_at - timezone.now() < timedelta(hours=73)
    client = Client()
    client.post("/account/login/", {"login": "wang.fang", "password": password})
    assert client.get("/desk/").headers["Location"] == "/account/password/change/"
    assert last_acts()[:2] == ["role.given", "account.invited"]


def test_a_role_that_signs_waits_for_another(security: User) -> None:
    role = CLERK | {"role": "supervisor", "district": ""}
    made, _ = staff_accounts.invite(security, "li.lead", "", "", **role)
    assert not StaffRole.objects.filter(user=made).exists()
    assert RoleProposal.objects.get(user=made).decided_at is None
    assert made in staff_accounts.list_staff_accounts(security)


@pytest.mark.parametrize(
    ("username", "email", "role", "code", "zh", "en", "place"),
    [
        (
            "wang fang",
            "",
            {},
            "JF-N020",
            "登录名应为 1 至 60 个字，不含空格，例如 wang.fang。",
            "A sign-in name has 1 to 60 letters and no blanks, such as wang.fang.",
            "username",
        ),
        (
            "SECURITY",
            "",
            {},
            "JF-N008",
            "登录名已被使用，请另选一个。",
            "The sign-in name is taken; choose another.",
            "username",
        ),
        (
            "wang",
            "nowhere",
            {},
            "JF-N021",
            "电子邮件地址有误，应含 @，例如 wang@example.gov.cn；也可不填。",
            "This is no e-mail address: it has an @, as in wang@example.gov.cn. It may be left "
            "out.",
            "email",
        ),
        (
            "wang",
            "",
            {"city": "chengdu"},
            "JF-N007",
            "您不是本市的安全管理员，请由本市的安全管理员办理。",
            "Not a security administrator of this city: ask one who is.",
            "",
        ),
    ],
)
def test_an_invitation_that_is_refused_makes_no_account(
    security: User,
    username: str,
    email: str,
    role: dict[str, str],
    code: str,
    zh: str,
    en: str,
    place: str,
) -> None:
    with refused(code, zh, en, place):
        staff_accounts.invite(security, username, "", email, **(CLERK | role))
    assert User.objects.count() == 1


def test_a_locked_account_is_out_at_once_and_stays_out(security: User, clerk: User) -> None:
    client = signed_in(clerk)
    assert client.get("/desk/").status_code == 200
    staff_accounts.lock_account(security, clerk.pk)
    assert client.get("/desk/").status_code == 302
    again = Client()
    again.post("/account/login/", {"login": "clerk", "password": PASSWORD})
    assert again.get("/desk/").status_code == 302
    staff_accounts.unlock_account(security, clerk.pk)
    assert signed_in(clerk).get("/desk/").status_code == 200
    assert {"account.locked", "account.unlocked"} <= set(last_acts())


def test_sessions_end_on_every_device(security: User, clerk: User) -> None:
    devices = [signed_in(clerk), signed_in(clerk)]
    staff_accounts.end_sessions(security, clerk.pk)
    assert [device.get("/desk/").status_code for device in devices] == [302, 302]
    assert last_acts()[-1] == "account.signed_out"


def test_one_administrator_does_not_reset_both(security: User, clerk: User) -> None:
    other = staff("security2", "security_admin")
    staff_accounts.remove_second_factor(security, clerk.pk)
    assert not Authenticator.objects.filter(user=clerk).exists()
    with refused(*BOTH):
        staff_accounts.reset_password(security, clerk.pk)
    staff_accounts.reset_password(other, clerk.pk)
    with refused(*BOTH):
        staff_accounts.remove_second_factor(other, clerk.pk)


def test_once_its_owner_finished_the_first_the_second_may_be_done(
    security: User, clerk: User
) -> None:
    staff_accounts.remove_second_factor(security, clerk.pk)
    give_phone(clerk)  # its owner set up another
    staff_accounts.reset_password(security, clerk.pk)
    with refused(*BOTH):
        staff_accounts.remove_second_factor(security, clerk.pk)
    User.objects.filter(pk=clerk.pk).update(password_ends_at=None)  # its owner chose another
    staff_accounts.remove_second_factor(security, clerk.pk)
    assert last_acts()[-3:] == [
        "signin.second_factor_removed",
        "signin.password_reset",
        "signin.second_factor_removed",
    ]


def test_nobody_keeps_their_own_account_or_one_of_another_city(security: User) -> None:
    stranger = user("citizen")
    elsewhere = staff("elsewhere", "clerk", "chengdu")
    for keep in (
        staff_accounts.lock_account,
        staff_accounts.unlock_account,
        staff_accounts.end_sessions,
        staff_accounts.reset_password,
        staff_accounts.remove_second_factor,
    ):
        with refused(
            "JF-N023",
            "不能办理自己的账号，请由另一名安全管理员办理。",
            "Nobody does this to their own account: another security administrator does.",
        ):
            keep(security, security.pk)
        for other in (stranger, elsewhere):
            with refused(*NO_ACCOUNT):
                keep(security, other.pk)
        with refused(*NO_ACCOUNT):
            keep(staff(f"clerk {keep.__name__}", "clerk"), security.pk)


@pytest.mark.parametrize("used", ["by an applicant", "by a unit", "in another city"])
def test_a_role_opens_no_account_that_is_used_elsewhere(security: User, used: str) -> None:
    other = staff("other", "clerk")
    if used == "by an applicant":
        person(user=other)
    elif used == "by a unit":
        unit(1, other)
    else:
        StaffRole.objects.create(user=other, role="clerk", city="chengdu", since="2020-01-01")
    for keep in (
        staff_accounts.lock_account,
        staff_accounts.unlock_account,
        staff_accounts.end_sessions,
        staff_accounts.reset_password,
        staff_accounts.remove_second_factor,
    ):
        before = User.objects.get(pk=other.pk).password
        with refused(*USED_ELSEWHERE):
            keep(security, other.pk)
        assert User.objects.get(pk=other.pk).password == before


def test_in_the_browser_after_a_fresh_second_factor(security: User) -> None:
    client = signed_in(security)
    typed = CLERK | {"act": "invite", "username": "wang.fang", "name": "王芳", "email": "nowhere"}
    stale = client.post(PAGE, typed)
    assert stale.status_code == 422
    assert (
        "办理账号前须在五分钟内再次验证：请先验证，然后重新操作。没有改动。"
        in stale.content.decode()
    )
    assert NOT_FRESH.code == "JF-O054"
    assert NOT_FRESH.words.en == (
        "Show your second factor again, then repeat: it allows changes to accounts for five "
        "minutes. Nothing was changed."
    )
    assert not User.objects.filter(username="wang.fang").exists()
    show_factor(client, security)
    again = client.post(PAGE, typed)
    assert again.status_code == 422
    assert "电子邮件地址有误" in again.content.decode()
    assert 'value="王芳"' in again.content.decode(), "nothing typed is lost"
    shown = client.post(PAGE, typed | {"email": ""}, follow=True).content.decode()
    password = re.search(r"wang\.fang 的一次性密码：(\S+) 。", shown)
    assert password is not None
    assert User.objects.get(username="wang.fang").check_password(password[1])
    assert password[1] not in client.get(PAGE).content.decode(), "shown once"
    made = User.objects.get(username="wang.fang")
    client.post(PAGE, {"act": "lock", "which": made.pk})
    assert "已锁定" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"act": "burn", "which": made.pk}).status_code == 404


def test_only_a_security_administrator_sees_it(security: User) -> None:
    del security
    admin = staff("city", "city_admin")
    give_phone(admin)
    assert signed_in(admin).get(PAGE).status_code == 404
