"""What a renewal takes over, from whom, and how old it may be."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.actions import registers, submission
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Finding, MaterialVersion, PointsPeriod
from jifen.office.casework.renewal import carry_over, creation
from jifen.office.casework.renewal.employer_change import name_employer
from jifen.office.casework.renewal.staff_outlook import list_staff_decisions
from jifen.office.registry.actions import automatic_endorsement
from tests.world.office import person, unit
from tests.world.year import ENDORSED, INSURANCE, RENEWED, City, at, renewal, set_day

pytestmark = pytest.mark.django_db


def _draft(city: City, monkeypatch: pytest.MonkeyPatch) -> Application:
    """A renewal that was begun on the first day."""
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    period = PointsPeriod.objects.get(person=city.person)
    return creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED).application


@pytest.mark.parametrize(("days", "stands"), [(90, True), (91, False)])
def test_a_document_is_taken_over_as_long_as_its_kind_is_valid(
    city: City, monkeypatch: pytest.MonkeyPatch, days: int, *, stands: bool
) -> None:
    city.first(itself=False)
    MaterialVersion.objects.update(at=at(RENEWED - timedelta(days=days)))

    def for_three_months(application: Application) -> Any:
        process = process_of(application)
        materials = tuple(replace(kind, months_valid=3) for kind in process.materials)
        return replace(process, materials=materials)

    monkeypatch.setattr(carry_over, "process_of", for_three_months)
    draft = _draft(city, monkeypatch)
    copies = MaterialVersion.objects.filter(material__application=draft)
    assert copies.exists() == stands


def test_what_is_taken_over_is_given_as_it_was_found(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    draft = _draft(city, monkeypatch)
    items = {item.fact: item for item in draft.items.all()}
    education = items["education"]
    assert (education.given, education.found) == (["bachelor_with_degree"],) * 2
    assert (education.finding, education.why) == (Finding.CONFIRMED, "")
    assert education.carried_from is not None
    months = items["insured_months"]
    assert (months.given, months.found, months.finding) == ([84], [], Finding.OPEN)
    assert (months.why, months.carried_from) == ("yearly", None)


def test_what_a_register_says_this_year_takes_the_place_of_last_years_value(city: City) -> None:
    city.first()
    city.say("insurance", INSURANCE | {"insured_months": 96})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    item = renewal().items.get(fact="insured_months")
    assert (item.given, item.found, item.finding) == ([84], [96], Finding.CONFIRMED)
    assert (item.why, item.conflict) == ("yearly", [])
    assert renewal().decisions.get().total == 169


def test_the_end_of_anothers_points_is_in_nobodys_way(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    draft = _draft(city, monkeypatch)
    own = PointsPeriod.objects.get()
    other = Application.objects.create(
        city="shanghai",
        person=person(2, "李雷"),
        on=RENEWED,
        policy=draft.policy,
        policy_version=draft.policy_version,
        created_by=city.operator,
    )
    decision = own.decision
    decision.pk, decision.application = None, other
    decision.save(force_insert=True)
    PointsPeriod.objects.create(
        person=other.person,
        city="shanghai",
        decision=decision,
        since=own.since,
        until=own.until,
        ended_on=RENEWED,
    )
    faults = submission.list_filing_faults(draft, process_of(draft))
    assert "JF-K090" not in {fault.code for fault in faults}


def test_points_that_ended_meanwhile_are_not_renewed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    draft = _draft(city, monkeypatch)
    PointsPeriod.objects.update(ended_on=RENEWED)
    faults = submission.list_filing_faults(draft, process_of(draft))
    assert "JF-K090" in {fault.code for fault in faults}


@pytest.mark.parametrize("values", [{"renewed": True}, {"ended_on": date(2025, 7, 1)}])
def test_of_points_that_are_over_no_employer_is_named(city: City, values: dict[str, Any]) -> None:
    city.first()
    PointsPeriod.objects.update(**values)
    with pytest.raises(CaseFault, match="These points have ended") as caught:
        name_employer(city.person_user, PointsPeriod.objects.get(), unit(2))
    assert caught.value.code == "JF-K090"


def test_whoever_names_an_employer_is_of_its_staff_from_then_on(city: City) -> None:
    decision = city.first().decisions.get()
    other = unit(2)
    assert (list(list_staff_decisions(city.unit)), list(list_staff_decisions(other))) == (
        [decision],
        [],
    )
    name_employer(city.person_user, PointsPeriod.objects.get(), other)
    assert (list(list_staff_decisions(city.unit)), list(list_staff_decisions(other))) == (
        [],
        [decision],
    )
