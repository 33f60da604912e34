"""Decisions that change after a ranking: before it is published it is made again; after, a place
stays or is lost by where the new decision stands, and who is raised comes by a supplement."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jifen.office.casework.models import Decision, Event
from jifen.office.lists.actions import entry_acts
from jifen.office.lists.actions.runs import publish_run
from jifen.office.lists.actions.supplement import open_supplement
from jifen.office.lists.admission_floor import find_raised_people
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, EntryEvent, PublicList, Run
from jifen.office.lists.own_data import list_places_outside
from jifen.office.lists.snapshots import recompute_run
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.models import Notice, NoticeKind
from tests.world.rankings import (
    FILED,
    LIST_ON,
    open_ranking,
    people_in_rank,
    published_ranking,
    recheck_of,
)
from tests.world.town import Town, facts_of, run_daily_steps, through


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year whose quota a test may give."""
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )


@pytest.mark.parametrize("more", [20, -1])
def test_an_outsiders_other_decision_stops_the_publication(town: Town, more: int) -> None:
    _, outside, _ = people_in_rank(town)
    run = open_ranking(town, 1)
    recheck_of(outside, more)
    with pytest.raises(ListFault, match="JF-Q034") as stale:
        publish_run(town.lead2, run, LIST_ON)
    assert str(outside.application.number) in stale.value.words.zh
    assert not Entry.objects.exists()


def test_an_outsiders_revoked_decision_and_one_that_came_late_stop_it_too(town: Town) -> None:
    _, outside, _ = people_in_rank(town)
    run = open_ranking(town, 1)
    late = town.decided(facts_of("2018", "47"), FILED)
    Decision.objects.filter(pk=outside.pk).update(revoked_at=timezone.now())
    with pytest.raises(ListFault, match="JF-Q034") as stale:
        publish_run(town.lead2, run, LIST_ON)
    for one in (outside, late):
        assert str(one.application.number) in stale.value.words.zh


def test_points_of_another_measure_are_not_ranked_with_the_others(town: Town) -> None:
    other = people_in_rank(town)[1]
    Decision.objects.filter(pk=other.pk).update(
        policy="chengdu-points-2020", policy_version="2020", total=300
    )
    with pytest.raises(ListFault, match="JF-Q038") as refused:
        open_ranking(town, 1)
    assert str(other.application.number) in refused.value.words.zh
    assert not Run.objects.exists()


def test_somebody_inside_who_is_raised_keeps_the_place_under_the_new_decision(town: Town) -> None:
    first, second, third = people_in_rank(town)
    run = published_ranking(town, 3)
    assert list(Entry.objects.order_by("place").values_list("decision", flat=True)) == [
        first.pk,
        third.pk,
        second.pk,
    ]
    new = recheck_of(second, 20)
    run_daily_steps(date(2019, 9, 26))
    entry = Entry.objects.get(decision=new)
    assert (entry.state, entry.total, entry.place) == ("public", Decimal(143), 1)
    event = EntryEvent.objects.filter(entry=entry).last()
    assert event is not None
    assert (event.act, event.why) == ("recheck", "123 → 143")
    assert Event.objects.filter(application=new.application, act="list_recheck").count() == 1
    assert run_daily_steps(date(2019, 9, 26)) == 0
    assert find_raised_people(run).people == ()
    through(date(2019, 9, 27), date(2019, 10, 8))
    entry.refresh_from_db()
    assert entry.state == "noticed"
    assert entry_acts.settle_entry(town.clerk, entry, date(2019, 10, 9)).state == "settled"
    assert recompute_run(run).same  # the ranking that was published stays what it was


@pytest.mark.parametrize(("more", "state"), [(0, "public"), (-1, "removed")])
def test_the_place_is_lost_only_below_the_last_place(town: Town, more: int, state: str) -> None:
    """The last place inside has 123 points and the tie keys of the second person."""
    _, second, _ = people_in_rank(town)
    published_ranking(town, 3)
    recheck_of(second, more)
    run_daily_steps(date(2019, 9, 26))
    entry = Entry.objects.get(number=second.application.number)
    assert (entry.state, entry.why) == (state, "below_last" if state == "removed" else "")


def test_with_the_points_of_the_last_place_the_tie_keys_say(town: Town) -> None:
    first, _, _ = people_in_rank(town)
    published_ranking(town, 1)  # the first only: 123 points and 72 months
    new = recheck_of(first, 0, facts=first.facts.replace('"72"', '"71"'))
    assert new.facts != first.facts
    run_daily_steps(date(2019, 9, 26))
    assert Entry.objects.get(number=first.application.number).state == "removed"


@pytest.mark.parametrize("change", [{"outcome": "below"}, {"policy_version": "2020"}])
def test_a_new_decision_that_does_not_reach_or_is_by_another_measure_ends_it(
    town: Town, change: dict[str, str]
) -> None:
    first, _, _ = people_in_rank(town)
    published_ranking(town, 3)
    recheck_of(first, 20, **change)
    run_daily_steps(date(2019, 9, 26))
    assert Entry.objects.get(number=first.application.number).state == "removed"


def test_a_place_waits_while_the_new_decision_is_not_signed(town: Town) -> None:
    first, _, _ = people_in_rank(town)
    run = published_ranking(town, 3)
    new = recheck_of(first, 20, signed_by=None, signed_at=None)
    through(date(2019, 9, 26), date(2019, 10, 8))
    entry = Entry.objects.get(number=first.application.number)
    assert entry.state == "public"
    page = _as(town.lead).get(f"/desk/lists/runs/{run.name}").content.decode()
    assert "名单位次暂停" in page
    assert "1 人须处理" in _as(town.lead).get("/desk/lists/").content.decode()
    Decision.objects.filter(pk=new.pk).update(signed_by=town.senior, signed_at=timezone.now())
    run_daily_steps(date(2019, 10, 9))
    entry.refresh_from_db()
    assert (entry.state, entry.decision) == ("noticed", new)


def test_a_case_that_is_revoked_after_its_recheck_leaves_the_list(town: Town) -> None:
    first, _, _ = people_in_rank(town)
    published_ranking(town, 3)
    new = recheck_of(first, 20)
    Decision.objects.filter(pk=new.pk).update(revoked_at=timezone.now())
    first.application.state = "revoked"
    first.application.save()
    run_daily_steps(date(2019, 9, 26))
    entry = Entry.objects.get(number=first.application.number)
    assert (entry.state, entry.why) == ("removed", "decision_revoked")


def test_who_has_a_slip_gets_a_new_one_with_the_new_decision(town: Town) -> None:
    first, _, _ = people_in_rank(town)
    published_ranking(town, 3)
    through(date(2019, 9, 26), date(2019, 10, 8))
    new = recheck_of(first, 20)
    run_daily_steps(date(2019, 10, 9))
    revoke_for_person(new.application.person_id, "chengdu")
    rows = Notice.objects.filter(kind=NoticeKind.SETTLEMENT, application=new.application)
    assert [hasattr(n, "revocation") for n in rows.order_by("pk")] == [True, False]
    assert rows.order_by("-pk")[0].until == date(2019, 11, 30)


def test_an_outsider_who_is_raised_is_entered_by_a_supplement_with_four_eyes(town: Town) -> None:
    _, outside, below = people_in_rank(town)
    run = published_ranking(town, 1)
    new = recheck_of(outside, 20)
    recheck_of(below, -1)
    run_daily_steps(date(2019, 9, 26))
    assert Entry.objects.count() == 1  # nobody is entered without two people
    assert [one.decision for one in find_raised_people(run).people] == [new.pk]
    made = open_supplement(town.lead, run, date(2019, 9, 26))
    assert (made.name, made.supplements, made.admitted) == ("CH2019-2", run, 1)
    with pytest.raises(NotYours, match="JF-Q033"):
        publish_run(town.lead, made, date(2019, 9, 27))
    publish_run(town.lead2, made, date(2019, 9, 27))
    entry = Entry.objects.get(decision=new)
    assert (entry.state, entry.place, entry.public_until) == ("public", 1, date(2019, 10, 2))
    listed = PublicList.objects.get(run=made)
    assert (listed.kind, listed.people, listed.lowest) == ("publicity", 1, Decimal(143))
    assert recompute_run(made).same
    assert '"supplements":"CH2019-1"' in recompute_run(made).statement
    assert list_places_outside(new.application.person) == []
    assert find_raised_people(run).people == ()
    with pytest.raises(ListFault, match="JF-Q036"):
        open_supplement(town.lead, run, date(2019, 9, 27))
    with pytest.raises(ListFault, match="JF-Q039"):
        open_supplement(town.lead, made, date(2019, 9, 27))
    through(date(2019, 9, 27), date(2019, 10, 9))
    assert set(Entry.objects.values_list("state", flat=True)) == {"noticed"}


def test_of_two_supplements_with_one_person_only_one_is_published(town: Town) -> None:
    _, outside, _ = people_in_rank(town)
    run = published_ranking(town, 1)
    recheck_of(outside, 20)
    one, other = (open_supplement(town.lead, run, LIST_ON) for _ in range(2))
    publish_run(town.lead2, one, LIST_ON)
    with pytest.raises(ListFault, match="JF-Q034"):
        publish_run(town.lead2, other, LIST_ON)
    assert Entry.objects.count() == 2


def test_a_case_decided_after_the_ranking_is_seen_and_one_that_lapsed_does_not_come_back(
    town: Town,
) -> None:
    first, _, _ = people_in_rank(town)
    run = published_ranking(town, 1)
    late = town.decided(facts_of("2018", "47"), FILED)  # 138
    entry_acts.lapse_entry(town.clerk, Entry.objects.get(decision=first), LIST_ON, "death")
    recheck_of(first, 20)
    assert [one.decision for one in find_raised_people(run).people] == [late.pk]


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    del db
    cache.clear()
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )


def test_the_supplement_is_offered_on_the_staff_page_and_published_by_another(town: Town) -> None:
    _, outside, _ = people_in_rank(town)
    run = published_ranking(town, 1)
    lead, other, address = _as(town.lead), _as(town.lead2), f"/desk/lists/runs/{run.name}"
    assert "生成公示补充名单" not in lead.get(address).content.decode()
    recheck_of(outside, 20)
    assert "1 人须处理" in lead.get("/desk/lists/").content.decode()
    shown = lead.get(address).content.decode()
    assert "1 人现已达到名单末位" in shown
    assert str(outside.application.number) in shown
    made = lead.post(f"{address}/act", {"act": "supplement"})
    assert made.headers["Location"] == "/desk/lists/runs/CH2019-2"
    assert "公示补充名单" in other.get("/desk/lists/runs/CH2019-2").content.decode()
    other.post("/desk/lists/runs/CH2019-2/act", {"act": "publish"})
    assert "须处理" not in lead.get("/desk/lists/").content.decode()
    for page in ("/chengdu/lists/", "/chengdu/lists/2"):
        assert "公示补充名单" in Client().get(page).content.decode()
    # the rules below it speak of supplements; the list itself is none
    heading = Client().get("/chengdu/lists/1").content.decode().split("</h1>")[0]
    assert "公示补充名单" not in heading
