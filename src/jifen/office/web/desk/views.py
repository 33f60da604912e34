"""Queues, the review of a case, corrections, decisions."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.facts.identity import fold_number, is_identity_shaped
from jifen.office.accounts.models import User
from jifen.office.casework.access import Case, access_case, visible_to
from jifen.office.casework.actions import (
    after,
    correct,
    decide,
    expedite,
    hand_over,
    review,
)
from jifen.office.casework.actions.correct import Asked
from jifen.office.casework.models import Application, FalseRecord, Gate, State
from jifen.office.casework.queries import Desk, at_state, desks, queue
from jifen.office.casework.standing import (
    claimed,
    found,
    is_ranked,
    policy_of,
    process_of,
    work_out,
)
from jifen.office.registry.credit_code import tidy
from jifen.office.registry.models import Person, Unit
from jifen.office.registry.models.people import identity_indexes
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.cases import told
from jifen.office.web.cases.store import answers_of
from jifen.office.web.looks import log_look, log_reveal
from jifen.office.web.notices.words import papers_of
from jifen.office.web.numbers import whole_number
from jifen.office.web.public.answers import from_post
from jifen.office.web.public.panel import result_context
from jifen.office.web.public.questions import question
from jifen.office.web.public.work import work_out as form_work
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Lang, Text
from jifen.scoring.standing import decided_words, standing_of, standing_of_stored


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, oldest due first. A search is posted: names and numbers stand in no address."""
    user, lang, today = user_of(request), lang_of(request), timezone.localdate()
    own = desks(user)
    if not own:
        raise Http404
    chosen = _chosen(request, own)
    context = {
        "desks": own,
        "chosen": chosen,
        "rows": [_gate_row(gate, lang) for gate in queue(user, chosen, today)],
        "deciding": [] if chosen.department else _rows(user, chosen, State.DECIDING, lang),
        "signing": [] if chosen.department else _rows(user, chosen, State.COUNTERSIGN, lang),
        "today": today,
        "found": _search(request, lang),
        "searched": request.POST.get("q", ""),
    }
    return work_page(request, "desk/desk.html", context)


def _chosen(request: HttpRequest, own: list[Desk]) -> Desk:
    number = whole_number(request.GET.get("desk", "")) or 0
    return own[number] if number < len(own) else own[0]


def _gate_row(gate: Gate, lang: Lang) -> dict[str, Any]:
    held = gate.holder and gate.held_until and gate.held_until > timezone.now()
    return _row(gate.application, lang) | {
        "gate": process_of(gate.application).gate(gate.gate).label(lang),
        "holder": gate.holder.get_full_name() if held and gate.holder else "",
        "returned": gate.returned,
    }


def _rows(user: Any, chosen: Desk, state: State, lang: Lang) -> list[dict[str, Any]]:
    return [_row(a, lang) for a in at_state(user, chosen, state)]


def _row(a: Application, lang: Lang) -> dict[str, Any]:
    return {
        "key": a.key,
        "number": a.number,
        "person": a.person.name,
        "unit": a.unit.name if a.unit else "",
        "due_on": a.due_on,
        "received_on": a.received_on,
        "lane": a.lane,
        "state": a.state,
        "state_words": told.STATES[a.state](lang),
    }


MOST_PEOPLE = 200


def _search(request: HttpRequest, lang: Lang) -> list[dict[str, Any]]:
    """By number, by identity number (exactly), or by the beginning of a name."""
    text = request.POST.get("q", "").strip()
    if not text:
        return []
    rows, folded = visible_to(user_of(request)), fold_number(text)
    if is_identity_shaped(folded):
        rows = rows.filter(person__identity_index__in=identity_indexes(folded))
    elif folded[:2].isascii() and folded[:2].isalpha():
        rows = rows.filter(number=folded)
    else:
        # people first: their names are one narrow table
        people = Person.objects.filter(name__startswith=text).values_list("pk", flat=True)
        rows = rows.filter(person__in=list(people[:MOST_PEOPLE]))
    return [_row(a, lang) for a in rows.order_by("-id")[:50]]


@signed_in
@require_safe
def case_review(request: HttpRequest, key: UUID) -> HttpResponse:
    """Document beside fact beside clause; the engine's score beside the self-assessment."""
    case = _staff_case(request, key)
    application, lang = case.application, lang_of(request)
    log_look(request, f"application:{application.pk}", "case", city=application.city)
    process, policy = process_of(application), policy_of(application)
    answers = answers_of(application.items.all(), policy.vocabulary)
    work = form_work(policy, application.on, answers)
    gates = list(application.gates.select_related("holder"))
    mine = {gate.gate for gate in gates if review.may_act_in(case, gate)}
    official = work_out(application, found(application.items.all()))
    guess = work_out(application, claimed(application.items.all()) | _official(application))
    decision = told.decision_of(application)
    context = {
        "case": case,
        "a": application,
        "state": told.STATES[application.state](lang),
        "policy": policy,
        "process": process,
        "gates": [_gate(g, process, lang) | {"takers": _takers(case, g)} for g in gates],
        "mine": mine,
        "facts": told.fact_rows(application, lang),
        "questions": {i: question(work, i, lang) for i in _asked_facts(policy)},
        "materials": told.material_rows(application, lang),
        "reasons": process.reasons,
        "official": result_context(standing_of(official.assessment), lang),
        "guess": result_context(standing_of(guess.assessment), lang),
        "guess_lines": guess.assessment.to_dict(lang)["lines"],
        "estimate": application.estimate,
        "claimed": _claimed(application, lang),
        "told": told.messages_of(application, lang),
        "papers": papers_of(application, lang, timezone.localdate()),
        "history": told.history(application, lang, staff=True),
        "decision": decision,
        "outcome": decided_words(decision.outcome, decision.total)(lang) if decision else "",
        "expedite": application.expedites.filter(approved__isnull=True).first(),
        "grounds": {g.id: g for g in process.expedited.grounds},
        "recheck": application.rechecks.filter(state="open").first(),
        "false_records": FalseRecord.objects.filter(application=application),
        "checks": application.checks.all(),
        "registers": REGISTERS,
    }
    return work_page(request, "desk/review.html", context)


def _claimed(application: Application, lang: Lang) -> dict[str, Any] | None:
    """What the self-assessment amounted to when it was filed."""
    if not application.estimate:
        return None
    ranked = is_ranked(application)
    return result_context(standing_of_stored(application.estimate, ranked=ranked), lang)


def _official(application: Application) -> dict[str, Any]:
    return found(application.items.all())


def _asked_facts(policy: Any) -> list[str]:
    return [ident for ident in policy.vocabulary.ids if not policy.vocabulary[ident].is_record]


def _gate(gate: Gate, process: Any, lang: Lang) -> dict[str, Any]:
    held = gate.holder and gate.held_until and gate.held_until > timezone.now()
    return {
        "id": gate.gate,
        "label": process.gate(gate.gate).label(lang),
        "state": gate.state,
        "state_words": gate.get_state_display(),
        "holder": gate.holder.get_full_name() if held and gate.holder else "",
        "returned": gate.returned,
    }


def _takers(case: Case, gate: Gate) -> list[tuple[int, str]]:
    """Whom the asker may hand a gate over to."""
    if "hand_over" not in case.acts or gate.state != "open":
        return []
    rows = hand_over.takers(case.application, gate)
    return [(user.pk, user.get_full_name()) for user in rows if user.pk != gate.holder_id]


def _staff_case(request: HttpRequest, key: UUID, act: str = "") -> Case:
    case = access_case(user_of(request), key)
    if not case.is_staff:
        raise Http404
    if act:
        case.refuse_unless(act)
    return case


def _version(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


def _back(key: UUID, place: str = "") -> HttpResponse:
    return go(reverse("review", args=[key]) + (f"#{place}" if place else ""))


@signed_in
@require_POST
def reveal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The identity number and the phone whole, once, with a reason that is recorded."""
    case = _staff_case(request, key)
    why = request.POST.get("why", "").strip()
    if not why:
        say(request, Text("请写明查看原因。", "Say why you need it."), bad=True)
        return _back(key)
    person = case.application.person
    log_reveal(request, case.application, why[:200])
    said = Text(
        f"证件号码 {person.identity}；手机 {person.phone or '—'}",
        f"Identity number {person.identity}; phone {person.phone or '—'}",
    )
    say(request, said)
    return _back(key)


@signed_in
@require_POST
def take(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Have a gate for half an hour, or let it go."""
    case = _staff_case(request, key, "take")
    if request.POST.get("act") == "release":
        review.release(case, gate)
    else:
        review.take(case, gate)
    return _back(key)


@signed_in
@require_POST
def give(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Hand a gate over to somebody else."""
    case = _staff_case(request, key, "hand_over")
    number = whole_number(request.POST.get("to", ""))
    to = User.objects.filter(pk=number).first() if number is not None else None
    if to is None:
        say(request, Text("请选择接手的人。", "Choose who takes it over."), bad=True)
    else:
        hand_over.hand_over(case, gate, to)
        say(request, Text("已转交。", "Handed over."))
    return _back(key)


@signed_in
@require_POST
def find(request: HttpRequest, key: UUID, fact: str) -> HttpResponse:
    """Confirm, correct or reject one fact."""
    case = _staff_case(request, key, "find")
    vocabulary = policy_of(case.application).vocabulary
    given = from_post(vocabulary, request.POST).given(vocabulary)
    value = [given[fact]] if fact in given else []
    post = request.POST
    review.find(
        case,
        review.Found(
            fact,
            post.get("finding", ""),
            value,
            post.get("reason", ""),
            post.get("words", ""),
            [n for text in post.getlist("documents") if (n := whole_number(text)) is not None],
        ),
        version=_version(request),
    )
    return _back(key, f"fact-{fact}")


@signed_in
@require_POST
def confirm_all(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm the ticked facts as claimed."""
    case = _staff_case(request, key, "find")
    ticked = request.POST.getlist("fact")
    review.find_all(case, [review.Found(fact, "confirmed") for fact in ticked])
    return _back(key, "facts")


@signed_in
@require_POST
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a correction of the ticked items."""
    case = _staff_case(request, key, "ask_correction")
    items = [_asked(request, said) for said in request.POST.getlist("item")]
    correct.ask(case, items, request.POST.get("words", ""), version=_version(request))
    say(request, Text("已通知申请人补正，办理时限暂停。", "Asked; the clock has stopped."))
    return _back(key)


def _asked(request: HttpRequest, said: str) -> Asked:
    kind, _, key = said.partition(":")
    post = request.POST
    return Asked(kind, key, post.get(f"reason.{said}", ""), post.get(f"words.{said}", ""))


@signed_in
@require_POST
def decision(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose, sign or send back."""
    act, words = request.POST.get("act", ""), request.POST.get("words", "")
    _staff_case(request, key)
    if act == "propose":
        case = _staff_case(request, key, "propose")
        decide.propose(case, words, version=_version(request))
        say(request, Text("已提出决定，等待另一人签发。", "Proposed; another person signs."))
    elif act == "sign":
        case = _staff_case(request, key, "countersign")
        decide.countersign(case, version=_version(request))
        say(request, Text("决定已签发。", "The decision is signed."))
    elif act == "back":
        case = _staff_case(request, key, "send_back")
        decide.send_back(case, words, tuple(request.POST.getlist("fact")))
        say(request, Text("已退回经办人。", "Sent back to the clerk."))
    return _back(key)


@signed_in
@require_POST
def lane(request: HttpRequest, key: UUID) -> HttpResponse:
    """A supervisor decides on the expedited lane."""
    case = _staff_case(request, key, "decide_expedite")
    row = case.application.expedites.filter(approved__isnull=True).first()
    if row:
        approve = request.POST.get("act") == "approve"
        expedite.decide(case, row, approve=approve, words=request.POST.get("words", ""))
    return _back(key)


@signed_in
@require_POST
def reverse_lapse(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a lapsed case up again."""
    case = _staff_case(request, key, "reverse_lapse")
    correct.reverse_lapse(case, request.POST.get("words", ""))
    return _back(key)


@signed_in
@require_POST
def recheck(request: HttpRequest, key: UUID) -> HttpResponse:
    """Decide a recheck: uphold, or correct one fact."""
    case = _staff_case(request, key, "decide_recheck")
    vocabulary = policy_of(case.application).vocabulary
    fact = request.POST.get("fact", "")
    given = from_post(vocabulary, request.POST).given(vocabulary)
    changed = {fact: given[fact]} if fact and fact in given else None
    after.decide_recheck(case, request.POST.get("words", ""), changed)
    say(request, Text("复核已完成。", "The recheck is decided."))
    return _back(key)


@signed_in
@require_POST
def false_material(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record a finding of false material, or decide it after the hearing."""
    post = request.POST
    if post.get("act") == "find":
        case = _staff_case(request, key, "find_false")
        after.find_false(case, post.get("fact", ""), post.get("words", ""))
    else:
        case = _staff_case(request, key, "decide_false")
        number = whole_number(post.get("record", ""))
        rows = FalseRecord.objects.filter(application=case.application)
        row = rows.filter(pk=number).first() if number is not None else None
        if row:
            stands = post.get("act") == "stands"
            after.decide_false(case, row, stands=stands, words=post.get("words", ""))
    return _back(key)


@signed_in
@require_POST
def employer(request: HttpRequest, key: UUID) -> HttpResponse:
    """The person works elsewhere now."""
    case = _staff_case(request, key, "change_employer")
    code = tidy(request.POST.get("credit_code", ""))
    city = case.application.city
    unit = Unit.objects.filter(city=city, credit_code=code, state="confirmed").first()
    if unit is None:
        say(request, Text("没有已核实的该单位。", "No confirmed employer of that code."), bad=True)
    else:
        after.change_employer(case, unit, request.POST.get("words", ""))
        say(request, Text("用人单位已变更。", "The employer was changed."))
    return _back(key)
