"""A ranking of Beijing with its tie rule: points alone, and all level with the last are in."""

import re
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jifen import __version__, cities
from jifen.cities.worked_cases import load_cases
from jifen.office.casework.actions.decisions import compute_result_json, to_canonical_json
from jifen.office.casework.models import Application, Decision
from jifen.office.lists.actions.runs import find_known_quota, open_run, publish_run
from jifen.office.lists.models import Entry, PublicList, Run
from jifen.office.lists.snapshots import recompute_run
from jifen.scoring import assess
from tests.world.office import person, staff

pytestmark = pytest.mark.django_db
FILED, RANKED = date(2024, 8, 1), date(2024, 10, 15)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year whose quota no source tells, so that a test may give one."""
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )


def _decide(number: int, insured_months: int) -> Decision:
    policy = cities.in_force("beijing", FILED)
    assert policy is not None
    given = next(case for case in load_cases("beijing", policy.version) if not case.people).facts
    facts: dict[str, Any] = {**given, "insured_months": insured_months}
    result = assess(policy, facts, FILED)
    assert result.reached is True
    assert result.total is not None
    measure = {
        "policy": policy.id,
        "policy_version": policy.version,
        "policy_hash": policy.hash,
    }
    clerk = staff(f"bj-clerk-{number}", "clerk", "beijing", district="haidian")
    case = Application.objects.create(
        number=f"BJ{FILED.year}{number:09d}",
        city="beijing",
        district="haidian",
        person=person(number, f"申请人{number}"),
        on=FILED,
        state="decided",
        created_by=clerk,
        submitted_at=timezone.now(),
        received_on=FILED,
        **measure,
    )
    return Decision.objects.create(
        application=case,
        number=1,
        outcome="reached",
        total=result.total,
        on=FILED,
        engine_version=__version__,
        facts=to_canonical_json(facts),
        result=compute_result_json(facts, "beijing", policy.version, FILED),
        proposed_by=clerk,
        signed_by=staff(f"bj-senior-{number}", "senior_clerk", "beijing", district="haidian"),
        signed_at=timezone.make_aware(datetime.combine(FILED, time(15))),
        **measure,
    )


def _open(quota: int) -> Run:
    """Five people: one ahead, three level with each other, one behind."""
    for number, insured_months in enumerate((240, 200, 200, 200, 160), 1):
        _decide(number, insured_months)
    return open_run(staff("bj-lead", "supervisor", "beijing"), "beijing", 2024, RANKED, quota)


@pytest.mark.parametrize(("quota", "admitted"), [(1, 1), (2, 4), (3, 4), (4, 4), (5, 5)])
def test_everybody_level_with_the_last_place_is_admitted(
    small: None, quota: int, admitted: int
) -> None:
    run = _open(quota)
    places = list(run.places.order_by("position"))
    assert (run.ties, run.level, run.admitted) == ([], "all", admitted)
    assert [place.place for place in places] == [1, 2, 2, 2, 5]
    assert [place.admitted for place in places] == [True] * admitted + [False] * (5 - admitted)
    assert recompute_run(run, again=True).same


def test_the_year_of_which_a_quota_is_known_takes_no_other() -> None:
    assert find_known_quota(cities.load("beijing", "2020"), 2020) == 6000


def test_the_list_shows_those_level_at_one_place_and_not_who_is_outside(
    small: None, visitor: Client
) -> None:
    run = _open(2)
    publish_run(staff("bj-lead-2", "supervisor", "beijing"), run, RANKED)
    made = PublicList.objects.get()
    places = Entry.objects.order_by("place").values_list("place", flat=True)
    assert (made.people, list(places)) == (4, [1, 2, 2, 2])
    address = f"/beijing/lists/{made.serial}"
    # names are masked on a list, so that the name of one finds all four
    found = visitor.post(f"{address}?lang=en", {"name": "申请人1"}).content.decode()
    rows = re.findall(r'<tr><td class="num">(\d+)</td>.*?<td>(\d{4})</td>', found)
    assert rows == [("1", "0001"), ("2", "0002"), ("2", "0003"), ("2", "0004")]
