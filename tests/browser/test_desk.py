"""The page on which a clerk works: clicks and loads of a clean case, keys, what is refused."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jifen.office.casework.access import access_case
from jifen.office.casework.actions.corrections import RequestedItem, ask_correction
from jifen.office.casework.actions.decisions import propose_decision
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.models import Application, Item
from tests.world.browser import SignIn, press
from tests.world.browser import clean as _clean
from tests.world.clean_cases import prepare_clean_cases, submit_clean_case
from tests.world.office import Office

pytestmark = pytest.mark.browser


class _Counted:
    """A page whose clicks and loads are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.loads = page, 0, 0
        page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def press(self, name: str, role: Any = "button") -> None:
        """One click that leads to a page."""
        self.clicks += 1
        press(self.page.get_by_role(role, name=name).first)


def test_a_clean_case_takes_a_clerk_two_clicks_and_two_loads(
    office: Office, sign_in: SignIn
) -> None:
    application = submit_clean_case(office)
    page = sign_in(office.clerk)
    page.goto("/desk/")
    counted = _Counted(page)
    counted.press(str(application.number), "link")
    _clean(page)
    assert page.locator("#open-facts .status-correction").count() == 0, "nothing needs a look"
    counted.press("并提出决定")
    application.refresh_from_db()
    assert application.state == "countersign"
    assert (counted.clicks, counted.loads) == (2, 2)


def test_a_clean_case_goes_by_keys_and_the_next_one_follows(
    office: Office, sign_in: SignIn
) -> None:
    application = submit_clean_case(office)
    page = sign_in(office.clerk)
    page.goto(f"/desk/{application.key}")
    page.keyboard.press("?")
    shown = page.locator("#keys").inner_text()
    for words in ("下一步", "要求补正", "下一份材料", "更正或不予认定此项", "回到队列"):
        assert words in shown, words
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("body").press("j")
    expect(page.locator("[id^='fact-']:focus")).to_be_attached()
    with page.expect_navigation():
        page.keyboard.press("g")
    application.refresh_from_db()
    assert application.state == "countersign"
    senior = sign_in(office.senior)
    senior.goto("/desk/")
    press(senior.get_by_role("link", name=str(application.number)).first)
    with senior.expect_navigation():
        senior.keyboard.press("g")
    application.refresh_from_db()
    assert application.state == "decided"


def test_what_has_no_evidence_needs_a_look_and_is_ticked_with_a_key(
    office: Office, sign_in: SignIn
) -> None:
    application = office.submitted()
    ask_due_registers()
    page = sign_in(office.clerk)
    page.goto(f"/desk/{application.key}")
    weak = page.locator("#open-facts .fact:has(.status-correction)")
    assert weak.count() > 0
    assert "没有记录" in weak.first.inner_text()
    assert "登记部门没有记录，需要材料：社会保险缴费记录" in page.inner_text("#open-facts")
    before = weak.count()
    place = weak.evaluate_all("all => all.findIndex(one => one.querySelector('[name=looked]'))")
    for _ in range(place + 1):
        page.locator("body").press("j")
    page.keyboard.press("c")
    with page.expect_navigation():
        page.keyboard.press("g")
    assert page.locator("#open-facts .fact").count() == before - 1, "the ticked one, and no other"


def test_a_refused_input_keeps_what_was_typed(office: Office, sign_in: SignIn) -> None:
    application = office.submitted()
    page = sign_in(office.clerk)
    page.goto(f"/desk/{application.key}")
    fact = page.locator("#fact-insured_months")
    fact.get_by_text("更正或不予认定").click()
    fact.locator("input.typed").fill("九十九万")
    fact.locator("textarea").fill("与缴费记录不一致")
    fact.locator("select[name=reason]").select_option("not_matching")
    press(fact.get_by_role("button", name="更正", exact=True))
    again = page.locator("#fact-insured_months")
    assert again.locator("input.typed").input_value() == "九十九万"
    assert again.locator("textarea").input_value() == "与缴费记录不一致"
    assert again.locator("select[name=reason]").input_value() == "not_matching"
    assert page.evaluate("document.activeElement.id") == "refused"
    assert Item.objects.get(fact="insured_months").finding == "open"
    _clean(page)


def test_a_correction_leads_to_the_item_and_asks_before_nothing_is_sent(
    office: Office, sign_in: SignIn
) -> None:
    application = office.submitted()
    items = [
        RequestedItem("fact", "education", "not_matching", "学位与证书不一致"),
        RequestedItem("material", "diploma", "not_matching", "第二页看不清"),
    ]
    ask_correction(access_case(office.clerk, application.key), items)
    page = sign_in(office.operator)
    page.goto(f"/cases/{application.key}")
    assert page.get_by_role("link", name="去上传").get_attribute("href") == "#m-diploma"
    expect(page.locator("#m-diploma input[type=file]")).to_be_attached()
    press(page.get_by_role("button", name="已改好，重新提交"))
    assert "都没有改动，还没有提交" in page.inner_text("main")
    application.refresh_from_db()
    assert application.state == "correction", "no round is used up"
    press(page.get_by_role("link", name="去修改"))
    expect(page.locator("#q-education")).to_be_in_viewport()
    page.goto(f"/cases/{application.key}?unchanged=yes")
    press(page.get_by_role("button", name="没有改动，仍然提交"))
    application.refresh_from_db()
    assert application.state == "review"


def test_what_a_senior_returns_is_shown_as_a_return(office: Office, sign_in: SignIn) -> None:
    application = office.reviewed(office.submitted())
    propose_decision(access_case(office.clerk, application.key))
    senior = sign_in(office.senior)
    senior.goto(f"/desk/{application.key}")
    senior.locator("summary", has_text="退回经办").click()
    senior.locator("input[name=fact][value=education]").check()
    senior.fill("#back-words", "学历证书与学信网不一致")
    press(senior.get_by_role("button", name="退回", exact=True))
    clerk = sign_in(office.clerk)
    clerk.goto(f"/desk/{application.key}")
    returned = clerk.locator("#returned")
    expect(returned).to_be_in_viewport()
    assert "学历证书与学信网不一致" in returned.inner_text()
    assert office.senior.get_full_name() in returned.inner_text()
    assert clerk.locator("#open-facts #fact-education").count() == 1, "it is open again"
    _clean(clerk)


def test_prepared_cases_are_worked_through_by_one_key_each(office: Office, sign_in: SignIn) -> None:
    cases = prepare_clean_cases(office, 3)
    page = sign_in(office.clerk)
    page.goto(f"/desk/{cases[0].key}")
    counted = _Counted(page)
    for _ in cases:
        with page.expect_navigation():
            page.keyboard.press("g")
    states = Application.objects.values_list("state", flat=True)
    assert set(states) == {"countersign"}
    assert counted.clicks == 0
    assert counted.loads <= 2 * len(cases)
    page.wait_for_url("**/desk/")
    assert "没有其他待办案件" in page.inner_text("main")
