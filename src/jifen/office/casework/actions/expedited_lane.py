"""The expedited lane: a ground, evidence, a supervisor's yes, a clock of its own."""

from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Expedite, Lane
from jifen.office.casework.words import say
from jifen.policy.text import Text


def ask_expedite(case: CaseAccess, ground: str, words: str) -> Expedite:
    """Ask for the expedited lane. Raises CaseFault for an unknown ground or without words."""
    with act_on_case(case, "ask_expedite") as application:
        grounds = {g.id for g in process_of(application).expedited.grounds}
        if ground not in grounds:
            refusal = say("actions.expedited_lane.choose_one_of_the_grounds")
            raise CaseFault("JF-K070", refusal, "ground")
        if not words.strip():
            refusal = say("actions.expedited_lane.say_what_it_is_about")
            raise CaseFault("JF-K071", refusal, "words")
        if application.expedites.filter(approved__isnull=True).exists():
            refusal = say("actions.expedited_lane.a_request_is_waiting_already")
            raise CaseFault("JF-K072", refusal)
        request = Expedite.objects.create(
            application=application, ground=ground, words=words[:2000], asked_by=case.user
        )
        record_event(application, "expedite_asked", case, details={"ground": ground})
        return request


def decide_expedite(case: CaseAccess, request: Expedite, *, approve: bool, words: str) -> None:
    """A supervisor's yes or no, with words."""
    with act_on_case(case, "decide_expedite") as application:
        row = application.expedites.select_for_update().filter(pk=request.pk).first()
        if row is None or row.approved is not None:
            raise CaseFault("JF-K073", _DECIDED)
        row.approved, row.decided_by, row.decided_at = approve, case.user, timezone.now()
        row.decision_words = words[:2000]
        row.save()
        if approve:
            application.lane = Lane.EXPEDITED
            clock.restart(application)
        details = {"ground": row.ground, "approved": approve}
        record_event(application, "expedite_decided", case, Text(words, words), details=details)


_DECIDED = say("actions.expedited_lane.decided")
