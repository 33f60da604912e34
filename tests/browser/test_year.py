"""The years of one person in the browser: first points in June, a permit that ends in October."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.messages.models import Message, OutboxSms
from jifen.office.registry.models import Permit, Person
from jifen.office.site.worker import run_worker
from tests.world.browser import SignIn, clean, press
from tests.world.year import FILED, INSURANCE, City, set_day

pytestmark = pytest.mark.browser
PHONE = "13800000000"


@pytest.fixture
def city(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025, with first points."""
    del transactional_db
    set_day(monkeypatch, FILED)
    made = City()
    made.first(itself=False)
    Person.objects.filter(pk=made.person.pk).update(phone=PHONE)
    return made


def _open(page: Page, link: str) -> str:
    """A page of the yearly part of one's own page."""
    page.goto("/my/")
    press(page.locator("#yearly").get_by_role("link", name=link).first)
    return page.inner_text("main")


def _work(on: date) -> None:
    """As a worker does it, in a process of its own: beside the browser's loop there is no other."""

    def done() -> None:
        run_worker(once=True, on=on)
        connections.close_all()

    thread = Thread(target=done)
    thread.start()
    thread.join()


def _phone() -> str:
    """The newest SMS."""
    return str(OutboxSms.objects.latest("id").text)


def test_the_years_of_one_person(
    city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, employer = sign_in(city.person_user), sign_in(city.operator)

    # June: the first points end with the permit, in October
    assert "2025-06-02 – 2025-10-20" in _open(person, "积分")
    assert "请先办理居住证签注" in person.inner_text("#renew")
    clean(person)
    assert "2025-09-30 至 2025-10-05 之间自动签注" in _open(person, "居住证")
    clean(person)

    # September: she does not wait and endorses online; October: her employer renews in one click
    set_day(monkeypatch, date(2025, 9, 25))
    _open(person, "居住证")
    press(person.get_by_role("button", name="现在就签注"))
    assert "2026-10-20" in person.inner_text("#standing")
    _work(date(2025, 9, 25))
    assert "已签注，有效期到 2026-10-20" in _phone()
    set_day(monkeypatch, date(2025, 9, 29))
    city.say("insurance", INSURANCE | {"insured_months": 88})
    employer.goto("/my/")
    press(employer.get_by_role("link", name="员工续签"))
    clean(employer)
    press(employer.get_by_role("link", name="王小明"))
    press(employer.get_by_role("button", name="开始续签"))
    clean(employer)
    press(employer.get_by_role("button", name="提交申请"))
    _work(date(2025, 9, 29))
    employer.reload()
    assert "达到分数线" in employer.inner_text("#decision")
    assert not Application.objects.get(kind="renewal").reviews.filter(by__isnull=False).exists()
    assert "2025-10-21 – 2026-10-20" in _open(person, "积分")

    # from now on by itself: endorsed and renewed next year without anybody
    press(person.get_by_role("link", name="上次决定"))
    press(person.get_by_role("button", name="以后每年没有变化就自动续签"))
    for day in (date(2026, 9, 30), date(2026, 10, 10)):
        set_day(monkeypatch, day)
        _work(day)
    assert Permit.objects.get().valid_until == date(2027, 10, 20)
    assert "2026-10-21 – 2027-10-20" in _open(person, "积分")
    texts = list(OutboxSms.objects.order_by("id").values_list("text", flat=True))
    assert sum("已自动签注" in text for text in texts) == 1
    assert sum("已自动续签" in text for text in texts) == 2  # each straight through, told once
    person.goto("/inbox/")
    assert "您的积分已自动续签" in person.inner_text("main")
    clean(person)
    person.goto("/calendar/")
    assert "2027-10-20" in person.inner_text("main")
    clean(person)

    # she moves and forgets: refused with the reason, suspended, then 61 days late
    set_day(monkeypatch, date(2027, 9, 1))
    _open(person, "居住证")
    press(person.get_by_role("button", name="我搬家了"))
    set_day(monkeypatch, date(2027, 9, 30))
    _work(date(2027, 9, 30))
    assert "未能自动签注：居住地址有变动" in _phone()
    set_day(monkeypatch, date(2027, 10, 21))
    _work(date(2027, 10, 21))
    assert "请在 2027-12-19 前（含当日）补办签注" in _phone()
    assert "请在 2027-12-19 前补办居住证签注" in _open(person, "积分")
    assert "功能暂停" in _open(person, "居住证")
    late = date(2027, 10, 20) + timedelta(days=61)
    set_day(monkeypatch, late)
    assert "补办签注的期限 2027-12-19 已过" in _open(person, "积分")
    clean(person)
    window = _at_the_window(sign_in, city)
    window.get_by_text("更新居住登记", exact=True).click()
    window.locator("form", has=window.locator("[value=address]")).locator(
        "[name=dwelling]"
    ).select_option("own_home")
    press(window.get_by_role("button", name="更新", exact=True))
    press(window.get_by_role("button", name="重新签注"))
    assert "2027-12-20 起计算" in window.inner_text("#standing").replace("自 ", "")
    assert Permit.objects.get().valid_until == date(2028, 12, 20)
    clean(window)
    assert PointsPeriod.objects.filter(renewed=False, ended_on__isnull=True).count() == 1
    assert Message.objects.filter(state="due").count() == 0


def _at_the_window(sign_in: SignIn, city: City) -> Page:
    window = sign_in(city.clerk)
    window.goto("/permits/")
    window.fill("#identity", city.person.identity)
    press(window.get_by_role("button", name="查找"))
    return window


def test_early_before_the_school_season(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A permit that ends on 20 April: endorsed in February, points renewed before registration."""
    set_day(monkeypatch, FILED)
    city = City(date(2025, 4, 20))
    city.first()
    set_day(monkeypatch, date(2026, 2, 10))
    person, employer = sign_in(city.person_user), sign_in(city.operator)
    assert "提前 39 天" in _open(person, "居住证")
    clean(person)
    press(person.get_by_role("button", name="提前签注"))
    assert "2027-04-20" in person.inner_text("#standing")
    _work(date(2026, 2, 10))
    set_day(monkeypatch, date(2026, 2, 13))
    employer.goto(f"/units/{city.unit.pk}/renewals")
    press(employer.get_by_role("link", name="王小明"))
    press(employer.get_by_role("button", name="开始续签"))
    press(employer.get_by_role("button", name="提交申请"))
    _work(date(2026, 2, 13))
    assert "2026-04-21 – 2027-04-20" in _open(person, "积分")


def test_early_at_the_counter_ten_days_before_the_window_opens(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked before the season by somebody without an own home or a registered lease: the page shows
    how many days it saves, and the clerk presses the button."""
    set_day(monkeypatch, FILED)
    city = City(date(2025, 4, 20))
    city.first()
    Permit.objects.update(dwelling="other")
    set_day(monkeypatch, date(2026, 3, 11))
    person = sign_in(city.person_user)
    assert "一般提前 10 至 15 天" in _open(person, "居住证")
    expect(person.get_by_role("button", name="提前签注")).to_have_count(0)
    window = _at_the_window(sign_in, city)
    expect(window.locator("#early")).to_contain_text("提前 10 天")
    clean(window)
    press(window.get_by_role("button", name="提前签注"))
    expect(window.locator("#standing")).to_contain_text("2027-04-20")
    expect(window.locator(".history")).to_contain_text("提前 10 天")
