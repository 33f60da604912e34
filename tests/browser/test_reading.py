"""What a reader sees on a phone, in a low window and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FACTS = "birth_date: 1990-05-01\neducation: master\n"


def _compare(page: Page, facts: str = FACTS) -> None:
    page.goto("/compare/")
    page.click(".advanced > summary")
    page.fill("#facts-text", facts)
    page.get_by_role("button", name="比较", exact=True).click()
    page.wait_for_selector(".versus")


def test_the_comparison_begins_with_its_result(page: Page) -> None:
    _compare(page)
    expect(page.locator("#compared-title")).to_be_focused()
    expect(page.locator("#compared-title")).to_be_in_viewport()
    assert not page.is_visible("#facts-text")


def test_from_the_comparison_the_answers_go_on_to_the_questions_of_a_city(page: Page) -> None:
    _compare(page, FACTS + "detention_dates: [2021-03-01]\n")
    page.get_by_role("button", name="到上海页补充").click()
    expect(page.locator("input[name=birth_date]")).to_have_value("1990-05-01")
    expect(page.locator("input[name=education]")).to_have_value("master")
    expect(page.locator("input[name='row.detention_dates']")).to_have_value("2021-03-01")
    expect(page.locator("h1")).to_contain_text("全日制")


@pytest.mark.parametrize("address", ["/shanghai/policy/", "/chengdu/policy/"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_date_is_never_broken(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    broken = page.evaluate(
        "[...document.querySelectorAll('.day')].filter(e => {"
        " const r = document.createRange(); r.selectNodeContents(e);"
        " return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1 })"
        ".map(e => e.textContent)"
    )
    assert broken == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_the_timeline_stays_inside_its_drawing(page: Page, city: str, lang: str) -> None:
    page.goto(f"/{city}/policy/?lang={lang}")
    outside = page.evaluate(
        "[...document.querySelectorAll('.timeline svg :is(rect, polygon, text)')].filter(e => {"
        " const b = e.getBBox(), v = e.ownerSVGElement.viewBox.baseVal;"
        " return b.x < 0 || b.x + b.width > v.width || b.y + b.height > v.height })"
        ".map(e => e.outerHTML)"
    )
    assert outside == []


def test_a_difference_is_read_downwards_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/shanghai/policy/2015/2018/")
    narrow = page.evaluate(
        "[...document.querySelectorAll('.change-table tbody :is(th, td)')]"
        ".filter(e => e.offsetParent && e.offsetWidth < 250).length"
    )
    assert narrow == 0


@pytest.mark.parametrize("view", ["standard", "elder"])
def test_the_strip_is_low_in_a_low_window(page: Page, view: str) -> None:
    page.set_viewport_size({"width": 740, "height": 375})
    page.goto(f"/shanghai/all/?view={view}")
    box = page.locator(".strip").bounding_box()
    assert box is not None
    assert box["height"] <= 375 / 6


def test_what_is_folded_is_printed(page: Page) -> None:
    page.goto("/shanghai/all/?example=E33")
    expect(page.locator(".folded li").first).not_to_be_visible()
    page.emulate_media(media="print")
    for item in page.locator(".folded li").all():
        expect(item).to_be_visible()
    expect(page.locator(".site-foot")).to_contain_text("以受理部门的认定为准")
    expect(page.locator(".site-foot")).to_be_visible()


def test_a_printed_comparison_names_its_day_and_its_rules(page: Page) -> None:
    _compare(page)
    page.emulate_media(media="print")
    foot = page.locator(".print-foot")
    expect(foot).to_be_visible()
    expect(foot).to_contain_text(re.compile("测算日期 [0-9-]{10}.*sha256:[0-9a-f]{64}"))
    expect(page.locator(".versus-about")).to_contain_text("积分不是落户")
    expect(page.locator(".versus thead th").first).to_have_css("color", "rgb(23, 41, 44)")
