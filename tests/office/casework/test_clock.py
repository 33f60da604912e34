"""The clock of a case: what starts it, what stops it, and what it counts, in June 2025.

The 2nd of June 2025 is a holiday; every other weekday of the month is worked.
"""

from datetime import date

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    clock,
    corrections,
    decisions,
    expedited_lane,
    post_decision,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision
from tests.world.office import Office
from tests.world.year import set_day

pytestmark = pytest.mark.django_db
FILED = date(2025, 6, 3)
ASKED = [RequestedItem("fact", "education", "not_matching", "与学信网不一致")]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    set_day(monkeypatch, FILED)
    return Office()


def _clock(application: Application) -> tuple[date | None, int, date | None]:
    """From when it runs, working days used before that, and the last day."""
    now = Application.objects.get(pk=application.pk)
    gates = set(now.gates.values_list("due_on", flat=True))
    assert gates == {now.due_on}, "queues are in the order of the same days"
    return now.clock_from, now.clock_used, now.due_on


def test_it_runs_from_the_day_after_the_filing(office: Office) -> None:
    application = office.submitted()
    # 20 working days: 4 to 6, 9 to 13, 16 to 20, 23 to 27 June, 30 June and 1 July
    assert _clock(application) == (FILED, 0, date(2025, 7, 1))


def test_a_signature_stops_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    assert _clock(application) == (FILED, 0, date(2025, 7, 1)), "a proposal does not stop it"
    set_day(monkeypatch, date(2025, 6, 9))
    decisions.countersign_decision(access_case(office.senior, application.key))
    assert _clock(application) == (None, 4, None)


def test_a_case_that_was_sent_back_goes_on_by_the_same_clock(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.send_back(access_case(office.senior, application.key), "再核实", ("education",))
    assert _clock(application) == (FILED, 0, date(2025, 7, 1))


def test_a_withdrawal_stops_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    application = office.submitted()
    set_day(monkeypatch, date(2025, 6, 5))
    post_decision.withdraw_case(access_case(office.operator, application.key), "另行申请")
    assert _clock(application) == (None, 2, None)


def test_a_correction_stops_it_and_its_answer_starts_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = office.submitted()
    set_day(monkeypatch, date(2025, 6, 5))
    correction = corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    assert _clock(application) == (None, 2, None)
    # ten working days: 6, 9 to 13, 16 to 19 June
    assert correction.due_on == date(2025, 6, 19)
    assert all(application.gates.values_list("paused", flat=True))
    set_day(monkeypatch, date(2025, 6, 16))
    corrections.resubmit_case(access_case(office.operator, application.key))
    # 18 working days are left: 17 to 20, 23 to 27 June, 30 June to 4 July, 7 to 10 July
    assert _clock(application) == (date(2025, 6, 16), 2, date(2025, 7, 10))
    assert not any(application.gates.values_list("paused", flat=True))


def test_what_two_corrections_left_is_added_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = office.submitted()
    for asked, answered in ((5, 9), (11, 16)):
        set_day(monkeypatch, date(2025, 6, asked))
        corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
        set_day(monkeypatch, date(2025, 6, answered))
        corrections.resubmit_case(access_case(office.operator, application.key))
    # 4 and 5 June, 10 and 11 June; 16 are left: 17 to 20, 23 to 27 June, 30 June to 4 July, 7, 8
    assert _clock(application) == (date(2025, 6, 16), 4, date(2025, 7, 8))


def test_the_expedited_lane_has_days_of_its_own(office: Office) -> None:
    application = office.submitted()
    request = expedited_lane.ask_expedite(
        access_case(office.operator, application.key), "illness", "住院"
    )
    assert _clock(application) == (FILED, 0, date(2025, 7, 1)), "asking changes nothing"
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, request, approve=True, words="同意")
    # seven: 4 to 6, 9 to 12 June
    assert _clock(application) == (FILED, 0, date(2025, 6, 12))
    assert set(application.gates.values_list("lane", flat=True)) == {"expedited"}


def test_a_lane_that_is_declined_changes_nothing(office: Office) -> None:
    application = office.submitted()
    request = expedited_lane.ask_expedite(
        access_case(office.operator, application.key), "illness", "住院"
    )
    with pytest.raises(CaseFault, match="waiting already"):
        expedited_lane.ask_expedite(access_case(office.operator, application.key), "exam", "高考")
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, request, approve=False, words="材料不足")
    request.refresh_from_db()
    assert (request.approved, request.decision_words) == (False, "材料不足")
    assert request.decided_at is not None
    assert _clock(application) == (FILED, 0, date(2025, 7, 1))
    assert Application.objects.get().lane == "normal"
    expedited_lane.ask_expedite(access_case(office.operator, application.key), "exam", "高考")


@pytest.mark.parametrize(
    ("ground", "words", "code", "place"),
    [("boredom", "理由", "JF-K070", "ground"), ("illness", "  ", "JF-K071", "words")],
)
def test_a_lane_needs_a_ground_and_words(
    office: Office, ground: str, words: str, code: str, place: str
) -> None:
    application = office.submitted()
    with pytest.raises(CaseFault) as caught:
        expedited_lane.ask_expedite(access_case(office.operator, application.key), ground, words)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_a_lane_given_while_the_clock_stands_counts_from_the_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = office.submitted()
    request = expedited_lane.ask_expedite(
        access_case(office.operator, application.key), "illness", "住院"
    )
    set_day(monkeypatch, date(2025, 6, 5))
    corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, request, approve=True, words="同意")
    assert _clock(application) == (None, 2, None)
    set_day(monkeypatch, date(2025, 6, 16))
    corrections.resubmit_case(access_case(office.operator, application.key))
    # five of seven are left: 17 to 20 and 23 June
    assert _clock(application) == (date(2025, 6, 16), 2, date(2025, 6, 23))


@pytest.mark.parametrize(("used", "due"), [(18, 5), (19, 4), (20, 4), (25, 4)])
def test_where_no_day_is_left_there_is_one(office: Office, used: int, due: int) -> None:
    application = office.submitted()
    application.clock_used = used
    clock.start(application, FILED)
    assert application.due_on == date(2025, 6, due)


def test_stopped_twice_it_counts_once(office: Office) -> None:
    application = office.submitted()
    clock.stop(application, date(2025, 6, 5))
    clock.stop(application, date(2025, 6, 20))
    assert application.clock_used == 2


def test_a_case_over_its_days_may_be_decided_still(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = office.reviewed(office.submitted())
    set_day(monkeypatch, date(2025, 7, 9))
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.countersign_decision(access_case(office.senior, application.key))
    assert _clock(application) == (None, 26, None)
    assert Decision.objects.get().on == FILED, "by the facts and rules of the day of receipt"


def test_the_day_of_the_filing_is_the_day_that_counts(office: Office) -> None:
    case = office.with_documents(office.draft())
    filed = submission.submit_case(case, "k", on=date(2025, 6, 6))
    assert (filed.on, filed.received_on) == (date(2025, 6, 6), date(2025, 6, 6))
    assert filed.number is not None
    assert filed.number.endswith(f"2025{filed.pk:09d}")
    # fifteen working days later a normal case goes before expedited ones:
    # 9 to 13, 16 to 20, 23 to 27 June
    assert filed.overtakes_on == date(2025, 6, 27)
    assert set(filed.gates.values_list("received_on", "overtakes_on")) == {
        (date(2025, 6, 6), date(2025, 6, 27))
    }
