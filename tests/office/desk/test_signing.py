"""A checked batch is signed: outcome and differences first, and nothing that changed since."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions
from jifen.office.casework.models import Application
from jifen.office.desk.signing import SignatureChoice, sign_decisions
from tests.world.office import Office

pytestmark = pytest.mark.django_db


def _proposed(office: Office, **corrected: Any) -> Application:
    application = office.reviewed(office.submitted(), **corrected)
    decisions.propose_decision(access_case(office.clerk, application.key, "propose"))
    return Application.objects.get(pk=application.pk)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_signer_sees_outcome_and_differences_and_signs_what_is_ticked(office: Office) -> None:
    application = _proposed(office, education="bachelor")
    client = _client(office.senior)
    page = client.get("/desk/signing").content.decode()
    assert str(application.number) in page
    assert "与材料不一致" in page, "why the clerk corrected it"
    assert '<th scope="row">教育背景</th>' in page, "the line whose points differ"
    form = {"case": f"{application.key}:{application.version}"}
    assert client.post("/desk/signing", form).status_code == 302
    application.refresh_from_db()
    assert application.state == "decided"
    assert "已处理 1 件" in client.get("/desk/signing").content.decode()


def test_a_case_that_changed_since_is_not_signed(office: Office) -> None:
    application = _proposed(office)
    choice = SignatureChoice(application.key, application.version - 1)
    result = sign_decisions(office.senior, [choice])
    assert (result.done, len(result.refused)) == (0, 1)
    assert "刚被其他人处理过" in result.refused[0][1].zh
    application.refresh_from_db()
    assert application.state == "countersign"


def test_nobody_signs_what_they_may_not(office: Office) -> None:
    application = _proposed(office)
    choice = SignatureChoice(application.key, application.version)
    for who in (office.clerk, office.operator):
        assert sign_decisions(who, [choice]).done == 0
    assert _client(office.clerk).get("/desk/signing").status_code == 404
    application.refresh_from_db()
    assert application.state == "countersign"
