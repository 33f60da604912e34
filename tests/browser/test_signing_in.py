"""The pages of signing in, typed and clicked through."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import Page, expect

from tests.world.browser import PASSWORD, SECRET, clean, give_phone, press
from tests.world.office import Office

pytestmark = pytest.mark.browser


def _password(page: Page, name: str) -> None:
    page.goto("/account/login/")
    clean(page)
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    press(page.get_by_role("button", name="登录", exact=True))


def test_an_employer_signs_in_with_a_password(office: Office, visit: Callable[[], Page]) -> None:
    page = visit()
    _password(page, office.operator.username)
    expect(page).to_have_url(re.compile("/my/$"))


def test_the_staff_needs_a_one_time_code_as_well(
    office: Office, visit: Callable[[], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter((7,)))
    give_phone(office.clerk)
    page = visit()
    _password(page, office.clerk.username)
    clean(page)
    page.fill("#id_code", auth.format_hotp_value(auth.hotp_value(SECRET, 8)))
    page.locator("form button").first.click()
    expect(page.locator(".errorlist, [role=alert]").first).to_be_visible()
    page.fill("#id_code", auth.format_hotp_value(auth.hotp_value(SECRET, 7)))
    press(page.locator("form button").first)
    page.goto("/my/")
    expect(page.locator("main")).to_contain_text(office.clerk.get_full_name())
