"""One click after the score: when the line is reached, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.people.answers import FORM
from tests.world.browser import accessibility_faults

pytestmark = pytest.mark.browser
_POST = """(fields) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/shanghai/all/";
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.name = name;
    input.value = value;
    form.appendChild(input);
  }
  document.body.appendChild(form);
  form.submit();
}"""


def _assessed(page: Page, lang: str = "en", view: str = "standard", **more: str) -> None:
    """The self-assessment with every answer given."""
    page.goto(f"/shanghai/all/?lang={lang}&view={view}")
    with page.expect_navigation():
        page.evaluate(_POST, FORM | more)


def _route(page: Page, lang: str = "en", view: str = "standard", **more: str) -> None:
    _assessed(page, lang, view, **more)
    name = "When do I reach the line" if lang == "en" else "什么时候能达到"
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_one_click_leads_from_the_score_to_the_years_and_back(page: Page) -> None:
    _route(page)
    expect(page.locator("#verdict")).to_contain_text("2026-09-10 at the earliest")
    expect(page.locator("svg.chart")).to_have_attribute("role", "img")
    expect(page.locator("table.steps tbody tr").first).to_contain_text("2025-06-01")
    page.locator(".route details summary").first.click()
    expect(page.locator(".route").first).to_contain_text("half a year late")
    page.get_by_role("button", name="Back to the questions").click()
    expect(page.locator("#f-birth_date")).to_have_value("1985-03-14")


def test_a_move_is_ruled_out_and_another_made_shorter(page: Page) -> None:
    _route(page)
    for ident in ("intermediate", "base_1x", "base_2x", "base_3x"):
        page.check(f"input[name='without.{ident}']")
    page.fill("#takes-bachelor", "24")
    page.fill("#cost-bachelor", "12000")
    with page.expect_navigation():
        page.get_by_role("button", name="Work it out again").click()
    expect(page.locator("#verdict")).to_contain_text("2027-06-01 at the earliest")
    expect(page.locator(".route").first).to_contain_text("12,000 yuan")
    expect(page.locator("input[name='without.base_3x']")).to_be_checked()


@pytest.mark.parametrize(("lang", "view"), [("zh", "standard"), ("en", "elder")])
@pytest.mark.parametrize("more", [{}, {"education": "doctor", "detention_dates": "none"}])
def test_axe_finds_nothing(page: Page, lang: str, view: str, more: dict[str, str]) -> None:
    _route(page, lang, view, **more)
    for summary in page.locator(".route details summary").all()[:2]:
        summary.click()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("view", ["standard", "elder"])
def test_a_phone_needs_no_sideways_scrolling(page: Page, view: str) -> None:
    for lang in ("zh", "en"):
        page.set_viewport_size({"width": 1280, "height": 900})
        _route(page, lang, view)
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 740})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} px wide in a window of {width} px, {lang}, {view}"


def test_switching_the_language_keeps_the_question(page: Page) -> None:
    _route(page)
    with page.expect_navigation():
        page.get_by_role("button", name="中文").click()
    expect(page.locator("#verdict")).to_contain_text("最早 2026-09-10 可以达到")
