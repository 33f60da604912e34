"""Signing in with a browser of one's own, and what every page of the office must keep."""

import time
from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page

from jifen.office.accounts.models import User

PASSWORD = "pass-word-1234"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SignIn = Callable[[User], Page]
_REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
_REFUSED = "Failed to load resource: the server responded with a status of 422"
RULES = {
    "resultTypes": ["violations"],  # what passed is not described, which is most of the work
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


def give_phone(user: User) -> None:
    """A phone that makes one-time codes, where the user has none yet."""
    if not Authenticator.objects.filter(user=user).exists():
        data = {"secret": get_adapter().encrypt(SECRET)}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


def show_factor(client: Client, who: User, method: str = "mfa", ago: int = 0) -> None:
    """As the library notes what somebody showed."""
    request = HttpRequest()
    request.session, request.user = client.session, who
    record_authentication(request, who, method, reauthenticated=True)
    (*_, last) = request.session["account_authentication_methods"]
    last["at"] = time.time() - ago
    request.session.save()


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


def is_error(message: ConsoleMessage) -> bool:
    """An error of the page; not htmx's note that a newer request took the place of an older one,
    and not the browser's that a form was refused and came back."""
    return message.type == "error" and not message.text.startswith((*_REPLACED, _REFUSED))


def accessibility_faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"][:3]]
