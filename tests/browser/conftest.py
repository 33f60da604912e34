"""A real Chromium: skipped where there is none, but a failure where CI=true."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count

import pytest

import tests.world.settings as settings_of_tests  # isort: skip
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from jifen.office.accounts.models import StaffRole, User
from tests.world.browser import PASSWORD, SECRET, SignIn, give_phone, is_error
from tests.world.budgets import empty_budgets
from tests.world.database import flush_past_triggers, history, own_keys, watched_changes
from tests.world.gmssl import HAS_GMSSL
from tests.world.office import Office

__all__ = ["empty_budgets", "flush_past_triggers", "history", "own_keys", "watched_changes"]

collect_ignore = [] if HAS_GMSSL else ["test_notices_sm2.py"]

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
# The first is the same engine without a desktop's window: half the processor time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def pytest_configure(config: pytest.Config) -> None:
    settings_of_tests.refuse_unmarked_tests(config)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on PATH, and CI=true: apt-get install chromium-headless-shell")
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
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[[], Page]]:
    """Opens a browser with no cookies; errors of any of its pages fail the test."""
    contexts, errors = [], list[str]()

    def opened() -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def sign_in(
    visit: Callable[[], Page],
    live_server: LiveServer,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> SignIn:
    """A browser of their own for each, signed in, the staff with a second factor. The pages of
    signing in are posted to and not drawn: tests/browser/test_signing_in.py clicks through them."""
    del transactional_db
    cache.clear()
    steps = count(1)

    def signed(user: User) -> Page:
        client = Client()
        is_staff = StaffRole.objects.filter(user=user).exists()
        if is_staff:
            give_phone(user)  # before the password: the site asks only whoever has one
        client.post("/account/login/", {"login": user.username, "password": PASSWORD})
        if is_staff:
            client.post(reverse("mfa_authenticate"), {"code": code_for(user)})
        page = visit()
        page.context.add_cookies(
            [
                {"name": cookie.key, "value": cookie.value, "url": live_server.url}
                for cookie in client.cookies.values()
            ]
        )
        page.goto("/my/")
        page.wait_for_url("**/my/")
        return page

    def code_for(user: User) -> str:
        """The one-time code of the next step: steps are counted, no clock is asked."""
        step = next(steps)
        monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter((step,)))
        return str(auth.format_hotp_value(auth.hotp_value(SECRET, step)))

    return signed


@pytest.fixture
def office(transactional_db: None) -> Office:
    """The small city, with an employer and a full staff."""
    del transactional_db
    cache.clear()
    return Office()
