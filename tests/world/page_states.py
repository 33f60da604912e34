"""Waiting for a state of a page that no locator can name.

`Page.wait_for_function` evaluates its text inside the page on every look but the first, which
the pages' content security policy forbids: it fails whenever the state is not there at once.
"""

from typing import Any

from playwright.sync_api import Page

LONGEST_MS = 30_000
"""As long as Playwright waits for a locator in a navigation; no test measures this time."""

_WATCH = """
async ([longest, argument]) => {{
  const reached = {condition};
  const started = performance.now();
  while (!(await reached(argument))) {{
    if (performance.now() - started > longest) return false;
    await new Promise((again) => setTimeout(again, 20));
  }}
  return true;
}}
"""


def wait_until(page: Page, condition: str, argument: Any = None) -> None:
    """Return as soon as the condition, a JavaScript function of one argument, is true.

    Raises AssertionError with the condition and the address if it stays false.
    """
    reached = page.evaluate(_WATCH.format(condition=condition), [LONGEST_MS, argument])
    assert reached, f"{page.url}: not reached in {LONGEST_MS} ms: {condition}"
