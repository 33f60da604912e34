"""Pages that go on by themselves: a staff worked out portion by portion, a batch taken in."""

from threading import Thread

import pytest
from django.db import connections
from playwright.sync_api import expect

from jifen.office.audit.models import Access
from jifen.office.casework.actions.workbooks import import_due_workbooks
from jifen.office.web.yearly import route
from tests.world.browser import SignIn, clean
from tests.world.office import Office, person, user
from tests.world.workbooks import MANY, handed_in

pytestmark = pytest.mark.browser
NAMES = ["王小明", "李雷", "韩梅梅"]


def test_a_staff_is_worked_out_portion_by_portion_to_the_last(
    office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "PAGE", 1)
    for number, name in enumerate(NAMES, 2):
        office.person_user = user(f"person{number}")
        office.person = person(number, name, user=office.person_user)
        office.decided(office.submitted())
    page = sign_in(office.admin)
    page.goto(f"/units/{office.unit.pk}/ahead")
    expect(page.locator("#more [role=status]")).to_have_text("共 3 人。")
    expect(page.locator("progress")).to_have_count(0)
    told = page.locator("#risky-rows tr, #reaching-rows tr, #steady-rows li, #others-rows li")
    assert sorted(told.locator("a").all_inner_texts()) == sorted(NAMES)
    for part in page.locator(".part").all():
        rows = part.locator("tbody tr, li").count()
        assert part.locator(".nobody").is_visible() == (rows == 0)
    assert Access.objects.filter(subject=f"unit:{office.unit.pk}", act="read").count() == 3
    clean(page)


def test_a_batch_tells_its_result_without_a_reload(office: Office, sign_in: SignIn) -> None:
    book = handed_in(office, MANY)
    page = sign_in(office.admin)
    page.goto(f"/workbooks/{book.key}")
    expect(page.locator("progress")).to_be_visible()
    _apart()
    expect(page.locator("#report")).to_contain_text(f"新建草稿 {MANY - 1}")
    clean(page)


def _apart() -> None:
    """As the worker does it: beside the browser's loop there is no other."""

    def done() -> None:
        import_due_workbooks()
        connections.close_all()

    thread = Thread(target=done)
    thread.start()
    thread.join()
