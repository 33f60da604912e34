"""By rank: frozen, level people treated alike, published by another, made again to the byte."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jifen.office.casework.models import Application, Decision
from jifen.office.lists.actions.runs import discard_run, open_run, publish_run
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, PublicList, Run, RunPlace
from jifen.office.lists.snapshots import compare_runs, recompute_run
from tests.world.town import Town, facts_of, through

FILED = date(2019, 6, 15)
RANKED, LIST_ON = date(2019, 9, 16), date(2019, 9, 25)


def _open(town: Town, quota: int | None = None, year: int = 2019) -> Run:
    return open_run(town.lead, "chengdu", year, RANKED, quota)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year whose quota no source tells, so that a test may give one."""
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )


def _people(town: Town, *cases: tuple[str, str]) -> list[Decision]:
    return [town.decided(facts_of("2018", case, who), FILED) for case, who in cases]


def _places(run: Run) -> list[tuple[str, int, bool]]:
    rows = run.places.order_by("position")
    return [(str(p.total.normalize()), p.place, p.admitted) for p in rows]


def test_tenths_then_insurance_then_residence(town: Town) -> None:
    base = facts_of("2018", "52", "Q")
    people = [
        town.decided(facts_of("2018", "52", "P"), FILED),  # 123, insured 72 months
        town.decided(base, FILED),  # 123, 60 months, 3 years of residence
        town.decided(facts_of("2018", "52B", "P"), FILED),  # 123, 60 months, 13 years
        town.decided(base | {"income_tax_last_year": 11_000}, FILED),  # 125.2
        town.decided(facts_of("2018", "50"), FILED),  # 62: not at the entry line
    ]
    run = _open(town)
    order = list(run.places.order_by("position").values_list("decision", flat=True))
    assert order == [people[3].pk, people[0].pk, people[2].pk, people[1].pk]
    assert _places(run)[0] == ("125.2", 1, True)
    assert run.ties == ["pension_months", "home_years"]
    assert (run.quota, run.accepted, run.ranked, run.undecided) == (8411, 5, 4, 0)


@pytest.mark.parametrize(
    ("quota", "admitted"), [(0, 0), (1, 1), (2, 4), (3, 4), (4, 4), (5, 5), (9, 5)]
)
def test_everybody_level_at_the_last_place_is_in(
    town: Town, small: None, quota: int, admitted: int
) -> None:
    _people(town, ("52", "P"), *(("52", "Q"),) * 3, ("46", ""))
    run = _open(town, quota)
    assert [place for _, place, _ in _places(run)] == [1, 2, 2, 2, 5]
    assert run.admitted == admitted
    assert [inside for *_, inside in _places(run)] == [True] * admitted + [False] * (5 - admitted)


@pytest.mark.parametrize(("quota", "admitted"), [(1, 1), (3, 1), (4, 4), (5, 5)])
def test_by_the_other_reading_none_of_them_is_in(
    town: Town, small: None, monkeypatch: pytest.MonkeyPatch, quota: int, admitted: int
) -> None:
    from dataclasses import replace

    from jifen.office.lists import filing
    from jifen.office.lists.actions import runs

    def other(city: str, year: int) -> Any:
        rules = found(city, year)
        assert rules.ranking is not None
        return replace(rules, ranking=replace(rules.ranking, level="none"))

    found = filing.find_rank_rules
    monkeypatch.setattr(runs, "find_rank_rules", other)
    _people(town, ("52", "P"), *(("52", "Q"),) * 3, ("46", ""))
    run = _open(town, quota)
    assert run.admitted == admitted
    assert recompute_run(run).same


def test_a_run_made_again_gives_the_same_bytes(town: Town) -> None:
    _people(town, ("52", "P"), ("52", "Q"), ("52B", "P"), ("47", ""))
    run = _open(town)
    made, scored = recompute_run(run), recompute_run(run, again=True)
    assert (made.same, made.now, made.removed, made.differing) == (True, run.digest, 0, ())
    assert scored == made
    assert '"run":"CH2019-1"' in made.statement
    assert "王" not in made.statement


def test_a_decision_that_was_tampered_with_shows(town: Town) -> None:
    first, _ = _people(town, ("52", "Q"), ("52", "P"))
    run = _open(town)
    changed = first.facts.replace('"pension_months":"60"', '"pension_months":"96"')
    assert changed != first.facts
    Decision.objects.filter(pk=first.pk).update(facts=changed)
    made = recompute_run(run)
    assert not made.same
    assert first.application.number in made.differing
    assert recompute_run(run, again=True).now != run.digest


def test_a_case_that_retention_removed_stands_by_its_kept_row(town: Town) -> None:
    first, _ = _people(town, ("52", "Q"), ("52", "P"))
    run = _open(town)
    case = first.application
    first.delete()
    case.delete()
    made = recompute_run(run)
    assert (made.same, made.removed) == (True, 1)


def test_places_of_a_run_cannot_be_changed(town: Town) -> None:
    _people(town, ("52", "P"))
    run = _open(town)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RunPlace.objects.filter(run=run).update(place=2)


def test_a_key_derived_from_records_is_what_the_engine_derives(town: Town) -> None:
    spell = {"from": "2013-06", "to": "2019-05", "base": 6000, "status": "paid"}
    facts = {
        k: v
        for k, v in facts_of("2018", "52", "Q").items()
        if k not in ("pension_months", "medical_months")
    }
    town.decided(facts | {"contributions": [spell | {"schemes": ["pension", "medical"]}]}, FILED)
    run = _open(town)
    assert run.places.get().keys == ["72", "3"]


def test_without_a_home_there_are_no_years_of_residence_but_an_unknown_key_stops_the_run(
    town: Town,
) -> None:
    town.decided(facts_of("2018", "44") | {"home": "none", "home_years": None}, FILED)
    run = _open(town)
    assert run.places.get().keys == ["60", "0"]
    decision = town.decided(facts_of("2018", "44"), FILED)
    text = decision.facts.replace('"home_years":"3",', "")
    assert text != decision.facts
    Decision.objects.filter(pk=decision.pk).update(facts=text)
    with pytest.raises(ListFault, match="JF-Q032") as error:
        _open(town)
    assert str(decision.application.number) in error.value.words.zh


def test_only_cases_accepted_in_the_filing_of_the_year_enter(town: Town) -> None:
    facts = facts_of("2018", "52", "P")
    for day in (date(2019, 5, 31), date(2019, 6, 1), date(2019, 7, 31), date(2019, 8, 1)):
        town.decided(facts, day)
    waiting = town.decided(facts, date(2019, 7, 1))
    Decision.objects.filter(pk=waiting.pk).update(signed_by=None, signed_at=None)
    Application.objects.filter(pk=waiting.application_id).update(state="countersign")
    run = _open(town)
    assert (run.accepted, run.ranked, run.undecided) == (3, 2, 1)


def test_the_quota_is_that_of_the_file_or_is_given(town: Town) -> None:
    _people(town, ("52", "P"))
    with pytest.raises(ListFault, match="JF-Q031") as differs:
        _open(town, 9000)
    assert "8411" in differs.value.words.zh
    with pytest.raises(ListFault, match="JF-Q031"):
        _open(town, year=2018)  # no source tells that of 2018
    assert _open(town, 5000, year=2018).quota == 5000
    with pytest.raises(ListFault, match="JF-Q030"):
        _open(town, 5000, year=2021)


def test_four_eyes_publish_a_ranking(town: Town) -> None:
    _people(town, ("52", "P"), ("52", "Q"))
    run = _open(town)
    for who in (town.senior, town.clerk, town.neighbour):
        with pytest.raises(NotYours, match="JF-Q012"):
            publish_run(who, run, LIST_ON)
    with pytest.raises(NotYours, match="JF-Q033"):
        publish_run(town.lead, run, LIST_ON)
    publish_run(town.lead2, run, LIST_ON)
    with pytest.raises(ListFault, match="JF-Q035"):
        publish_run(town.lead2, run, LIST_ON)
    made = PublicList.objects.get()
    assert (made.until, made.people, made.run) == (date(2019, 9, 30), 2, run)
    assert list(Entry.objects.values_list("state", "place")) == [("public", 1), ("public", 2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(closed_by=town.lead)


def test_a_published_ranking_goes_on_to_settlement_by_the_end_of_november(town: Town) -> None:
    _people(town, ("52", "P"), ("52", "Q"))
    publish_run(town.lead2, _open(town), LIST_ON)
    through(date(2019, 9, 26), date(2019, 10, 8))
    entry = Entry.objects.all()[0]
    assert entry.formal is not None
    assert (entry.state, entry.formal.on) == ("noticed", date(2019, 10, 8))
    assert entry.settle_by == date(2019, 11, 30)
    formal = PublicList.objects.get(kind="formal")
    assert '"people":[[1,' in formal.document


def test_a_second_ranking_of_a_year_is_not_published(town: Town) -> None:
    _people(town, ("52", "P"), ("52", "Q"))
    again = _open(town)
    publish_run(town.lead2, _open(town), LIST_ON)
    with pytest.raises(ListFault, match="JF-Q037") as refused:
        publish_run(town.lead2, again, LIST_ON)
    assert "2019" in refused.value.words.en
    assert Entry.objects.count() == 2


def test_a_decision_changed_since_the_ranking_stops_the_publication(town: Town) -> None:
    first, _ = _people(town, ("52", "P"), ("52", "Q"))
    run = _open(town)
    Decision.objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    with pytest.raises(ListFault, match="JF-Q034") as stale:
        publish_run(town.lead2, run, LIST_ON)
    assert str(first.application.number) in stale.value.words.zh
    assert not Entry.objects.exists()
    discard_run(town.lead2, run, "决定有变更")
    assert _open(town).name == "CH2019-2"


def test_two_runs_differ_person_by_person(town: Town, small: None) -> None:
    first, second, third = _people(town, ("52", "P"), ("52", "Q"), ("46", ""))
    before = _open(town, 2)
    Decision.objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    fourth = town.decided(facts_of("2018", "47"), FILED)  # 138
    after_ = _open(town, 2)
    said = {apart.number: apart.label.zh for apart in compare_runs(before, after_)}
    numbers = {d.pk: str(d.application.number) for d in (first, second, third, fourth)}
    assert said == {numbers[first.pk]: "不再排名", numbers[fourth.pk]: "新进入"}
    assert compare_runs(before, before) == []
    wider = _open(town, 3)
    assert [(a.number, a.label.zh) for a in compare_runs(after_, wider)] == [
        (numbers[third.pk], "进入名额")
    ]
