"""What lists keep: told to the person, outlives the case that retention removes."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.casework import retention
from jifen.office.casework.models import Application
from jifen.office.lists.actions import objections
from jifen.office.lists.actions.runs import open_run, publish_run
from jifen.office.lists.documents import is_genuine
from jifen.office.lists.models import Entry, PublicList
from jifen.office.lists.snapshots import recompute_run
from tests.world.office import user
from tests.world.town import Town, facts_of, run_daily_steps


@pytest.mark.django_db(transaction=True)
def test_an_entry_and_its_list_outlive_the_case() -> None:
    town = Town()
    entry = town.listed()
    run_daily_steps(date(2024, 3, 4))
    Application.objects.update(created_at=timezone.now() - timedelta(days=31 * 366))
    (found,) = retention.list_expired_cases(timezone.localdate())
    retention.remove_case(found)
    entry.refresh_from_db()
    assert (entry.decision, entry.state, entry.name) == (None, "public", "李*")
    assert is_genuine(PublicList.objects.get())
    run_daily_steps(date(2024, 3, 8))
    entry.refresh_from_db()
    assert entry.state == "noticed"


def test_a_person_takes_along_what_lists_keep(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    run_daily_steps(date(2024, 3, 4))
    objections.file_objection(town.neighbour, entry, "理由", date(2024, 3, 5))
    client = Client()
    client.force_login(holder)
    told = json.loads(client.get("/my/data").content)
    (listed,) = told["lists"]
    assert (listed["number"], listed["state"]) == (entry.number, "public")
    assert [o["words"] for o in listed["objections"]] == ["理由"]
    assert "neighbour" not in json.dumps(told)


def test_who_is_outside_the_quota_is_told_the_place(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )
    holder = user("holder")
    town.decided(facts_of("2018", "52", "P"), date(2019, 6, 15))
    town.decided(facts_of("2018", "46"), date(2019, 6, 15), by=holder)
    run = open_run(town.lead, "chengdu", 2019, date(2019, 9, 16), 1)
    client = Client()
    client.force_login(holder)
    assert "未列入" not in client.get("/my/").content.decode()
    publish_run(town.lead2, run, date(2019, 9, 25))
    assert "2019 年排名：第 2 位，名额 1，未列入。" in client.get("/my/").content.decode()
    assert Entry.objects.count() == 1
    assert recompute_run(run).same
