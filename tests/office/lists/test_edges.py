"""What a change of one condition or one argument in the lists would break."""

import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from jifen import __version__
from jifen.office.lists.access import access_own_entry, list_entries_for
from jifen.office.lists.actions import entry_acts, objections, settlement_slips
from jifen.office.lists.actions.runs import publish_run
from jifen.office.lists.actions.supplement import open_supplement
from jifen.office.lists.admission_floor import list_waiting_entries
from jifen.office.lists.faults import ListFault, NoSuchList
from jifen.office.lists.models import Entry, EntryEvent, PublicList
from jifen.office.lists.queries import MAX_RESULTS, search_list
from tests.world.office import user
from tests.world.rankings import (
    LIST_ON,
    open_ranking,
    people_in_rank,
    published_ranking,
    recheck_of,
)
from tests.world.town import Town, facts_of, run_daily_steps, through

MONDAY, LAST, FORMAL = date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 8)


def test_somebody_who_is_not_signed_in_sees_no_entry(town: Town) -> None:
    town.listed()
    assert list(list_entries_for(AnonymousUser())) == []


def test_the_own_page_opens_the_own_entry_and_no_other(town: Town) -> None:
    listed = user("listed")
    own, other = town.listed(by=listed), town.listed()
    assert access_own_entry(listed, own.pk) == own
    with pytest.raises(NoSuchList):
        access_own_entry(listed, other.pk)
    with pytest.raises(NoSuchList):
        access_own_entry(user("somebody"), own.pk)


def test_an_act_at_the_window_says_who_did_it(town: Town) -> None:
    entry = town.listed()
    through(MONDAY, FORMAL)
    entry_acts.settle_entry(town.clerk, entry, date(2024, 3, 11))
    assert EntryEvent.objects.get(entry=entry, act="settle").by == town.clerk


def test_nobody_objects_to_an_entry_that_is_held_before_the_last_day(town: Town) -> None:
    """It was taken off the list on a day of its publicity: the day alone does not open it."""
    entry = town.listed()
    run_daily_steps(MONDAY)
    Entry.objects.filter(pk=entry.pk).update(state="held")
    with pytest.raises(ListFault, match="JF-Q021"):
        objections.file_objection(town.neighbour, entry, "年龄不符", LAST)


def test_a_decision_counts_by_the_day_on_which_the_case_was_accepted(town: Town) -> None:
    """Accepted under the measure of 2020, decided after the one of 2024 had come in force."""
    decision = town.decided(facts_of("2020", "1"), date(2024, 2, 1), signed_on=MONDAY)
    decision.on = MONDAY
    decision.save()
    run_daily_steps(MONDAY)
    entry = Entry.objects.get(decision=decision)
    assert entry.line == 140
    assert entry.state != "removed"


@pytest.mark.parametrize("ground", ["", "no_such_ground"])
def test_a_ground_that_there_is_not_is_refused(town: Town, ground: str) -> None:
    entry = town.listed()
    through(MONDAY, FORMAL)
    with pytest.raises(ListFault, match="JF-Q013"):
        entry_acts.lapse_entry(town.clerk, entry, date(2024, 3, 11), ground)


def test_a_list_of_whoever_reaches_the_line_names_no_run(town: Town) -> None:
    town.listed()
    run_daily_steps(MONDAY)
    document = json.loads(PublicList.objects.get().document)
    assert document["run"] is None


def test_as_many_people_of_one_name_as_are_shown_are_shown(town: Town) -> None:
    assert MAX_RESULTS == 10
    for _ in range(10):
        town.listed(name="王小明")
    run_daily_steps(MONDAY)
    found = search_list(PublicList.objects.get(), "", "王小明")
    assert (len(found.rows), found.many) == (10, False)


def test_a_slip_that_is_not_late_is_not_told_as_late(town: Town) -> None:
    town.listed()
    through(MONDAY, FORMAL)
    assert settlement_slips.delay_due_settlements(FORMAL) == 0


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year whose quota a test may give."""
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )


def test_a_ranking_says_by_which_engine_it_was_made(town: Town, small: None) -> None:
    del small
    people_in_rank(town)
    assert open_ranking(town, 1).engine_version == __version__


def test_a_place_of_a_supplement_waits_as_well(town: Town, small: None) -> None:
    """Its decision is replaced while the other one is not signed yet."""
    del small
    _, outside, _ = people_in_rank(town)
    run = published_ranking(town, 1)
    raised = recheck_of(outside, 30)
    supplement = publish_run(town.lead2, open_supplement(town.lead, run, LIST_ON), LIST_ON)
    assert supplement.supplements == run
    assert list_waiting_entries(run) == []
    place = Entry.objects.get(decision=raised)
    recheck_of(raised, 1, signed_at=None, signed_by=None)
    assert list_waiting_entries(run) == [place]
