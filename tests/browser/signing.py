"""Signing in with a browser of one's own, and what every page of the office must keep."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer

from jifen.office.accounts.models import StaffRole, User
from tests.browser.conftest import _is_error
from tests.browser.test_accessibility import RULES

PASSWORD = "pass-word-1234"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SignIn = Callable[[User], Page]


@pytest.fixture
def sign_in(
    chromium: Browser,
    live_server: LiveServer,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SignIn]:
    """A browser of their own for each, the staff with a second factor; errors of a page fail. The
    steps of one-time codes are counted by the sign-ins and not by a clock."""
    del transactional_db
    cache.clear()
    contexts, errors, steps = [], list[str](), count(1)

    def signed(user: User) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if _is_error(m) else None)
        page.goto("/account/login/")
        page.fill("#id_login", user.username)
        page.fill("#id_password", PASSWORD)
        staff = StaffRole.objects.filter(user=user).exists()
        if staff and not Authenticator.objects.filter(user=user).exists():
            data = {"secret": get_adapter().encrypt(SECRET)}
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
        press(page.get_by_role("button", name="登录", exact=True))
        if staff:
            step = next(steps)
            monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter((step,)))
            page.fill("#id_code", auth.format_hotp_value(auth.hotp_value(SECRET, step)))
            press(page.locator("form button").first)
        page.wait_for_url("**/my/")
        return page

    yield signed
    for context in contexts:
        context.close()
    assert errors == []


def press(leads_away: Locator) -> None:
    """Press what opens another page, and wait until that page is there."""
    with leads_away.page.expect_navigation():
        leads_away.click()


def clean(page: Page) -> None:
    """Axe finds nothing, and a phone needs no sideways scrolling."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"][:3]] == []
    size = page.viewport_size
    page.set_viewport_size({"width": 375, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    if size:
        page.set_viewport_size(size)
