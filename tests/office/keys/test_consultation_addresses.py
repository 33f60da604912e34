"""Another key to look up by: who commented, supported or subscribed by e-mail is found before and
after, and never twice."""

from pathlib import Path

import pytest

from jifen.office.consultation.actions.comments import support_comment
from jifen.office.consultation.actions.subscriptions import subscribe
from jifen.office.consultation.actions.voices import index_of
from jifen.office.consultation.models import Comment, Mail, Subscriber, Support
from jifen.office.site.rotation import consultations, portions, steps
from tests.world.consultation import ON, Consulted, hold_day, voice
from tests.world.office import user
from tests.world.rotations import rotate

pytestmark = pytest.mark.django_db
NURSE, OTHER = "nurse@example.com", "other@example.com"


@pytest.fixture
def world(own: Path, monkeypatch: pytest.MonkeyPatch) -> Consulted:
    """Somebody with an address commented, supported what another said, and subscribed."""
    monkeypatch.setattr("django.conf.settings.JIFEN_POPULATIONS", str(own / "populations"))
    hold_day(monkeypatch, ON)
    monkeypatch.setattr(portions, "PORTION", 2)
    world = Consulted()
    world.opened()
    said = world.comment(user("citizen"))
    world.comment(NURSE)
    support_comment(world.row, said.number or 0, voice(NURSE))
    for address in (NURSE, OTHER):
        subscribe("shanghai", voice(address))
    return world


def stop_before_indexing(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a new key, and nothing is indexed by it yet."""
    with monkeypatch.context() as patch:
        patch.setattr(steps, "reindex_all", lambda _: (0, ["stopped here"]))
        rotate("index")


def test_addresses_are_found_before_and_after(
    world: Consulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_before_indexing(monkeypatch)
    assert not Subscriber.objects.filter(address_index=index_of(NURSE)).exists(), "not yet"
    subscribe("shanghai", voice(NURSE))
    assert Subscriber.objects.count() == 2
    outcome = rotate("index")
    assert outcome.faults == []
    for model in (Comment, Support):
        row = model._default_manager.get(email__isnull=False, user=None)
        assert (row.email, row.address_index) == (NURSE, index_of(NURSE))
    for subscriber in Subscriber.objects.all():
        assert subscriber.address_index == index_of(subscriber.email)
    assert set(Mail.objects.values_list("address_index", flat=True)) == {
        index_of(NURSE),
        index_of(OTHER),
    }
    subscribe("shanghai", voice(NURSE))
    assert Subscriber.objects.count() == 2
    assert Comment.objects.get(user__isnull=False).address_index == "", "who signed in has none"
    assert consultations.reindex_addresses(lambda *_: None) == (0, []), "once is enough"


def test_an_address_that_stands_twice_is_told_and_nothing_is_lost(
    world: Consulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_before_indexing(monkeypatch)
    first = Subscriber.objects.get(pk=min(Subscriber.objects.values_list("pk", flat=True)))
    Subscriber.objects.create(
        city="shanghai", email=NURSE, address_index=index_of(NURSE), posted_at=first.posted_at
    )
    outcome = rotate("index")
    assert outcome.faults == [
        f"consultation subscriber {first.pk}: another row has the same address; remove the "
        "address of one of the two"
    ]
    before = first.address_index
    first.refresh_from_db()
    assert (first.email, first.address_index) == (NURSE, before)
    other = next(row for row in Subscriber.objects.all() if row.email == OTHER)
    assert other.address_index == index_of(OTHER), "its neighbour is indexed anew"
