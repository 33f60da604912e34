"""Another employer: files on its own papers and the person's consent; the former one sees nothing
more. And agencies, which file for an employer."""

import json
from datetime import date

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    decisions,
    drafts,
    materials,
    post_decision,
    registers,
    submission,
)
from jifen.office.casework.actions.workbooks import accept_workbook, import_due_workbooks
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.consent import has_consent
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Finding, PointsPeriod, Workbook
from jifen.office.casework.renewal import creation, employer_change
from jifen.office.casework.renewal.staff_outlook import list_staff_decisions
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.actions.members import grant_mandate
from jifen.office.registry.models import Unit
from jifen.office.sheets.template import KnownPerson, make_template
from jifen.office.web.yearly import points
from tests.world.office import GOOD, photo, typed, user
from tests.world.office import person as somebody
from tests.world.office import unit as unit_of
from tests.world.year import END, ENDORSED, FILED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025; nobody is asked for a second factor."""
    del db
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)
    set_day(monkeypatch, FILED)
    return City()


def _as(who: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(who)
    return client


def _other(city: City) -> tuple[Unit, User]:
    """Another employer, which the person named."""
    by = user("op5")
    other = unit_of(5, by)
    employer_change.name_employer(city.person_user, PointsPeriod.objects.latest("id"), other)
    return other, by


def test_the_former_employers_papers_are_not_taken_over(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False, shortage_major=True, title="intermediate")
    other, by = _other(city)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    draft = creation.begin_renewal(by, PointsPeriod.objects.get(), unit=other, on=RENEWED)
    carried = set(renewal().materials.values_list("kind", flat=True))
    assert "diploma" in carried
    assert not carried & {"contract", "application_form", "post_description", "title_certificate"}
    wanted = {want.material.id for want in materials.list_missing_materials(renewal())}
    assert {"contract", "application_form"} <= wanted
    why = dict(renewal().items.values_list("fact", "why"))
    assert (why["shortage_major"], why["title"]) == ("employer_changed", "employer_changed")
    with pytest.raises(CaseFault):
        submission.submit_case(draft, "x", on=RENEWED)


def test_a_consent_on_paper_is_for_one_employer(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = city.draft(GOOD)
    Application.objects.update(consent_at=None)
    case = access_case(city.operator, case.application.key)
    materials.upload_files(case, "consent_form", [("c.jpg", photo("red"))])
    case = city.with_documents(access_case(city.operator, case.application.key))
    city.decided(submission.submit_case(case, "first", on=FILED))
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    other = unit_of(5, city.operator)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=other, on=RENEWED
    )
    assert not has_consent(draft.application)
    with pytest.raises(CaseFault) as fault:
        submission.submit_case(draft, "x", on=RENEWED)
    assert fault.value.code == "JF-K023"


def test_an_employer_changed_in_review_is_looked_at_and_agreed_to(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(shortage_major=True)
    other = unit_of(5, user("op5"))
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    post_decision.change_employer(access_case(city.supervisor, renewal().key), other, "换了单位")
    registers.ask_due_registers()
    item = renewal().items.get(fact="shortage_major")
    assert (item.finding, item.why) == (Finding.OPEN, "employer_changed")
    assert renewal().state == "review"
    kinds = renewal().materials.filter(versions__dropped_at__isnull=True)
    assert not kinds.filter(kind="contract").exists()
    city.reviewed(renewal())
    with pytest.raises(CaseFault, match="JF-K023"):
        decisions.propose_decision(access_case(city.clerk, renewal().key))
    page = _as(city.person_user).get(f"/cases/{renewal().key}").content.decode()
    assert "需要您同意" in page
    drafts.give_consent(access_case(city.person_user, renewal().key, "consent"))
    decisions.propose_decision(access_case(city.clerk, renewal().key))
    assert renewal().state == "countersign"


def test_nothing_goes_through_without_consent_to_the_employer(city: City) -> None:
    city.first()
    other = unit_of(5, user("op5"))
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    post_decision.change_employer(access_case(city.supervisor, renewal().key), other, "换了单位")
    Application.objects.filter(kind="renewal").update(looked_through=False)
    registers.ask_due_registers()
    assert not renewal().decisions.exists()


def test_the_former_employer_sees_nothing_more(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first = city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    set_day(monkeypatch, date(2025, 12, 1))
    other, by = _other(city)
    for period in PointsPeriod.objects.all():
        assert _as(city.operator).get(f"/points/{period.pk}").status_code == 404
        assert _as(city.operator).get(f"/points/{period.pk}/route").status_code == 404
    assert city.person.name not in _as(city.operator).get(f"/units/{city.unit.pk}/ahead").text
    assert city.person.name in _as(by).get(f"/units/{other.pk}/ahead").text
    assert not list_staff_decisions(city.unit).exists()
    assert list_staff_decisions(other).get().application.kind == "renewal"
    last = access_case(city.operator, renewal().key)
    with pytest.raises(NotAllowed):
        drafts.choose_renewal(last, automatically=False)
    drafts.choose_renewal(access_case(city.person_user, first.key), automatically=False)


def _agency(city: City) -> tuple[Unit, User]:
    agent = user("agent")
    agency = unit_of(7, agent, kind="agency")
    grant_mandate(city.admin, city.unit, agency)
    return agency, agent


def test_an_agency_begins_a_renewal_and_files_what_is_its_own(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    agency, agent = _agency(city)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    period = PointsPeriod.objects.get()
    answer = _as(agent).post(f"/points/{period.pk}/renew", {"unit": city.unit.pk})
    assert answer.status_code == 302
    assert renewal().agency == agency
    assert _as(agent).post(f"/units/{city.unit.pk}/renewals").status_code == 302
    assert renewal().state != "draft"


def test_a_draft_of_the_employer_is_in_no_agencys_way(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    _, agent = _agency(city)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    creation.begin_renewal(city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED)
    assert _as(agent).post(f"/units/{city.unit.pk}/renewals").status_code == 302
    assert renewal().state == "draft"


def _book(city: City, **changed: str) -> bytes:
    facts = json.loads(PointsPeriod.objects.get().decision.facts) | changed
    known = KnownPerson(city.person.name, city.person.identity, "", facts)
    return make_template(policy_on("shanghai", RENEWED), RENEWED, "zh", [known])


def test_an_agencys_workbook_of_renewals_is_taken_in(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    agency, agent = _agency(city)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    accept_workbook(agent, city.unit, agency, _book(city))
    import_due_workbooks()
    book = Workbook.objects.get()
    assert (book.made, book.refused, book.ended_at is not None) == (1, {}, True)
    assert renewal().agency == agency


def test_what_is_not_the_agencys_is_a_refused_row_and_the_workbook_ends(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    agency, agent = _agency(city)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    creation.begin_renewal(city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED)
    Application.objects.filter(kind="renewal").update(agency=None)
    accept_workbook(agent, city.unit, agency, _book(city, title="intermediate"))
    book = Workbook.objects.get()
    assert book.ended_at is not None
    assert list(book.refused) == ["3"]
    assert renewal().items.get(fact="title").why == ""


def test_the_same_workbook_twice_opens_nothing_of_what_was_carried(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = city.with_documents(city.draft(GOOD | {"title": "intermediate"}))
    city.decided(submission.submit_case(case, "first", on=FILED), title="none")
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    book = _book(city)
    accept_workbook(city.operator, city.unit, None, book)
    before = dict(renewal().items.values_list("fact", "why"))
    again = accept_workbook(city.operator, city.unit, None, book)
    assert dict(renewal().items.values_list("fact", "why")) == before
    assert (again.updated, again.unchanged) == (0, 1)


def test_complete_renewals_are_filed_though_incomplete_ones_come_first(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    neighbour = user("neighbour")
    second = somebody(2, name="李四", user=neighbour)
    case = drafts.open_draft(city.operator, "shanghai", second, unit=city.unit, district="pudong")
    drafts.save_draft(case, typed(GOOD), seen=0)
    drafts.give_consent(access_case(neighbour, case.application.key))
    case = city.with_documents(access_case(city.operator, case.application.key))
    city.decided(submission.submit_case(case, "second", on=FILED))
    home = permits.RegisteredHome("pudong", "own_home")
    permit = permits.issue_permit(
        None,
        second,
        "shanghai",
        home,
        registered_on=date(2023, 1, 1),
        ground="stable_job",
        on=date(2024, 10, 20),
    )
    PointsPeriod.objects.filter(person=second).update(permit=permit, until=END)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    for period in PointsPeriod.objects.order_by("id"):
        creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED)
    Application.objects.filter(kind="renewal", person=city.person).update(consent_at=None)
    monkeypatch.setattr(points, "AT_ONCE", 1)
    _as(city.operator).post(f"/units/{city.unit.pk}/renewals")
    states = dict(Application.objects.filter(kind="renewal").values_list("person__name", "state"))
    assert states[city.person.name] == "draft"
    assert states["李四"] != "draft"
