"""From the answers on a phone to a draft: nothing is brought unless that is ticked."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, ViewportSize, expect

from jifen.office.casework.models import Application, Item
from tests.world.browser import SignIn, clean, press
from tests.world.office import Office, identity
from tests.world.walking import Visitor

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
BOX = "带入这台设备上的答案"


def _answer(page: Page, city: str) -> None:
    """The result of somebody who gives a date of birth and passes over every other question."""
    page.set_viewport_size(PHONE)
    page.goto(f"/{city}/")
    visitor = Visitor(page)
    while visitor.at != "check":
        if visitor.at == "birth_date":
            visitor.type_in("birth_date", "19900501")
        else:
            visitor.tap("skip")
    visitor.tap("result")


def test_a_person_takes_the_answers_of_the_phone_into_a_draft(
    office: Office, sign_in: SignIn
) -> None:
    page = sign_in(office.person_user)
    _answer(page, "chengdu")
    expect(page.locator("#apply")).to_contain_text("本市由本人申报")
    clean(page)
    sent = list[Request]()
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    press(page.get_by_role("link", name="去申请"))
    box = page.get_by_role("checkbox", name=BOX)
    expect(box).to_be_visible()
    expect(box).not_to_be_checked()
    clean(page)
    page.select_option("#district", "wuhou")
    box.check()
    press(page.get_by_role("button", name="开始填写"))
    page.wait_for_url("**/draft")
    expect(page.get_by_text("已带入这台设备上的 1 项答案")).to_be_visible()
    expect(page.locator("#f-birth_date")).to_have_value("19900501")
    clean(page)
    assert [request.url.rsplit("/my/")[-1] for request in sent] == ["begin/chengdu"], "sent once"
    assert Item.objects.get(fact="birth_date").application.city == "chengdu"


def test_the_employer_opens_the_link_and_leaves_or_ticks_the_box(
    office: Office, sign_in: SignIn, page: Page
) -> None:
    _answer(page, "shanghai")
    expect(page.locator("#apply")).to_contain_text("您自己不能提交")
    clean(page)
    page.get_by_role("link", name="给单位的链接和方块码").click()
    expect(page.locator("#share-link")).to_be_in_viewport()
    link = page.locator("#share-link").input_value()

    employer = sign_in(office.operator)
    employer.set_viewport_size(PHONE)
    employer.goto("/my/begin/shanghai")
    expect(employer.locator("form[data-brings]")).to_be_visible()
    expect(employer.get_by_role("checkbox", name=BOX)).to_have_count(0)
    employer.goto(link)
    press(employer.get_by_role("link", name="我是单位经办人，去申请"))
    expect(employer.get_by_text("先看是不是这位员工的")).to_be_visible()
    clean(employer)
    for number, ticked in ((77, False), (78, True)):
        employer.goto("/my/begin/shanghai")
        employer.fill("#name", "刘小满")
        employer.fill("#identity", identity(number, "19900501"))
        employer.get_by_role("checkbox", name=BOX).set_checked(ticked)
        with employer.expect_request("**/my/begin/shanghai") as begun:
            press(employer.get_by_role("button", name="开始填写"))
        assert ("answers" in parse_qs(begun.value.post_data or "")) == ticked
        employer.wait_for_url("**/draft")
    newest, first = Application.objects.order_by("-id")[:2]
    typed = newest.items.get(fact="birth_date").typed
    # without the tick only what the number itself says
    brought = first.items.exclude(source="filled:identity_number")
    assert (brought.count(), typed) == (0, {"text": "19900501"})
