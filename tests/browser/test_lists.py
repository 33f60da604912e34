"""Lists and what is open, clicked through: a ranking by two people, a search, an objection."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jifen.office.casework.models import Application
from jifen.office.lists.models import Entry, PublicList
from jifen.office.registry.models import Permit
from tests.world.browser import SignIn, press
from tests.world.browser import clean as _clean
from tests.world.office import user
from tests.world.rankings import people_in_rank, published_ranking, recheck_of
from tests.world.town import Town, facts_of, run_daily_steps

pytestmark = pytest.mark.browser
MONDAY = date(2024, 3, 4)


@pytest.fixture
def town(transactional_db: None) -> Town:
    del transactional_db
    return Town()


def test_a_ranking_is_opened_by_one_and_published_by_another(
    town: Town, sign_in: SignIn, page: Page
) -> None:
    for case, who in (("52", "P"), ("52", "Q"), ("52B", "P"), ("47", ""), ("46", "")):
        town.decided(facts_of("2018", case, who), date(2019, 6, 15))
    lead = sign_in(town.lead)
    press(lead.get_by_role("link", name="入户名单"))
    _clean(lead)
    lead.fill("#year", "2019")
    press(lead.get_by_role("button", name="生成排名并封存"))
    lead.wait_for_url("**/runs/CH2019-1")
    assert lead.get_by_role("button", name="发布公示名单").count() == 0
    _clean(lead)
    other = sign_in(town.lead2)
    other.goto("/desk/lists/runs/CH2019-1")
    press(other.get_by_role("button", name="发布公示名单"))
    assert "已公示" in other.locator(".notice").first.inner_text()
    page.goto("/chengdu/lists/")
    _clean(page)
    press(page.get_by_role("link", name="CH-L00001"))
    page.fill("#name", "王小明")
    press(page.get_by_role("button", name="查询", exact=True))
    assert "王**" in page.get_by_role("region", name="查询结果").inner_text()
    _clean(page)
    page.goto("/chengdu/lists/1?lang=en")
    page.fill("#name", "王小明")
    press(page.get_by_role("button", name="Search", exact=True))
    assert "public" in page.get_by_role("region", name="Found").inner_text()
    press(page.get_by_role("link", name="Large text"))
    _clean(page)


def test_a_supplement_is_opened_by_one_and_published_by_another(
    town: Town, sign_in: SignIn, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )
    _, outside, _ = people_in_rank(town)
    published_ranking(town, 1)
    recheck_of(outside, 20)
    lead = sign_in(town.lead)
    lead.goto("/desk/lists/")
    _clean(lead)
    press(lead.get_by_role("link", name="CH2019-1").first)
    _clean(lead)
    press(lead.get_by_role("button", name="生成公示补充名单"))
    _clean(lead)
    other = sign_in(town.lead2)
    other.goto("/desk/lists/runs/CH2019-2")
    press(other.get_by_role("button", name="发布公示名单"))
    for address in ("/chengdu/lists/", "/chengdu/lists/2", "/chengdu/lists/2?lang=en"):
        page.goto(address)
        _clean(page)
    assert "Supplementary publicity list" in page.locator("h1").inner_text()


def test_an_objection_is_filed_heard_and_decided_and_the_person_sees_it(
    town: Town, sign_in: SignIn
) -> None:
    holder = user("holder")
    entry = town.listed(name="欧阳娜娜", by=holder)
    run_daily_steps(MONDAY)
    until = timezone.localdate() + timedelta(days=1)
    Entry.objects.filter(pk=entry.pk).update(public_until=until)
    neighbour = sign_in(town.neighbour)
    neighbour.goto("/lists/chengdu/1/object")
    neighbour.fill("#name", "欧阳娜娜")
    neighbour.fill("#number", entry.number)
    neighbour.fill("#words", "听说社保是挂靠的")
    press(neighbour.get_by_role("button", name="提交异议"))
    assert "异议已提出" in neighbour.inner_text("main")
    _clean(neighbour)
    mine = sign_in(holder)
    press(mine.get_by_role("link", name=f"入户名单 {entry.number}"))
    mine.get_by_label("您的说明").fill("有劳动合同和工资流水")
    press(mine.get_by_role("button", name="提交说明"))
    _clean(mine)
    clerk = sign_in(town.clerk)
    clerk.goto(f"/desk/lists/entries/{entry.pk}")
    clerk.get_by_label("核查情况").fill("社保、合同、个税一致")
    press(clerk.get_by_role("button", name="记录核查情况"))
    _clean(clerk)
    lead = sign_in(town.lead)
    lead.goto(f"/desk/lists/entries/{entry.pk}")
    lead.get_by_label("结论理由").fill("三项一致，异议不成立")
    press(lead.get_by_role("button", name="异议不成立"))
    mine.reload()
    assert "三项一致" in mine.inner_text("main")


def test_what_is_open_is_read_by_everybody_and_by_the_person(
    town: Town, sign_in: SignIn, page: Page
) -> None:
    for address in ("/shanghai/opens/", "/chengdu/opens/", "/shanghai/opens/?lang=en"):
        page.goto(address)
        _clean(page)
    page.goto("/shanghai/opens/?lang=zh")
    assert page.locator(".notice").first.inner_text().startswith("积分不是落户")
    press(page.get_by_role("link", name="长辈版"))
    _clean(page)
    holder = user("holder")
    entry = town.listed(name="李雷", by=holder)
    case = Application.objects.get(decisions__listing=entry)
    today = timezone.localdate()
    Permit.objects.create(
        person=case.person,
        city="chengdu",
        district="wuhou",
        registered_on=date(2022, 1, 1),
        issued_on=date(2022, 3, 1),
        anchor=date(2022, 3, 1),
        years=today.year - 2022 + 1,
        valid_until=date(today.year + 1, 3, 1),
    )
    run_daily_steps(MONDAY)
    mine = sign_in(holder)
    for city in ("成都", "上海"):
        mine.goto("/my/")
        press(mine.get_by_role("link", name=f"为我开放的事项：{city}"))
        _clean(mine)
    assert "须确认：有效的居住证" in mine.inner_text("main")
    assert PublicList.objects.count() == 1
