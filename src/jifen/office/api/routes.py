"""Operations on a case. Everything goes through the same doors and acts as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from jifen.office.api.case_descriptions import (
    describe_case,
    describe_facts,
    list_value_faults,
    summarize_case,
    to_json,
)
from jifen.office.api.idempotency import answer_once
from jifen.office.api.models import Token
from jifen.office.api.schemas import (
    Facts,
    FactsShown,
    Happened,
    NewApplication,
    Page,
    Saved,
    Shown,
)
from jifen.office.api.tokens import READ, WRITE
from jifen.office.api.unit_cases import (
    FAULTS,
    access_unit_case,
    get_token,
    get_user,
    list_unit_cases,
)
from jifen.office.api.words import say
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import drafts, post_decision
from jifen.office.casework.actions.submission import submit_case
from jifen.office.casework.case_policy import policy_on, rules_of
from jifen.office.casework.faults import CaseFault, SeveralFaults
from jifen.office.casework.form_values import to_form_value
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person
from jifen.office.web.data_access import log_look
from jifen.policy.fault import find_nearest
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary

router = Router()
PAGE = 50


@router.get("/applications", response={200: Page, **FAULTS}, auth=READ)
def list_applications(
    request: HttpRequest, state: str = "", after: str = "", limit: int = PAGE
) -> dict[str, Any]:
    """Cases of the unit, newest first. `after`: the cursor of the page before."""
    rows = list_unit_cases(request).order_by("-id")
    if state:
        rows = rows.filter(state=state[:12])
    if after:
        rows = rows.filter(pk__lt=read_cursor(after))
    size = min(max(limit, 1), 200)
    applications = list(rows[: size + 1])
    next_cursor = str(applications[size - 1].pk) if len(applications) > size else None
    return {"items": [summarize_case(a) for a in applications[:size]], "next": next_cursor}


def read_cursor(after: str) -> int:
    """The place after which a page goes on. Raises CaseFault."""
    if not (after.isascii() and after.isdecimal() and len(after) <= 18):
        raise CaseFault("JF-A002", _NO_CURSOR, "after")
    return int(after)


_NO_CURSOR = say("routes.no_cursor")


@router.post("/applications", response={201: Shown, 200: Shown, **FAULTS}, auth=WRITE)
def begin_application(request: HttpRequest, body: NewApplication) -> Status[Any]:
    """Begin a case for somebody employed. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        token = get_token(request)
        unit = token.unit
        person = _find_person(token, body)
        case = drafts.open_draft(token.user, unit.city, person, unit=unit, district=unit.district)
        if body.facts:
            drafts.save_draft(case, _to_field_inputs(body.facts, case), seen=0)
        return 201, to_json(describe_case(access_unit_case(request, case.application.key)))

    return Status(*answer_once(request, work))


def _find_person(token: Token, body: NewApplication) -> Person:
    """The person of a new case. What is wrong with them is told together with the facts that there
    are not. Raises SeveralFaults, RegistryFault."""
    vocabulary = policy_on(token.unit.city, timezone.localdate()).vocabulary
    faults = _list_unknown_facts(body.facts, vocabulary)
    try:
        person = find_or_add_person(token.user, body.identity_number, body.name, body.phone)
    except RegistryFault as fault:
        raise SeveralFaults([CaseFault(fault.code, fault.words, fault.place), *faults]) from None
    if faults:
        raise SeveralFaults(faults)
    return person


def _to_field_inputs(facts: dict[str, Any], case: CaseAccess) -> dict[str, drafts.FieldInput]:
    if faults := _list_unknown_facts(facts, rules_of(case.application).vocabulary):
        raise SeveralFaults(faults)
    return {fact: drafts.FieldInput(to_form_value(value), [value]) for fact, value in facts.items()}


def _list_unknown_facts(facts: dict[str, Any], vocabulary: Vocabulary) -> list[CaseFault]:
    unknown_ids = dict.fromkeys(fact[:40] for fact in facts if fact not in vocabulary)
    return [
        CaseFault("JF-A003", _describe_unknown_fact(shown_id, vocabulary.ids), shown_id)
        for shown_id in unknown_ids
    ]


def _describe_unknown_fact(shown_id: str, known_ids: tuple[str, ...]) -> Text:
    hint = find_nearest(shown_id, known_ids)
    return say(
        "routes.there_is_no_fact",
        shown_id=shown_id,
        part=say("routes.write", hint=hint) if hint else say("routes.leave_it_out"),
    )


@router.get("/applications/{key}", response={200: Shown, **FAULTS}, auth=READ)
def show_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """A case: where it stands, what it lacks, what is asked, its decision."""
    case = access_unit_case(request, key)
    log_case_look(request, case, "case by API")
    return describe_case(case)


def log_case_look(request: HttpRequest, case: CaseAccess, what: str) -> None:
    """That something of a case is shown to the program."""
    subject, city = f"application:{case.application.pk}", case.application.city
    log_look(request, subject, what, city=city, by=get_user(request))


@router.get("/applications/{key}/facts", response={200: FactsShown, **FAULTS}, auth=READ)
def show_facts(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """The facts as they are claimed, which of them may be changed now, and what was found."""
    case = access_unit_case(request, key)
    log_case_look(request, case, "facts by API")
    return describe_facts(case.application)


@router.patch(
    "/applications/{key}/facts",
    response={200: Saved, **FAULTS},
    auth=WRITE,
    operation_id="edit",
)
def change_facts(request: HttpRequest, key: UUID, body: Facts, revision: int = 0) -> dict[str, Any]:
    """Change facts of a draft, or those asked for in a correction; another one is refused and
    nothing is changed. `revision`: what was read."""
    case = access_unit_case(request, key, "edit")
    fields = _to_field_inputs(body.facts, case)
    saved = drafts.save_draft(case, fields, seen=max(revision, 0), refuse_closed=True)
    conflicts = [{"fact": c.fact, "by": c.by} for c in saved.conflicts]
    faults = list_value_faults(case.application)
    return {"revision": saved.revision, "conflicts": conflicts, "faults": faults}


@router.post(
    "/applications/{key}/submit",
    response={200: Shown, **FAULTS},
    auth=WRITE,
    operation_id="submit",
)
def submit_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """File the case; again gives the same receipt. Everything that is missing is told at once."""
    case = access_unit_case(request, key)
    if case.application.number is None:
        token = get_token(request)
        submit_case(
            case, request.headers.get("Idempotency-Key", "")[:80] or f"api-{token.pk}-{key}"
        )
    return describe_case(access_unit_case(request, key))


@router.post(
    "/applications/{key}/withdraw",
    response={200: Shown, **FAULTS},
    auth=WRITE,
    operation_id="withdraw",
)
def withdraw_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Take the case back; it stays on record."""
    post_decision.withdraw_case(access_unit_case(request, key, "withdraw"))
    return describe_case(access_unit_case(request, key))


@router.get("/applications/{key}/events", response={200: list[Happened], **FAULTS}, auth=READ)
def list_events(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """What happened to the case, as its applicant sees it."""
    rows = access_unit_case(request, key).application.events.filter(internal=False)
    return [{"id": e.pk, "at": e.at, "act": e.act} for e in rows]
