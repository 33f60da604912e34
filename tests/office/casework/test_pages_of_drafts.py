"""A draft on its page: kept as it is typed, and never overwritten in silence."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, drafts
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.models import Application, Item
from tests.world.office import Office, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return Office()


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _address(office: Office) -> str:
    return f"/cases/{office.draft().application.key}/draft"


def test_a_form_that_is_done_leads_to_the_case(office: Office) -> None:
    address = _address(office)
    seen = Application.objects.get().revision
    answer = _as(office.operator).post(
        address, {"f-education": "master", "education": "master", "act": "done", "seen": seen}
    )
    assert answer.headers["Location"] == address.removesuffix("/draft")


def test_what_a_page_changes_is_kept_and_shown_with_its_time(office: Office) -> None:
    address = _address(office)
    seen = Application.objects.get().revision
    page = _as(office.operator).post(f"{address}/save", {"education": "master", "seen": seen})
    assert page.status_code == 200
    assert "已保存" in page.content.decode()
    assert Item.objects.get(fact="education").given == ["master"]
    assert Application.objects.get().revision == seen + 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "“学历学位”已由 admin 在"),
        ("en", "&#39;Education&#39; was changed by admin at"),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_told_and_stays(
    office: Office, lang: str, words: str
) -> None:
    address = _address(office)
    application = Application.objects.get()
    theirs = access_case(office.admin, application.key)
    drafts.save_draft(theirs, typed({"education": "doctor"}), application.revision)
    said = {"education": "master", "seen": application.revision}
    page = _as(office.operator).post(f"{address}/save?lang={lang}", said).content.decode()
    assert words in page
    assert Item.objects.get(fact="education").given == ["doctor"]


@pytest.mark.parametrize("seen", ["", "-1", "many"])
def test_a_revision_that_is_none_counts_as_none_seen(office: Office, seen: str) -> None:
    address = _address(office)
    page = _as(office.operator).post(f"{address}/save", {"education": "master", "seen": seen})
    assert page.status_code == 200
    assert Item.objects.get(fact="education").given == ["master"], "one's own is no conflict"


def test_in_a_correction_only_what_was_pointed_at_is_asked(office: Office) -> None:
    application = office.submitted()
    asked = [RequestedItem("fact", "education", "not_matching", "与学信网不一致")]
    corrections.ask_correction(access_case(office.clerk, application.key), asked)
    page = _as(office.operator).get(f"/cases/{application.key}/draft").content.decode()
    assert 'name="education"' in page
    assert 'name="title"' not in page


def test_a_person_agrees_on_the_page_and_nobody_else_does(office: Office) -> None:
    case = drafts.open_draft(
        office.operator, "shanghai", office.person, unit=office.unit, district="pudong"
    )
    address = f"/cases/{case.application.key}/consent"
    _as(office.operator).post(address)
    assert Application.objects.get().consent_at is None
    agreed = _as(office.person_user).post(address, follow=True)
    assert "已确认同意" in agreed.content.decode()
    assert Application.objects.get().consent_at is not None
