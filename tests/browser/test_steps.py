"""The self-assessment step by step, as people with a phone meet it."""

import gzip

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect

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
COLLEGE = BACHELOR | {"education": "college", "title": "none"}
MONTHS = {f"base_{x}_months_last_{w}": "0" for x in ("08x", "1x", "2x") for w in (36, 48)}
MONTHS |= {"base_3x_months_last_36": "0", "base_1x_months_last_12": "0"}
EMPLOYER = {"from": "2021-01", "to": "至今", "base": "12000"}
CHENGDU = {
    "permit_valid": "true",
    "permit_area": "wuhou",
    "legal_residence": "true",
    "employed_six_months": "true",
    "qualification": "none",
    "star_talent": "none",
}


def _walk(page: Page, address: str = "/shanghai/") -> Visitor:
    page.set_viewport_size(PHONE)
    page.goto(address)
    return Visitor(page)


def _result(page: Page, address: str = "/shanghai/") -> Visitor:
    visitor = _walk(page, address)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("result")
    return visitor


def _ask_for_cards(page: Page) -> None:
    """The way ahead is worked out by the site, once somebody asks for it."""
    page.click("#ask-cards")
    expect(page.locator("#cards .verdict")).to_be_visible()


def test_a_bachelor_comes_from_empty_to_the_result_in_few_inputs(page: Page) -> None:
    visitor = _result(page)
    expect(page.locator("h1")).to_contain_text("达到 120 分线")
    assert visitor.inputs <= 12
    assert visitor.taps <= 12
    expect(page.locator("#papers")).to_contain_text("学位证书")
    expect(page.locator("#papers")).to_contain_text("教育背景")
    expect(page.locator("#filing")).to_contain_text("20 个工作日")
    _ask_for_cards(page)


def test_a_bachelor_gives_insurance_by_employer_in_few_inputs(page: Page) -> None:
    visitor = _walk(page)
    visitor.answer_all(BACHELOR, TYPED, [EMPLOYER])
    visitor.tap("result")
    expect(page.locator("h1")).to_contain_text("达到 120 分线")
    assert visitor.inputs <= 12
    assert visitor.taps <= 12
    expect(page.locator("#papers")).to_contain_text("学位证书")


def test_who_is_below_sees_the_way_there_in_cards(page: Page) -> None:
    visitor = _walk(page)
    visitor.answer_all(COLLEGE, TYPED | MONTHS | {"birth_date": "1988-05-01"})
    visitor.tap("result")
    expect(page.locator("h1")).to_contain_text("未达到分数线 120 分")
    _ask_for_cards(page)
    expect(page.locator(".way-card").first).to_contain_text("最快")
    expect(page.locator(".way-card", has_text="最稳妥")).to_have_count(1)
    assert page.locator(".way-card").count() <= 3


def test_somebody_in_chengdu_comes_to_a_result(page: Page) -> None:
    visitor = _walk(page, "/chengdu/")
    months = dict.fromkeys(("permit_months", "pension_months", "medical_months"), "60")
    visitor.answer_all(CHENGDU, months | {"birth_date": "1990-05-01"})
    visitor.tap("result")
    expect(page.locator("h1")).to_contain_text("100")
    expect(page.locator("#filing")).to_contain_text("15 个工作日")
    assert visitor.inputs <= 14


@pytest.mark.parametrize("view", ["standard", "elder"])
@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_the_first_question_stands_on_the_first_screen(page: Page, city: str, view: str) -> None:
    _walk(page, f"/{city}/?view={view}")
    bottoms = page.evaluate(
        "[...document.querySelectorAll('#walk h1, #walk .tap')]"
        ".map(e => e.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) >= 3
    assert max(bottoms) <= PHONE["height"]


@pytest.mark.parametrize("view", ["standard", "elder"])
def test_targets_are_large_enough_on_every_step(page: Page, view: str) -> None:
    least = 60 if view == "elder" else 44
    visitor = _walk(page, f"/shanghai/?view={view}")
    while visitor.at != "check":
        small = page.evaluate(
            "least => [...document.querySelectorAll('#walk button, #walk .tick, #walk .typed')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < least)"
            ".map(e => e.outerHTML.slice(0, 120))",
            least - 0.5,
        )
        assert small == []
        visitor.tap("skip")


def test_a_question_that_is_skipped_is_not_asked_again_until_it_is_wanted(page: Page) -> None:
    visitor = _walk(page)
    first = visitor.at
    visitor.tap("skip")
    assert visitor.at != first
    visitor.tap("back")
    assert visitor.at == first
    visitor.tap("skip")
    while visitor.at != "check":
        assert visitor.at != first
        visitor.tap("skip")
    expect(page.locator(".checked .unknown").first).to_have_text("不知道")
    visitor.tap("result")
    visitor.tap("more")
    assert visitor.at == first


def test_an_answer_is_changed_from_the_check_page_and_leads_back_there(page: Page) -> None:
    visitor = _walk(page)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("edit:education")
    expect(page.locator("button[value='is:bachelor_with_degree']")).to_have_attribute(
        "aria-pressed", "true"
    )
    visitor.tap("is:master")
    assert visitor.at == "check"
    expect(page.locator("#walk")).to_contain_text("硕士研究生")


def test_what_is_ticked_is_asked_for_and_the_rest_is_none(page: Page) -> None:
    visitor = _walk(page)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("edit:group:conduct")
    page.check("#has-detention_dates", force=True)
    visitor.tap("next")
    assert visitor.at == "detention_dates"
    visitor.tap("is:some")
    page.fill("#r-detention_dates-0", "2025-03-01")
    visitor.tap("next")
    while visitor.at != "check":
        visitor.tap("skip")
    expect(page.locator("#walk")).to_contain_text("2025-03-01")
    visitor.tap("result")
    expect(page.locator("#points")).to_contain_text("−50")


def test_a_fault_stays_on_its_step_and_says_what_to_do(page: Page) -> None:
    visitor = _walk(page)
    while visitor.at != "birth_date":
        visitor.tap("skip")
    visitor.tap("next")
    expect(page.locator("#e-step")).to_contain_text("请先回答")
    visitor.type_in("birth_date", "abc")
    expect(page.locator("#e-step")).to_contain_text("1990-05-01")
    expect(page.locator("#f-birth_date")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-birth_date")).to_be_focused()
    visitor.type_in("birth_date", "1990-05-01")
    assert visitor.at != "birth_date"


def test_nothing_is_lost_by_reload_back_language_view_or_a_closed_tab(page: Page) -> None:
    visitor = _walk(page)
    visitor.tap("is:true")
    visitor.tap("is:true")
    visitor.tap("is:master")
    at = visitor.at
    page.reload()
    expect(page.locator("input[name='walk.at']")).to_have_value(at)
    expect(page.locator("input[name=education]")).to_have_value("master")
    page.go_back()
    expect(page.locator("button[value='is:master']")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Large text").click()
    expect(page.locator("html")).to_have_class("elder")
    expect(page.locator("button[value='is:master']")).to_have_attribute("aria-pressed", "true")
    other = page.context.new_page()
    page.close()
    other.goto("/shanghai/")
    expect(other.locator("button[value='is:master']")).to_have_attribute("aria-pressed", "true")
    other.goto("/shanghai/all/")
    expect(other.locator("input[name=education][value=master]")).to_be_checked()


def test_what_cities_share_is_asked_once_and_each_keeps_its_own(page: Page) -> None:
    visitor = _walk(page)
    visitor.answer_all(BACHELOR, TYPED)
    page.goto("/chengdu/")
    expect(page.locator("input[type=hidden][name=birth_date]")).to_have_value("19900501")
    expect(page.locator("input[name=permit_valid]")).to_have_count(0)
    while visitor.at != "check":
        assert visitor.at != "birth_date"
        visitor.tap("skip")
    page.goto("/shanghai/")
    expect(page.locator("input[name=education]")).to_have_value("bachelor_with_degree")


def test_answers_are_cleared_by_one_tap_and_kept_only_while_wanted(page: Page) -> None:
    visitor = _walk(page)
    visitor.tap("is:true")
    expect(page.locator("#kept")).to_contain_text("回答只存在这台设备上")
    page.click("#kept-clear")
    expect(page.locator("#kept-words")).to_have_text("已清除。")
    page.reload()
    expect(page.locator("input[name=permit_valid]")).to_have_count(0)
    page.click("#kept-switch")
    expect(page.locator("#kept-words")).to_contain_text("没有保存")
    visitor.tap("is:true")
    assert page.evaluate("localStorage.getItem('jifen.answers')") is None
    page.reload()
    expect(page.locator("input[name=permit_valid]")).to_have_count(0)


def test_without_a_network_a_step_of_the_site_says_so_and_keeps_the_answers(page: Page) -> None:
    """Beijing cannot be scored on the device: the site answers each step."""
    page.goto("/beijing/")
    browser = page.context.browser
    assert browser
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    other = context.new_page()
    other.goto(page.url)
    visitor = Visitor(other)
    visitor.tap("skip")
    at = visitor.at
    context.set_offline(True)
    other.locator("button[value=skip]").click()
    expect(other.locator("#walk-failed")).to_contain_text("网络不通")
    assert visitor.at == at
    context.set_offline(False)
    visitor.tap("skip")
    expect(other.locator("#walk-failed")).to_have_count(0)
    assert visitor.at != at
    context.close()


def test_without_javascript_every_step_works(page: Page) -> None:
    page.goto("/")
    browser = page.context.browser
    assert browser
    context = browser.new_context(
        base_url=page.url, java_script_enabled=False, locale="zh-CN", viewport=PHONE
    )
    plain = context.new_page()
    plain.goto("/shanghai/")
    for _ in range(20):
        at = plain.locator("input[name='walk.at']").input_value()
        if at == "check":
            break
        if at == "spells":
            for name, text in EMPLOYER.items():
                plain.fill(f"#s-0-{name}", text)
            plain.locator("#show-account").click()
            expect(plain.locator("#derived")).to_contain_text("12,183")
            plain.locator("#walk button[value=next]").click()
        elif at in TYPED:
            plain.fill(f"#f-{at}", TYPED[at])
            plain.locator("#walk button[value=next]").click()
        else:
            go = f"is:{BACHELOR[at]}" if at in BACHELOR else "none"
            plain.locator(f"#walk button[value='{go}']").click()
    plain.locator("button[value=result]").click()
    expect(plain.locator("h1")).to_contain_text("达到 120 分线")
    assert "?" not in plain.url
    expect(plain.locator("#kept")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(
    ("lang", "view", "width"), [("zh", "standard", 390), ("en", "elder", 390), ("en", "", 1280)]
)
def test_axe_finds_nothing_on_any_step(page: Page, lang: str, view: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/shanghai/?lang={lang}&view={view or 'standard'}")
    visitor = Visitor(page)
    for _ in range(30):
        assert accessibility_faults(page) == [], visitor.at
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, visitor.at
        if visitor.at == "check":
            break
        if visitor.at == "spells":
            page.fill("#s-0-from", "2020-13")
            page.fill("#s-0-to", "2021-12")
            page.click("#show-account")
            expect(page.locator("#e-contributions")).to_contain_text("2022-04")
            assert accessibility_faults(page) == [], "a fault in a row"
            page.fill("#s-0-from", "2020-12")
            page.click("#show-account")
            expect(page.locator("#derived .month-key")).to_be_visible()
            assert accessibility_faults(page) == [], "the account of the months"
            visitor.employers([EMPLOYER])
        elif visitor.at in TYPED:
            visitor.type_in(visitor.at, TYPED[visitor.at])
        elif visitor.at in BACHELOR:
            visitor.tap(f"is:{BACHELOR[visitor.at]}")
        else:
            visitor.tap("none")
    visitor.tap("result")
    _ask_for_cards(page)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_screens_are_readable_at_night(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    _walk(page)
    assert accessibility_faults(page) == []
    _result(page)
    _ask_for_cards(page)
    assert accessibility_faults(page) == []
    for address in ("/", "/shanghai/all/?example=E33", "/shanghai/policy/2018/"):
        page.goto(address)
        assert accessibility_faults(page) == [], address


def test_the_result_prints_without_buttons(page: Page) -> None:
    _result(page)
    page.emulate_media(media="print")
    expect(page.locator("#walk button:visible")).to_have_count(0)
    expect(page.locator("#papers")).to_be_visible()
    expect(page.locator(".print-foot")).to_contain_text("sha256:")


def test_the_dates_are_a_file_for_the_calendar(page: Page) -> None:
    _result(page)
    _ask_for_cards(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="日期存入日历").click()
    assert waiting.value.suggested_filename == "jifen-shanghai.ics"
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "最晚这天有结果" in text.replace("\r\n ", "")


def test_the_keyboard_alone_comes_to_the_result(page: Page) -> None:
    visitor = _walk(page)
    for _ in range(30):
        at = visitor.at
        page.evaluate("document.getElementById('ask').dataset.old = 'yes'")
        if at == "spells":
            expect(page.locator("#s-0-employer")).to_be_focused()
            for text in EMPLOYER.values():
                page.keyboard.press("Tab")
                page.keyboard.type(text)
            page.keyboard.press("Enter")
        elif at in TYPED:
            expect(page.locator(f"#f-{at}")).to_be_focused()
            page.keyboard.type(TYPED[at])
            page.keyboard.press("Enter")
        else:
            go = "result" if at == "check" else f"is:{BACHELOR[at]}" if at in BACHELOR else "none"
            _press_by_keyboard(page, go)
        visitor.settled()
        if at == "check":
            break
    expect(page.locator("h1")).to_contain_text("达到 120 分线")
    expect(page.locator("h1")).to_be_focused()


def _press_by_keyboard(page: Page, go: str) -> None:
    button = page.locator(f"#walk button[name=go][value='{go}']").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{go} is not reached by the keyboard")


def test_every_step_has_a_heading_a_title_and_names_for_what_is_pressed(page: Page) -> None:
    visitor = _walk(page, "/shanghai/?lang=en")
    seen = set()
    while visitor.at != "check":
        heading = page.locator("#walk h1").inner_text()
        assert heading.split("?")[0] in page.title()
        group = page.get_by_role("group", name=heading)
        expect(group).to_have_count(1)
        if page.locator("#walk fieldset.step .typed").count():
            expect(page.get_by_role("textbox", name=heading)).to_be_visible()
        seen.add(page.title())
        visitor.tap("skip")
    assert len(seen) > 5


def _sent_bytes(response: Response) -> int:
    """What comes over the line: the server of the tests sends static files as they are."""
    if "content-encoding" in response.all_headers():
        return response.request.sizes()["responseBodySize"]
    return len(gzip.compress(response.body()))


def test_the_first_page_is_light_with_all_that_it_scores_with(page: Page) -> None:
    responses = dict[str, Response]()
    page.on("response", lambda response: responses.__setitem__(response.url, response))
    _walk(page)
    expect(page.locator("#facts[data-scored=device]")).to_be_attached()
    sizes = {address: _sent_bytes(response) for address, response in responses.items()}
    assert len(sizes) >= 7
    assert sum(sizes.values()) <= 90 * 1024, sizes
