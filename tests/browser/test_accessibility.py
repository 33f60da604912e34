"""Every page: axe finds nothing, a phone needs no sideways scrolling."""

from itertools import product

import pytest
from playwright.sync_api import Page

from tests.world.browser import accessibility_faults

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/shanghai/",
    "/chengdu/",
    "/shanghai/all/",
    "/chengdu/all/",
    "/chengdu/all/?on=2019-06-01",
    "/chengdu/?on=2015-01-01",
    "/compare/",
    "/shanghai/policy/",
    "/shanghai/policy/2018/",
    "/chengdu/policy/2024/",
    "/shanghai/policy/2015/2018/",
    "/v/",
]


WAYS = [("zh", "standard"), ("en", "elder")]
READ = [(address, *way) for address in PAGES for way in WAYS]
READ += [("/shanghai/all/", "en", "standard"), ("/shanghai/all/", "zh", "elder")]


@pytest.mark.parametrize(("address", "lang", "view"), READ)
def test_axe_finds_nothing(page: Page, address: str, lang: str, view: str) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}&view={view}")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_phone_and_a_narrow_window_need_no_sideways_scrolling(page: Page, address: str) -> None:
    for lang, view in product(("zh", "en"), ("standard", "elder")):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}&view={view}")
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 740})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} px wide in a window of {width} px, {lang}, {view}"


def test_axe_finds_nothing_in_a_form_with_answers_and_faults(page: Page) -> None:
    page.goto("/shanghai/all/")
    page.fill("#f-insured_months", "3 years")
    page.check("input[name=education][value=master]")
    page.check("input[name=detention_dates][value=some]")
    page.check("input[name=serious_crime][value=true]")
    page.click("#by-spells")
    page.fill("#s-0-from", "2022-13")
    page.fill("#s-0-to", "2022-14")
    page.keyboard.press("Tab")  # a month is judged once it is left
    page.wait_for_selector("#e-contributions:not([hidden])")
    assert accessibility_faults(page) == []


def test_axe_finds_nothing_in_a_comparison(page: Page) -> None:
    page.goto("/compare/")
    page.click(".advanced > summary")
    page.fill("#facts-text", "birth_date: 1990-05-01\neducation: master\n")
    page.get_by_role("button", name="比较").click()
    page.wait_for_selector(".versus")
    assert accessibility_faults(page) == []


def test_every_target_of_the_form_is_large_enough(page: Page) -> None:
    page.goto("/shanghai/all/?view=elder")
    small = page.evaluate(
        "[...document.querySelectorAll('#facts label.option, #facts button, #facts select,"
        " #facts input[type=text], .switch, .site-nav a')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 60)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert small == []
