"""Browser tests wait for a state of the page, in the one way that our pages allow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.world.page_states import wait_until

BROWSER_TESTS = Path(__file__).parent
REFUSED = (".wait_for_" + "function(", ".wait_for_" + "timeout(", "time." + "sleep(")


def test_a_state_that_comes_later_is_waited_for(page: Page) -> None:
    page.goto("/")  # a page of ours, which forbids eval
    page.evaluate("() => { setTimeout(() => { document.body.dataset.come = 'yes' }, 200) }")
    wait_until(page, "wanted => document.body.dataset.come === wanted", "yes")
    wait_until(page, "async () => document.body.dataset.come === 'yes'")


def test_a_state_that_never_comes_is_named(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.world.page_states.LONGEST_MS", 100)
    page.goto("/")
    with pytest.raises(AssertionError, match=r"not reached in 100 ms: \(\) => false"):
        wait_until(page, "() => false")


def test_no_browser_test_waits_for_time_or_by_what_pages_forbid() -> None:
    wrong = [
        f"{path.name}: {word}"
        for path in sorted(BROWSER_TESTS.glob("*.py"))
        for word in REFUSED
        if word in path.read_text(encoding="utf-8")
    ]
    assert wrong == []
