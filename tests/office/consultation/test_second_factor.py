"""Whoever signs the answers of a consultation has shown the second factor just now."""

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.consultation.actions.answers import hand_in_answers
from jifen.office.consultation.models import ConsultationSummary
from tests.world.browser import show_factor
from tests.world.consultation import AFTER, Consulted, hold_day
from tests.world.office import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Consulted:
    """A consultation whose answers are handed in."""
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    hold_day(monkeypatch, AFTER)
    world.answer(1)
    hand_in_answers(world.hand(world.studio.reviewer))
    return world


def test_answers_are_signed_after_a_fresh_second_factor(world: Consulted) -> None:
    client = Client()
    client.force_login(world.studio.approver)
    act = reverse("studio_consultation_act", args=[world.row.key])
    page = reverse("studio_consultation", args=[world.studio.key])
    assert "须在五分钟内再次验证" in client.get(page).content.decode()
    answer = client.post(act, {"act": "sign"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert world.row.state == "replying"
    assert not ConsultationSummary.objects.exists()
    told = client.get(page).content.decode()
    assert "签发答复前须再次验证" in told
    assert "没有改动" in told

    show_factor(client, world.studio.approver, ago=310)
    assert "reauthenticate" in client.post(act, {"act": "sign"})["Location"]
    show_factor(client, world.studio.approver)
    assert "须在五分钟内再次验证" not in client.get(page).content.decode()
    signed = client.post(act, {"act": "sign"})
    assert (signed.status_code, signed["Location"]) == (302, page)
    assert world.row.state == "answered"


def test_whoever_may_not_sign_is_not_asked_for_a_factor(world: Consulted) -> None:
    client = Client()
    client.force_login(world.studio.reviewer)
    act = reverse("studio_consultation_act", args=[world.row.key])
    answer = client.post(act, {"act": "sign"})
    assert (answer.status_code, answer["Location"]) == (302, "/my/"), "the fault is told there"
    assert world.row.state == "replying"


def test_sending_back_asks_for_no_factor(world: Consulted) -> None:
    client = Client()
    client.force_login(world.studio.approver)
    act = reverse("studio_consultation_act", args=[world.row.key])
    client.post(act, {"act": "send_back", "reason": "第 1 条没有理由"})
    assert world.row.state == "open"
