"""A real Chromium: skipped where there is none, but a failure where CI=true."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.world.database import flush_past_triggers, own_keys

__all__ = ["flush_past_triggers", "own_keys"]

os.environ.pop("FAIL_INVALID_TEMPLATE_VARS", None)
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


_REPLACED = ("htmx:sendAbort", "htmx:afterRequest")


def _is_error(message: ConsoleMessage) -> bool:
    """An error of the page; not htmx's note that a newer request took the place of an older one."""
    return message.type == "error" and not message.text.startswith(_REPLACED)


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
    page.on("console", lambda m: errors.append(m.text) if _is_error(m) else None)
    yield page
    context.close()
    assert errors == []
