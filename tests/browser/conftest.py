"""A real Chromium: skipped where there is none, but a failure where CI=true."""

import os
import shutil
import time
from collections.abc import Iterator

import pytest

import tests.world.settings as settings_of_tests  # isort: skip
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from jifen.office.accounts.models import StaffRole, User
from tests.world.browser import PASSWORD, SECRET, SignIn, is_error, press
from tests.world.database import flush_past_triggers, history, own_keys, watched_changes
from tests.world.office import Office

__all__ = ["flush_past_triggers", "history", "own_keys", "watched_changes"]

# Playwright keeps an event loop running in this thread; Django's guard would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    settings_of_tests.refuse_unmarked_tests(config)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on PATH, and CI=true: apt-get install chromium")
        pytest.skip("no Chromium on PATH (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A fresh visitor; whatever the browser reports as an error fails the test."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        locale="zh-CN",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def sign_in(chromium: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[SignIn]:
    """A browser of their own for each, the staff with a second factor; errors of a page fail."""
    del transactional_db
    cache.clear()
    contexts, errors = [], list[str]()

    def signed(user: User) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
        page.goto("/account/login/")
        page.fill("#id_login", user.username)
        page.fill("#id_password", PASSWORD)
        staff = StaffRole.objects.filter(user=user).exists()
        if staff and not Authenticator.objects.filter(user=user).exists():
            data = {"secret": get_adapter().encrypt(SECRET)}
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
        press(page.get_by_role("button", name="登录", exact=True))
        if staff:
            code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
            page.fill("#id_code", code)
            press(page.locator("form button").first)
        page.wait_for_url("**/my/")
        return page

    yield signed
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def office(transactional_db: None) -> Office:
    """The small city, with an employer and a full staff."""
    del transactional_db
    cache.clear()
    return Office()
