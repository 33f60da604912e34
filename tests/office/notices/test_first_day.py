"""Points of a renewal that have not begun: nobody is told that they are valid already."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices import checkers
from jifen.office.notices.actions import events, printing
from jifen.office.notices.lookup import get_state_on
from jifen.office.notices.models import Notice
from jifen.office.notices.sharing import create_share
from jifen.office.web.mine.known_status import find_known_status
from jifen.statements import check_statement
from jifen.statements.keys import read_key_list
from tests.world.notice import ask_about, said
from tests.world.office import Office, staff, today

BEGINS = timedelta(days=10)


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """A person whose points are decided and begin in ten days."""
    del db
    cache.clear()
    made = Office()
    made.decided(made.submitted())
    first = today() + BEGINS
    PointsPeriod.objects.update(since=first, until=first + timedelta(days=364))
    events.issue_for_case_events()
    printing.print_due_notices()
    yield made
    cache.clear()


def paper() -> Notice:
    return Notice.objects.get(kind="notice")


def test_the_code_says_that_it_has_not_begun_and_from_which_day(office: Office) -> None:
    del office
    first = today() + BEGINS
    page = said(Client().get(f"/v/{paper().code}"))
    assert "有效期尚未开始" in page
    assert f"从 {first} 起有效" in page
    assert "✓" not in page
    assert get_state_on(paper(), first - timedelta(days=1)) == "not_yet"
    assert get_state_on(paper(), first) == "valid"


def test_its_statement_carries_the_first_day(office: Office) -> None:
    del office
    keys = read_key_list(Client().get("/v/keys.json").content)
    text = paper().sheet.statement
    assert check_statement(text, keys, today()).state == "not_yet"
    assert check_statement(text, keys, today() + BEGINS).state == "valid"


def test_a_share_and_a_school_are_told_the_same(office: Office) -> None:
    token = create_share(office.person_user, paper(), (), 7, "某小学")
    page = said(Client().post(f"/s/{token}", {"who": "李老师"}))
    assert f"从 {today() + BEGINS} 起有效" in page
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    (found,) = ask_about(secret, [{"code": paper().code}]).json()["items"]
    assert (found["state"], found["since"]) == ("not_yet", str(today() + BEGINS))


def test_its_holder_sees_it_and_gets_no_credential_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Client()
    mine.force_login(office.person_user)
    address = f"/papers/{paper().key}"
    assert "credential" not in said(mine.get(address))
    assert mine.post(f"{address}/credential").status_code == 302
    assert f"有效期自 {today() + BEGINS}" in said(mine.get(f"/cases/{paper().application.key}"))
    later = timezone.now() + BEGINS
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    mine.force_login(office.person_user)
    assert mine.post(f"{address}/credential").status_code == 200


def test_points_that_begin_later_open_nothing_yet(office: Office) -> None:
    known = find_known_status(office.person, "shanghai", today())
    assert known.points is False
    assert known.points_on is None
    assert known.points_words
    assert str(today() + BEGINS) in known.points_words.zh
    assert find_known_status(office.person, "shanghai", today() + BEGINS).points is True


def test_the_added_column_left_the_triggers(office: Office) -> None:
    del office
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.update(since=None)
