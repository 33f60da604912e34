"""Whatever happens in whatever order, lists stay true: random weeks of a small town."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from jifen.office.audit.verification import verify_log
from jifen.office.casework.models import Decision
from jifen.office.lists.actions import entry_acts, objections
from jifen.office.lists.actions.daily import STEPS
from jifen.office.lists.documents import is_genuine
from jifen.office.lists.faults import ListFault
from jifen.office.lists.models import Entry, Objection, PublicList
from jifen.office.lists.rules import OPEN, TABLE
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar
from tests.hypothesis_profiles import each
from tests.world.town import Town, facts_of

START = date(2024, 9, 26)  # the National Day holiday lies ahead
ENDED = {"settled", "forfeited", "lapsed", "removed"}
Act = Callable[[Town, Entry, date], object]


def _object(town: Town, entry: Entry, day: date) -> object:
    return objections.file_objection(town.neighbour, entry, "理由", day)


def _hear(town: Town, entry: Entry, day: date) -> None:
    objections.hear_objection(town.clerk, _open(entry), "核对")


def _decide(uphold: bool) -> Act:
    def act(town: Town, entry: Entry, day: date) -> None:
        objections.decide_objection(town.lead, _open(entry), day, uphold=uphold, reasons="理由")

    return act


def _open(entry: Entry) -> Objection:
    found = entry.objections.order_by("-id").first()
    if found is None:
        raise ListFault("JF-Q011", Text("没有异议", "there is none"))
    return found


def _revoke(town: Town, entry: Entry, day: date) -> object:
    return Decision.objects.filter(listing=entry).update(revoked_at=timezone.now())


def _settle(town: Town, entry: Entry, day: date) -> object:
    return entry_acts.settle_entry(town.clerk, entry, day)


def _death(town: Town, entry: Entry, day: date) -> object:
    return entry_acts.lapse_entry(town.clerk, entry, day, "death")


ACTS: list[Act] = [_object, _hear, _decide(True), _decide(False), _revoke, _settle, _death]
MOVES = st.lists(
    st.tuples(st.integers(0, 24), st.sampled_from(ACTS), st.integers(0, 2)), max_size=12
)


@given(moves=MOVES, skipped=st.sets(st.integers(0, 24), max_size=12))
@each(
    12,
    300,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a walk is a second: no shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_lists_stay_true_whatever_happens(
    town: Town, moves: list[tuple[int, Act, int]], skipped: set[int]
) -> None:
    with transaction.atomic():
        _weeks(town, moves, skipped)
        transaction.set_rollback(True)


def _weeks(town: Town, moves: list[tuple[int, Act, int]], skipped: set[int]) -> None:
    """The weeks of publicity and those at the end; on some days the worker is away."""
    decisions = [town.decided(facts_of("2024", "33"), START) for _ in range(3)]
    before: dict[int, str] = {}
    day = START
    for number in (*range(25), *range(80, 90)):
        day = START + timedelta(days=number)
        if number not in skipped:
            for step in STEPS:
                step(day)
        for _, act, who in (move for move in moves if move[0] == number):
            entry = Entry.objects.filter(decision=decisions[who]).first()
            if entry is not None:
                with suppress(ListFault):
                    act(town, entry, day)
        before = _true(before)
    assert verify_log()[1] == []
    for row in Entry.objects.exclude(state__in=ENDED):
        assert row.state in ("held", "noticed")
        assert row.settle_by is None or row.settle_by >= day  # 60 days, and not one more


def _true(before: dict[int, str]) -> dict[int, str]:
    """What must hold on every evening."""
    now = {e.pk: e.state for e in Entry.objects.all()}
    assert len(now) <= 3
    for pk, state in before.items():
        assert state not in ENDED or now[pk] == state
    for entry in Entry.objects.select_related("publicity", "formal"):
        if entry.publicity and entry.formal:
            assert entry.publicity.until is not None
            assert entry.publicity.on < entry.publicity.until < entry.formal.on
        if entry.state in ("formal", "noticed"):
            assert not entry.objections.filter(state__in=OPEN).exists()
        states = [event.state for event in entry.events.all()]
        assert states[-1] == entry.state
        acts = list(entry.events.values_list("act", flat=True))
        walked = zip(states, acts[1:], states[1:], strict=False)
        assert all(step in {(r.state, r.act, r.next_state) for r in TABLE} for step in walked)
    for row in PublicList.objects.all():
        assert is_genuine(row)
        assert working_calendar().is_working_day(row.on)
    return now
