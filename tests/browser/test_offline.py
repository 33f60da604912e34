"""The network is cut in the middle: whoever opened a city goes on to the papers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.world.page_states import wait_until
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
KEPT = """async (paths) => {
  for (const path of paths) if (!(await caches.match(path))) return false;
  return true;
}"""


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A phone of which the network may be cut: what then fails to load is no fault."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _open(page: Page, address: str = "/shanghai/") -> Visitor:
    """A city that is opened once, and kept."""
    page.goto(address)
    named = page.evaluate(
        "(({measure, screens}) => [measure, screens])(document.getElementById('facts').dataset)"
    )
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(page, KEPT, [page.evaluate("location.pathname"), *named])
    return Visitor(page)


def test_without_a_network_somebody_goes_on_to_result_and_papers(phone: Page) -> None:
    visitor = _open(phone)
    visitor.tap("is:true")
    phone.context.set_offline(True)
    visitor.answer_all(BACHELOR, TYPED)
    phone.reload()
    visitor.tap("result")
    expect(phone.locator("h1")).to_contain_text("达到 120 分线")
    expect(phone.locator("#papers")).to_contain_text("学位证书")
    phone.click("#ask-cards")
    expect(phone.locator("#walk-failed")).to_contain_text("网络不通")
    phone.context.set_offline(False)
    phone.click("#ask-cards")
    expect(phone.locator("#cards .verdict")).to_be_visible()


def test_a_closed_tab_opens_again_without_a_network(phone: Page) -> None:
    visitor = _open(phone, "/chengdu/")
    visitor.tap("is:true")
    at = visitor.at
    other = phone.context.new_page()
    phone.close()
    other.context.set_offline(True)
    other.goto("/chengdu/")
    expect(other.locator("input[name='walk.at']")).to_have_value(at)
    expect(other.locator("input[type=hidden][name=permit_valid]")).to_have_value("true")


def test_a_page_that_needs_a_network_says_so(phone: Page) -> None:
    _open(phone)
    phone.context.set_offline(True)
    phone.goto("/compare/")
    expect(phone.locator("h1")).to_have_text("现在没有网络")
    phone.get_by_role("main").get_by_role("link", name="上海").click()
    expect(phone.locator("#ask")).to_be_visible()


def test_no_answer_is_in_what_is_kept_and_an_older_copy_goes(phone: Page) -> None:
    phone.goto("/robots.txt")
    phone.evaluate("caches.open('jifen-old').then((c) => c.put('/chengdu/', new Response('x')))")
    visitor = _open(phone)
    visitor.answer_all(BACHELOR, TYPED)
    wait_until(phone, "async () => !(await caches.has('jifen-old'))")
    wait_until(phone, KEPT, ["/chengdu/"])
    texts = phone.evaluate(
        """async () => {
          const [name] = await caches.keys();
          const cache = await caches.open(name);
          const kept = await Promise.all((await cache.keys()).map((one) => cache.match(one)));
          return Promise.all(kept.map((one) => one.text()));
        }"""
    )
    assert len(texts) > 10
    assert not any("19900501" in text for text in texts)
    assert not any(text == "x" for text in texts)
