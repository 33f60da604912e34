"""Answers taken along in a link or a square code, and a picture without any."""

import re
from typing import Any

import pytest
import segno
import segno.encoder
from playwright.sync_api import Page, ViewportSize, expect

from tests.world.browser import accessibility_faults
from tests.world.walking import Visitor

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
BACHELOR = {
    "permit_valid": "true",
    "employed_and_insured": "true",
    "education": "bachelor_with_degree",
    "study_mode": "full_time",
}
TYPED = {"birth_date": "19900501", "insured_months_last_12": "12", "insured_months": "36"}
SQUARE = """async ([text, mask]) => {
  const { squareOf } = await import("/static/web/device/square.js");
  return squareOf(text, mask);
}"""


def _result(page: Page) -> str:
    """A result; its link."""
    page.set_viewport_size(PHONE)
    page.goto("/shanghai/")
    visitor = Visitor(page)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("result")
    expect(page.locator("#share .square svg")).to_be_visible()
    return page.locator("#share-link").input_value()


def _pad(bits: Any, version: int, length: int) -> None:
    """Bits up to a whole byte. The library adds a whole byte where none is missing; readers ignore
    it, but the standard (7.4.10) has none."""
    del version
    bits.extend([0] * (-length % 8))


@pytest.mark.parametrize("length", [1, 17, 60, 150, 271, 350, 620, 929, 1200])
def test_a_square_code_is_drawn_as_the_standard_says(
    page: Page, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """Against the library that draws the codes on notices, for each mask and many versions."""
    monkeypatch.setattr(segno.encoder, "write_padding_bits", _pad)
    page.goto("/shanghai/")
    text = ("https://jifen.example/#" + "aZ9-_" * 300)[:length]
    for mask in range(8):
        reference = segno.make(
            text, error="l", mode="byte", mask=mask, boost_error=False, micro=False
        )
        rows = [[bool(dark) for dark in row] for row in reference.matrix]
        assert page.evaluate(SQUARE, [text, mask]) == rows, mask


def test_a_text_that_is_too_long_has_no_square(page: Page) -> None:
    page.goto("/shanghai/")
    assert page.evaluate(SQUARE, ["x" * 3000, None]) is None


def test_the_link_opens_the_answers_on_another_phone_and_no_site_sees_them(page: Page) -> None:
    link = _result(page)
    assert "#answers=" in link
    assert len(link) < 700
    assert accessibility_faults(page) == []
    browser = page.context.browser
    assert browser
    other = browser.new_context(locale="zh-CN", viewport=PHONE).new_page()
    seen = list[str]()
    other.on("request", lambda request: seen.append(f"{request.url} {request.post_data or ''}"))
    other.goto(link)
    expect(other.locator("h1")).to_contain_text("达到 120 分线")
    assert "#" not in other.url
    assert not any("answers=" in one or "19900501" in one for one in seen)
    other.context.close()


def test_a_link_replaces_own_answers_only_on_request(page: Page) -> None:
    link = _result(page)
    page.evaluate("localStorage.clear()")
    page.goto("/shanghai/")
    visitor = Visitor(page)
    visitor.tap("is:false")
    page.goto("/robots.txt")
    page.goto(link)
    asks = page.locator("#walk-linked")
    asks.get_by_role("button", name="保留自己的").click()
    expect(page.locator("input[name=permit_valid]")).to_have_value("false")
    page.goto("/robots.txt")
    page.goto(link)
    asks.get_by_role("button", name="用链接里的回答").click()
    expect(page.locator("h1")).to_contain_text("达到 120 分线")


def test_a_broken_link_opens_an_empty_page(page: Page) -> None:
    page.goto("/shanghai/#answers=z%%%")
    expect(page.locator("#ask")).to_contain_text("居住证")
    expect(page.locator("input[name=permit_valid]")).to_have_count(0)


def test_the_picture_says_what_the_site_is_and_nothing_of_the_visitor(page: Page) -> None:
    _result(page)
    page.click("#show-picture")
    expect(page.locator("#picture img")).to_have_attribute("src", re.compile("^data:image/png"))
    first = page.locator("#picture img").get_attribute("src")
    page.evaluate("localStorage.clear()")
    page.goto("/shanghai/")
    visitor = Visitor(page)
    visitor.tap("is:false")
    visitor.tap("result")
    page.click("#show-picture")
    expect(page.locator("#picture")).to_be_visible()
    assert page.locator("#picture img").get_attribute("src") == first


def test_the_printed_sheet_holds_the_square(page: Page) -> None:
    _result(page)
    page.emulate_media(media="print")
    expect(page.locator("#share .square svg")).to_be_visible()
    expect(page.locator("#share button:visible, #share input:visible")).to_have_count(0)


def test_a_text_holds_result_papers_and_answers_and_is_read_again(page: Page) -> None:
    """In a browser inside another app nothing is downloaded and copying may be refused."""
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));"
        "document.execCommand = () => false;"
    )
    _result(page)
    page.click("#copy-text")
    expect(page.locator("#copy-text")).to_have_text("请长按选中的文字复制")
    expect(page.locator("#share-text")).to_be_focused()
    text = page.locator("#share-text").input_value()
    assert "达到 120 分线" in text
    assert "学位证书" in text
    assert accessibility_faults(page) == []
    page.evaluate("localStorage.clear()")
    page.goto("/shanghai/")
    page.locator("#load-file > summary").click()
    page.fill("#pasted-answers", text.partition("#")[0])
    page.click("#take-answers")
    expect(page.locator("#e-file")).to_contain_text("没有带回答的链接")
    page.fill("#pasted-answers", text)
    page.click("#take-answers")
    expect(page.locator("h1")).to_contain_text("达到 120 分线")


def test_what_was_copied_is_said_and_stands_in_the_clipboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = _result(page)
    page.click("#copy-link")
    expect(page.locator("#copy-link")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == link
