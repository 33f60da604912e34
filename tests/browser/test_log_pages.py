"""The two parts of the log, as an auditor reads them."""

import pytest
from playwright.sync_api import expect

from jifen.office.audit.accesses import record_read
from tests.world.browser import SignIn, clean
from tests.world.office import Office, staff

pytestmark = pytest.mark.browser


def test_an_auditor_reads_acts_and_accesses(office: Office, sign_in: SignIn) -> None:
    case = office.submitted()
    subject = f"application:{case.pk}"
    record_read("user:77", subject, "case", city="shanghai", source="192.0.2.7")
    page = sign_in(staff("auditor", "auditor"))
    page.goto("/log/")
    expect(page.get_by_role("cell", name="提交申请").first).to_be_visible()
    clean(page)
    page.get_by_role("link", name="登录与查看").click()
    expect(page.get_by_role("columnheader", name="来源地址")).to_be_visible()
    expect(page.get_by_role("cell", name="登录", exact=True).first).to_be_visible()
    page.get_by_label("关于").fill(str(case.number))
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("row")).to_have_count(2)  # the head, and the look
    expect(page.get_by_role("cell", name="192.0.2.7")).to_be_visible()
    clean(page)
