"""A reviewer of another department sees what the gate of the department needs, and no more."""

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case, access_for, visible_to
from jifen.office.casework.department_scope import find_department_scope
from jifen.office.casework.models import Gate, MaterialVersion
from jifen.office.notices.access import list_visible_notices
from jifen.office.notices.actions import issuance
from tests.world.browser import give_phone, show_factor
from tests.world.office import Office, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def signed_in_as(user: User) -> Client:
    """The browser of somebody of the staff, with the second factor shown."""
    browser = Client()
    give_phone(user)
    browser.force_login(user)
    show_factor(browser, user)
    return browser


def test_the_scope_is_what_the_gates_of_the_department_name(office: Office) -> None:
    case = office.submitted()
    scope = find_department_scope(access_case(office.police, case.key))
    assert scope is not None
    assert scope.facts == {"detention_dates", "ordinary_crime_dates", "serious_crime"}
    assert scope.gates == {"police"}
    assert find_department_scope(access_case(office.clerk, case.key)) is None
    assert find_department_scope(access_case(office.operator, case.key)) is None


def test_the_page_shows_their_facts_and_no_points(office: Office) -> None:
    case = office.submitted(education="master")
    browser = signed_in_as(office.police)
    page = browser.get(reverse("review", args=[case.key])).content.decode()
    for fact in ("detention_dates", "serious_crime"):
        assert f'id="fact-{fact}"' in page
    for hidden in ("fact-education", "硕士", "每一项的分值", "按认定的事实", "自评"):
        assert hidden not in page, hidden
    whole = signed_in_as(office.clerk).get(reverse("review", args=[case.key])).content.decode()
    assert "fact-education" in whole
    assert "每一项的分值" in whole


def test_no_paper_of_another_gate_is_opened(office: Office) -> None:
    case = office.submitted()
    version = MaterialVersion.objects.filter(material__application=case).first()
    assert version is not None
    address = reverse("document", args=[case.key, version.pk])
    assert signed_in_as(office.clerk).get(address).status_code == 200
    assert signed_in_as(office.police).get(address).status_code == 404


def test_the_list_of_documents_is_not_theirs(office: Office) -> None:
    """It says of each document for which claim it is asked."""
    address = reverse("materials_pdf", args=[office.submitted().key])
    assert signed_in_as(office.clerk).get(address).status_code == 200
    assert signed_in_as(office.police).get(address).status_code == 404


def test_a_case_without_a_gate_of_the_department_is_not_theirs(office: Office) -> None:
    case = office.submitted()
    tax = staff("tax", "reviewer", department="tax")
    assert access_for(tax, case) is None
    assert not visible_to(tax).exists()
    assert visible_to(office.police).get() == case
    Gate.objects.filter(application=case, gate="police").update(department="tax")
    assert access_for(tax, case) is not None
    assert access_for(office.police, case) is None


def test_notices_are_for_those_who_see_the_whole_case(office: Office) -> None:
    case = office.submitted()
    office.decided(case)
    notice = issuance.issue_for_decision(case.decisions.get())
    assert list_visible_notices(office.clerk).get() == notice
    assert not list_visible_notices(office.police).exists()


def test_nobody_signed_in_sees_nothing(client: Client, office: Office) -> None:
    case = office.submitted()
    assert client.get(reverse("review", args=[case.key])).status_code in (302, 404)
