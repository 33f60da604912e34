"""An administrator of a city sets it up in the browser; everybody reads the result."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jifen.office.messages.models import Message, MessageState
from tests.world.browser import SignIn, clean, press
from tests.world.office import Office, staff

pytestmark = pytest.mark.browser


def fail_message(office: Office) -> Message:
    """A message about a filed case that the gateway refused."""
    case, now = office.submitted(), timezone.now()
    return Message.objects.create(
        event="case told",
        kind="submitted",
        edition=1,
        params={"number": case.number, "due_on": "2026-12-30"},
        channel="sms",
        recipient=f"person:{office.person.pk}",
        person=office.person,
        application=case,
        state=MessageState.FAILED,
        why="HTTP 400",
        made_at=now,
        due_at=now,
        ended_at=now,
        attempts=1,
    )


def test_background_work_and_a_delivery_tried_again(office: Office, sign_in: SignIn) -> None:
    office.person.phone = "13800000000"
    office.person.save()
    fail_message(office)
    page = sign_in(staff("cityadmin", "city_admin"))
    page.goto("/my/")
    press(page.get_by_role("link", name="管理：后台、地点、日历"))
    expect(page.get_by_text("没有后台进程在运行")).to_be_visible()
    clean(page)
    press(page.get_by_role("button", name="重发"))
    expect(page.get_by_role("status")).to_contain_text("已排入发送")
    expect(page.get_by_role("button", name="重发")).to_have_count(0)


def test_an_office_is_written_and_read(office: Office, sign_in: SignIn, page: Page) -> None:
    del office
    desk = sign_in(staff("cityadmin", "city_admin"))
    desk.goto("/administration/offices")
    press(desk.get_by_role("link", name="填写 浦东新区"))
    clean(desk)
    for label, words in (("名称", "浦东人才中心"), ("地址", "锦安东路 475 号"), ("电话", "1")):
        desk.get_by_label(label, exact=True).fill(words)
    desk.get_by_label("办公时间", exact=True).fill("周一至周五 9:00–17:00")
    press(desk.get_by_role("button", name="保存"))
    expect(desk.get_by_role("alert").first).to_contain_text("至少 5 位")
    expect(desk.get_by_label("地址", exact=True)).to_have_value("锦安东路 475 号")
    clean(desk)
    desk.get_by_label("电话", exact=True).fill("021-12345678")
    press(desk.get_by_role("button", name="保存"))
    expect(desk.get_by_role("cell", name="021-12345678")).to_be_visible()
    clean(desk)
    page.goto("/shanghai/offices/")
    expect(page.get_by_role("heading", name="浦东人才中心")).to_be_visible()
    clean(page)


def test_working_days_need_two_administrators(office: Office, sign_in: SignIn) -> None:
    del office
    first = sign_in(staff("cityadmin", "city_admin"))
    first.goto("/administration/calendar")
    clean(first)
    year = timezone.localdate().year
    first.get_by_label("年份").fill(str(year))
    first.get_by_label("通知文号").fill("国办发明电〔2026〕9号")
    first.get_by_label("放假", exact=True).fill(f"{year}-10-01 {year}-10-07 国庆节")
    press(first.get_by_role("button", name="录入"))
    expect(first.get_by_text("须由另一名管理员确认。", exact=True)).to_be_visible()
    expect(first.get_by_role("button", name="确认")).to_have_count(0)
    clean(first)
    first.goto("/administration/retention?list=1")
    expect(first.get_by_role("status")).to_contain_text("没有到期的案件")
    clean(first)


def test_accounts_of_the_staff_fit_the_page(office: Office, sign_in: SignIn) -> None:
    del office
    page = sign_in(staff("security", "security_admin"))
    page.goto("/staff/accounts")
    expect(page.get_by_role("cell", name="没有现任岗位")).to_have_count(0)
    clean(page)
    press(page.get_by_role("button", name="邀请工作人员"))
    expect(page.get_by_role("alert").first).to_be_visible()
    clean(page)
