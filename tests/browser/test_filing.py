"""Papers dropped all at once in a browser: sent one by one with progress, then sorted by a word."""

import pytest
from playwright.sync_api import FilePayload, ViewportSize, expect

from jifen.office.casework.models import MaterialVersion
from tests.world.browser import SignIn, clean, press
from tests.world.office import Office, photo

pytestmark = pytest.mark.browser

WIDTHS: list[ViewportSize] = [{"width": 390, "height": 844}, {"width": 1366, "height": 900}]


@pytest.mark.parametrize("size", WIDTHS, ids=["phone", "desk"])
def test_papers_are_dropped_at_once_and_sorted(
    office: Office, sign_in: SignIn, size: ViewportSize
) -> None:
    case = office.draft()
    page = sign_in(office.operator)
    page.set_viewport_size(size)
    page.goto(f"/cases/{case.application.key}")
    files: list[FilePayload] = [
        {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": photo()},
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo("red")},
    ]
    page.set_input_files("#all-files", files)
    press(page.locator(".drop-all button"))
    waiting = page.locator("#unsorted")
    expect(waiting).to_contain_text("还没有归类的文件（2）")
    clean(page)
    chosen = waiting.locator("select")
    expect(chosen.nth(0)).to_have_value("identity_card")
    expect(chosen.nth(1)).to_have_value("")
    chosen.nth(1).select_option("household_register")
    press(page.get_by_role("button", name="确认归类"))
    expect(page.locator("#m-household_register")).to_contain_text("IMG_1.jpg")
    expect(page.locator("#m-identity_card")).to_contain_text("身份证.jpg")
    expect(page.locator("#unsorted")).to_have_count(0)
    clean(page)
    kinds = MaterialVersion.objects.filter(dropped_at__isnull=True).values_list("material__kind")
    assert {kind for (kind,) in kinds} == {"identity_card", "household_register"}


def test_a_file_that_cannot_be_taken_is_named_and_the_others_stay(
    office: Office, sign_in: SignIn
) -> None:
    case = office.draft()
    page = sign_in(office.operator)
    page.goto(f"/cases/{case.application.key}")
    files: list[FilePayload] = [
        {"name": "x.txt", "mimeType": "text/plain", "buffer": b"nothing"},
        {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": photo()},
    ]
    page.set_input_files("#all-files", files)
    page.locator(".drop-all button").click()
    faults = page.locator("[data-faults]")
    expect(faults).to_contain_text("x.txt：不是 PDF、JPEG、PNG 或 HEIC 文件")
    expect(page.locator("[data-progress] output")).to_contain_text("其余文件已收到")
    page.reload()
    expect(page.locator("#unsorted")).to_contain_text("身份证.jpg")
