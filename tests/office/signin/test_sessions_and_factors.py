"""What a session and a factor may and may not, as docs/security/asvs.yaml claims it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from tests.world.browser import PASSWORD, give_phone, show_factor
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db
LONG = "three plain lamps of 1987, and no more than that: four words and a year make it long"


def signed_in(name: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": name, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def with_cookie(value: str) -> Client:
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = value
    return thief


def test_signing_in_gives_the_session_another_name() -> None:
    user("somebody")
    client = Client()
    session = client.session
    session["lang"] = "zh"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = str(session.session_key)
    client.post("/account/login/", {"login": "somebody", "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value not in ("", before)
    assert "_auth_user_id" not in with_cookie(before).session


def test_a_session_that_was_ended_opens_nothing() -> None:
    user("somebody")
    client = signed_in("somebody")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert with_cookie(cookie).get("/my/").status_code == 200
    client.post("/account/logout/")
    assert with_cookie(cookie).get("/my/").status_code == 302


def test_the_sessions_of_a_closed_account_are_over() -> None:
    somebody = user("somebody")
    client = signed_in("somebody")
    somebody.is_active = False
    somebody.save()
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize(
    "address", ["/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/"]
)
def test_a_second_factor_is_changed_after_signing_in_again(address: str) -> None:
    clerk = staff("clerk", "clerk")
    give_phone(clerk)
    client = Client()
    client.force_login(clerk)
    assert "reauthenticate" in client.post(address).headers["Location"]
    assert Authenticator.objects.filter(user=clerk).count() == 1
    show_factor(client, clerk)
    assert "reauthenticate" not in client.post(address).headers.get("Location", "")


def test_a_password_is_changed_by_whoever_knows_it_and_ends_other_sessions() -> None:
    somebody = user("somebody")
    one, other = signed_in("somebody"), signed_in("somebody")
    form = {"oldpassword": "wrong", "password1": LONG, "password2": LONG}
    one.post("/account/password/change/", form)
    somebody.refresh_from_db()
    assert somebody.check_password(PASSWORD)
    one.post("/account/password/change/", form | {"oldpassword": PASSWORD})
    somebody.refresh_from_db()
    assert somebody.check_password(LONG)
    assert not somebody.check_password(LONG.upper())
    assert not somebody.check_password(LONG[:72])
    assert other.get("/my/").status_code == 302


def test_password_fields_hide_and_let_paste() -> None:
    page = Client().get("/account/signup/").content.decode()
    fields = re.findall(r"<input[^>]*password[^>]*>", page)
    assert len(fields) == 2
    assert all('type="password"' in field for field in fields)
    assert not any("onpaste" in field or 'autocomplete="off"' in field for field in fields)


@pytest.mark.parametrize("address", ["/", "/my/", "/api/v1/applications", "/account/login/"])
def test_no_request_is_repeated_to_whoever_asks(address: str) -> None:
    client = Client(headers={"x-secret": "of a proxy"})
    answer = client.trace(address)
    assert answer.status_code in (302, 401, 404, 405)
    assert b"of a proxy" not in answer.content


@pytest.mark.parametrize("address", ["/api/v1/docs", "/.git/config", "/keys.json"])
def test_nothing_is_shown_that_was_not_meant_to_be(address: str) -> None:
    assert Client().get(address).status_code in (401, 404)


def test_who_signed_in_can_always_sign_out() -> None:
    user("somebody")
    assert "/account/logout/" in signed_in("somebody").get("/my/").content.decode()


def test_there_is_no_account_to_begin_with() -> None:
    client = Client()
    for name in ("admin", "root", "jifen", "cityadmin"):
        for password in ("admin", "root", "sandbox-2026-jifen"):
            client.post("/account/login/", {"login": name, "password": password})
            assert "_auth_user_id" not in client.session
