"""Two officials put a version in force in Chromium, and somebody is scored by it on its day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import ViewportSize, expect

from jifen.office.workshop.editions_in_force import forget_editions
from tests.world.browser import SignIn, clean, press
from tests.world.studio import MASTER, ON, TODAY, Studio

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def own_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Versions of this test, and none of it afterwards."""
    monkeypatch.setattr(settings, "JIFEN_EDITIONS", str(tmp_path))
    monkeypatch.setattr(TODAY, lambda: ON)
    forget_editions()
    yield
    forget_editions()


@pytest.mark.django_db(transaction=True)
def test_two_officials_put_a_version_in_force(sign_in: SignIn) -> None:
    studio = Studio()
    studio.save({MASTER: "105"})
    drafter = sign_in(studio.drafter)
    drafter.goto(f"/studio/{studio.key}/")
    press(drafter.get_by_role("link", name="施行"))
    expect(drafter.get_by_text("尚未判断为“符合意图”")).to_be_visible()
    studio.accept_cases()
    drafter.reload()
    drafter.get_by_label("版本名").fill("2027")
    drafter.get_by_label("施行日期").fill("2027年1月1日")
    press(drafter.get_by_role("button", name="提请施行"))
    # what was not filled in is told, and what was typed is still there
    expect(drafter.get_by_role("alert").first).to_contain_text("请写明征求意见的情况")
    expect(drafter.get_by_label("版本名")).to_have_value("2027")
    drafter.get_by_label("征求意见的情况").fill("试行调整，未征求意见")
    press(drafter.get_by_role("button", name="提请施行"))
    expect(drafter.get_by_text("已提请施行，等待另一位审批人批准")).to_be_visible()
    expect(drafter.get_by_role("button", name="批准施行")).to_have_count(0)
    clean(drafter)

    approver = sign_in(studio.approver)
    approver.goto(f"/studio/{studio.key}/adoption")
    press(approver.get_by_role("button", name="批准施行"))
    expect(approver.get_by_text("版本 2027 自 2027-01-01 起施行")).to_be_visible()
    press(approver.get_by_role("link", name="公告页"))
    expect(approver.get_by_text("本页的文本与签名一致")).to_be_visible()
    clean(approver)
    approver.set_viewport_size(PHONE)
    wide = approver.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]

    approver.goto("/shanghai/all/?on=2027-01-01")
    rules = approver.locator("p.which a").first
    expect(rules).to_have_attribute("href", "/shanghai/policy/2027/")
