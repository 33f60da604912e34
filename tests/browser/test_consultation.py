"""A draft is published, commented by two citizens, answered and put in force, in Chromium; then a
person is scored under it on its day."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from jifen.office.consultation.models import Consultation
from jifen.office.workshop.actions.effects import order_population
from jifen.office.workshop.editions_in_force import forget_editions
from jifen.office.workshop.models import Draft
from jifen.office.workshop.simulation.due import draw_due, simulate_due
from jifen.office.workshop.simulation.studies import study_due
from tests.world.browser import SignIn, clean, press
from tests.world.consultation import AFTER, ON, hold_day, mailed_links
from tests.world.office import user
from tests.world.studio import BACHELOR, DOCTOR, MASTER, TODAY, Studio

pytestmark = pytest.mark.browser
WIDE: ViewportSize = {"width": 1366, "height": 900}


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Populations and versions of this test, and the day held."""
    monkeypatch.setattr(settings, "JIFEN_POPULATIONS", str(tmp_path / "populations"))
    monkeypatch.setattr(settings, "JIFEN_EDITIONS", str(tmp_path / "editions"))
    monkeypatch.setattr(TODAY, lambda: ON)
    hold_day(monkeypatch, ON)
    forget_editions()
    yield
    forget_editions()


def _english(page: Page) -> None:
    """The same page in English, looked at, and back again."""
    page.goto(f"{page.url.split('?')[0]}?lang=en")
    clean(page)
    page.goto(f"{page.url.split('?')[0]}?lang=zh")


def _look_for_fewer(page: Page) -> None:
    """Ask on the page of a draft for a proposal that spares people of a college education, the
    group of most nurses, and see it answered."""
    press(page.get_by_role("link", name="寻找方案"))
    page.locator("[name='figure-1']").select_option(BACHELOR)
    page.locator("[name='figure-2']").select_option(DOCTOR)
    page.get_by_label("目标").fill("95")
    page.get_by_label("允许相差（人）").fill("15")
    page.locator("#by-1").select_option("education")
    page.locator("#loss-1").fill("0")
    page.locator("#only-1").fill("大专、高职")
    clean(page)
    press(page.get_by_role("button", name="寻找方案"))
    waiting = page.locator(".effect-body[data-poll]")
    expect(waiting).to_be_attached()
    assert study_due(timezone.now()) == 1
    expect(waiting).not_to_be_attached()
    expect(page.locator("#p-1")).to_have_text("方案 1")
    page.get_by_text("各组的损失").first.click()
    losses = page.get_by_role("region", name="方案 1：各组的损失").locator("tbody tr")
    expect(losses).to_have_count(1)
    expect(losses.first).to_contain_text("大专、高职")
    expect(losses.first.locator("td").nth(1)).to_have_text("0")
    clean(page)


def _expect_points(page: Page, version: str, points: str) -> None:
    """The self-assessment is by a version, and gives so many points for education."""
    which = page.locator("p.which a").first
    expect(which).to_have_attribute("href", f"/shanghai/policy/{version}/")
    line = page.locator("#result table.lines tr", has_text="教育背景").first
    expect(line.locator("td").last).to_contain_text(re.compile(rf"(^|\D){points}(\D|$)"))


@pytest.mark.django_db(transaction=True)
def test_from_an_indicator_to_a_person_scored_under_the_new_version(
    sign_in: SignIn, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio()
    order_population(studio.drafter, "shanghai", "shanghai", 2_000, 7)
    draw_due(timezone.now())

    # the drafter raises one indicator, and sees the effect
    drafter = sign_in(studio.drafter)
    drafter.goto(f"/studio/{studio.key}/")
    drafter.locator(f"[name='c:{MASTER}']").fill("105")
    expect(drafter.locator("#saved")).to_contain_text("已保存为第 2 稿")
    expect(drafter.locator(".effect-body[data-revision='2'][data-poll]")).to_be_attached()
    assert simulate_due(timezone.now()) == 1
    expect(drafter.locator("#effect .of-revision")).to_contain_text("第 2 稿")

    # a proposal that admits five per cent fewer, and nobody with a college education loses the line
    _look_for_fewer(drafter)
    press(drafter.get_by_role("button", name="采用方案 1，作为新的一稿"))
    expect(drafter.locator("#saved")).to_contain_text("已保存为第 3 稿")
    bachelor = drafter.locator(f"[name='c:{BACHELOR}']").input_value()
    assert int(bachelor) < 90
    expect(drafter.locator(f"[name='c:{MASTER}']")).to_have_value("105")
    assert simulate_due(timezone.now()) == 1
    expect(drafter.locator("#effect .of-revision")).to_contain_text("第 3 稿")
    studio.accept_cases()

    # she proposes it for comment; a form that lacks something comes back with what was typed
    drafter.goto(f"/studio/{studio.key}/")
    press(drafter.get_by_role("link", name="征求意见"))
    drafter.get_by_label("期限（工作日）").fill("10")
    press(drafter.get_by_role("button", name="提请征求意见"))
    expect(drafter.get_by_role("alert").first).to_contain_text("没有写起草说明")
    expect(drafter.get_by_label("期限（工作日）")).to_have_value("10")
    drafter.get_by_label("起草说明").fill("硕士的分值偏低，提高 5 分。")
    press(drafter.get_by_role("button", name="提请征求意见"))
    expect(drafter.get_by_text("已提请，等待另一位审批人发布")).to_be_visible()
    clean(drafter)
    row = Consultation.objects.get()
    assert page.request.get(f"/consultations/{row.key}/").status == 404

    # another person opens it
    approver = sign_in(studio.approver)
    approver.goto(f"/studio/{studio.key}/consultation")
    press(approver.get_by_role("button", name="发布，开始征求意见"))
    expect(approver.get_by_text("已发布，开始征求意见。")).to_be_visible()

    # everybody reads it: what changes, the effect with its label, and scores under it
    page.set_viewport_size(WIDE)
    page.goto("/consultations/")
    clean(page)
    press(page.get_by_role("link", name="2027 年调整"))
    expect(page.get_by_text("草案，不是现行办法")).to_be_visible()
    expect(page.locator("table.changes")).to_contain_text("105")
    expect(page.get_by_text("合成人口，非真实数据")).to_be_visible()
    assert page.context.cookies() == []
    clean(page)
    _english(page)
    press(page.get_by_role("link", name="按草案测算我的积分"))
    page.locator("[name='birth_date']").fill("1990-05-01")
    press(page.get_by_role("button", name="按草案计算"))
    expect(page.locator("#live")).to_contain_text("草案：")
    expect(page.locator(".aside .draft-banner")).to_be_visible()
    clean(page)

    # one citizen writes by e-mail, about a row of the table of education
    page.goto(f"/consultations/{row.key}/")
    press(page.locator("a[href$='place=indicator%3Aeducation']"))
    page.get_by_label("意见", exact=True).fill(
        "护士多为大专，<b>也</b>请考虑。 https://example.com"
    )
    page.get_by_label("署名").fill("李护士")
    page.get_by_label("邮箱").fill("不是邮箱")
    page.locator("form").first.evaluate("form => form.noValidate = true")
    clean(page)
    press(page.get_by_role("button", name="提交意见"))
    expect(page.get_by_role("alert").first).to_contain_text("没有填写可用的邮箱")
    expect(page.get_by_label("署名")).to_have_value("李护士")
    page.get_by_label("邮箱").fill("nurse@example.com")
    press(page.get_by_role("button", name="提交意见"))
    expect(page.get_by_role("heading", name="请查收邮件")).to_be_visible()
    [link] = mailed_links()
    page.goto(link)
    clean(page)
    press(page.get_by_role("button", name="确认"))
    press(page.get_by_role("link", name="看草案和意见"))
    comment = page.locator("#c-1")
    expect(comment).to_contain_text("护士多为大专，<b>也</b>请考虑。 https://example.com")
    expect(comment.locator("a[href^='https://example']")).to_have_count(0)
    assert "nurse@" not in page.content()

    # another signs in, replies and supports
    citizen = sign_in(user("citizen"))
    citizen.goto(f"/consultations/{row.key}/")
    press(citizen.locator("#c-1").get_by_role("link", name="支持"))
    clean(citizen)
    press(citizen.get_by_role("button", name="支持"))
    expect(citizen.get_by_role("heading", name="支持已计入")).to_be_visible()
    citizen.goto(f"/consultations/{row.key}/comment")
    citizen.get_by_label("意见", exact=True).fill("买药联系 13800000000")
    press(citizen.get_by_role("button", name="提交意见"))
    expect(citizen.get_by_role("heading", name="意见已公布")).to_be_visible()

    # a moderator hides what is none, with the ground shown
    moderator = sign_in(studio.moderator)
    moderator.goto(f"/studio/consultations/{row.key}/comments")
    moderator.get_by_text("审核第 2 条").click()
    moderator.locator("#ground-2").select_option("advertising")
    press(moderator.locator("button[value='hide:2']"))
    expect(moderator.get_by_text("已隐藏，理由已公开。")).to_be_visible()
    clean(moderator)
    page.goto(f"/consultations/{row.key}/")
    expect(page.locator("#c-2")).to_contain_text("此条已由意见审核人隐藏：广告或刷屏")
    assert "13800000000" not in page.content()

    # after the window it is answered by one person and signed by another
    hold_day(monkeypatch, AFTER)
    reviewer = sign_in(studio.reviewer)
    reviewer.goto(f"/studio/consultations/{row.key}/comments")
    reviewer.get_by_label("一起答复第 1 条").check()
    reviewer.get_by_label("部分采纳").check()
    reviewer.get_by_label("理由（公开）").fill("大专另行研究。")
    clean(reviewer)
    press(reviewer.get_by_role("button", name="保存答复"))
    expect(reviewer.get_by_text("答复已保存，签发后公开。")).to_be_visible()
    page.goto(f"/consultations/{row.key}/")
    assert "大专另行研究" not in page.content()
    reviewer.goto(f"/studio/{studio.key}/consultation")
    press(reviewer.get_by_role("button", name="提交答复"))
    # whoever signs has shown the second factor just now
    approver = sign_in(studio.approver)
    approver.goto(f"/studio/{studio.key}/consultation")
    press(approver.get_by_role("button", name="签发答复"))
    expect(approver.get_by_text("答复已签发并公布。")).to_be_visible()
    clean(approver)
    page.reload()
    expect(page.locator("#c-1 .answer")).to_contain_text("部分采纳")
    with page.expect_download() as download:
        page.get_by_role("link", name="签发的汇总（PDF）").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    # adopted by two sign-ins; the consultation is reason enough
    drafter.goto(f"/studio/{studio.key}/adoption")
    drafter.get_by_label("版本名").fill("2027")
    drafter.get_by_label("施行日期").fill("2027-01-01")
    press(drafter.get_by_role("button", name="提请施行"))
    expect(drafter.get_by_text("已提请施行，等待另一位审批人批准")).to_be_visible()
    # whoever adopts has shown the second factor just now
    approver = sign_in(studio.approver)
    approver.goto(f"/studio/{studio.key}/adoption")
    press(approver.get_by_role("button", name="批准施行"))
    expect(approver.get_by_text("版本 2027 自 2027-01-01 起施行")).to_be_visible()
    page.goto(f"/consultations/{row.key}/")
    expect(page.get_by_text("这份草案已批准为版本 2027")).to_be_visible()

    # somebody is scored by the old version on its last day, and by this one on its first
    page.goto("/shanghai/all/?on=2026-12-31")
    page.locator("[name='education'][value='bachelor_with_degree']").check()
    _expect_points(page, "2018", "90")
    page.locator("#on").fill("2027-01-01")
    page.locator("#use-day").click()
    _expect_points(page, "2027", bachelor)
    page.goto("/shanghai/policy/2027/")
    row_of_master = page.locator(".book-indicator", has_text="教育背景").first
    expect(row_of_master).to_contain_text(re.compile(r"105"))
    assert Draft.objects.count() == 1
