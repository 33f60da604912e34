"""Telling a person of a finding of false material, and what they answer outside of their account.

The days of the hearing run from the telling: from the message to the person's account, or from the
day on which the letter was delivered to somebody who has none.
"""

from datetime import date

from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.post_decision import store_answer
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event, system_act
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, FalseRecord
from jifen.office.casework.words import say
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

LETTER = "letter"


def find_hearing_end(application: Application, told_on: date) -> date:
    """The last day of the hearing of somebody who was told on a day."""
    return working_calendar().add_working_days(told_on, process_of(application).hearing_days)


def record_telling(record_id: int, told_on: date) -> None:
    """The message to the account of the person is there: the days run. Nothing is done where they
    run already."""
    application_id = FalseRecord.objects.values_list("application", flat=True).get(pk=record_id)
    with system_act(application_id) as application:
        record = FalseRecord.objects.get(pk=record_id)
        if record.told_on is None and record.state == "hearing":
            _start_hearing(application, record, told_on)
            details = {"record": record.pk, "hearing_until": str(record.hearing_until)}
            record_event(application, "finding_told", None, details=details)


def tell_by_letter(record_id: int) -> None:
    """The account that should have been told is not the person's any more: a letter is written."""
    application_id = FalseRecord.objects.values_list("application", flat=True).get(pk=record_id)
    with system_act(application_id):
        FalseRecord.objects.filter(pk=record_id, told_on=None).update(told_by=LETTER)


def deliver_finding(case: CaseAccess, record: FalseRecord, delivered_on: date, words: str) -> None:
    """Record that the letter was delivered, on which day and how. Raises CaseFault where the person
    was told already, without words, or for a day before the finding or after today."""
    with act_on_case(case, "deliver_finding") as application:
        if record.application_id != application.pk or record.state != "hearing" or record.told_on:
            raise CaseFault("JF-K047", _TOLD_ALREADY)
        found_on = timezone.localtime(record.found_at).date()
        if not found_on <= delivered_on <= timezone.localdate():
            raise CaseFault("JF-K048", _describe_wrong_day(delivered_on, found_on), "delivered_on")
        if not words.strip():
            raise CaseFault("JF-K049", _NO_WAY, "words")
        record.told_by, record.delivered_by = LETTER, case.user
        record.delivery_words = words[:500]
        _start_hearing(application, record, delivered_on)
        details = {"record": record.pk, "hearing_until": str(record.hearing_until)}
        record_event(application, "finding_delivered", case, details=details)


def _start_hearing(application: Application, record: FalseRecord, told_on: date) -> None:
    record.told_on = told_on
    record.hearing_until = find_hearing_end(application, told_on)
    record.save(
        update_fields=("told_by", "told_on", "hearing_until", "delivered_by", "delivery_words")
    )


def take_down_answer(case: CaseAccess, record: FalseRecord, words: str) -> None:
    """Write down what the person answered on paper or at the counter, once they were told; who
    wrote it down is kept. Raises CaseFault as for an answer of their own."""
    with act_on_case(case, "take_down_answer") as application:
        if record.told_on is None:
            raise CaseFault("JF-K055", _NOT_TOLD)
        record.taken_down_by = case.user
        store_answer(application, record, words)
        record_event(application, "answer_taken_down", case, details={"record": record.pk})


_TOLD_ALREADY = say("actions.hearings.told_already")
_NO_WAY = say("actions.hearings.no_way")
_NOT_TOLD = say("actions.hearings.not_told")


def _describe_wrong_day(day: date, found_on: date) -> Text:
    return say("actions.hearings.the_letter_was_delivered", day=day, found_on=found_on)
