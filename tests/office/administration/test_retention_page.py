"""The dry run of what is past its years."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.audit.models import Access
from jifen.office.casework.models import Application
from tests.world.office import Office

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=366 * 30)


def test_the_dry_run_lists_and_removes_nothing(browser: Client) -> None:
    draft = Office().draft().application
    shown = browser.get("/administration/retention?list=1").content.decode()
    assert "没有到期的案件" in shown
    Application.objects.filter(pk=draft.pk).update(created_at=timezone.now() - LONG_AGO)
    assert "未提交的草稿" not in browser.get("/administration/retention").content.decode()
    shown = browser.get("/administration/retention?list=1").content.decode()
    assert "有 1 件到期，什么也没有清除" in shown
    assert "未提交的草稿" in shown
    assert Application.objects.filter(pk=draft.pk).exists()
    assert Access.objects.filter(details__what="expired cases").exists()


def test_cases_of_other_cities_are_not_listed(browser: Client) -> None:
    draft = Office().draft().application
    Application.objects.filter(pk=draft.pk).update(
        created_at=timezone.now() - LONG_AGO, city="chengdu", district="wuhou"
    )
    shown = browser.get("/administration/retention?list=1").content.decode()
    assert "没有到期的案件" in shown
