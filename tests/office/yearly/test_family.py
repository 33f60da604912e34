"""The family of a case: dates of birth are read as people type them, or said to be unreadable."""

from datetime import date

import pytest
from django.test import Client

from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from tests.world.messages import at
from tests.world.year import City

pytestmark = pytest.mark.django_db


def _save(city: City, born: str) -> tuple[str, str]:
    """What is kept of a child's birth, and the page after."""
    case = city.draft({})
    browser = Client()
    browser.force_login(city.operator)
    typed = {"name": ["小明"], "relation": ["child"], "born": [born]}
    address = f"/cases/{case.application.key}/family"
    page = browser.post(address, typed, follow=True).content.decode()
    return Application.objects.get().family[0]["born"], page


@pytest.mark.parametrize("born", ["2020-3-4", "2020.3.4", "2020/3/4", "2020年3月4日", "20200304"])
def test_a_birth_is_read_as_it_is_typed(city: City, born: str) -> None:
    kept, page = _save(city, born)
    assert kept == "2020-03-04"
    assert "家庭成员已保存" in page
    assert "无法识别" not in page


def test_the_longest_way_to_write_a_day_is_not_cut(city: City) -> None:
    assert _save(city, "2019年10月11日")[0] == "2019-10-11"


def test_what_cannot_be_read_is_kept_and_said_beside_the_field_and_before_filing(
    city: City,
) -> None:
    kept, page = _save(city, "二〇二〇年三月")
    assert kept == "二〇二〇年三月"
    assert 'value="二〇二〇年三月"' in page
    assert 'aria-invalid="true" aria-describedby="fe-0"' in page
    assert "无法识别这个日期，请写成 2016-09-01。" in page
    assert "提交前请改正" in page


def test_a_child_whose_birth_was_typed_loosely_is_reminded_of(city: City) -> None:
    first = city.first()
    child = {"name": "小明", "relation": "child", "born": "2018.9.1"}  # kept before it was read
    Application.objects.filter(pk=first.pk).update(family=[child])
    PointsPeriod.objects.update(since=date(2025, 1, 1))
    plan.plan_reminders(at(date(2025, 1, 6)))
    assert Message.objects.filter(kind="school_age").exists()
