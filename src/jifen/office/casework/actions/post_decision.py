"""Withdrawal, recheck, false material: what may follow, and what never deletes anything."""

from datetime import date
from typing import Any

from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.decisions import compare_line_items, freeze_decision
from jifen.office.casework.actions.gates import update_gates
from jifen.office.casework.actions.periods import (
    end_period,
    list_decisions_with_points,
    open_period,
)
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event, system_act
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import (
    Correction,
    Decision,
    FalseRecord,
    Finding,
    Item,
    Recheck,
    Review,
    State,
)
from jifen.office.casework.renewal.carry_over import reopen_employer_items, reopen_item
from jifen.office.casework.renewal.dependencies import list_cases_of_one_finding
from jifen.office.casework.waiting_rows import list_participants
from jifen.office.casework.words import say
from jifen.office.registry.models import Unit
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

FALSE_YEARS = 5
"""How long a finding of false material stays in the register; what a measure makes of it, and for
how long, is the measure's own window."""


def withdraw_case(case: CaseAccess, words: str = "") -> None:
    """The applicant takes the application back; it stays on record. Raises CaseFault once it was
    decided: a decision under recheck is not escaped from."""
    with act_on_case(case, "withdraw") as application:
        if application.decisions.filter(signed_at__isnull=False).exists():
            raise CaseFault("JF-K054", _DECIDED_ONCE)
        application.withdrawn_at = timezone.now()
        open_corrections = Correction.objects.filter(application=application, state="open")
        open_corrections.update(state="ended", ended_at=timezone.now())
        proposals = application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
        proposals.update(void_at=timezone.now(), void_why="withdrawn")
        clock.stop(application, timezone.localdate())
        record_event(application, "withdrawn", case, Text(words, words))


_DECIDED_ONCE = say("actions.post_decision.decided_once")


def change_employer(case: CaseAccess, unit: Unit, words: str) -> None:
    """The person works elsewhere now: the case goes on under the new employer, once the person
    agrees; what hangs on the employer is looked at again, and a waiting proposal is void."""
    with act_on_case(case, "change_employer") as application:
        if not unit.city == application.city or unit.kind != "employer":
            raise CaseFault("JF-K060", _NO_EMPLOYER)
        before, application.unit, application.agency = application.unit_id, unit, None
        if before != unit.pk:
            application.consent_at = None
            reopen_employer_items(application)
            proposals = application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
            proposals.update(void_at=timezone.now(), void_why="employer_changed")
            update_gates(application)
        details = {"from": before, "to": unit.pk}
        record_event(application, "employer_changed", case, Text(words, words), details=details)


_NO_EMPLOYER = say("actions.post_decision.no_employer")


def ask_recheck(case: CaseAccess, reasons: list[dict[str, str]]) -> Recheck:
    """复核, with a reason for each line. Raises CaseFault without any reason, or too late."""
    stated_reasons = [r for r in reasons if r.get("words", "").strip()]
    if not stated_reasons:
        words = say("actions.post_decision.give_a_reason")
        raise CaseFault("JF-K061", words)
    with act_on_case(case, "ask_recheck") as application:
        decision = find_effective_decision(application)
        days = process_of(application).recheck_days
        calendar, today = working_calendar(), timezone.localdate()
        if application.rechecks.filter(state="open").exists():
            raise CaseFault("JF-K062", _UNDER_WAY)
        recheck = Recheck.objects.create(
            application=application,
            decision=decision,
            reasons=stated_reasons,
            asked_by=case.user,
            due_on=calendar.add_working_days(today, days),
        )
        details = {"lines": [r.get("line", "") for r in stated_reasons]}
        record_event(application, "recheck_asked", case, details=details)
        return recheck


_UNDER_WAY = say("actions.post_decision.under_way")


def find_effective_decision(application: Any) -> Decision:
    """The decision that holds."""
    decision: Decision = application.decisions.get(
        void_at__isnull=True, revoked_at__isnull=True, signed_at__isnull=False
    )
    return decision


def decide_recheck(
    case: CaseAccess, words: str, corrected: dict[str, Any] | None = None
) -> Recheck:
    """Uphold, or change: `corrected` facts are confirmed with their new values, and a new decision
    stands in place of the old. By nobody who had a part in the first. Raises NotAllowed."""
    if not words.strip():
        raise CaseFault("JF-K063", say("actions.post_decision.say_why_it_stands"))
    with act_on_case(case, "decide_recheck") as application:
        recheck = application.rechecks.select_for_update().get(state="open")
        old = recheck.decision
        _refuse_participant(case, application, old)
        recheck.decided_by, recheck.decided_at = case.user, timezone.now()
        recheck.words = words[:4000]
        recheck.state = "upheld"
        if corrected:
            new = _decide_again(case, application, old, corrected, words)
            recheck.changed = compare_line_items(old.result, new.result)
            # a veto and a condition change the outcome and no line
            if recheck.changed or new.outcome != old.outcome:
                recheck.state = "changed"
        recheck.save()
        details = {"outcome": recheck.state, "lines": [c["line"] for c in recheck.changed]}
        record_event(application, "recheck_decided", case, Text(words, words), details=details)
        return recheck


def _refuse_participant(case: CaseAccess, application: Any, old: Decision) -> None:
    if case.had_part(list_participants(application, old)):
        raise NotAllowed("JF-K064", _HAD_PART)


_HAD_PART = say("actions.post_decision.had_part")


def _decide_again(
    case: CaseAccess, application: Any, old: Decision, corrected: dict[str, Any], words: str
) -> Decision:
    for fact, value in corrected.items():
        item = application.items.filter(fact=fact).first() or Item(
            application=application, fact=fact
        )
        before = list(item.found)
        item.finding, item.found, item.source = Finding.CORRECTED, [value], "clerk"
        item.reason, item.words = "recheck", words[:2000]
        item.found_by, item.found_at, item.carried_from = case.user, timezone.now(), None
        item.save()
        Review.objects.create(
            application=application,
            fact=fact,
            gate="",
            finding=item.finding,
            before=before,
            found=item.found,
            source="clerk",
            reason="recheck",
            words=item.words,
            by=case.user,
        )
    old.void_at, old.void_why = timezone.now(), "recheck"
    old.save(update_fields=("void_at", "void_why"))
    # The recheck was decided by a second person already: the new decision names the proposer of
    # the old one and the decider of the recheck as its two.
    # One that nobody proposed (a renewal by itself) is proposed now, and another person signs.
    # Its points go on until then.
    new = freeze_decision(application, old.proposed_by or case.user, words)
    if old.proposed_by:
        new.signed_by, new.signed_at = case.user, timezone.now()
        new.save(update_fields=("signed_by", "signed_at"))
        open_period(application, new, timezone.localdate())
    return new


def report_false_material(case: CaseAccess, fact: str, words: str) -> FalseRecord:
    """A document was false: the person is told and heard before anything follows. Whoever has no
    account is told by a letter (`hearings`); the days run from the telling."""
    if not words.strip():
        raise CaseFault("JF-K065", say("actions.post_decision.say_what_was_found"))
    with act_on_case(case, "find_false") as application:
        record = FalseRecord.objects.create(
            person=application.person,
            application=application,
            fact=fact,
            words=words[:4000],
            found_by=case.user,
            told_by="account" if application.person.user_id else "letter",
        )
        details = {"fact": fact, "record": record.pk, "told_by": record.told_by}
        record_event(application, "false_found", case, details=details)
        return record


_NOTHING_TO_ANSWER = say("actions.post_decision.nothing_to_answer")
_NOTHING_TO_DECIDE = say("actions.post_decision.nothing_to_decide")


def answer_false_material(case: CaseAccess, record: FalseRecord, words: str) -> None:
    """What the person says to it, once. Raises CaseFault without words, or where nothing waits
    for an answer."""
    with act_on_case(case, "answer_false") as application:
        store_answer(application, record, words)
        record_event(application, "false_answered", case)


def store_answer(application: Any, record: FalseRecord, words: str) -> None:
    """Write the answer; an answer that is there is not written over. Raises CaseFault."""
    is_waiting = record.application_id == application.pk and record.state == "hearing"
    if not is_waiting or record.answered_at:
        raise CaseFault("JF-K066", _NOTHING_TO_ANSWER)
    if not words.strip():
        raise CaseFault("JF-K069", _NO_ANSWER)
    record.answer, record.answered_at = words[:8000], timezone.now()
    record.save(update_fields=("answer", "answered_at", "taken_down_by"))


_NO_ANSWER = say("actions.post_decision.no_answer")


def decide_false_material(
    case: CaseAccess, record: FalseRecord, *, stands: bool, words: str, on: date | None = None
) -> None:
    """After the hearing, by another person than the finder: the record takes effect and the
    decision is revoked, or it is dropped. Raises CaseFault before the hearing has ended."""
    today = on or timezone.localdate()
    with act_on_case(case, "decide_false") as application:
        if record.application_id != application.pk or record.state != "hearing":
            raise CaseFault("JF-K066", _NOTHING_TO_DECIDE)
        _refuse_before_hearing_ends(record, today)
        if case.had_part({record.found_by_id}):
            refusal = say("actions.post_decision.you_found_it_another_person")
            raise NotAllowed("JF-K068", refusal)
        record.decided_by, record.decided_at = case.user, timezone.now()
        record.decision_words, record.state = words[:4000], "effective" if stands else "dropped"
        if stands:
            record.effective_on = today
            record.expires_on = _add_false_years(today)
            _revoke_decisions(application, words, today)
            _revoke_dependent_cases(application, record.fact, words, today)
        record.save()
        record_event(
            application, "false_decided", case, Text(words, words), details={"stands": stands}
        )


def _refuse_before_hearing_ends(record: FalseRecord, today: date) -> None:
    if record.answered_at:
        return
    if record.hearing_until is None:
        raise CaseFault("JF-K067", _NOT_TOLD)
    if today <= record.hearing_until:
        refusal = say(
            "actions.post_decision.the_person_may_answer_until", hearing_until=record.hearing_until
        )
        raise CaseFault("JF-K067", refusal)


_NOT_TOLD = say("actions.post_decision.not_told")


def _add_false_years(day: date) -> date:
    try:
        return day.replace(year=day.year + FALSE_YEARS)
    except ValueError:
        return day.replace(year=day.year + FALSE_YEARS, day=28)


def _revoke_dependent_cases(application: Any, fact: str, words: str, today: date) -> None:
    """Every other year that rests on the same finding: what was decided falls with it, what is
    under way looks at it again."""
    for dependent in list_cases_of_one_finding(application, fact):
        with system_act(dependent.pk) as application_row:
            for decision in list(list_decisions_with_points(application_row)):
                _revoke_decision(decision, words, today)
            if application_row.state != State.DECIDED:
                _reopen_false_fact(application_row, fact)
            record_event(
                application_row, "false_decided", None, Text(words, words), details={"stands": True}
            )


def _reopen_false_fact(row: Any, fact: str) -> None:
    reopen_item(row.items.get(fact=fact), "false_before")
    proposals = row.decisions.filter(signed_at__isnull=True, void_at__isnull=True)
    proposals.update(void_at=timezone.now(), void_why="false_before")
    if row.submitted_at:
        update_gates(row)


def _revoke_decisions(application: Any, words: str, today: date) -> None:
    """Whatever of a case holds; nothing where an earlier finding revoked it already."""
    for decision in list(list_decisions_with_points(application)):
        _revoke_decision(decision, words, today)


def _revoke_decision(decision: Decision, words: str, today: date) -> None:
    decision.revoked_at, decision.revoked_why = timezone.now(), words[:4000]
    decision.save(update_fields=("revoked_at", "revoked_why"))
    end_period(decision, today)
