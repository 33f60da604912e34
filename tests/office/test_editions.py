"""Published editions: recorded once, never overwritten, differences reported."""

import dataclasses
import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from jifen.cities import index, load
from jifen.office.workshop.actions.editions import record_editions
from jifen.office.workshop.models import PolicyEdition
from jifen.office.workshop.queries import changed_in_place

pytestmark = pytest.mark.django_db


def test_a_migrated_database_holds_every_shipped_edition() -> None:
    shipped = {(c.policy, v.version) for c in index().values() for v in c.versions}
    assert {(e.policy, e.version) for e in PolicyEdition.objects.all()} == shipped


def test_recording_again_changes_nothing() -> None:
    before = list(PolicyEdition.objects.values())
    assert record_editions() == []
    assert list(PolicyEdition.objects.values()) == before


def test_an_edition_changed_in_place_is_reported_and_the_record_kept(
    caplog: pytest.LogCaptureFixture, visitor: Client
) -> None:
    policy = load("shanghai", "2018")
    PolicyEdition.objects.filter(policy=policy.id, version="2018").update(hash="sha256:old")
    with caplog.at_level(logging.WARNING, "jifen.workshop"):
        differences = record_editions([policy])
    assert [d.found_hash for d in differences] == [policy.hash]
    assert "a correction needs a new edition number" in caplog.text
    assert PolicyEdition.objects.get(policy=policy.id, version="2018").hash == "sha256:old"
    assert changed_in_place(policy)
    page = visitor.get("/shanghai/policy/2018/").content.decode()
    assert "更正应使用新的记录编号" in page


def test_a_new_edition_stands_beside_the_old_one() -> None:
    policy = dataclasses.replace(load("shanghai", "2018"), edition=2, hash="sha256:new")
    assert record_editions([policy]) == []
    assert PolicyEdition.objects.filter(policy=policy.id, version="2018").count() == 2


@pytest.mark.parametrize(
    "wrong", [{"edition": 0}, {"hash": "md5:1"}, {"city": ""}, {"version": ""}]
)
def test_the_database_refuses_what_is_no_edition(wrong: dict[str, object]) -> None:
    sound = {
        "city": "x",
        "policy": "x-points",
        "version": "1",
        "edition": 1,
        "hash": "sha256:1",
        "recorded_on": timezone.localdate(),
        "first_seen_at": timezone.now(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyEdition.objects.create(**(sound | wrong))


def test_an_edition_is_recorded_once() -> None:
    row = PolicyEdition.objects.first()
    assert row
    assert str(row).endswith("edition 1")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
