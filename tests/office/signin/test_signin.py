"""Signing in: second factor, lock-out, sessions, and what is recorded of it."""

import importlib
import re
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from jifen.office.accounts import installation
from jifen.office.accounts.models import User
from jifen.office.audit.models import Access
from jifen.office.site.settings import signin
from tests.world.clock import Clock
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db
PASSWORD = "pass-word-1234"
NEW = "three plain lamps of 1987"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_earlier_failures() -> None:
    cache.clear()


def _sign_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": name, "password": password, **more})


def test_passwords_are_kept_with_argon2_and_must_be_long() -> None:
    assert signin.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    client = Client()
    answer = client.post(
        "/account/signup/", {"username": "short", "password1": "abc123", "password2": "abc123"}
    )
    assert answer.status_code == 200
    assert not User.objects.filter(username="short").exists()


def test_anybody_may_sign_up_and_nobody_becomes_staff_by_it() -> None:
    client = Client()
    sent = {"username": "NewOne", "password1": NEW, "password2": NEW}
    answer = client.post("/account/signup/", sent)
    assert answer.headers["Location"] == "/my/"
    assert client.get("/my/").status_code == 200
    assert client.get("/desk/").status_code == 404
    assert Access.objects.filter(act="signin.signed_up").count() == 1


def test_an_unknown_name_and_a_wrong_password_are_told_alike() -> None:
    user("somebody")
    unknown = _sign_in(Client(), "nobody").content.decode()
    wrong = _sign_in(Client(), "somebody", "not the password").content.decode()
    said = [re.findall(r'role="alert">.*?</div>', page, re.DOTALL) for page in (unknown, wrong)]
    assert said[0] == said[1] != []
    failed = Access.objects.filter(act="signin.failed", actor="anonymous")
    subjects = [entry.subject for entry in failed]
    assert subjects == ["", f"user:{User.objects.get(username='somebody').pk}"]
    assert {access.source for access in failed} == {"127.0.0.1"}
    assert "not the password" not in str(list(Access.objects.values()))


def test_after_five_failures_even_the_right_password_waits(clock: Clock) -> None:
    user("somebody")
    for _ in range(5):
        _sign_in(Client(), "somebody", "wrong")
    client = Client()
    answer = _sign_in(client, "somebody")
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 429)
    assert _sign_in(Client(), "another", "x").status_code == 200, "others are not locked out"
    clock.go_on(10 * 60)
    assert _sign_in(client, "somebody").headers["Location"] == "/my/"


def test_refusals_wrong_codes_and_successes_are_logged_with_their_source(clock: Clock) -> None:
    clerk = staff("clerk", "clerk")
    sealed = get_adapter().encrypt(SECRET)
    Authenticator.objects.create(user=clerk, type=Authenticator.Type.TOTP, data={"secret": sealed})
    for _ in range(8):
        _sign_in(Client(), "clerk", "wrong")
    clock.go_on(30)
    client = Client()
    _sign_in(client, "clerk")
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    code = format_hotp_value(hotp_value(SECRET, int(clock.time()) // 30))
    client.post("/account/2fa/authenticate/", {"code": code})
    said = [(e.act, e.subject, e.source) for e in Access.objects.filter(act__startswith="signin.")]
    about = (f"user:{clerk.pk}", "127.0.0.1")
    assert said == [
        *[("signin.failed", *about)] * 5,
        ("signin.refused", *about),  # three were refused, and it is said once for each wait
        ("signin.code_failed", *about),
        ("signin.succeeded", *about),
    ]


def test_staff_sign_in_with_a_code_and_its_secret_is_sealed(clock: Clock) -> None:
    clerk = staff("clerk", "clerk")
    sealed = get_adapter().encrypt(SECRET)
    assert SECRET not in sealed
    Authenticator.objects.create(user=clerk, type=Authenticator.Type.TOTP, data={"secret": sealed})
    client = Client()
    assert _sign_in(client, "clerk").headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/my/").status_code == 302, "the password alone opens nothing"
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    code = format_hotp_value(hotp_value(SECRET, int(clock.time()) // 30))
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/desk/").status_code == 200


def test_staff_who_leave_their_desk_are_signed_out(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    clerk = staff("clerk", "clerk")
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    client = Client()
    client.force_login(clerk)
    assert client.get("/desk/").status_code == 200
    clock.go_on(settings.STAFF_IDLE_SECONDS)
    assert client.get("/desk/").status_code == 200
    clock.go_on(settings.STAFF_IDLE_SECONDS + 1)
    assert client.get("/desk/").headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_sessions_are_listed_and_the_others_can_be_ended() -> None:
    somebody = user("somebody")
    one, two = Client(headers={"user-agent": "phone"}), Client(headers={"user-agent": "office"})
    _sign_in(one, "somebody")
    _sign_in(two, "somebody")
    assert UserSession.objects.filter(user=somebody).count() == 2
    page = two.get("/account/sessions/").content.decode()
    assert "phone" in page
    again = two.post("/account/sessions/").headers["Location"]
    two.post(again, {"password": PASSWORD}, follow=True)
    assert one.get("/my/").status_code == 302
    assert two.get("/my/").status_code == 200


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/x"])
def test_after_signing_in_nobody_is_sent_elsewhere(there: str) -> None:
    user("somebody")
    answer = _sign_in(Client(), "somebody", next=there)
    assert answer.headers["Location"] == "/my/"


def test_a_citys_unified_identity_is_offered_where_it_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "APPS" not in signin.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    monkeypatch.setenv("JIFEN_OIDC_SERVER", "https://id.example.gov.cn")
    monkeypatch.setenv("JIFEN_OIDC_CLIENT", "jifen")
    made = importlib.reload(signin).SOCIALACCOUNT_PROVIDERS["openid_connect"]
    assert made["APPS"][0]["settings"]["server_url"] == "https://id.example.gov.cn"
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", {"openid_connect": made})
    page = Client().get("/account/login/").content.decode()
    assert "统一身份认证" in page
    monkeypatch.delenv("JIFEN_OIDC_SERVER")
    importlib.reload(signin)


def test_a_forgotten_password_leads_to_people_and_not_into_a_mail_that_never_comes() -> None:
    page = Client().get("/account/password/reset/").content.decode()
    assert "受理窗口" in page


_OWN = "a password of the administrator's own"


def test_a_password_of_somebody_else_ends_after_three_days(clock: Clock) -> None:
    password = installation.add_administrator("first", "shanghai")
    assert _sign_in(Client(), "first", password).status_code == 302
    clock.go_on(installation.FIRST_PASSWORD_HOURS * 3600 + 1)
    client = Client()
    _sign_in(client, "first", password)
    assert client.get("/my/").headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session
    again = installation.reset_password("first")
    _sign_in(client, "first", again)
    assert client.get("/my/").headers["Location"] == "/account/password/change/"


def test_a_password_of_ones_own_has_no_end() -> None:
    somebody, client = user("somebody"), Client()
    _sign_in(client, "somebody")
    assert somebody.password_ends_at is None
    assert client.get("/my/").status_code == 200


def test_the_first_administrator_comes_from_the_command_line() -> None:
    from typer.testing import CliRunner

    from jifen.cli.app import app

    made = CliRunner().invoke(app, ["account", "add", "first", "--city", "shanghai"])
    assert made.exit_code == 0
    password = made.stdout.strip().removeprefix("first: ")
    client = Client()
    assert _sign_in(client, "first", password).headers["Location"] == "/my/"
    assert client.get("/staff/").headers["Location"] == "/account/password/change/"
    assert "请先改成自己的密码" in client.get("/account/password/change/").content.decode()
    changed = {"oldpassword": password, "password1": _OWN, "password2": _OWN}
    assert client.post("/account/password/change/", changed).status_code == 302
    assert client.get("/staff/").headers["Location"] == "/account/2fa/"
    again = CliRunner().invoke(app, ["account", "add", "FIRST", "--city", "shanghai"])
    assert (again.exit_code, "is taken" in again.stderr) == (2, True)
    reset = CliRunner().invoke(app, ["account", "password", "first"])
    assert _sign_in(Client(), "first", _OWN).status_code == 200
    new = reset.stdout.strip().removeprefix("first: ")
    assert _sign_in(Client(), "first", new).status_code == 302
    assert client.get("/my/").status_code == 302, "the session of the old password has ended"
    assert CliRunner().invoke(app, ["account", "second-factor", "nobody"]).exit_code == 2
