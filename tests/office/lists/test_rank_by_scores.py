"""A ranking that looks at sub-scores: Guangzhou orders by the base indicators, or by no score."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jifen import __version__, cities
from jifen.cities.worked_cases import load_cases
from jifen.office.casework.actions.decisions import compute_result_json, to_canonical_json
from jifen.office.casework.models import Application, Decision
from jifen.office.lists.actions.runs import open_run, publish_run
from jifen.office.lists.admission_floor import find_floor, find_place
from jifen.office.lists.documents import format_exact
from jifen.office.lists.models import Run
from jifen.office.lists.ranking_keys import label_ranking_key
from jifen.office.lists.snapshots import recompute_run, to_entrant
from jifen.scoring import assess
from tests.world.office import person, staff

pytestmark = pytest.mark.django_db
FILED, RANKED = date(2025, 10, 20), date(2025, 12, 10)


@pytest.fixture
def quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year whose quota no source tells, so that a test may give one."""
    monkeypatch.setattr(
        "jifen.office.lists.actions.runs.find_known_quota", lambda policy, year: None
    )


def _given(version: str) -> dict[str, Any]:
    return dict(next(case for case in load_cases("guangzhou", version) if not case.people).facts)


def _decide(number: int, received_on: date, **facts: Any) -> Decision:
    policy = cities.in_force("guangzhou", received_on)
    assert policy is not None
    known = _given(policy.version) | facts
    result = assess(policy, known, received_on)
    assert result.reached is True, (result.total, result.conditions, result.missing)
    assert result.total is not None
    case = Application.objects.create(
        number=f"GZ{received_on.year}{number:09d}",
        city="guangzhou",
        district="tianhe",
        person=person(number, f"申请人{number}"),
        on=received_on,
        policy=policy.id,
        policy_version=policy.version,
        policy_hash=policy.hash,
        state="decided",
        created_by=staff(f"gz-clerk-{number}", "clerk", "guangzhou", district="tianhe"),
        submitted_at=timezone.now(),
        received_on=received_on,
    )
    signed_at = timezone.make_aware(datetime.combine(received_on, time(15)))
    return Decision.objects.create(
        application=case,
        number=1,
        outcome="reached",
        total=result.total,
        on=received_on,
        policy=policy.id,
        policy_version=policy.version,
        policy_hash=policy.hash,
        engine_version=__version__,
        facts=to_canonical_json(known),
        result=compute_result_json(known, "guangzhou", policy.version, received_on),
        proposed_by=case.created_by,
        signed_by=staff(f"gz-senior-{number}", "senior_clerk", "guangzhou", district="tianhe"),
        signed_at=signed_at,
    )


def _open(year: int, opened_on: date, quota: int) -> Run:
    return open_run(
        staff("gz-lead", "supervisor", "guangzhou"), "guangzhou", year, opened_on, quota
    )


def _order(run: Run) -> list[int]:
    return [int(p.number[-9:]) for p in run.places.order_by("position")]


def _three() -> None:
    """1: the best base. 2: a higher total, mostly of bonus points. 3: as 1 with less insurance."""
    _decide(1, FILED, permit_months=120, medical_months=96, awards_central=0)
    _decide(2, FILED, permit_months=96, medical_months=96, awards_central=5)
    _decide(3, FILED, permit_months=121, medical_months=95, pension_months=108, awards_central=0)


def test_the_base_decides_and_not_the_total(quota: None) -> None:
    _three()
    run = _open(2025, RANKED, 2)
    totals = {int(p.number[-9:]): p.total for p in run.places.all()}
    assert totals[2] > totals[1]
    assert run.ties == ["score:base", "medical_months", "permit_months"]
    assert _order(run)[-1] == 2
    assert [p.admitted for p in run.places.order_by("position")] == [True, True, False]


def test_each_place_keeps_the_scores_by_which_it_stands(quota: None) -> None:
    _three()
    run = _open(2025, RANKED, 3)
    first = run.places.order_by("position").first()
    assert first is not None
    assert len(first.keys) == len(run.ties)
    entrant = to_entrant(run, first)
    assert entrant.scores == ()
    assert find_place(run, entrant) == 1
    floor = find_floor(run)
    assert floor is not None
    assert len(floor) == 3


@pytest.mark.parametrize("again", [False, True])
def test_it_is_made_again_to_the_byte(quota: None, again: bool) -> None:
    _three()
    assert recompute_run(_open(2025, RANKED, 2), again=again).same


def test_a_measure_without_any_score_ranks_by_insurance(quota: None) -> None:
    on = date(2015, 7, 10)
    _decide(1, on, medical_months=60, education="bachelor")
    _decide(2, on, medical_months=72, education="bachelor")
    run = _open(2015, date(2015, 11, 15), 1)
    assert run.ties[0] == "score:none"
    assert _order(run) == [2, 1]


def test_a_heading_names_the_score() -> None:
    policy = cities.load("guangzhou", "2023")
    rules = policy.rules_on(policy.since)
    assert label_ranking_key("score:base", rules).zh == "基础指标"
    assert label_ranking_key("medical_months", rules).en == "Length of medical insurance"
    assert label_ranking_key("score:none", rules).en == "No score"


def _published(run: Run) -> str:
    publish_run(staff("gz-lead-2", "supervisor", "guangzhou"), run, run.opened_on)
    return f"/guangzhou/lists/{run.publiclist.serial}"


def test_the_public_list_says_by_what_it_is_ordered_and_shows_it(
    quota: None, visitor: Client
) -> None:
    _three()
    run = _open(2025, RANKED, 3)
    address = _published(run)
    assert (
        "名次按“基础指标”的得分排列；总分只决定能否参加排名"
        in visitor.get(address).content.decode()
    )
    place = run.places.get(number__endswith="2")
    text = visitor.post(f"{address}?lang=en", {"name": "申请人2"}).content.decode()
    assert "Places go by the score of “Base indicators”" in text
    row = re.search(r"<tr><td class=\"num\">3</td>.*?</tr>", text)
    assert row is not None, text
    cells = re.findall(r'<td class="num">([^<]*)</td>', row[0])
    assert cells == ["3", format_exact(Decimal(place.keys[0])), format_exact(place.total)]
    assert Decimal(place.keys[0]) < place.total


def test_the_public_list_of_a_measure_without_scores_says_so(quota: None, visitor: Client) -> None:
    _decide(1, date(2015, 7, 10), medical_months=60, education="bachelor")
    address = _published(_open(2015, date(2015, 11, 15), 1))
    text = visitor.post(address, {"name": "申请人1"}).content.decode()
    assert "名次不按分数排列" in text
    assert '<th scope="col" class="num">总分</th>' in text
