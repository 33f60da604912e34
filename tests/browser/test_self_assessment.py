"""The self-assessment as a visitor meets it, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.world.page_states import wait_until

pytestmark = pytest.mark.browser

KEYS = {
    "birth_date": "19900501",
    "insured_months": "36",
    "insured_months_last_12": "12",
    "base_08x_months_last_48": "0",
    "base_1x_months_last_48": "0",
    "base_2x_months_last_48": "0",
    "base_3x_months_last_36": "0",
}
NONE_OF_THESE = {"none:bonus", "none:conduct"}
CHOICES = {
    "permit_valid": 1,
    "employed_and_insured": 1,
    "education": 4,
}


def _bounds(page: Page) -> tuple[int, int]:
    folded = page.locator("#result .figure-bounds p")
    shown = folded if folded.count() else page.locator("#result .figure-number")
    text = (shown.text_content() or "").replace("−", "-")
    ends = [int(number) for number in re.findall(r"-?\d+", text)][-2:]
    return ends[0], ends[-1]


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
    page.goto("/shanghai/all/?on=2025-06-01")
    widths = [_width(page)]
    page.focus("#f-birth_date")
    done: set[str] = set()
    for _ in range(120):
        ident, name, value = _focus(page)
        if name == "act" and value in NONE_OF_THESE - done:
            done.add(value)
            with page.expect_response(lambda r: r.request.method == "POST"):
                page.keyboard.press("Enter")
            expect(page.locator("#result")).to_be_visible()
            wait_until(page, "id => document.activeElement.id === id", ident)
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


def test_a_veto_takes_the_number_from_the_strip_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/shanghai/all/")
    expect(page.locator("#live")).to_have_text("还没有作答 · 分数线 120 分")
    page.locator('input[name="serious_crime"][value="true"]').check(force=True)
    expect(page.locator("#live")).to_have_text("一票否决：严重刑事犯罪记录 · 申请不会通过")
    expect(page.locator("#result .figure-number")).to_have_count(0)


def _width(page: Page) -> int:
    low, high = _bounds(page)
    return high - low


def test_a_fault_stands_beside_its_field_while_one_types(page: Page) -> None:
    page.goto("/shanghai/all/?lang=en")
    field = page.locator("#f-insured_months")
    field.fill("3 weeks")
    error = page.locator("#e-insured_months")
    expect(error).to_contain_text("3 weeks")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("40")
    expect(error).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#m-insured_months")).to_have_text("= 3 y 4 m")


def test_enter_in_a_field_stays_on_the_page(page: Page) -> None:
    page.goto("/shanghai/all/")
    page.locator("#f-birth_date").fill("1990-05-01")
    with page.expect_response("**/assess"):
        page.keyboard.press("Enter")
    expect(page.locator("#f-birth_date")).to_be_focused()


def test_insurance_is_entered_by_spells_and_shown_month_by_month(page: Page) -> None:
    page.goto("/shanghai/all/?on=2025-06-01")
    page.click("#by-spells")
    page.fill("#s-0-from", "202201")
    page.fill("#s-0-to", "2022-12")
    page.fill("#s-0-base", "12000")
    page.click("#add-spell")
    expect(page.locator("#s-1-from")).to_be_in_viewport()
    expect(page.locator("#s-1-from")).to_be_focused()
    page.fill("#s-1-from", "2022-12")
    page.fill("#s-1-to", "2025-05")
    page.fill("#s-1-base", "15000")
    expect(page.locator("#e-contributions")).to_contain_text("2022-12")
    expect(page.locator("#s-1-from")).to_have_attribute("aria-invalid", "true")
    page.fill("#s-1-from", "2023-01")
    expect(page.locator("#e-contributions")).to_be_hidden()
    expect(page.locator("#derived")).to_contain_text("41")
    expect(page.locator("#derived td.month-counts")).to_have_count(41)
    wages = page.locator("#derived table.months tbody")
    expect(wages).to_contain_text("12,183")
    expect(wages).to_contain_text("1.23")
    page.click("#drop-1")
    expect(page.locator("#s-1-from")).to_have_count(0)
    expect(page.locator("#s-0-from")).to_be_focused()
    page.click("#drop-0")
    expect(page.locator("#s-0-from")).to_have_value("")
    expect(page.locator("#add-spell")).to_be_focused()


def test_saved_facts_load_again(page: Page, tmp_path: Path) -> None:
    page.goto("/shanghai/all/")
    page.fill("#f-birth_date", "19900501")
    page.check("input[name=education][value=master]")
    expect(page.locator("#q-study_mode")).to_be_visible()
    with page.expect_download() as waiting:
        page.click('button[formaction$="/save"]')
    file = tmp_path / "facts.yaml"
    waiting.value.save_as(file)
    assert "education: master" in file.read_text(encoding="utf-8")
    page.goto("/")
    page.evaluate("localStorage.clear()")  # what comes back is of the file, not of the device
    page.goto("/shanghai/all/")
    page.set_input_files("#file", file)
    expect(page.locator("#file-name")).to_have_text("facts.yaml")
    page.click("#load")
    expect(page.locator("#f-birth_date")).to_have_value("1990-05-01")
    expect(page.locator("input[name=education][value=master]")).to_be_checked()


def test_language_and_elder_view_keep_the_answers_and_last(page: Page) -> None:
    page.goto("/shanghai/all/")
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
    page.goto("/shanghai/all/")
    browser = page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain = context.new_page()
    plain.goto(page.url)
    plain.fill("#f-birth_date", "19900501")
    plain.locator(".acts button[value=score]").click()
    expect(plain.locator("#f-birth_date")).to_have_value("19900501")
    expect(plain.locator("#result .line-counted .points")).to_have_text("30")
    context.close()


def test_the_result_prints_on_a4(page: Page, tmp_path: Path) -> None:
    page.goto("/shanghai/all/")
    page.fill("#f-birth_date", "19900501")
    page.emulate_media(media="print")
    expect(page.locator("#facts")).to_be_hidden()
    expect(page.locator(".print-foot")).to_contain_text("sha256:")
    printed = page.pdf(path=tmp_path / "result.pdf", format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")


STILL = """async () => {
  if (document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")) return false;
  const before = window.scrollY;
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  return window.scrollY === before;
}"""
"""Nothing is asked of the server or put in place, and the page has stopped moving."""


def _posted(response: Response) -> bool:
    return response.request.method == "POST"


def _press(page: Page, button: str) -> tuple[float, float]:
    """Press a button that replaces the form: where it stood before and after."""
    place = page.locator(button)
    page.evaluate(
        "s => document.querySelector(s).scrollIntoView({block: 'center', behavior: 'instant'})",
        button,
    )
    before = place.bounding_box()
    page.evaluate("document.getElementById('workspace').dataset.old = '1'")
    place.click()
    expect(page.locator("#workspace:not([data-old])")).to_be_visible()
    wait_until(page, STILL)
    after = place.bounding_box()
    assert before
    assert after
    return before["y"], after["y"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_stays_where_it_is_when_a_button_is_pressed(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/shanghai/all/?on=2025-06-01")
    with page.expect_response("**/assess"):
        page.locator("label:has(input[name=detention_dates][value=some])").click()
    for button in ("#by-spells", "#none-bonus", "#add-row-detention_dates"):
        before, after = _press(page, button)
        assert abs(after - before) <= 2, button
    expect(page.locator("#r-detention_dates-1")).to_be_focused()


def test_another_reading_brings_its_questions(page: Page) -> None:
    page.goto("/shanghai/all/?on=2025-06-01")
    page.click(".readings > summary")
    radio = page.locator(".readings input[type=radio]:not(:checked)").first
    ident = radio.get_attribute("id")
    with page.expect_response(_posted) as waiting:
        page.locator(f"label:has(#{ident})").click()
    assert waiting.value.url.endswith("/shanghai/all/")
    expect(page.locator(f"#{ident}")).to_be_checked()
    expect(page.locator(f"#{ident}")).to_be_focused()
    expect(page.locator(".readings")).to_have_attribute("open", "")


def test_a_day_is_applied_when_it_is_left_and_a_day_without_a_rule_keeps_the_form(
    page: Page,
) -> None:
    page.goto("/shanghai/all/?on=2025-06-01")
    with page.expect_response("**/assess"):
        page.fill("#f-birth_date", "1990-05-01")
    page.fill("#on", "2014-05-01")
    page.keyboard.press("Tab")
    expect(page.locator("input[name=as_of]")).to_have_value("2014-05-01")
    expect(page.locator("#use-day")).to_be_focused()
    page.fill("#on", "2010-01-01")
    page.click("#use-day")
    expect(page.locator("#e-on")).to_contain_text("2013-07-01")
    expect(page.locator("#on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-birth_date")).to_have_value("1990-05-01")
    page.fill("#on", "2025-06-01")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=as_of]")).to_have_value("2025-06-01")


def test_a_large_file_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"x" * 5_000_000)
    page.goto("/shanghai/all/")
    with page.expect_response("**/assess"):
        page.fill("#f-birth_date", "1990-05-01")
    page.set_input_files("#file", file)
    expect(page.locator("#e-file")).to_contain_text("超过 1 MB")
    page.click("#load")
    expect(page.locator("#f-birth_date")).to_have_value("1990-05-01")
    browser = page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain = context.new_page()
    plain.goto(page.url)
    plain.fill("#f-birth_date", "1990-05-01")
    plain.set_input_files("#file", file)
    plain.click("#load")
    expect(plain.locator("#e-file")).to_contain_text("超过 1 MB")
    expect(plain.locator("#f-birth_date")).to_have_value("1990-05-01")
    context.close()


def test_a_date_is_no_fault_until_it_is_left(page: Page) -> None:
    page.goto("/shanghai/all/")
    page.focus("#f-birth_date")
    with page.expect_response("**/assess"):
        page.keyboard.type("199")
    expect(page.locator("#e-birth_date")).to_be_empty()
    page.keyboard.press("Tab")
    expect(page.locator("#e-birth_date")).to_contain_text("199")
    expect(page.locator("#f-birth_date")).to_have_attribute("aria-invalid", "true")


def test_what_does_not_apply_is_not_shown_until_it_is_unticked(page: Page) -> None:
    page.goto("/shanghai/all/")
    field = page.locator("#f-spouse_local_months")
    with page.expect_response("**/assess"):
        field.fill("36")
    box = page.locator("input[name=na][value=spouse_local_months]")
    with page.expect_response("**/assess"):
        box.check()
    expect(field).to_have_value("")
    with page.expect_response("**/assess"):
        box.uncheck()
    expect(field).to_have_value("36")
    with page.expect_response("**/assess"):
        box.check()
    with page.expect_response("**/assess"):
        field.fill("12")
    expect(box).not_to_be_checked()


def test_without_a_network_the_result_says_that_it_is_old(page: Page) -> None:
    browser = page.context.browser
    assert browser
    page.goto("/shanghai/all/")
    context = browser.new_context(locale="zh-CN")
    other = context.new_page()
    other.goto(page.url)
    context.set_offline(True)
    other.fill("#f-birth_date", "1990-05-01")
    expect(other.locator("#result .warning")).to_contain_text("没有更新：网络不通。")
    expect(other.locator("#live")).to_contain_text("没有更新")
    context.set_offline(False)
    other.fill("#f-birth_date", "1991-05-01")
    expect(other.locator("#stale")).to_have_count(0)
    context.close()


def test_a_button_pressed_while_one_still_types_wins(page: Page) -> None:
    page.clock.install()
    page.goto("/shanghai/all/?on=2025-06-01")
    page.focus("#f-birth_date")
    page.keyboard.type("1990")
    page.click("#by-spells")
    expect(page.locator("#s-0-from")).to_be_visible()
    page.clock.run_for(2_000)  # whatever the typing had set going would happen by now
    wait_until(page, STILL)
    expect(page.locator("#s-0-from")).to_be_visible()
    expect(page.locator("#f-birth_date")).to_have_value("1990")
    expect(page.locator("#e-birth_date")).to_contain_text("1990")
