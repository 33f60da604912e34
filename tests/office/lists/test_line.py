"""By the line: on a list in time, public over holidays, formal, noticed, settled or given up."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from jifen.lists import list_rules_on
from jifen.office.audit.models import Entry as LogEntry
from jifen.office.audit.verification import verify_log
from jifen.office.casework.models import Decision, Event
from jifen.office.lists.actions import entry_acts, post_publicity, settlement_slips
from jifen.office.lists.actions.publication import (
    enter_due_decisions,
    make_entry,
    publish_due_lists,
)
from jifen.office.lists.documents import is_genuine
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, PublicList
from jifen.office.lists.queries import count_late_decisions
from jifen.office.notices.actions.issuance import issue_for_decision, issue_settlement
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.lookup import describe_notice_status, find_notice_status
from jifen.office.notices.models import Notice, NoticeKind
from jifen.office.registry.models import Permit
from jifen.office.web.mine.known_status import find_known_status
from tests.world.office import user
from tests.world.town import Town, facts_of, run_daily_steps, through

MONDAY = date(2024, 3, 4)


def test_a_decision_at_the_line_goes_all_the_way_to_its_settlement_notice(town: Town) -> None:
    decision = town.decided(facts_of("2024", "34"), MONDAY)  # exactly 100
    run_daily_steps(MONDAY)
    entry = Entry.objects.get(decision=decision)
    assert (entry.state, entry.enter_by) == ("due", date(2024, 3, 6))
    run_daily_steps(date(2024, 3, 5))
    entry.refresh_from_db()
    assert (entry.state, entry.public_until) == ("public", date(2024, 3, 8))
    through(date(2024, 3, 6), date(2024, 3, 10))
    entry.refresh_from_db()
    assert entry.state == "public"  # over on Friday; the formal list waits for Monday
    run_daily_steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert entry.state == "noticed"
    assert (entry.noticed_on, entry.settle_by) == (date(2024, 3, 11), date(2024, 5, 10))
    acts = list(entry.events.values_list("act", flat=True))
    assert acts == ["enter", "publish", "close", "notify"]
    told = Event.objects.filter(application=decision.application).values_list("act", flat=True)
    assert list(told) == ["list_enter", "list_publish", "list_close", "list_notify"]


def test_the_settlement_notice_is_a_paper_that_can_be_verified(town: Town) -> None:
    entry = town.listed()
    through(MONDAY, date(2024, 3, 8))
    slip = Notice.objects.get(decision=entry.decision, kind=NoticeKind.SETTLEMENT)
    entry.refresh_from_db()
    assert (slip.issued_on, slip.until) == (entry.noticed_on, entry.settle_by)
    shown = find_notice_status(slip.code, date(2024, 3, 9))
    assert shown is not None
    assert (shown.state, shown.kind) == ("valid", "settlement")
    run_daily_steps(date(2024, 3, 9))
    assert Notice.objects.filter(kind=NoticeKind.SETTLEMENT).count() == 1
    last = date(2024, 3, 8) + timedelta(days=59)
    assert entry.settle_by is not None
    assert find_notice_status(slip.code, last).state == "valid"  # type: ignore[union-attr]
    assert find_notice_status(slip.code, entry.settle_by + timedelta(days=1)).state == "expired"  # type: ignore[union-attr]


def test_the_slip_ends_with_the_place_on_the_list(town: Town) -> None:
    entry = town.listed()
    through(MONDAY, date(2024, 3, 8))
    entry.refresh_from_db()
    entry_acts.lapse_entry(town.clerk, entry, date(2024, 3, 10), "death")
    run_daily_steps(date(2024, 3, 11))
    slip = Notice.objects.get(decision=entry.decision, kind=NoticeKind.SETTLEMENT)
    assert (slip.revocation.on, slip.revocation.why) == (date(2024, 3, 10), "list")
    run_daily_steps(date(2024, 3, 12))
    assert verify_log()[1] == []


def test_a_slip_that_cannot_be_written_holds_up_nobody_and_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = town.listed(), town.listed()

    def fails(decision: Decision, settle_by: date, on: date) -> Any:
        if decision.pk == first.decision_id:
            raise RuntimeError("no")
        return issue_settlement(decision, settle_by, on)

    monkeypatch.setattr(settlement_slips, "issue_settlement", fails)
    through(MONDAY, date(2024, 3, 8))
    assert Notice.objects.filter(decision=second.decision, kind=NoticeKind.SETTLEMENT).exists()
    assert not Notice.objects.filter(decision=first.decision, kind=NoticeKind.SETTLEMENT).exists()
    monkeypatch.setattr(settlement_slips, "issue_settlement", issue_settlement)
    run_daily_steps(date(2024, 3, 11))
    assert Notice.objects.filter(decision=first.decision, kind=NoticeKind.SETTLEMENT).exists()


@pytest.mark.parametrize(
    ("decided", "public_from", "until", "formal"),
    [
        (date(2024, 3, 8), date(2024, 3, 11), date(2024, 3, 14), date(2024, 3, 15)),
        (date(2024, 9, 29), date(2024, 9, 30), date(2024, 10, 10), date(2024, 10, 11)),
        (date(2024, 9, 30), date(2024, 10, 8), date(2024, 10, 11), date(2024, 10, 12)),
        (date(2024, 10, 11), date(2024, 10, 12), date(2024, 10, 16), date(2024, 10, 17)),
    ],
)
def test_publicity_moves_with_holidays_and_make_up_days(
    town: Town, decided: date, public_from: date, until: date, formal: date
) -> None:
    entry = town.listed(decided)
    through(decided, formal)
    entry.refresh_from_db()
    assert entry.publicity is not None
    assert entry.formal is not None
    assert entry.enter_by is not None
    assert entry.publicity.on == public_from <= entry.enter_by
    assert (entry.public_until, entry.formal.on) == (until, formal)


def test_the_line_is_that_of_the_day_of_acceptance(town: Town) -> None:
    """The same person: 140 was needed until 19 February 2024, 100 from the 20th on."""
    facts = facts_of("2020", "3") | {"permit_area": "wuhou"}
    old = town.decided(facts, date(2024, 2, 19), signed_on=date(2024, 3, 8))
    new = town.decided(facts_of("2024", "34"), date(2024, 2, 20), signed_on=date(2024, 3, 8))
    below = town.decided(facts_of("2020", "5"), date(2024, 2, 19), signed_on=date(2024, 3, 8))
    run_daily_steps(date(2024, 3, 8))
    first, second = Entry.objects.get(decision=old), Entry.objects.get(decision=new)
    assert (first.rules, int(first.line), int(first.total)) == ("chengdu-list-2020", 140, 140)
    assert (second.rules, int(second.line), int(second.total)) == ("chengdu-list-2024", 100, 100)
    assert not Entry.objects.filter(decision=below).exists()
    run_daily_steps(date(2024, 3, 11))
    assert PublicList.objects.filter(kind="publicity").count() == 2  # one for each measure


def test_a_decision_by_another_measure_than_that_of_its_day_is_told_and_not_listed(
    town: Town,
) -> None:
    decision = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    Decision.objects.filter(pk=decision.pk).update(policy_version="2020")
    through(date(2024, 3, 1), MONDAY)
    entry = Entry.objects.get(decision=decision)
    assert (entry.state, entry.why) == ("removed", "line_differs")


@pytest.mark.parametrize(
    ("met", "state", "why"),
    [(True, "due", ""), (False, "removed", "line_differs"), (None, "removed", "line_differs")],
)
def test_below_the_line_only_a_way_without_points_that_is_open_qualifies(
    town: Town, met: bool | None, state: str, why: str
) -> None:
    decision = town.decided(facts_of("2024", "34"), MONDAY)
    decision.result = json.dumps(json.loads(decision.result) | {"ways": [{"met": met}]})
    decision.total -= 1
    entry = make_entry(list_rules_on("chengdu", MONDAY), decision, MONDAY)
    assert (entry.state, entry.why) == (state, why)


def test_who_does_not_reach_the_line_or_is_not_signed_is_on_no_list(town: Town) -> None:
    town.decided(facts_of("2024", "35"), MONDAY)
    waiting = town.decided(facts_of("2024", "33"), MONDAY)
    Decision.objects.filter(pk=waiting.pk).update(signed_by=None, signed_at=None)
    assert enter_due_decisions(MONDAY) == 0


def test_sixty_days_are_enough_on_the_last_of_them_and_not_on_the_next(town: Town) -> None:
    entry, other = town.listed(), town.listed()
    through(date(2024, 3, 1), date(2024, 3, 8))
    entry.refresh_from_db()
    assert entry.settle_by == date(2024, 5, 7)
    run_daily_steps(entry.settle_by)
    entry_acts.settle_entry(town.clerk, entry, entry.settle_by)
    with pytest.raises(ListFault, match="JF-Q015") as late_:
        entry_acts.settle_entry(town.clerk, other, entry.settle_by + timedelta(days=1))
    assert "2024-05-07" in late_.value.words.zh
    run_daily_steps(entry.settle_by + timedelta(days=1))
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.state, entry.ended_on) == ("settled", date(2024, 5, 7))
    assert (other.state, other.why, other.ended_on) == (
        "forfeited",
        "not_in_time",
        date(2024, 5, 8),
    )
    assert run_daily_steps(date(2024, 5, 9)) == 0


def test_a_suspended_permit_ends_the_place_and_an_unknown_one_does_not(town: Town) -> None:
    entry, unknown = town.listed(), town.listed()
    assert entry.decision is not None
    permit = Permit.objects.create(
        person=entry.decision.application.person,
        city="chengdu",
        district="wuhou",
        registered_on=date(2022, 1, 1),
        issued_on=date(2022, 3, 7),
        anchor=date(2022, 3, 7),
        years=2,
        valid_until=date(2024, 3, 7),
    )
    through(MONDAY, date(2024, 3, 7))
    entry.refresh_from_db()
    assert entry.state == "public"
    run_daily_steps(date(2024, 3, 8))
    entry.refresh_from_db()
    unknown.refresh_from_db()
    assert (entry.state, entry.why) == ("lapsed", "permit_suspended")
    assert unknown.state == "noticed"
    permit.valid_until = date(2025, 3, 7)
    permit.save()
    run_daily_steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert entry.state == "lapsed"  # for good: the score has lapsed


def test_a_revoked_decision_leaves_every_list(town: Town) -> None:
    entry = town.listed()
    run_daily_steps(MONDAY)
    assert entry.decision is not None
    Decision.objects.filter(pk=entry.decision.pk).update(revoked_at=timezone.now())
    run_daily_steps(date(2024, 3, 5))
    entry.refresh_from_db()
    assert (entry.state, entry.why) == ("removed", "decision_revoked")


def test_the_window_says_death_and_the_like_but_not_what_the_permit_shows(town: Town) -> None:
    entry = town.listed()
    with pytest.raises(ListFault, match="JF-Q013"):
        entry_acts.lapse_entry(town.clerk, entry, MONDAY, "permit_suspended")
    with pytest.raises(NotYours, match="JF-Q014"):
        entry_acts.lapse_entry(town.clerk_elsewhere, entry, MONDAY, "death")
    with pytest.raises(ListFault, match="JF-Q011") as refused:
        entry_acts.settle_entry(town.clerk, entry, MONDAY)
    assert "待公示" in refused.value.words.zh
    assert entry_acts.lapse_entry(town.clerk, entry, MONDAY, "death").state == "lapsed"


def test_the_person_gives_up_and_nobody_else_does(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    through(MONDAY, date(2024, 3, 8))
    with pytest.raises(NotYours):
        entry_acts.give_up_entry(town.clerk, entry, date(2024, 3, 8))
    assert entry_acts.give_up_entry(holder, entry, date(2024, 3, 8)).state == "forfeited"


def test_a_worker_that_was_away_publishes_late_and_says_so(town: Town) -> None:
    entry = town.listed(MONDAY)
    assert count_late_decisions("chengdu", date(2024, 3, 11)) == 1
    run_daily_steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert entry.publicity is not None
    assert entry.enter_by is not None
    assert entry.publicity.on > entry.enter_by  # never dated back
    assert entry.public_until == date(2024, 3, 14)


def test_steps_on_a_day_off_publish_nothing_and_twice_on_a_day_change_nothing(town: Town) -> None:
    entry = town.listed(date(2024, 3, 8))
    run_daily_steps(date(2024, 3, 9))  # Saturday
    entry.refresh_from_db()
    assert entry.state == "due"
    assert run_daily_steps(date(2024, 3, 11)) == 1
    assert run_daily_steps(date(2024, 3, 11)) == 0
    town.listed(date(2024, 3, 8))
    assert publish_due_lists(date(2024, 3, 11)) == 0  # one list a day; the next working day has it
    assert publish_due_lists(date(2024, 3, 12)) == 1


def test_a_list_is_signed_masked_and_cannot_be_changed(town: Town) -> None:
    town.listed(name="欧阳娜娜")
    town.listed(name="李雷")
    run_daily_steps(MONDAY)
    made = PublicList.objects.get()
    document = json.loads(made.document)
    assert made.name == document["list"] == "CH-L00001"
    assert [row[2:] for row in document["people"]] == [["欧***", "140"], ["李*", "140"]]
    assert "欧阳" not in made.document
    assert is_genuine(made)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicList.objects.filter(pk=made.pk).update(document="[]")
    made.document = made.document.replace("140", "141")
    assert not is_genuine(made)


def test_every_act_is_in_the_log_without_a_name(town: Town) -> None:
    entry = town.listed(name="欧阳娜娜")
    through(date(2024, 3, 1), date(2024, 3, 8))
    rows = LogEntry.objects.filter(subject=f"list entry:{entry.pk}")
    assert [row.act for row in rows] == ["list.enter", "list.publish", "list.close", "list.notify"]
    assert LogEntry.objects.filter(act__in=("list.publicity", "list.formal")).count() == 2
    assert not any("欧" in str(row.details) for row in LogEntry.objects.all())
    assert verify_log()[1] == []


def test_serials_have_no_gap(town: Town) -> None:
    for day in (date(2024, 3, 1), date(2024, 3, 4), date(2024, 3, 5)):
        town.listed(day)
        run_daily_steps(day)
    through(date(2024, 3, 6), date(2024, 3, 12))
    serials = list(PublicList.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))
    assert len(serials) == 6


def test_hold_comes_before_close() -> None:
    from jifen.office.site.worker_steps import SLOW_STEPS

    names = [step.__name__ for step in SLOW_STEPS]
    order = [
        "enter_due_decisions",
        "apply_due_rechecks",
        "remove_due_entries",
        "lapse_due_entries",
        "publish_due_lists",
        "hold_due_entries",
        "close_due_publicity",
    ]
    order += [
        "notify_due_entries",
        "delay_due_settlements",
        "forfeit_due_entries",
        "issue_due_slips",
        "withdraw_due_slips",
    ]
    order = ["lapse_overdue_cases", *order]  # casework comes before the lists
    assert [name for name in names if name in order] == order
    assert post_publicity.hold_due_entries.__name__ == "hold_due_entries"


def _permit_of(entry: Entry) -> Permit:
    assert entry.decision is not None
    return Permit.objects.create(
        person=entry.decision.application.person,
        city="chengdu",
        district="wuhou",
        registered_on=date(2022, 1, 1),
        issued_on=date(2022, 3, 7),
        anchor=date(2022, 3, 7),
        years=3,
        valid_until=date(2025, 3, 7),
    )


def test_a_permit_cancelled_for_settlement_does_not_end_the_place(town: Town) -> None:
    """The police cancel the permit of whoever was registered, perhaps before the window says so."""
    entry = town.listed()
    permit = _permit_of(entry)
    through(MONDAY, date(2024, 3, 8))
    Permit.objects.filter(pk=permit.pk).update(cancelled_on=date(2024, 3, 9))
    through(date(2024, 3, 9), date(2024, 3, 12))
    entry.refresh_from_db()
    assert entry.state == "noticed"
    assert entry_acts.settle_entry(town.clerk, entry, date(2024, 3, 12)).state == "settled"


def test_a_notice_ends_with_the_permit_where_points_have_no_period(town: Town) -> None:
    entry = town.listed()
    permit = _permit_of(entry)
    assert entry.decision is not None
    paper = issue_for_decision(entry.decision, MONDAY)
    assert paper is not None
    assert paper.until is None
    assert describe_notice_status(paper, date(2024, 4, 1)).state == "valid"
    Permit.objects.filter(pk=permit.pk).update(cancelled_on=date(2024, 3, 20))
    revoke_for_person(entry.decision.application.person_id, "chengdu")
    ended = describe_notice_status(Notice.objects.get(pk=paper.pk), date(2024, 4, 1))
    assert (ended.state, ended.why, ended.ended_on) == ("revoked", "permit", date(2024, 3, 20))


def test_who_gave_the_place_up_is_not_told_that_settlement_is_open(town: Town) -> None:
    holder = user("gave-up")
    entry = town.listed(by=holder)
    through(MONDAY, date(2024, 3, 8))
    assert entry.decision is not None
    who = entry.decision.application.person
    assert find_known_status(who, "chengdu", date(2024, 3, 8)).notice is True
    entry_acts.give_up_entry(holder, Entry.objects.get(pk=entry.pk), date(2024, 3, 8))
    assert find_known_status(who, "chengdu", date(2024, 3, 8)).notice is False
