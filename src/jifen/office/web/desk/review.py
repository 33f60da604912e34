"""The page on which a case is reviewed."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import handover, review
from jifen.office.casework.assignees import list_rows_of_case
from jifen.office.casework.case_policy import (
    is_ranked,
    policy_of,
    process_of,
    score_facts,
    select_claimed_facts,
    select_confirmed_facts,
)
from jifen.office.casework.department_scope import find_department_scope
from jifen.office.casework.models import Application, Event, FalseRecord, Gate, State
from jifen.office.desk.actions import notes, threads
from jifen.office.desk.actions.form_drafts import list_form_drafts
from jifen.office.desk.actions.preferences import list_text_blocks
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.cases import case_texts
from jifen.office.web.cases.corrections import describe_corrections
from jifen.office.web.cases.store import answers_of
from jifen.office.web.data_access import log_look
from jifen.office.web.desk.case_messages import conversation_context
from jifen.office.web.desk.department import limit_to_department
from jifen.office.web.desk.door import staff_case
from jifen.office.web.desk.evidence import collect_desk_facts
from jifen.office.web.notices.labels import papers_of
from jifen.office.web.public.panel import result_context
from jifen.office.web.public.questions import question, schemes, statuses
from jifen.office.web.public.self_assessment import work_out as form_work
from jifen.office.web.signed import lang_of, signed_in, work_page
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import (
    derive_status,
    derive_stored_status,
    describe_decided_outcome,
)


@signed_in
@require_safe
def case_review(request: HttpRequest, key: UUID) -> HttpResponse:
    """Papers beside the open facts, each with its evidence; what is next always in view."""
    return review_page(request, staff_case(request, key))


def review_page(
    request: HttpRequest, case: CaseAccess, *, form: str = "", refused: Text | None = None
) -> HttpResponse:
    """The page of a case; `form` and `refused`: which form was refused and why, so that it is shown
    again with what was typed (422)."""
    application, lang = case.application, lang_of(request)
    log_look(request, f"application:{application.pk}", "case", city=application.city)
    gates = list(application.gates.select_related("holder"))
    mine = {gate.gate for gate in gates if review.can_act_in(case, gate)}
    process = process_of(application)
    context = _describe_case(case, lang) | {
        "gates": [_gate(g, process, lang) | {"takers": _takers(case, g)} for g in gates],
        "mine": mine,
        "work": collect_desk_facts(case, mine, lang, _list_refused(request, form)),
        "form": form,
        "typed": request.POST if form else {},
        "refused": refused(lang) if refused else "",
    }
    context |= _describe_points(application, lang) | _describe_decision(application, lang)
    facts = [*context["work"].open, *context["work"].elsewhere, *context["work"].decided]
    context |= conversation_context(case, facts, context["materials"], lang)
    if scope := find_department_scope(case):
        context = limit_to_department(context, scope)
    notes.mark_mentions_read(case)
    threads.mark_messages_read(case)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return work_page(request, "desk/review.html", context, status=status)


def _describe_case(case: CaseAccess, lang: Lang) -> dict[str, Any]:
    """What the page shows of a case besides its facts, points and decision."""
    application, today = case.application, timezone.localdate()
    process, policy = process_of(application), policy_of(application)
    work = form_work(policy, application.on, answers_of(application.items.all(), policy.vocabulary))
    return {
        "case": case,
        "a": application,
        "state": case_texts.STATES[application.state](lang),
        "policy": policy,
        "process": process,
        "waits": shown(list_rows_of_case(application.pk), lang, today, desk=True),
        "questions": {i: question(work, i, lang) for i in _asked_facts(policy)},
        "materials": case_texts.material_rows(application, lang),
        "reasons": process.reasons,
        "told": case_texts.messages_of(application, lang),
        "papers": papers_of(application, lang, today),
        "history": case_texts.history(application, lang, staff=True),
        "checks": application.checks.all(),
        "registers": REGISTERS,
        "statuses": statuses(lang),
        "schemes": schemes(lang),
        "text_blocks": list_text_blocks(application.city, application.district),
        "corrections": describe_corrections(application, lang, staff=True),
        "drafted": list_form_drafts(case.user, application),
    }


def _describe_points(application: Application, lang: Lang) -> dict[str, Any]:
    """What the case amounts to on the confirmed facts, with the rest as claimed, and as the
    self-assessment had it."""
    confirmed = select_confirmed_facts(application.items.all())
    official = score_facts(application, confirmed)
    guess = score_facts(application, select_claimed_facts(application.items.all()) | confirmed)
    return {
        "rules": official.assessment.rules,
        "official": result_context(derive_status(official.assessment), lang),
        "guess": result_context(derive_status(guess.assessment), lang),
        "guess_lines": guess.assessment.to_dict(lang)["lines"],
        "estimate": application.estimate,
        "claimed": _claimed(application, lang),
    }


def _describe_decision(application: Application, lang: Lang) -> dict[str, Any]:
    """The decision, and what was asked or found about it."""
    decision = case_texts.decision_of(application)
    words = describe_decided_outcome(decision.outcome, decision.total)(lang) if decision else ""
    grounds = process_of(application).expedited.grounds
    return {
        "decision": decision,
        "outcome": words,
        "returned": _returned(application, lang),
        "expedite": application.expedites.filter(approved__isnull=True).first(),
        "grounds": {ground.id: ground for ground in grounds},
        "recheck": application.rechecks.filter(state="open").first(),
        "false_records": FalseRecord.objects.filter(application=application),
    }


def _list_refused(request: HttpRequest, form: str) -> dict[str, QueryDict]:
    """What was typed into the form of a fact that was refused, by the fact."""
    return {form.removeprefix("find-"): request.POST} if form.startswith("find-") else {}


def _returned(application: Application, lang: Lang) -> dict[str, str] | None:
    """Why the proposal came back from whoever signs; None where it did not, or went again."""
    rows = Event.objects.filter(application=application, act__in=("proposed", "sent_back"))
    row = rows.select_related("by").order_by("-id").first()
    if row is None or row.act != "sent_back" or application.state not in _WITH_CLERK:
        return None
    who = row.by.get_full_name() if row.by else ""
    return {"words": str(row.words.get(lang, "")), "who": who}


_WITH_CLERK = (State.REVIEW, State.DECIDING)


def _claimed(application: Application, lang: Lang) -> dict[str, Any] | None:
    """What the self-assessment amounted to when it was filed."""
    if not application.estimate:
        return None
    ranked = is_ranked(application)
    return result_context(derive_stored_status(application.estimate, ranked=ranked), lang)


def _asked_facts(policy: Any) -> list[str]:
    return [ident for ident in policy.vocabulary.ids if not policy.vocabulary[ident].is_record]


def _gate(gate: Gate, process: Any, lang: Lang) -> dict[str, Any]:
    held = gate.holder and gate.held_until and gate.held_until > timezone.now()
    return {
        "id": gate.gate,
        "label": process.find_gate(gate.gate).label(lang),
        "state": gate.state,
        "state_words": gate.get_state_display(),
        "holder": gate.holder.get_full_name() if held and gate.holder else "",
        "returned": gate.returned,
    }


def _takers(case: CaseAccess, gate: Gate) -> list[tuple[int, str]]:
    """Whom the asker may hand a gate over to."""
    if "hand_over" not in case.acts or gate.state != "open":
        return []
    rows = handover.list_possible_holders(case.application, gate)
    return [(user.pk, user.get_full_name()) for user in rows if user.pk != gate.holder_id]
