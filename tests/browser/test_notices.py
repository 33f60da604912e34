"""A notice in the hands of others: scanned off the printed page, typed by hand, shared, checked
without the network; by its holder and the clerk."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions import events, printing
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.keys import load_notice_keys
from jifen.office.notices.models import Notice, Opening
from jifen.statements.codes import format_code, make_code
from jifen.statements.jws import sign_claims
from jifen.statements.list_statement import ListStatement
from tests.world.browser import SignIn, is_error, press
from tests.world.browser import clean as _clean
from tests.world.notice import picture
from tests.world.office import Office, today

pytestmark = pytest.mark.browser


def apart(work: Callable[[], object]) -> None:
    """As a worker does it, in a process of its own: beside the browser's loop there is no other."""

    def done() -> None:
        work()
        connections.close_all()

    thread = Thread(target=done)
    thread.start()
    thread.join()


@pytest.fixture
def notice(office: Office, live_server: LiveServer, settings: object) -> Iterator[Notice]:
    """A notice that holds for 200 days, its square code leading to this server."""
    office.decided(office.submitted())
    settings.JIFEN_ADDRESS = live_server.url  # type: ignore[attr-defined]
    PointsPeriod.objects.update(until=today() + timedelta(days=200))
    apart(events.issue_for_case_events)
    apart(printing.print_due_notices)
    yield Notice.objects.get(kind="notice")
    cache.clear()


def phone(chromium: Browser, live_server: LiveServer, **more: object) -> Page:
    """A plain phone: no sign-in, nothing kept."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 375, "height": 740},
        locale="zh-CN",
        **more,  # type: ignore[arg-type] # options of a context
    )
    return context.new_page()


def printed(notice: Notice, folder: Path) -> Image.Image:
    """The page as a printer lays it down: by poppler, where it is there."""
    pdf = folder / "notice.pdf"
    pdf.write_bytes(printing.read_pdf(notice.sheet))
    if shutil.which("pdftoppm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no pdftoppm, and CI=true: apt-get install poppler-utils")
        return picture(pdf.read_bytes())
    made = folder / "page"
    subprocess.run(["pdftoppm", "-r", "200", "-png", pdf, made], check=True)
    return Image.open(max(folder.glob("page*.png")))


def test_the_square_code_on_the_printed_page_opens_the_result_on_a_phone(
    notice: Notice, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    (code,) = zxingcpp.read_barcodes(printed(notice, tmp_path))
    page = phone(chromium, live_server)
    page.goto(code.text)
    assert page.locator(".check-state").inner_text().split() == ["✓", "有效"]
    said = page.locator("main").inner_text()
    for expected in (notice.number, "王**", "达到标准分值 120 分", "浦东新区"):
        assert expected in said
    assert "166" not in said
    _clean(page)
    press(page.get_by_role("link", name="长辈版"))
    assert page.locator("html.elder").count() == 1
    _clean(page)
    press(page.get_by_role("link", name="English"))
    assert "the line of 120 is reached" in page.locator("main").inner_text()
    _clean(page)


def test_the_short_code_is_typed_by_hand_with_a_slip_put_right(
    notice: Notice, chromium: Browser, live_server: LiveServer
) -> None:
    page = phone(chromium, live_server)
    page.goto("/v/")
    _clean(page)
    wrong = format_code(notice.code)[:-1] + ("A" if notice.code[-1] != "A" else "B")
    page.get_by_label("查验码").fill(wrong)
    with page.expect_response("**/v/?code=*") as answered:
        press(page.get_by_role("button", name="查验"))
    assert answered.value.status == 422
    assert "查验码有误" in page.locator(".error").inner_text()
    page.get_by_label("查验码").fill(format_code(notice.code).lower())
    press(page.get_by_role("button", name="查验"))
    page.wait_for_url(f"**/v/{notice.code}")
    assert "有效" in page.locator(".check-state").inner_text()


def test_revoked_and_unknown_papers_say_so(
    notice: Notice, chromium: Browser, live_server: LiveServer
) -> None:
    page = phone(chromium, live_server)
    page.goto(f"/v/{make_code([9] * 11)}")
    assert "查无此件" in page.locator(".check-state").inner_text()
    _clean(page)
    PointsPeriod.objects.update(ended_on=today())
    apart(lambda: revoke_for_person(notice.person_id, "shanghai"))
    page.goto(f"/v/{notice.code}")
    assert "已作废" in page.locator(".check-state").inner_text()
    _clean(page)


def test_a_paper_that_has_not_begun_says_from_which_day(
    office: Office, sign_in: SignIn, chromium: Browser, live_server: LiveServer
) -> None:
    office.decided(office.submitted())
    first = today() + timedelta(days=10)
    PointsPeriod.objects.update(since=first, until=first + timedelta(days=364))
    apart(events.issue_for_case_events)
    apart(printing.print_due_notices)
    page = phone(chromium, live_server)
    paper = Notice.objects.get(kind="notice")
    for view in ("", "?lang=en", "?view=elder"):
        page.goto(f"/v/{paper.code}{view}")
        assert str(first) in page.locator("main").inner_text()
        _clean(page)
    mine = sign_in(office.person_user)
    mine.goto(f"/cases/{paper.application.key}")
    assert "有效期尚未开始" in mine.locator("#papers").inner_text()
    _clean(mine)


def test_the_holder_downloads_shares_and_sees_who_opened_it(
    notice: Notice, office: Office, sign_in: SignIn, chromium: Browser, live_server: LiveServer
) -> None:
    mine = sign_in(office.person_user)
    mine.goto(f"/cases/{notice.application.key}")
    press(mine.locator("#papers").get_by_role("link", name="居住证积分通知书", exact=True))
    _clean(mine)
    with mine.expect_download() as got:
        mine.get_by_role("link", name="下载（PDF，已签章）").click()
    assert got.value.path().read_bytes() == printing.read_pdf(notice.sheet)
    mine.get_by_label("给谁看").fill("第一小学")
    mine.get_by_label("每一项得分").check()
    press(mine.get_by_role("button", name="生成链接"))
    link = mine.locator(".link-once").inner_text()
    school = phone(chromium, live_server)
    school.goto(urlsplit(link).path)
    _clean(school)
    school.get_by_label("您的单位或姓名").fill("第一小学 李老师")
    press(school.get_by_role("button", name="打开"))
    assert "教育背景" in school.locator("main").inner_text()
    assert "166" in school.locator("main").inner_text()
    _clean(school)
    assert Opening.objects.count() == 1
    mine.reload()
    assert "第一小学 李老师" in mine.locator("#share").inner_text()
    _clean(mine)


def test_the_clerk_sees_the_paper_on_the_case(
    notice: Notice, office: Office, sign_in: SignIn
) -> None:
    desk = sign_in(office.clerk)
    desk.goto(f"/desk/{notice.application.key}")
    row = desk.locator("#papers li").filter(has_text=notice.number)
    assert "有效" in row.inner_text()
    _clean(desk)


def test_the_kept_page_checks_the_printed_code_with_the_network_off(
    notice: Notice, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    online = phone(chromium, live_server, accept_downloads=True)
    online.goto("/v/")
    with online.expect_download() as got:
        online.get_by_role("link", name="下载离线查验页").click()
    kept = tmp_path / "kept.html"
    got.value.save_as(kept)
    (code,) = zxingcpp.read_barcodes(printed(notice, tmp_path))

    context = chromium.new_context(offline=True, viewport={"width": 375, "height": 740})
    alone, asked, errors = context.new_page(), list[str](), list[str]()
    alone.on("request", lambda r: asked.append(r.url) if not r.url.startswith("file:") else None)
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
    alone.goto(kept.as_uri())
    _offline(alone, code.text)
    assert "签名真实，在有效期内" in alone.locator("#result .state").inner_text()
    said = alone.locator("#result").inner_text()
    assert notice.number in said
    assert "达到标准分值 120 分" in said
    assert "查到" in said
    _clean(alone)
    text = code.text
    changed = text[:-5] + ("A" if text[-5] != "A" else "B") + text[-4:]
    _offline(alone, changed)
    assert "不要采信" in alone.locator("#result .state").inner_text()
    alone.clock.set_fixed_time(timezone.now() + timedelta(hours=13))
    _offline(alone, text)
    assert "作废清单已过时" in alone.locator("#result .state.unchecked").inner_text()
    _clean(alone)
    _offline(alone, "hello")
    assert "重新扫描" in alone.locator("#result .state").inner_text()
    assert (asked, errors) == ([], [])
    context.close()


def _offline(page: Page, text: str) -> None:
    page.locator("#result").evaluate("(e) => e.replaceChildren()")
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="查验").click()
    page.locator("#result .state").wait_for()


def test_the_kept_page_knows_what_was_revoked(
    notice: Notice, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    from jifen.office.notices import publication

    PointsPeriod.objects.update(ended_on=today())
    apart(lambda: revoke_for_person(notice.person_id, "shanghai"))
    publication._build_list_of_minute.cache_clear()
    online = phone(chromium, live_server, accept_downloads=True)
    online.goto("/v/")
    with online.expect_download() as got:
        online.get_by_role("link", name="下载离线查验页").click()
    kept = tmp_path / "kept.html"
    got.value.save_as(kept)
    alone = chromium.new_context(offline=True).new_page()
    alone.goto(kept.as_uri())
    _offline(alone, notice.sheet.statement)
    assert "已作废" in alone.locator("#result .state").inner_text()
    assert re.search(r"查到 .+ 为止", alone.locator("#result").inner_text())


def kept_page(chromium: Browser, live_server: LiveServer, folder: Path) -> Page:
    """The page to keep, opened from the disk with the network off."""
    online = phone(chromium, live_server, accept_downloads=True)
    online.goto("/v/")
    with online.expect_download() as got:
        online.get_by_role("link", name="下载离线查验页").click()
    got.value.save_as(folder / "kept.html")
    alone = chromium.new_context(offline=True).new_page()
    alone.goto((folder / "kept.html").as_uri())
    return alone


def test_the_kept_page_says_of_a_renewal_that_it_has_not_begun(
    notice: Notice, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    alone = kept_page(chromium, live_server, tmp_path)
    coming = replace(printing.build_statement(notice), since=today() + timedelta(days=3))
    _offline(alone, coming.sign_with(load_notice_keys()))
    assert "有效期尚未开始" in alone.locator("#result .state.not_yet").inner_text()
    assert str(coming.since) in alone.locator("#result").inner_text()
    _clean(alone)
    begun = replace(coming, since=today())
    _offline(alone, begun.sign_with(load_notice_keys()))
    assert alone.locator("#result .state.valid").count() == 1


def test_the_kept_page_says_of_the_signature_of_a_list_what_it_is(
    notice: Notice, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    del notice
    alone = kept_page(chromium, live_server, tmp_path)
    listed = ListStatement("CH-L00012", "chengdu", "publicity", "2024-03-04", "2024-03-07", 2, "")
    _offline(alone, listed.sign_with(load_notice_keys()))
    assert "这是名单的签名" in alone.locator("#result .state.list").inner_text()
    _clean(alone)
    _offline(alone, sign_claims({"v": 2}, load_notice_keys()))
    assert "不是这个页面认识的通知书" in alone.locator("#result .state.other").inner_text()
