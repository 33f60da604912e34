"""One whole case through the pages: employer, person, clerk, police, senior clerk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.registry.models.people import name_indexes
from tests.world.browser import SignIn, press
from tests.world.browser import clean as _clean
from tests.world.office import Office, identity, photo

pytestmark = pytest.mark.browser


ANSWERS = {
    "permit_valid": "true",
    "employed_and_insured": "true",
    "education": "bachelor_with_degree",
    "study_mode": "full_time",
    "title": "none",
}


def _confirm_everything(page: Page) -> None:
    """What nothing proves with words, what has evidence together, the rest after a look at each."""
    while (unproved := page.locator("#open-facts input[id^='why-']")).count():
        unproved.first.fill("已在登记部门窗口核对")
        press(page.locator("#open-facts form:has([id^='why-']) button[value=confirmed]").first)
    for looked in page.locator("input[name=looked]").all():
        looked.check()
    press(page.locator("button[form=confirm]"))


def _fill(page: Page) -> None:
    """What a bachelor with seven insured years types."""
    page.fill("#f-birth_date", "1990-03-15")
    for fact, answer in ANSWERS.items():
        if page.locator(f"select#f-{fact}").count():
            page.select_option(f"#f-{fact}", answer)
        else:
            page.locator(f"[name={fact}][value={answer}]").check()
    for fact, months in {"insured_months": "84", "insured_months_last_12": "12"}.items():
        page.fill(f"#f-{fact}", months)
    for ident in page.eval_on_selector_all("[id^=none-]", "found => found.map(b => b.id)"):
        page.evaluate("document.getElementById('workspace').dataset.old = '1'")
        page.click(f"#{ident}")
        expect(page.locator("#workspace:not([data-old])")).to_be_visible()
    for field in page.locator("#facts input.typed:visible").all():
        if not field.input_value():
            field.fill("0")


def test_a_whole_case(office: Office, sign_in: SignIn, tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(photo())
    employer = sign_in(office.operator)
    press(employer.get_by_role("link", name="新建申请：上海"))
    _clean(employer)
    employer.fill("#name", "刘小满")
    employer.fill("#identity", identity(77, "19900315"))
    press(employer.get_by_role("button", name="开始填写"))
    employer.wait_for_url("**/draft")
    _fill(employer)
    expect(employer.locator("#saved")).to_contain_text("已保存")
    _clean(employer)
    press(employer.get_by_role("button", name="保存并返回申请"))
    _clean(employer)
    while employer.locator("text=还没有上传").count():
        missing = employer.locator("#submit li", has_text="还没有上传").first.inner_text()
        label = missing.removeprefix("还没有上传：").removesuffix("。")
        box = employer.locator(".material", has=employer.get_by_role("heading", name=label)).first
        box.locator("input[type=file]").set_input_files(tmp_path / "page.jpg")
        press(box.get_by_role("button", name="上传"))
    application = Application.objects.get(person__name_index__in=name_indexes("刘小满"))
    assert "还没有得到本人同意" in employer.inner_text("#submit")

    person = sign_in(office.person_user)
    application.person.user = None
    office.person.user = None
    office.person.save()
    window = sign_in(office.senior)
    press(window.get_by_role("link", name="本人绑定"))
    _clean(window)
    window.fill("#code-name", "刘小满")
    window.fill("#code-identity", identity(77, "19900315"))
    press(window.get_by_role("button", name="发放激活码"))
    _clean(window)
    person.goto("/my/self")
    _clean(person)
    person.fill("#name", "刘小满")
    person.fill("#identity", identity(77, "19900315"))
    person.fill("#code", window.inner_text(".code-shown"))
    press(person.get_by_role("button", name="绑定"))
    press(person.get_by_role("link", name="草稿"))
    press(person.get_by_role("button", name="我同意"))

    employer.reload()
    assert "内容齐全" in employer.inner_text("#submit")
    press(employer.get_by_role("button", name="提交申请"))
    assert "回执编号" in employer.inner_text("main")
    ask_due_registers()

    clerk = sign_in(office.clerk)
    for desk in (clerk, sign_in(office.police)):
        desk.goto("/desk/")
        _clean(desk)
        press(desk.get_by_role("link", name="SH20").first)
        _clean(desk)
        _confirm_everything(desk)
    clerk.goto(f"/desk/{application.key}")
    press(clerk.get_by_role("button", name="按认定的事实提出决定"))
    assert "待签发" in clerk.inner_text("main")

    senior = sign_in(office.senior)
    senior.goto("/desk/")
    press(senior.get_by_role("link", name="SH20").first)
    press(senior.get_by_role("button", name="签发", exact=True))
    assert "决定已签发" in senior.inner_text("main")

    person.reload()
    assert "达到分数线" in person.inner_text("#decision")
    _clean(person)
    application.refresh_from_db()
    assert application.state == "decided"


def test_correction_recheck_and_false_material(
    office: Office, sign_in: SignIn, tmp_path: Path
) -> None:
    (tmp_path / "page.jpg").write_bytes(photo("grey"))
    case = office.submitted()
    ask_due_registers()
    desk = f"/desk/{case.key}"
    clerk = sign_in(office.clerk)
    clerk.goto(desk)
    clerk.get_by_text("要求补正").click()
    clerk.locator("input[name=item][value='material:diploma']").check()
    clerk.fill("[name='words.material:diploma']", "第二页看不清")
    press(clerk.get_by_role("button", name="发出补正通知"))
    assert "补正" in clerk.inner_text(".which")

    employer = sign_in(office.operator)
    employer.goto(f"/cases/{case.key}")
    assert "第二页看不清" in employer.inner_text("#correction")
    assert employer.locator("#materials input[type=file]").count() == 1
    _clean(employer)
    employer.locator("#m-diploma input[type=file]").set_input_files(tmp_path / "page.jpg")
    press(employer.locator("#m-diploma").get_by_role("button", name="上传"))
    press(employer.get_by_role("button", name="已改好，重新提交"))

    clerk.goto(desk)
    assert "已补正" in clerk.inner_text("main")
    for reviewer in (clerk, sign_in(office.police)):
        reviewer.goto(desk)
        _confirm_everything(reviewer)
    clerk.goto(desk)
    press(clerk.get_by_role("button", name="按认定的事实提出决定"))
    senior = sign_in(office.senior)
    senior.goto(desk)
    press(senior.get_by_role("button", name="签发", exact=True))

    person = sign_in(office.person_user)
    person.goto(f"/cases/{case.key}")
    person.locator("summary", has_text="申请复核").click()
    person.locator("textarea[name^='line.']").first.fill("年龄分算少了")
    press(person.get_by_role("button", name="提交复核申请"))
    other = sign_in(office.supervisor)
    other.goto(desk)
    _clean(other)
    other.fill("#recheck-words", "出生日期与户口簿一致")
    press(other.get_by_role("button", name="维持原决定"))
    person.reload()
    assert "维持" in person.inner_text("main")

    other.goto(desk)
    other.locator("summary", has_text="发现虚假材料").click()
    other.select_option("#fact", "education")
    other.fill("#find-false-words", "学信网查无此证")
    press(other.get_by_role("button", name="登记并通知陈述"))
    person.reload()
    person.locator("textarea[id^=answer-]").fill("证书由学校补发，见附件")
    _clean(person)
    press(person.get_by_role("button", name="提交陈述"))
    senior.goto(desk)
    senior.locator("textarea[id^=false-words-]").fill("复核学校来函，不实")
    press(senior.get_by_role("button", name="成立，撤销决定"))
    assert "已撤销" in senior.inner_text("main")


def test_the_supervisor_sees_the_state_of_the_office(office: Office, sign_in: SignIn) -> None:
    office.submitted()
    page = sign_in(office.supervisor)
    page.goto("/lead/")
    assert "在办 1 件" in page.inner_text("main")
    _clean(page)


def test_the_years_ahead_of_a_holder_and_of_a_staff(office: Office, sign_in: SignIn) -> None:
    office.decided(office.submitted())
    period = PointsPeriod.objects.get()
    page = sign_in(office.admin)
    page.goto(f"/units/{office.unit.pk}/ahead")
    assert office.person.name in page.inner_text("main")
    _clean(page)
    page.goto(f"/points/{period.pk}/route")
    page.locator("#choices summary").click()
    _clean(page)
    page.select_option("#years", "5")
    press(page.get_by_role("button", name="重新计算"))
    page.wait_for_selector("#verdict")
    assert page.locator("#years").input_value() == "5"


def test_pages_of_signing_in_are_clean(page: Page, transactional_db: None) -> None:
    del transactional_db
    for address in ("/account/login/", "/account/signup/"):
        page.goto(address)
        _clean(page)
        page.goto(f"{address}?lang=en")
        assert page.locator("html").get_attribute("lang") == "en"
        page.goto(f"{address}?lang=zh")
