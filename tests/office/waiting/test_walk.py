"""Every act of the table, in every state in which it may be done: afterwards something waits on
somebody who can do it and was told, or the case is over."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    expedited_lane,
    hearings,
    materials,
    post_decision,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.handover import hand_over_gate
from jifen.office.casework.assignees import (
    count_by_kind,
    list_open_rows,
    list_people_able,
    list_rows_for_user,
    list_rows_of_case,
    list_rows_without_people,
)
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Application, FalseRecord
from jifen.office.casework.queries import Desk, count_by_stage
from jifen.office.casework.rules import ENDED, TABLE, ActRule
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.registry.models import RegisterEntry
from jifen.office.waiting.models import KINDS_WITH_OWN_MESSAGE, Waiting, WaitKind
from jifen.office.waiting.rules import RULES, rule_of
from jifen.office.web.yearly.calendar import days_of
from jifen.process.calendar import working_calendar
from tests.world.messages import at
from tests.world.office import Office, photo, tell, today, typed, unit, user

pytestmark = pytest.mark.django_db
Step = Callable[[Office, Application], object]
WHY = "理由"


def _now(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def _case(who: User, application: Application, act: str = "") -> CaseAccess:
    return access_case(User.objects.get(pk=who.pk), application.key, act)


# How a case comes into each state


def _deciding(office: Office) -> Application:
    return office.reviewed(office.submitted())


def _proposed(office: Office) -> Application:
    application = _deciding(office)
    decisions.propose_decision(_case(office.clerk, application, "propose"))
    return application


def _asked(office: Office) -> Application:
    application = office.submitted()
    _ask(office, application)
    return application


def _ask(office: Office, application: Application) -> object:
    item = corrections.RequestedItem("fact", "education", "not_matching", WHY)
    return corrections.ask_correction(_case(office.clerk, application), [item])


def _lapsed(office: Office) -> Application:
    application = _asked(office)
    corrections.lapse_overdue_cases(timezone.localdate() + timedelta(days=99))
    return application


def _revoked(office: Office) -> Application:
    application = office.decided(office.submitted())
    for fact in ("title", "education"):
        post_decision.report_false_material(_case(office.clerk, application), fact, WHY)
    first = FalseRecord.objects.get(fact="title")
    post_decision.answer_false_material(_case(office.person_user, application), first, WHY)
    post_decision.decide_false_material(
        _case(office.senior2, application), first, stands=True, words=WHY
    )
    return application


REACH: dict[str, Callable[[Office], Application]] = {
    "draft": lambda office: office.with_documents(office.draft()).application,
    "review": lambda office: office.submitted(),
    "correction": _asked,
    "lapsed": _lapsed,
    "deciding": _deciding,
    "countersign": _proposed,
    "decided": lambda office: office.decided(office.submitted()),
    "revoked": _revoked,
}


# What has to be there before an act


def _expedite(office: Office, application: Application) -> object:
    return expedited_lane.ask_expedite(_case(office.operator, application), "illness", WHY)


def _recheck(office: Office, application: Application) -> object:
    line = [{"line": "education", "words": WHY}]
    return post_decision.ask_recheck(_case(office.person_user, application), line)


def _find_false(office: Office, application: Application) -> object:
    return post_decision.report_false_material(_case(office.clerk, application), "title", WHY)


def _answer(office: Office, application: Application) -> object:
    record = FalseRecord.objects.get(state="hearing", answered_at=None)
    post_decision.answer_false_material(_case(office.person_user, application), record, WHY)
    return None


def _tell(office: Office, application: Application) -> object:
    _unless_revoked(_find_false)(office, application)
    return tell(FalseRecord.objects.get(state="hearing"))


def _deliver(office: Office, application: Application) -> object:
    record = FalseRecord.objects.get(state="hearing")
    hearings.deliver_finding(_case(office.clerk, application), record, today(), WHY)
    return None


def _take_down(office: Office, application: Application) -> object:
    record = FalseRecord.objects.get(state="hearing")
    hearings.take_down_answer(_case(office.clerk, application), record, WHY)
    return None


def _unless_revoked(step: Step) -> Step:
    def done(office: Office, application: Application) -> object:
        return step(office, application) if _now(application).state == "decided" else None

    return done


def _found_and_answered(office: Office, application: Application) -> None:
    _unless_revoked(_find_false)(office, application)
    _answer(office, application)


PREPARE: dict[str, Step] = {
    "decide_expedite": _expedite,
    "decide_recheck": _recheck,
    "deliver_finding": _unless_revoked(_find_false),
    "take_down_answer": _tell,
    "answer_false": _unless_revoked(_find_false),
    "decide_false": _found_and_answered,
}


# The acts


def _find(office: Office, application: Application) -> object:
    state = _now(application).state
    facts = (
        ["education"] if state == "deciding" else list_open_facts(_now(application), "office")[:1]
    )
    found = [review.FactFinding(fact, "confirmed") for fact in facts]
    return review.record_findings(_case(office.clerk, application), found)


def _register(office: Office, application: Application) -> object:
    key, facts = application.person.identity_index, {"education": "bachelor_with_degree"}
    RegisterEntry.objects.create(
        register="education", city="shanghai", key_index=key, facts=facts, as_of=today()
    )
    return registers.ask_due_registers()


def _change(office: Office, application: Application) -> object:
    other = unit(2, user("their admin"))
    post_decision.change_employer(_case(office.supervisor, application), other, WHY)
    return None


def _decide_lane(office: Office, application: Application) -> object:
    row = application.expedites.get(approved=None)
    case = _case(office.supervisor, application)
    expedited_lane.decide_expedite(case, row, approve=True, words=WHY)
    return None


def _decide_false(office: Office, application: Application) -> object:
    record = FalseRecord.objects.get(state="hearing")
    case = _case(office.senior2, application)
    post_decision.decide_false_material(case, record, stands=True, words=WHY)
    return None


DO: dict[str, Step] = {
    "edit": lambda o, a: drafts.save_draft(
        _case(o.operator, a), typed({"education": "college"}), 99
    ),
    "upload": lambda o, a: materials.upload_files(
        _case(o.operator, a), "diploma", [("d.jpg", photo("red"))]
    ),
    "consent": lambda o, a: drafts.give_consent(_case(o.person_user, a)),
    "submit": lambda o, a: submission.submit_case(_case(o.operator, a), "a key"),
    "choose_renewal": lambda o, a: drafts.choose_renewal(
        _case(o.person_user, a), automatically=True
    ),
    "withdraw": lambda o, a: post_decision.withdraw_case(_case(o.operator, a), WHY),
    "answer_register": _register,
    "take": lambda o, a: (
        review.take_gate(_case(o.clerk, a), "office") if _now(a).state == "review" else None
    ),
    "find": _find,
    "ask_correction": _ask,
    "resubmit": lambda o, a: corrections.resubmit_case(_case(o.operator, a)),
    "lapse": lambda o, a: corrections.lapse_overdue_cases(
        timezone.localdate() + timedelta(days=99)
    ),
    "reverse_lapse": lambda o, a: corrections.reverse_lapse(_case(o.supervisor, a), WHY),
    "propose": lambda o, a: decisions.propose_decision(_case(o.clerk, a)),
    "countersign": lambda o, a: decisions.countersign_decision(_case(o.senior, a)),
    "send_back": lambda o, a: decisions.send_back(_case(o.senior, a), WHY, ("education",)),
    "ask_expedite": _expedite,
    "decide_expedite": _decide_lane,
    "change_employer": _change,
    "hand_over": lambda o, a: (
        hand_over_gate(_case(o.supervisor, a), "office", o.clerk2)
        if a.gates.get(gate="office").state == "open"
        else None
    ),
    "ask_recheck": _recheck,
    "decide_recheck": lambda o, a: post_decision.decide_recheck(_case(o.senior2, a), WHY),
    "find_false": _find_false,
    "deliver_finding": _deliver,
    "answer_false": _answer,
    "take_down_answer": _take_down,
    "decide_false": _decide_false,
}


# What holds after each


def _planned() -> datetime:
    """Everything planned up to the morning of the next working day."""
    plan.plan_for_case_events()
    plan.record_tellings(timezone.now())
    plan.plan_for_waiting_rows()
    day = working_calendar().add_working_days(timezone.localdate(), 1)
    morning = timezone.make_aware(datetime.combine(day, time(9)))
    plan.plan_digests(morning)
    return morning


TOLD_OTHERWISE = {
    WaitKind.CORRECTION: ("correction_asked", "lapse_reversed"),
    WaitKind.ANSWER: ("false_found",),
}
"""Where what happened is told in words of its own."""


def _was_told(person: User, row: Waiting, morning: datetime) -> bool:
    inbox = Message.objects.filter(user=person, channel="inbox")
    kinds = TOLD_OTHERWISE.get(WaitKind(row.kind))
    if kinds:
        return inbox.filter(application=row.application, kind__in=kinds).exists()
    if row.kind in KINDS_WITH_OWN_MESSAGE:
        return inbox.filter(event=f"waiting:{row.pk}").exists()
    digests = inbox.filter(kind__in=("desk_digest", "unit_digest"))
    return digests.filter(stale_on=timezone.localtime(morning).date()).exists()


def assert_in_calendar(person: User, row: Waiting) -> None:
    """Whoever can do it has its day in the calendar."""
    words = rule_of(row.kind).words.zh
    marks_of_day = [(row.due_on, ("最后一天", "到期"))]
    if row.role:
        marks_of_day += [(row.starts_on, ("起可以办理", "从本日起"))]
    entries = [entry for _, part in days_of(person, timezone.localdate()) for entry in part]
    for day, marks in marks_of_day:
        texts = [entry.words.zh for entry in entries if entry.on == day and words in entry.words.zh]
        assert day is None or any(mark in text for mark in marks for text in texts), row.kind


def assert_counts_and_messages(now: Application, rows: list[Waiting]) -> None:
    """Counts, reminders and alerts to whoever leads say the same as the rows."""
    counted = {c["kind"]: c["many"] for c in count_by_kind(list_rows_of_case(now.pk), today())}
    counted.pop("renewal", None)
    assert counted == Counter(row.kind for row in rows)
    staff_rows = [row for row in list_open_rows() if row.role]
    without_people = [row for row in staff_rows if not list_people_able(row).exists()]
    assert list_rows_without_people(list_open_rows()) == without_people
    stages = {c["state"]: c["many"] for c in count_by_stage(Desk("shanghai", "", ""), today())}
    assert stages == {state: int(state == now.state) for state in stages}
    for row in rows:
        if row.kind == WaitKind.CORRECTION and row.due_on is not None:
            plan.plan_reminders(at(row.due_on))
            reminders = Message.objects.filter(application=now, kind="correction_due")
            assert reminders.exists(), "reminded before its last day"
        if row.due_on is not None:
            late_day = working_calendar().add_working_days(row.due_on, 1)
            plan.plan_digests(timezone.make_aware(datetime.combine(late_day, time(9))))
            alerts = Message.objects.filter(kind="lead_digest", stale_on=late_day)
            assert alerts.exists(), f"{row.kind} is late and nobody who leads was told"


def nobody_is_forgotten(application: Application) -> None:
    """Something waits on somebody who can do it and was told, or the case is over."""
    morning, now = _planned(), _now(application)
    rows = list(Waiting.objects.filter(application=now, ended_at=None).exclude(kind="renewal"))
    assert rows or now.state in ENDED
    for row in rows:
        people = list(list_people_able(row))
        assert people, f"{row.kind} waits on nobody"
        for person in people:
            act = rule_of(row.kind).act if row.starts_on is None else ""
            assert access_case(User.objects.get(pk=person.pk), now.key, act).application == now
            assert _was_told(person, row, morning), f"{person} was not told of {row.kind}"
            assert row.starts_on or row in list_rows_for_user(
                User.objects.get(pk=person.pk), morning.date()
            )
            assert_in_calendar(User.objects.get(pk=person.pk), row)
        assert row.pk in {r.pk for r in list_rows_of_case(now.pk)}, "what happens now names it"
    assert_counts_and_messages(now, rows)
    assert list(check_cases()) == []


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: f"{rule.state}-{rule.act}")
def test_after_every_act_somebody_knows_what_is_next_or_the_case_is_over(rule: ActRule) -> None:
    office = Office()
    application = REACH[rule.state](office)
    if prepare := PREPARE.get(rule.act):
        prepare(office, application)
    assert _now(application).state == rule.state
    events = application.events.count()
    DO[rule.act](office, application)
    if rule.act not in ("edit", "take", "hand_over", "consent"):
        assert application.events.count() > events, "the act was done"
    assert _now(application).state in (rule.leads_to or (rule.state, "review", "deciding"))
    nobody_is_forgotten(application)


def test_the_people_of_each_kind_are_those_whom_the_table_of_acts_names() -> None:
    sides = {"clerk", "reviewer", "senior_clerk", "supervisor"}
    for kind, rule in RULES.items():
        rows = [row for row in TABLE if row.act == rule.act]
        if rule.act:
            named = {side for row in rows for side in row.sides if side in sides}
            assert {role.value for role in rule.roles} == named, kind
