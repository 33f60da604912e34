"""`jifen account`: the first administrator, forgotten passwords, lost second factors."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.accounts.models import StaffRole, User
from jifen.office.audit.models import Entry

pytestmark = pytest.mark.django_db


def _run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["account", *words])
    return result.exit_code, result.stdout, result.stderr


def test_the_first_administrator() -> None:
    status, told, _ = _run("add", "chief", "--city", "shanghai", "--shown", "主任")
    assert status == 0
    name, password = told.strip().split(": ")
    user = User.objects.get(username=name)
    assert user.check_password(password)
    assert user.name == "主任"
    assert StaffRole.objects.get(user=user).role == "security_admin"
    assert Entry.objects.filter(act="role.given", subject=f"user:{user.pk}").exists()


def test_a_name_once_and_a_city_that_is_there() -> None:
    _run("add", "chief", "--city", "shanghai")
    assert _run("add", "CHIEF", "--city", "shanghai")[0] == 2
    status, _, words = _run("add", "other", "--city", "atlantis")
    assert status == 2
    assert "shanghai" in words
    assert not User.objects.filter(username="other").exists()


def test_a_new_password_ends_the_sessions(client: Client) -> None:
    user = User.objects.create_user("forgot", "an old one 2026")
    client.force_login(user)
    assert client.get("/my/").status_code == 200
    status, told, _ = _run("password", "forgot")
    assert status == 0
    user.refresh_from_db()
    assert user.check_password(told.strip().split(": ")[1])
    assert client.get("/my/").status_code == 302


def test_a_lost_second_factor() -> None:
    user = User.objects.create_user("lost", "an old one 2026")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    assert _run("second-factor", "lost")[:2] == (0, "lost: 1 removed\n")
    assert not Authenticator.objects.filter(user=user).exists()
    assert _run("second-factor", "nobody")[0] == 2
