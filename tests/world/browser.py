"""Signing in with a browser of one's own, and what every page of the office must keep."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page

from jifen.office.accounts.models import User

PASSWORD = "pass-word-1234"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SignIn = Callable[[User], Page]
_REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


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
    """An error of the page; not htmx's note that a newer request took the place of an older one."""
    return message.type == "error" and not message.text.startswith(_REPLACED)


def accessibility_faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"][:3]]
