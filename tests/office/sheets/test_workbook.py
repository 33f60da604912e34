"""Workbooks are taken in behind the page: how far is shown, and a stop doubles and loses nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.casework.actions import workbooks
from jifen.office.casework.models import Application, Item, Workbook
from tests.world.office import Office, policy_today, today
from tests.world.workbooks import MANY, filled, handed_in, someone

pytestmark = pytest.mark.django_db


def test_few_people_are_taken_in_at_once_and_the_bad_rows_are_told() -> None:
    office = Office()
    client = Client()
    client.force_login(office.admin)
    content = filled([someone(0), someone(1, insured_months="三年")], policy_today(), today())
    address = reverse("batch", args=[office.unit.pk])
    sent = client.post(address, {"file": SimpleUploadedFile("staff.xlsx", content)})
    page = client.get(sent.headers["Location"]).content.decode()
    assert "新建草稿 1" in page
    assert "待改 1" in page
    assert "三年" in page
    mend = client.get(sent.headers["Location"] + "/to-mend.xlsx")
    assert mend.content.startswith(b"PK")
    assert "已完成" in client.get(address).content.decode()


def test_many_people_are_taken_in_by_the_worker_with_progress() -> None:
    office = Office()
    book = handed_in(office, MANY)
    client = Client()
    client.force_login(office.admin)
    page = client.get(reverse("batch_result", args=[book.key])).content.decode()
    assert f"第 0 人，共 {MANY} 人" in page
    assert 'hx-trigger="every 1s"' in page
    workbooks.import_due_workbooks()
    page = client.get(reverse("batch_result", args=[book.key])).content.decode()
    assert f"新建草稿 {MANY - 1}" in page
    assert "hx-trigger" not in page
    assert Entry.objects.filter(act="batch.taken").count() == 1


def test_a_worker_that_stops_at_any_row_doubles_and_loses_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = handed_in(Office(), MANY)
    one, gone = workbooks._import_row, 0

    def stops(*args: Any) -> None:
        nonlocal gone
        one(*args)
        gone += 1
        if gone in (1, 7, 20):
            raise KeyboardInterrupt

    monkeypatch.setattr(workbooks, "_import_row", stops)
    for _ in range(4):
        Workbook.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        try:
            workbooks.import_due_workbooks()
        except KeyboardInterrupt:
            continue
    book.refresh_from_db()
    assert (book.done, book.made, book.updated, book.unchanged) == (MANY, MANY - 1, 0, 0)
    assert gone == MANY
    assert Application.objects.count() == MANY - 1
    assert Item.objects.filter(fact="education").count() == MANY - 1


def test_who_was_overtaken_stops() -> None:
    book = handed_in(Office(), MANY)
    stale = Workbook.objects.get(pk=book.pk)
    workbooks.import_due_workbooks()
    assert workbooks._import_rows(stale, workbooks.read_rows(stale)) == 0
    assert Application.objects.count() == MANY - 1


def test_workbooks_are_emptied_after_some_days() -> None:
    book = handed_in(Office())
    assert workbooks.erase_old_workbooks() == 0
    Workbook.objects.update(ended_at=timezone.now() - workbooks.KEEP_TIME - timedelta(minutes=1))
    assert workbooks.erase_old_workbooks() == 1
    book.refresh_from_db()
    assert book.content == ""
    client = Client()
    client.force_login(book.user)
    assert client.get(reverse("batch_result", args=[book.key])).status_code == 200
    assert client.get(reverse("batch_report", args=[book.key])).status_code == 404
