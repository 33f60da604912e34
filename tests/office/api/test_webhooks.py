"""Webhooks: signed, tried again, never lost, never doubled by a second sweep."""

import hmac
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jifen.office.api.models import Delivery
from jifen.office.api.webhooks import (
    add_webhook,
    plan_deliveries,
    refuse_address,
    send_due_deliveries,
    sign_body,
)
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import post_decision
from jifen.office.registry.faults import RegistryFault
from tests.world.office import Office

pytestmark = pytest.mark.django_db


def test_each_event_of_the_units_cases_is_told_once_and_signed() -> None:
    office = Office()
    case = office.draft()
    _, secret = add_webhook(office.admin, office.unit, "https://hr.example/hook")
    post_decision.withdraw_case(access_case(office.operator, case.application.key))
    assert (plan_deliveries(), plan_deliveries()) == (1, 0)
    sent: list[tuple[str, bytes, dict[str, str]]] = []

    def send(url: str, body: bytes, headers: dict[str, str]) -> int:
        sent.append((url, body, headers))
        return 204

    assert (send_due_deliveries(send=send), send_due_deliveries(send=send)) == (1, 0)
    url, body, headers = sent[0]
    said = json.loads(body)
    assert (url, said["event"], said["state"]) == (
        "https://hr.example/hook",
        "withdrawn",
        "withdrawn",
    )
    assert "王小明" not in body.decode()
    assert hmac.compare_digest(headers["X-Jifen-Signature"], sign_body(secret, body))


def test_what_is_not_taken_is_sent_again_later() -> None:
    office = Office()
    add_webhook(office.admin, office.unit, "https://hr.example/hook")
    office.draft()
    assert plan_deliveries() == 2
    assert send_due_deliveries(send=lambda *_: 500) == 2
    assert send_due_deliveries(send=lambda *_: 200) == 0, "not at once"
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert send_due_deliveries(send=lambda *_: 200) == 2
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {2}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hr.example/hook", "https"),
        ("https://127.0.0.1/hook", "内部网络"),
        ("https://10.1.2.3/x", "内部网络"),
        ("https:///x", "https"),
    ],
)
def test_production_sends_nothing_into_its_own_network(
    monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setattr(settings, "JIFEN_MODE", "production")
    with pytest.raises(RegistryFault) as caught:
        refuse_address(url)
    assert words in caught.value.words.zh
