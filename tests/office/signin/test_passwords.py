"""Passwords that are guessed soon are refused at every door where one is set."""

import re

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver

from jifen.office.accounts.installation import add_administrator, reset_password
from jifen.office.accounts.models import User
from jifen.office.accounts.signin.passwords import estimate_strength
from tests.world.office import user

pytestmark = pytest.mark.django_db
PASSWORD = "pass-word-1234"  # of the users of tests.world
GOOD = "three plain lamps of 1987"
BREACHED = (
    *("1234567890", "password123", "qwertyuiop12", "1qaz2wsx3edc", "iloveyou5201314"),
    *("aaaaaaaaaaaa", "abcdefghijkl", "P@ssw0rd1234", "Password2026!", "13812345678a"),
    *("shanghai2026", "woaini1314520", "Admin@123456", "chengdu@2026"),
)


@pytest.mark.parametrize("password", BREACHED)
def test_what_is_tried_first_is_refused_and_told_in_words(password: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_password(password)
    assert "password_guessed_soon" in {one.code for one in caught.value.error_list}
    assert "这个密码容易被猜中" in " ".join(caught.value.messages)
    assert password not in " ".join(caught.value.messages)


@pytest.mark.parametrize(
    "password",
    [GOOD, "x7Qm-2vLr9Tz", "long-and-plain-2026", "山水一色秋叶满城灯火", "70215938846172"],
)
def test_others_are_taken(password: str) -> None:
    validate_password(password)


def test_the_own_name_is_no_password() -> None:
    somebody = User(username="renshi-li-2", name="李经办")
    assert estimate_strength("renshi-li-2!", somebody) < 3 <= estimate_strength("renshi-li-2!")


def test_a_very_long_password_is_looked_at_quickly_and_taken() -> None:
    validate_password("three plain lamps " * 200 + "and one")
    assert estimate_strength("a" * 5_000) == 0


# ------------------------------------------------------------------------------------------- doors


def words_of(page: str) -> str:
    return " ".join(re.findall(r"这个密码容易被猜中|guessed soon", page))


def test_signing_up() -> None:
    form = {"username": "newcomer", "password1": BREACHED[8], "password2": BREACHED[8]}
    page = Client().post("/account/signup/", form).content.decode()
    assert words_of(page)
    assert not User.objects.filter(username="newcomer").exists()
    form |= {"password1": GOOD, "password2": GOOD}
    assert Client().post("/account/signup/", form).status_code == 302


def test_changing_it() -> None:
    somebody = user("somebody")
    client = Client()
    client.force_login(somebody)
    form = {"oldpassword": PASSWORD, "password1": BREACHED[8], "password2": BREACHED[8]}
    assert words_of(client.post("/account/password/change/", form).content.decode())
    somebody.refresh_from_db()
    assert somebody.check_password(PASSWORD)
    client.post("/account/password/change/", form | {"password1": GOOD, "password2": GOOD})
    somebody.refresh_from_db()
    assert somebody.check_password(GOOD)


def test_setting_one_where_there_was_none() -> None:
    somebody = user("somebody")
    somebody.set_unusable_password()
    somebody.save()
    client = Client()
    client.force_login(somebody)
    form = {"password1": BREACHED[8], "password2": BREACHED[8]}
    assert words_of(client.post("/account/password/set/", form).content.decode())
    somebody.refresh_from_db()
    assert not somebody.has_usable_password()


def test_the_address_in_a_mail_of_the_library() -> None:
    somebody = user("somebody")
    key = f"{user_pk_to_url_str(somebody)}-{default_token_generator.make_token(somebody)}"
    client = Client()
    there = client.get(f"/account/password/reset/key/{key}/")
    address = there.headers.get("Location", f"/account/password/reset/key/{key}/")
    form = {"password1": BREACHED[8], "password2": BREACHED[8]}
    client.post(address, form)
    somebody.refresh_from_db()
    assert somebody.check_password(PASSWORD)


def test_the_command_line_makes_random_ones() -> None:
    first = add_administrator("lead", "shanghai")
    second = reset_password("lead")
    assert first != second
    for password in (first, second):
        validate_password(password, User.objects.get(username="lead"))


def test_there_is_no_other_door() -> None:
    """Addresses of the library at which a password is set: each has a test above."""
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    doors = {name for name in names if "password" in name}
    assert doors == {
        "account_change_password",
        "account_set_password",
        "account_reset_password",  # says whom to ask; sets none
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
