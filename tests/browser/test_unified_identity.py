"""Signing in through a real OpenID provider in Chromium: sign-in and consent there, the tie to the
person here."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from jifen.office.accounts.models import User
from jifen.office.registry.models import Person
from jifen.office.site.settings import signin
from tests.world.browser import clean, press
from tests.world.identity_server import CLIENT, LOGIN, PASSWORD, SECRET
from tests.world.office import identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME, NUMBER = "王小明", identity(7)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def provider(
    tmp_path: Path, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of the provider; the site knows it as the city's unified identity."""
    callback = f"{live_server.url}/account/oidc/unified/login/callback/"
    person = json.dumps({"name": NAME, "number": NUMBER})
    command = [sys.executable, "-m", "tests.world.identity_server", str(tmp_path), callback, person]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address, "the provider did not start"
            monkeypatch.setenv("JIFEN_OIDC_SERVER", address)
            monkeypatch.setenv("JIFEN_OIDC_CLIENT", CLIENT)
            monkeypatch.setenv("JIFEN_OIDC_SECRET", SECRET)
            configured = signin.read_openid_settings()
            monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", configured)
            monkeypatch.setattr(settings, "JIFEN_OIDC_IDENTITY_CLAIM", "id_number")
            yield address
        finally:
            process.kill()


def _reach_consent(page: Page) -> None:
    page.goto("/account/login/")
    press(page.get_by_role("link", name="统一身份认证"))
    expect(page.locator("h1")).to_have_text("前往统一身份认证")
    clean(page)
    page.get_by_role("button", name="继续").click()
    page.locator("#id_username").fill(LOGIN)
    page.locator("#id_password").fill(PASSWORD)
    press(page.get_by_role("button", name="登录"))


def test_who_signs_in_there_is_the_person_here(provider: str, visit: Callable[[], Page]) -> None:
    page = visit()
    _reach_consent(page)
    assert page.url.startswith(provider)
    press(page.get_by_role("button", name="同意", exact=True))
    page.wait_for_url("**/my/")
    (account,) = User.objects.all()
    (person,) = Person.objects.all()
    assert (person.user, person.name) == (account, NAME)

    again = visit()
    _reach_consent(again)
    if again.url.startswith(provider):
        press(again.get_by_role("button", name="同意", exact=True))
    again.wait_for_url("**/my/")
    assert User.objects.get() == account


def test_who_does_not_consent_there_is_not_signed_in(
    provider: str, visit: Callable[[], Page]
) -> None:
    page = visit()
    _reach_consent(page)
    press(page.get_by_role("button", name="不同意"))
    expect(page.locator("h1")).to_have_text("您取消了登录")
    clean(page)
    assert not User.objects.exists()
