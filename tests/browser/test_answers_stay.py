"""Where answers go: they stay on the phone; before any leave it, the visitor is told and agrees."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

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
STEP_TIMES = """() => {
  window.times = [];
  let begun = 0;
  document.addEventListener("submit", () => { begun = performance.now(); }, true);
  document.addEventListener("jifen:step", () => window.times.push(performance.now() - begun));
}"""


@pytest.fixture
def posted(page: Page) -> list[str]:
    """The addresses to which the page sends something."""
    found = list[str]()

    def note(request: Request) -> None:
        if request.method != "GET":
            found.append(request.url)

    page.on("request", note)
    return found


@pytest.fixture
def failing(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A visitor of whom the browser may say that something did not load."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    yield context.new_page()
    context.close()


def _start(page: Page, address: str = "/shanghai/") -> Visitor:
    page.set_viewport_size(PHONE)
    page.goto(address)
    return Visitor(page)


def test_from_the_first_question_to_the_papers_nothing_is_sent(
    page: Page, posted: list[str]
) -> None:
    visitor = _start(page)
    expect(page.locator("#scored-words")).to_contain_text("在这台设备上计算，回答没有发送")
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("edit:education")
    visitor.tap("is:master")
    visitor.tap("result")
    expect(page.locator("h1")).to_contain_text("达到 120 分线")
    expect(page.locator("#papers")).to_contain_text("学位证书")
    expect(page.locator("#scored-words")).to_contain_text("回答没有发送")
    page.reload()
    expect(page.locator("#papers")).to_contain_text("学位证书")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("reached")
    page.get_by_role("button", name="And in Chengdu?").click()
    expect(page.locator("input[type=hidden][name=birth_date]")).to_have_value("19900501")
    assert posted == []


def test_the_way_is_worked_out_by_the_site_when_it_is_asked(page: Page, posted: list[str]) -> None:
    visitor = _start(page)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("result")
    expect(page.locator("#cards")).to_contain_text("按下后回答会发送给网站")
    assert posted == []
    page.click("#ask-cards")
    expect(page.locator("#cards .verdict")).to_be_visible()
    assert [url.rsplit("/", 1)[1] for url in posted] == ["cards"]


def test_insurance_by_employer_is_counted_on_the_phone(page: Page, posted: list[str]) -> None:
    """Wage, multiple, deferred months and the base of a salary, with the network cut."""
    visitor = _start(page)
    while visitor.at != "spells":
        visitor.tap("skip")
    page.context.set_offline(True)
    page.fill("#s-0-employer", "甲公司")
    page.fill("#s-0-from", "2022-01")
    page.fill("#s-0-to", "2023-12")
    page.fill("#s-0-base", "12000")
    page.click("#add-spell")
    page.fill("#s-1-from", "2024-03")
    page.fill("#s-1-to", "至今")
    page.fill("#s-1-base", "5000")
    page.select_option("#s-1-amount_is", "salary")
    page.click("#show-account")
    derived = page.locator("#derived")
    expect(derived).to_contain_text("2024-01 至 2024-02 （2 个月）")
    expect(derived.locator("td.month-gap")).to_have_count(2)
    expect(derived).to_contain_text("12,183")
    expect(derived).to_contain_text("0.60")
    visitor.tap("next")
    assert visitor.at != "spells"
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("input[name='spell.employer']").first).to_have_value("甲公司")
    assert posted == []


def test_a_pasted_table_goes_to_the_site_only_once_somebody_agreed(
    page: Page, posted: list[str]
) -> None:
    visitor = _start(page)
    while visitor.at != "spells":
        visitor.tap("skip")
    page.click(".paste > summary")
    page.fill("#paste", "甲公司\t2022-01\t2022-05\t12000")
    page.click("#take-paste")
    asks = page.locator("#walk-asks")
    expect(asks).to_contain_text("您的回答会发送给网站")
    asks.get_by_role("button", name="不发送").click()
    expect(asks).to_have_count(0)
    assert (visitor.at, posted) == ("spells", [])
    page.click("#take-paste")
    asks.get_by_role("button", name="发送并继续").click()
    expect(page.locator("#s-0-from")).to_have_value("2022-01")
    expect(page.locator("#s-0-employer")).to_have_value("甲公司")
    expect(page.locator("#scored-words")).to_contain_text("由网站计算")
    assert len(posted) == 1


def test_a_city_that_no_phone_can_score_says_that_the_site_does(
    page: Page, posted: list[str]
) -> None:
    visitor = _start(page, "/beijing/")
    expect(page.locator("#scored-words")).to_have_text("由网站计算，网站不保存您的回答。")
    visitor.tap("skip")
    expect(page.locator("#scored-words")).to_have_text("由网站计算，网站不保存您的回答。")
    assert len(posted) == 1


def test_another_day_is_scored_by_the_measure_of_that_day(page: Page, posted: list[str]) -> None:
    visitor = _start(page)
    visitor.answer_all(BACHELOR, TYPED)
    page.locator(".walk-day summary").click()
    page.fill("#on", "2016-02-29")
    visitor.tap("day")
    visitor.tap("result")
    expect(page.locator(".print-foot")).to_contain_text("2016-02-29")
    assert posted == []


def test_a_day_without_a_measure_is_said_and_nothing_changes(failing: Page) -> None:
    visitor = _start(failing)
    while visitor.at != "check":
        visitor.tap("skip")
    failing.locator(".walk-day summary").click()
    failing.fill("#on", "1995-01-01")
    failing.click("button[value=day]")
    expect(failing.locator("#walk-failed")).to_contain_text("没有施行中的积分办法")
    assert visitor.at == "check"


def test_each_step_is_there_within_50_ms(page: Page) -> None:
    """On a processor four times as slow as this one's, the slowest of a run may take twice that."""
    visitor = _start(page)
    expect(page.locator("#scored-words")).to_contain_text("在这台设备上计算")
    page.evaluate(STEP_TIMES)
    visitor.answer_all(BACHELOR, TYPED)
    visitor.tap("result")
    times = sorted(page.evaluate("window.times"))
    assert len(times) >= 8
    assert times[len(times) // 2] <= 50, times


def test_a_browser_that_cannot_load_the_module_asks_the_site(failing: Page) -> None:
    # without the worker, which would bring the module from what it keeps at the second try
    failing.add_init_script("delete Navigator.prototype.serviceWorker")
    failing.route("**/modules/**", lambda route: route.fulfill(status=404, body=""))
    visitor = _start(failing)
    expect(failing.locator("#scored-words")).to_contain_text("由网站计算")
    visitor.tap("is:true")
    expect(failing.locator("input[name=permit_valid]")).to_have_value("true")
    expect(failing.locator("#scored-words")).to_contain_text("由网站计算")
