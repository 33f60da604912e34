"""Objections during publicity: filed by anybody who signed in, heard at the window, decided with
reasons by another. Upheld, the entry leaves the list."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.accounts.roles import find_principals, name_principal
from jifen.office.audit.actions import record
from jifen.office.casework.models import Event
from jifen.office.lists.access import DECIDING_ROLES, WINDOW_ROLES, sides_of
from jifen.office.lists.actions.state_changes import move_entries
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, Objection, ObjectionState, State
from jifen.office.lists.queries import find_rules
from jifen.office.lists.rules import (
    ANYBODY,
    DECIDER,
    LIVE,
    OBJECTIONS,
    PERSON,
    SYSTEM,
    WINDOW,
    find_next_state,
)
from jifen.office.lists.waiting_rows import store_objection_waits
from jifen.office.lists.words import say
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

MAX_WORDS = 4_000
UPHELD = "objection_upheld"


def file_objection(by: User, entry: Entry, words: str, on: date) -> Objection:
    """Object to an entry, up to and with the last day of its publicity. Raises ListFault."""
    _refuse_empty(words, "words")
    if sides_of(by, entry) & {PERSON}:
        text = say("actions.objections.nobody_objects_to_the_own")
        raise ListFault("JF-Q020", text)
    due = working_calendar().add_working_days(
        on, find_rules(entry.city, entry.rules).objections.days
    )
    with transaction.atomic():
        row = Entry.objects.select_for_update().get(pk=entry.pk)
        if row.state != State.PUBLIC or row.public_until is None or on > row.public_until:
            raise ListFault("JF-Q021", _describe_closed_publicity(row))
        objection = _create_objection(by, row, words, on, due)
        if row.decision is not None:
            # told to the person listed, without who objected
            case = row.decision.application_id
            Event.objects.create(application_id=case, act="list_objected", as_role="system")
        store_objection_waits(objection)
        _record_act("filed", objection, by)
    return objection


def _create_objection(by: User, entry: Entry, words: str, on: date, due: date) -> Objection:
    try:
        with transaction.atomic():
            return Objection.objects.create(
                entry=entry, words=words[:MAX_WORDS], filed_by=by, filed_on=on, due_on=due
            )
    except IntegrityError:
        text = say("actions.objections.your_objection_is_under_way")
        raise ListFault("JF-Q022", text) from None


def answer_objection(by: User, objection: Objection, words: str) -> None:
    """What the person listed says to it; said again, it stands below what was said before. Raises
    ListFault, NotYours."""
    _refuse_empty(words, "words")
    with _objection_act(by, objection, "answer", PERSON) as row:
        earlier_answers = [row.answer] if row.answer else []
        row.answer, row.answered_at = (
            "\n\n".join([*earlier_answers, words[:MAX_WORDS]]),
            timezone.now(),
        )
        _save_act(row, "answered", by)


def hear_objection(by: User, objection: Objection, findings: str) -> None:
    """What was found when it was looked into. Raises ListFault, NotYours."""
    _refuse_empty(findings, "findings")
    with _objection_act(by, objection, "hear", WINDOW) as row:
        if by.pk == row.filed_by_id:
            text = say("actions.objections.another_person_looks_into_ones")
            raise NotYours("JF-Q023", text)
        row.heard_by, row.heard_at, row.findings = by, timezone.now(), findings[:MAX_WORDS]
        _save_act(row, "heard", by)


def withdraw_objection(by: User, objection: Objection) -> None:
    """By whoever filed it. Raises ListFault, NotYours."""
    with _objection_act(by, objection, "withdraw", ANYBODY) as row:
        _save_act(row, "withdrawn", by)


def decide_objection(
    by: User, objection: Objection, on: date, *, uphold: bool, reasons: str
) -> None:
    """Upheld or dismissed, with reasons, by another than who heard or filed it, and than who had a
    part in the decision that it is about. Raises ListFault, NotYours."""
    _refuse_empty(reasons, "reasons")
    act = "uphold" if uphold else "dismiss"
    with _objection_act(by, objection, act, DECIDER) as row:
        had_part = {row.heard_by_id, row.filed_by_id, *_list_participants(row)}
        principals = find_principals(by, row.entry.city, row.entry.district, *DECIDING_ROLES)
        if by.pk in had_part or (principals and principals <= had_part):
            text = say("actions.objections.another_person_decides_an_objection")
            raise NotYours("JF-Q023", text)
        row.decided_by, row.decided_on, row.reasons = by, on, reasons[:MAX_WORDS]
        _save_act(row, row.state, by)
        entry = Entry.objects.select_for_update().get(pk=row.entry_id)
        if uphold and entry.state in LIVE:
            move_entries([entry], "remove", SYSTEM, on, by=by, why=UPHELD)


def _list_participants(row: Objection) -> tuple[int | None, ...]:
    decision = row.entry.decision
    return (decision.proposed_by_id, decision.signed_by_id) if decision else ()


@contextmanager
def _objection_act(by: User, objection: Objection, act: str, side: str) -> Iterator[Objection]:
    """The objection, locked, moved by the table in one transaction."""
    with transaction.atomic():
        row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
        own_sides = sides_of(by, row.entry) | ({ANYBODY} if row.filed_by_id == by.pk else set())
        if side not in own_sides:
            text = say("actions.objections.this_act_is_not_yours")
            raise NotYours("JF-Q014", text)
        next_state = find_next_state(row.state, act, side, OBJECTIONS)
        if next_state is None:
            raise ListFault("JF-Q011", _describe_refusal(row))
        row.state = next_state
        yield row


def _save_act(row: Objection, act: str, by: User) -> None:
    row.save()
    store_objection_waits(row)
    _record_act(act, row, by)


def _record_act(act: str, row: Objection, by: User) -> None:
    roles = DECIDING_ROLES if act in ("upheld", "dismissed") else WINDOW_ROLES
    record(
        f"objection.{act}",
        actor=f"user:{by.pk}",
        subject=f"objection:{row.pk}",
        city=row.entry.city,
        on_behalf_of=name_principal(by, row.entry.city, row.entry.district, *roles),
        details={"entry": row.entry_id, "state": row.state},
    )


def _refuse_empty(words: str, place: str) -> None:
    if not words.strip():
        raise ListFault("JF-Q024", say("actions.objections.say_why"), place)


def _describe_closed_publicity(entry: Entry) -> Text:
    until = entry.public_until or "—"
    return say("actions.objections.objections_are_taken_during_publicity", until=until)


def _describe_refusal(row: Objection) -> Text:
    state = ObjectionState(row.state)
    return say(
        "actions.objections.the_objection_is_now_where", state_label=Text(state.label, row.state)
    )
