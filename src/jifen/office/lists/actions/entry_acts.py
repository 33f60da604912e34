"""What people do to an entry: settle it, let it lapse, give it up."""

from datetime import date

from django.db import transaction

from jifen.office.accounts.models import User
from jifen.office.casework.models import Decision
from jifen.office.lists.access import sides_of
from jifen.office.lists.actions.settlement_slips import has_stuck_printing
from jifen.office.lists.actions.state_changes import move_entries
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, State
from jifen.office.lists.queries import find_rules
from jifen.office.lists.rules import PERSON, WINDOW
from jifen.office.lists.words import say
from jifen.policy.text import Text


def settle_entry(by: User, entry: Entry, on: date) -> Entry:
    """The household registration was made at the window. Raises ListFault, NotYours."""
    return _act_on_entry(by, entry, "settle", WINDOW, on)


def lapse_entry(by: User, entry: Entry, on: date, ground: str) -> Entry:
    """The place lapses on one of the grounds that the staff says. Raises ListFault, NotYours."""
    ground_rule = find_rules(entry.city, entry.rules).find_ground(ground)
    if ground_rule is None or ground_rule.by != "staff":
        words = say("actions.entry_acts.choose_the_ground")
        raise ListFault("JF-Q013", words, "ground")
    return _act_on_entry(by, entry, "lapse", WINDOW, on, ground_rule.id)


def give_up_entry(by: User, entry: Entry, on: date) -> Entry:
    """The person listed does not want to settle. Raises ListFault, NotYours."""
    return _act_on_entry(by, entry, "give_up", PERSON, on, "given_up")


def _act_on_entry(by: User, entry: Entry, act: str, side: str, on: date, why: str = "") -> Entry:
    if side not in sides_of(by, entry):
        words = say("actions.entry_acts.this_act_is_not_yours")
        raise NotYours("JF-Q014", words)
    with transaction.atomic():
        row = Entry.objects.select_for_update().get(pk=entry.pk)
        if act == "settle" and row.state == State.NOTICED:
            _refuse_to_settle(row, on)
        move_entries([row], act, side, on, by=by, why=why)
    return Entry.objects.get(pk=entry.pk)


def _refuse_to_settle(row: Entry, on: date) -> None:
    """Too late (not while the slip cannot be printed), or the decision is gone (locked, so that it
    is not meanwhile)."""
    if row.settle_by and on > row.settle_by and not _is_waiting_for_slip(row):
        raise ListFault("JF-Q015", _describe_missed_deadline(row.settle_by))
    if row.decision_id is None:
        return
    decision = Decision.objects.select_for_update().get(pk=row.decision_id)
    if decision.revoked_at or decision.void_at:
        words = say("actions.entry_acts.the_decision_was_revoked")
        raise ListFault("JF-Q016", words)


def _is_waiting_for_slip(row: Entry) -> bool:
    return Entry.objects.filter(has_stuck_printing(), pk=row.pk).exists()


def _describe_missed_deadline(last: date) -> Text:
    return say("actions.entry_acts.the_last_day_to_settle", last=last)
