"""The self-assessment as a visitor meets it, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

KEYS = {
    "birth_date": "19900501",
    "insured_months": "36",
    "insured_months_last_12": "12",
    "base_08x_months_last_48": "0",
    "base_1x_months_last_48": "0",
    "base_2x_months_last_48": "0",
    "base_3x_months_last_36": "0",
    "average_annual_tax": "0",
    "average_local_staff": "0",
    "public_service_months": "0",
    "spouse_local_months": "0",
}
CHOICES = {
    "permit_valid": 1,
    "employed_and_insured": 1,
    "education": 4,
    "outer_suburb_area": 3,
    "award": 1,
}


def _bounds(page: Page) -> tuple[int, int]:
    text = page.locator("#result .figure-number").inner_text()
    found = [int(number) for number in re.findall(r"-?\d+", text)]
    return found[0], found[-1]


def _focus(page: Page) -> tuple[str, str, str]:
    found: list[str] = page.evaluate(
        "() => { const e = document.activeElement;"
        " return [e.id || '', e.getAttribute('name') || '', e.getAttribute('value') || '']; }"
    )
    return found[0], found[1], found[2]


def _answer(page: Page, ident: str, name: str, done: set[str]) -> None:
    if name in KEYS and name not in done:
        with page.expect_response("**/assess"):
            page.keyboard.type(KEYS[name])
        assert _focus(page)[0] == ident, "typing moved the focus"
    elif name in CHOICES and name not in done:
        with page.expect_response("**/assess"):
            for _ in range(CHOICES[name]):
                page.keyboard.press("ArrowRight")
    elif name == "title":
        with page.expect_response("**/assess"):
            page.keyboard.press("ArrowDown")


def test_the_keyboard_alone_reaches_the_line_and_the_interval_narrows(page: Page) -> None:
    page.goto("/shanghai/?on=2025-06-01")
    widths = [_width(page)]
    page.focus("#f-birth_date")
    done: set[str] = set()
    for _ in range(120):
        ident, name, value = _focus(page)
        if name == "act" and value.startswith("none:") and value not in done:
            done.add(value)
            with page.expect_response(lambda r: r.request.method == "POST"):
                page.keyboard.press("Enter")
            expect(page.locator("#result")).to_be_visible()
            page.wait_for_function("id => document.activeElement.id === id", arg=ident)
        elif name == "act" and value == "score":
            break
        else:
            _answer(page, ident, name, done)
        done.add(name)
        widths.append(_width(page))
        page.keyboard.press("Tab")
    assert widths == sorted(widths, reverse=True)
    expect(page.locator("#result .figure-number")).to_have_text("129")
    expect(page.locator("#result .verdict")).to_have_class(re.compile("verdict-yes"))


def _width(page: Page) -> int:
    low, high = _bounds(page)
    return high - low


def test_a_fault_stands_beside_its_field_while_one_types(page: Page) -> None:
    page.goto("/shanghai/?lang=en")
    field = page.locator("#f-insured_months")
    field.fill("3 years")
    error = page.locator("#e-insured_months")
    expect(error).to_contain_text("3 years")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("40")
    expect(error).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#m-insured_months")).to_have_text("= 3 y 4 m")


def test_enter_in_a_field_stays_on_the_page(page: Page) -> None:
    page.goto("/shanghai/")
    page.locator("#f-birth_date").fill("1990-05-01")
    with page.expect_response("**/assess"):
        page.keyboard.press("Enter")
    expect(page.locator("#f-birth_date")).to_be_focused()


def test_insurance_is_entered_by_spells_and_shown_month_by_month(page: Page) -> None:
    page.goto("/shanghai/?on=2025-06-01")
    page.click("#by-spells")
    page.fill("#s-0-from", "202201")
    page.fill("#s-0-to", "2022-12")
    page.fill("#s-0-base", "12000")
    page.click("#add-spell")
    page.fill("#s-1-from", "2022-12")
    page.fill("#s-1-to", "2025-05")
    page.fill("#s-1-base", "15000")
    expect(page.locator("#e-contributions")).to_contain_text("2022-12")
    expect(page.locator("#s-1-from")).to_have_attribute("aria-invalid", "true")
    page.fill("#s-1-from", "2023-01")
    expect(page.locator("#e-contributions")).to_be_hidden()
    page.click(".worked-out > summary")
    expect(page.locator("#derived")).to_contain_text("41")
    expect(page.locator("#derived table tbody tr")).to_have_count(41)
    page.click('button[value="drop:1"]')
    expect(page.locator("#s-1-from")).to_have_count(0)


def test_saved_facts_load_again(page: Page, tmp_path: Path) -> None:
    page.goto("/shanghai/")
    page.fill("#f-birth_date", "19900501")
    page.check("input[name=education][value=master]")
    expect(page.locator("#q-study_mode")).to_be_visible()
    with page.expect_download() as waiting:
        page.click('button[formaction$="/save"]')
    file = tmp_path / "facts.yaml"
    waiting.value.save_as(file)
    assert "education: master" in file.read_text(encoding="utf-8")
    page.goto("/shanghai/")
    page.set_input_files("#file", file)
    page.click("form[action*='/load'] button")
    expect(page.locator("#f-birth_date")).to_have_value("1990-05-01")
    expect(page.locator("input[name=education][value=master]")).to_be_checked()


def test_language_and_elder_view_keep_the_answers_and_last(page: Page) -> None:
    page.goto("/shanghai/")
    page.fill("#f-birth_date", "19900501")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#f-birth_date")).to_have_value("19900501")
    page.get_by_role("button", name="Large text").click()
    expect(page.locator("html")).to_have_class("elder")
    expect(page.locator("#f-birth_date")).to_have_value("19900501")
    page.goto("/")
    expect(page.locator("html")).to_have_class("elder")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 24, "18 pt"
    heights = page.evaluate(
        "[...document.querySelectorAll('a.button, .switch, .site-nav a')]"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 60


def test_without_javascript_a_button_gives_the_whole_page(page: Page) -> None:
    page.goto("/shanghai/")
    browser = page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(page.url)
    plain.fill("#f-birth_date", "19900501")
    plain.locator(".acts button[value=score]").click()
    expect(plain.locator("#f-birth_date")).to_have_value("19900501")
    expect(plain.locator("#result .line-counted .points")).to_have_text("30")
    context.close()


def test_the_result_prints_on_a4(page: Page, tmp_path: Path) -> None:
    page.goto("/shanghai/")
    page.fill("#f-birth_date", "19900501")
    page.emulate_media(media="print")
    expect(page.locator("#facts")).to_be_hidden()
    expect(page.locator(".print-foot")).to_contain_text("sha256:")
    printed = page.pdf(path=tmp_path / "result.pdf", format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
