"""Two moderators at once, a link followed twice at once, a process that ends in the middle: one
wins, the other is told, and nothing is half published."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from jifen.office.consultation.actions import answers, moderation, publication, records, signing
from jifen.office.consultation.actions.comments import support_comment
from jifen.office.consultation.actions.confirmations import confirm_link
from jifen.office.consultation.actions.links import make_token
from jifen.office.consultation.faults import ConsultationFault
from jifen.office.consultation.models import (
    Announcement,
    Comment,
    Consultation,
    ConsultationSummary,
    Moderation,
    Support,
)
from tests.world.consultation import AFTER, Consulted, hold_day, voice
from tests.world.kills import killed_at_every_call
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread and a connection of its own, begun together; the codes of those that
    were refused."""
    start, errors = threading.Barrier(len(acts)), list[BaseException]()

    def work(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - shown in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(error, ConsultationFault) for error in errors), errors
    return [error.code for error in errors if isinstance(error, ConsultationFault)]


def test_two_moderators_at_once_hide_once() -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    people = (world.studio.moderator, staff("moderator2", "policy_moderator"))
    hands = [world.hand(person) for person in people]
    codes = _at_once(
        *(lambda hand=hand: moderation.hide_comment(hand, 1, "insult", "") for hand in hands)
    )
    assert codes == ["JF-D020"]
    assert Moderation.objects.count() == 1


def test_a_link_followed_twice_at_once_confirms_once() -> None:
    world = Consulted()
    world.opened()
    row = world.comment("li@example.com")
    token = make_token("comment", row.key)
    codes = _at_once(*[lambda: confirm_link("comment", row.key, token)] * 2)
    assert codes == ["JF-D014"]
    assert (world.row.numbered, Comment.objects.get().number) == (1, 1)


def test_support_pressed_twice_at_once_is_one() -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    row, who = world.row, voice(user("two"))
    assert _at_once(*[lambda: support_comment(row, 1, who)] * 2) == ["JF-D013"]
    assert Support.objects.count() == 1


def test_opening_that_is_killed_anywhere_opens_nothing_by_halves() -> None:
    world = Consulted()
    world.propose()

    def work() -> None:
        publication.open_consultation(world.hand(world.studio.approver))

    calls = (
        (publication, "announce"),
        (publication, "log_act"),
        (publication, "find_last_day"),
        (records, "lock_consultation"),
    )
    for _ in killed_at_every_call(work, *calls):
        row = Consultation.objects.get()
        assert (row.state, row.opens_on, row.decided_by) == ("proposed", None, None)
        assert not Announcement.objects.exists()
    assert (world.row.state, Announcement.objects.count()) == ("open", 1)


def test_signing_that_is_killed_anywhere_publishes_nothing_by_halves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    hold_day(monkeypatch, AFTER)
    world.answer(1)
    answers.hand_in_answers(world.hand(world.studio.reviewer))

    def work() -> None:
        signing.sign_answers(world.hand(world.studio.approver))

    calls = (
        (signing, "write_json"),
        (signing, "render_summary"),
        (signing, "announce"),
        (signing, "log_act"),
    )
    for _ in killed_at_every_call(work, *calls):
        assert world.row.state == "replying"
        assert not ConsultationSummary.objects.exists()
        assert Announcement.objects.filter(kind="answered").count() == 0
    assert (world.row.state, ConsultationSummary.objects.count()) == ("answered", 1)
