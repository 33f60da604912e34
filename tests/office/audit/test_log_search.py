"""An auditor finds rows of the log by what they know, in words; every look-up is in the log."""

from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from jifen.office.accounts.models import User
from jifen.office.audit.accesses import record_read
from jifen.office.audit.models import Access
from tests.world.office import Office, identity, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(monkeypatch: pytest.MonkeyPatch) -> User:
    """Who signs in without a second factor."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return staff("auditor", "auditor")


def _search(auditor: User, **fields: str) -> str:
    client = Client()
    client.force_login(auditor)
    return client.post("/log/", fields).content.decode()


def test_a_case_is_found_by_number_name_and_identity_number(auditor: User) -> None:
    case = Office().submitted()
    for about in (str(case.number), "王小明", identity(1)):
        page = _search(auditor, about=about)
        assert "提交申请" in page, about
        assert f"案件 {case.number}" in page, "words instead of ids"
        assert identity(1) not in page, "no whole number comes back"
    assert "没有符合条件的记录" in _search(auditor, about="赵不在")


def test_an_account_and_days_narrow_it(auditor: User) -> None:
    office = Office()
    office.submitted()
    page = _search(auditor, account="operator")
    assert "提交申请" in page
    assert "operator（operator）" in page
    assert "没有符合条件的记录" in _search(auditor, account="clerk2")
    assert "没有符合条件的记录" in _search(auditor, account="operator", until="2020-01-01")
    refused = _search(auditor, since="昨天")
    assert "无法识别日期“昨天”" in refused
    assert 'value="昨天"' in refused


def test_every_look_up_is_in_the_log_without_what_was_typed(auditor: User) -> None:
    _search(auditor, about=identity(1), since="2025-01-01")
    look = Access.objects.get(actor=f"user:{auditor.pk}", subject="audit")
    assert look.details == {"what": "log: about, since"}


def test_the_rows_are_exported(auditor: User) -> None:
    case = Office().submitted()
    record_read("user:77", f"application:{case.pk}", "case", city="shanghai")
    client = Client()
    client.force_login(auditor)
    form = {"about": str(case.number), "of": "accesses", "act_of_form": "export"}
    answer = client.post("/log/", form)
    assert 'filename="jifen-log-' in answer.headers["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    head, row = sheet.to_python()
    assert head[2] == "操作人"
    assert row[4:6] == ["查看", f"案件 {case.number}"]
    look = Access.objects.get(actor=f"user:{auditor.pk}", subject="audit")
    assert look.details == {"what": "log export: about"}
