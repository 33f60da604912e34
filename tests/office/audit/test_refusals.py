"""What is refused to somebody who signed in, or to a token, stands in the log."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.api import tokens
from jifen.office.audit.models import Access
from jifen.office.web import bodies, refusal_log
from tests.world.office import Office, user

pytestmark = pytest.mark.django_db


def _refusals() -> list[Access]:
    return list(Access.objects.filter(act="access.refused").order_by("pk"))


def test_a_case_of_somebody_else_is_in_the_log_with_account_and_key() -> None:
    case, stranger, browser = Office().submitted(), user("stranger"), Client()
    browser.force_login(stranger)
    address = reverse("case", args=[case.key])
    assert browser.get(address, REMOTE_ADDR="192.0.2.7").status_code == 404
    (row,) = _refusals()
    assert (row.actor, row.subject) == (f"user:{stranger.pk}", "page:case")
    assert row.details == {"status": 404, "method": "GET", "key": str(case.key)}
    assert row.source == "192.0.2.7"


def test_visitors_are_not_and_nothing_that_was_typed_is_kept() -> None:
    assert Client().get(reverse("case", args=[uuid4()])).status_code == 302
    assert _refusals() == []
    browser = Client()
    browser.force_login(user("somebody"))
    assert browser.get("/310101199001011234/").status_code == 404
    for row in _refusals():
        assert "310101" not in f"{row.subject} {row.details}"


def test_a_form_of_another_site_and_a_body_too_large_are_in_the_log() -> None:
    somebody, browser = user("somebody"), Client(enforce_csrf_checks=True)
    browser.force_login(somebody)
    assert browser.post(reverse("account_logout")).status_code == 403
    large = b"x" * (bodies.MOST + 1)
    answer = browser.post(reverse("account_logout"), large, content_type="text/plain")
    assert answer.status_code == 413
    assert [(row.actor, row.details["status"]) for row in _refusals()] == [
        (f"user:{somebody.pk}", 403),
        (f"user:{somebody.pk}", 413),
    ]


def test_a_value_that_cannot_be_used_is_no_attempt() -> None:
    office, browser = Office(), Client()
    case = office.draft()
    browser.force_login(office.operator)
    typed = {"seen": "0", "birth_date": "the day before yesterday"}
    assert browser.post(f"/cases/{case.application.key}/draft", typed).status_code == 200
    assert _refusals() == []


def test_nobody_fills_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal_log, "MOST_A_MINUTE", 3)
    browser = Client()
    browser.force_login(user("somebody"))
    for _ in range(6):
        browser.get(reverse("case", args=[uuid4()]))
    assert len(_refusals()) == 3


def test_a_token_without_an_address_is_answered_as_any_other() -> None:
    office = Office()
    _, secret = tokens.create_token(office.admin, office.unit, "schema", ["read"])
    address = f"/api/v1/applications/{uuid4()}"
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client(REMOTE_ADDR="").get(address, headers=headers).status_code == 404
    assert [row.source for row in _refusals()] == ["unknown"]
