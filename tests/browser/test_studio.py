"""An official drafts in Chromium: raises an indicator, mends a fault at its cell, sees the effect
and the worked cases that change."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from jifen.office.workshop.actions.effects import order_population
from jifen.office.workshop.models import Draft, Run
from jifen.office.workshop.simulation.due import draw_due, simulate_due
from jifen.office.workshop.simulation.studies import study_due
from jifen.policy.editing import load_change
from tests.world.browser import SignIn, clean, press
from tests.world.office import staff
from tests.world.studio import BACHELOR, MASTER

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def own_populations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_POPULATIONS", str(tmp_path))


def _begin(page: Page) -> None:
    """From the list of drafts, a draft from Shanghai 2018."""
    press(page.get_by_role("link", name="政策草案"))
    page.get_by_label("名称").fill("2027 年调整")
    page.get_by_label("从哪个版本开始").select_option("shanghai@2018")
    page.locator("#on").fill("2026-11-30")
    press(page.get_by_role("button", name="开始起草"))


def _type(page: Page, path: str, text: str) -> None:
    page.locator(f"[name='c:{path}']").fill(text)


def _compute(page: Page, revision: int) -> None:
    """What the simulation process does, once the page waits for it."""
    waiting = page.locator(f".effect-body[data-revision='{revision}'][data-poll]")
    expect(waiting).to_be_attached()
    assert simulate_due(timezone.now()) == 1
    expect(waiting).not_to_be_attached()


def test_from_a_version_to_its_effect(sign_in: SignIn) -> None:
    drafter = staff("drafter", "policy_drafter")
    order_population(drafter, "shanghai", "shanghai", 2_000, 7)
    draw_due(timezone.now())
    page = sign_in(drafter)
    _begin(page)
    expect(page.get_by_text("没有算例改变。")).to_be_visible()

    # one indicator is raised: saved while typing, its cases and its effect follow
    _type(page, BACHELOR, "95")
    expect(page.locator("#saved")).to_contain_text("已保存为第 2 稿")
    _compute(page, 2)
    effect = page.locator("#effect")
    expect(effect).to_contain_text("合成人口，非真实数据")
    expect(effect.locator(".of-revision")).to_contain_text("第 2 稿")
    expect(page.locator("#cases")).to_contain_text("个算例改变")
    expect(page.locator("#bar-effect")).to_contain_text("达到")
    figures = effect.locator(".figures").inner_text()

    # a fault stands at its cell, the figures stay, grey, with their revision
    _type(page, MASTER, "一百零五")
    fault = page.locator("#f-c-indicators-education-choice-points-master")
    expect(fault).to_contain_text("应为：数")
    expect(page.locator(f"[name='c:{MASTER}']")).to_have_attribute("aria-invalid", "true")
    expect(effect.locator(".effect-body.old")).to_contain_text("以下是第 2 稿的数字")
    assert effect.locator(".figures").inner_text() == figures

    # mended: the effect follows again
    _type(page, MASTER, "105")
    expect(fault).to_be_empty()
    _compute(page, 4)
    expect(effect.locator(".of-revision")).to_contain_text("第 4 稿")
    draft = Draft.objects.get()
    change = draft.revisions.get(number=4).change
    assert load_change(change) == {BACHELOR: "95", MASTER: "105"}
    assert Run.objects.filter(state="done").count() == 2

    # the first changed case is judged
    press(page.locator("#cases").get_by_role("button", name=re.compile("^符合意图")).first)
    expect(page.locator("#cases")).to_contain_text("已判断：符合意图")
    clean(page)
    page.set_viewport_size(PHONE)
    expect(page.locator("#bar-effect")).to_be_visible()
    for name in ("历次修改", "与原版本对照", "文本（YAML）"):
        press(page.get_by_role("link", name=name))
        clean(page)
        page.go_back()


def test_what_another_browser_saves_is_seen_and_kept(sign_in: SignIn) -> None:
    drafter, other = staff("drafter", "policy_drafter"), staff("drafter2", "policy_drafter")
    mine, theirs = sign_in(drafter), sign_in(other)
    _begin(mine)
    theirs.goto(mine.url)
    _type(theirs, MASTER, "105")
    expect(theirs.locator("#saved")).to_contain_text("第 2 稿")
    _type(mine, BACHELOR, "95")
    expect(mine.locator("#saved")).to_contain_text("第 3 稿")
    expect(mine.locator(f"[name='c:{MASTER}']")).to_have_value("105")
    _type(theirs, BACHELOR, "99")
    expect(theirs.locator("#studio-said")).to_contain_text("保留了对方的修改；您写的是“99”")
    expect(theirs.locator("#saved")).to_contain_text("第 3 稿")


@pytest.mark.parametrize("address", ["/studio/", "/studio/populations"])
def test_the_other_pages_are_accessible(sign_in: SignIn, address: str) -> None:
    drafter = staff("drafter", "policy_drafter")
    order_population(drafter, "shanghai", "shanghai", 200, 7)
    draw_due(timezone.now())
    page = sign_in(drafter)
    page.goto(address)
    clean(page)


def test_a_proposal_is_looked_for_and_taken(sign_in: SignIn) -> None:
    drafter = staff("drafter", "policy_drafter")
    order_population(drafter, "shanghai", "shanghai", 2_000, 7)
    draw_due(timezone.now())
    page = sign_in(drafter)
    _begin(page)
    press(page.get_by_role("link", name="寻找方案"))
    for number, path in ((1, BACHELOR), (2, MASTER)):
        page.locator(f"[name='figure-{number}']").select_option(path)
    page.get_by_label("目标").fill("95")
    page.get_by_label("允许相差（人）").fill("15")
    clean(page)
    press(page.get_by_role("button", name="寻找方案"))
    waiting = page.locator(".effect-body[data-poll]")
    expect(waiting).to_be_attached()
    assert study_due(timezone.now()) == 1
    expect(waiting).not_to_be_attached()
    expect(page.get_by_role("heading", name="取舍")).to_be_visible()
    clean(page)
    page.set_viewport_size(PHONE)
    clean(page)
    press(page.get_by_role("button", name="采用方案 1，作为新的一稿"))
    expect(page.locator("#saved")).to_contain_text("已保存为第 2 稿")
    _compute(page, 2)

    # what the indicators weigh, of the new revision
    press(page.get_by_role("button", name="指标分量与临界人群"))
    expect(waiting).to_be_attached()
    assert study_due(timezone.now()) == 1
    expect(waiting).not_to_be_attached()
    expect(page.get_by_role("heading", name="离分数线的距离")).to_be_visible()
    clean(page)
