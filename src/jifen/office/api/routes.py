"""The operations. Everything goes through the same doors and acts as the pages."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from jifen.office.accounts.models import User
from jifen.office.api.idempotency import answer_once
from jifen.office.api.models import Token
from jifen.office.api.schemas import (
    Facts,
    Happened,
    NewApplication,
    Page,
    Problem,
    Saved,
    Shown,
    Uploaded,
    Wanted,
)
from jifen.office.api.tokens import READ, WRITE
from jifen.office.casework.access import CaseAccess, access_case, visible_to
from jifen.office.casework.actions import corrections, drafts, materials, post_decision
from jifen.office.casework.actions.submission import list_filing_faults, submit_case
from jifen.office.casework.case_policy import process_of, rules_of, standing_of_decision
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.form_values import to_form_value
from jifen.office.casework.models import Application, Decision, MaterialVersion
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.web.data_access import log_look
from jifen.policy.fault import find_nearest
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_status, status_to_dict

router = Router()
PAGE = 50
_FAULTS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


def _get_token(request: HttpRequest) -> Token:
    token: Token = request.auth  # type: ignore[attr-defined] # set by the bearer
    return token


def _get_user(request: HttpRequest) -> User:
    return _get_token(request).user


def _list_cases(request: HttpRequest) -> "QuerySet[Application]":
    token = _get_token(request)
    return visible_to(token.user).filter(unit=token.unit_id)


def _access_unit_case(request: HttpRequest, key: UUID, act: str = "") -> CaseAccess:
    """A case of the token's unit only, whatever else its maker may see."""
    case = access_case(_get_user(request), key)
    if case.application.unit_id != _get_token(request).unit_id:
        raise NoSuchCase
    if act:
        case.refuse_unless(act)
    return case


@router.get("/applications", response={200: Page, **_FAULTS}, auth=READ)
def list_applications(
    request: HttpRequest, state: str = "", after: str = "", limit: int = PAGE
) -> dict[str, Any]:
    """Cases of the unit, newest first. `after`: the cursor of the page before."""
    rows = _list_cases(request).order_by("-id")
    if state:
        rows = rows.filter(state=state[:12])
    if after:
        if not (after.isascii() and after.isdecimal() and len(after) <= 18):
            raise CaseFault("JF-A002", _NO_CURSOR, "after")
        rows = rows.filter(pk__lt=int(after))
    size = min(max(limit, 1), 200)
    applications = list(rows[: size + 1])
    next_cursor = str(applications[size - 1].pk) if len(applications) > size else None
    return {"items": [_summarize_application(a) for a in applications[:size]], "next": next_cursor}


_NO_CURSOR = Text(
    "游标无效。请原样使用上一页的 next，或不写 after 从头读取。",
    "This is no cursor of a page. Use 'next' of the page before as it is, or leave 'after' out.",
)


def _summarize_application(a: Application) -> dict[str, Any]:
    return {"key": a.key, "number": a.number, "state": a.state, "due_on": a.due_on}


@router.post("/applications", response={201: Shown, 200: Shown, **_FAULTS}, auth=WRITE)
def begin_application(request: HttpRequest, body: NewApplication) -> Status[Any]:
    """Begin a case for somebody employed. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        token = _get_token(request)
        person = find_or_add_person(token.user, body.identity_number, body.name, body.phone)
        unit = token.unit
        case = drafts.open_draft(token.user, unit.city, person, unit=unit, district=unit.district)
        if body.facts:
            drafts.save_draft(case, _to_field_inputs(body.facts, case), seen=0)
        return 201, _to_json(_describe_case(_access_unit_case(request, case.application.key)))

    return Status(*answer_once(request, work))


def _to_field_inputs(facts: dict[str, Any], case: CaseAccess) -> dict[str, drafts.FieldInput]:
    vocabulary = rules_of(case.application).vocabulary
    for fact in facts:
        if fact not in vocabulary:
            shown_id = fact[:40]
            raise CaseFault("JF-A003", _describe_unknown_fact(shown_id, vocabulary.ids), shown_id)
    return {fact: drafts.FieldInput(to_form_value(value), [value]) for fact, value in facts.items()}


def _describe_unknown_fact(shown_id: str, known_ids: tuple[str, ...]) -> Text:
    hint = find_nearest(shown_id, known_ids)
    return Text(
        f"没有“{shown_id}”这个事实。" + (f"是否应为“{hint}”？" if hint else "请去掉。"),
        f"There is no fact '{shown_id}'. " + (f"Write '{hint}'." if hint else "Leave it out."),
    )


@router.get("/applications/{key}", response={200: Shown, **_FAULTS}, auth=READ)
def show_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """A case: where it stands, what it lacks, its decision."""
    case = _access_unit_case(request, key)
    subject, city = f"application:{case.application.pk}", case.application.city
    log_look(request, subject, "case by API", city=city, by=_get_user(request))
    return _describe_case(case)


def _describe_case(case: CaseAccess) -> dict[str, Any]:
    application = case.application
    faults = (
        list_filing_faults(application, process_of(application)) if "submit" in case.acts else []
    )
    return {
        **_summarize_application(application),
        "city": application.city,
        "district": application.district,
        "name": application.person.name,
        "revision": application.revision,
        "version": application.version,
        "acts": sorted(case.acts),
        "lacking": [
            {"code": f.code, "place": f.place, "zh": f.words.zh, "en": f.words.en} for f in faults
        ],
        "decision": _describe_decision(application),
    }


def _describe_decision(application: Application) -> dict[str, Any] | None:
    decision = application.decisions.filter(void_at__isnull=True, revoked_at__isnull=True).first()
    if decision is None or decision.signed_at is None:
        return None
    return {
        "outcome": decision.outcome,
        "total": float(decision.total),
        "on": decision.on,
        "policy": decision.policy,
        "policy_version": decision.policy_version,
        "policy_hash": decision.policy_hash,
        "signed_at": decision.signed_at,
        "standing": _describe_amounts(decision),
        "result": json.loads(decision.result),
    }


def _describe_amounts(decision: Decision) -> dict[str, Any]:
    standing = standing_of_decision(decision)
    headline = describe_status(standing).headline
    fields = status_to_dict(standing, "zh")
    return {
        **{name: fields[name] for name in ("state", "number", "over", "lacking")},
        "zh": headline.zh,
        "en": headline.en,
    }


def _to_json(fields: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = Shown.model_validate(fields).model_dump(mode="json")
    return plain


@router.patch("/applications/{key}/facts", response={200: Saved, **_FAULTS}, auth=WRITE)
def change_facts(request: HttpRequest, key: UUID, body: Facts, revision: int = 0) -> dict[str, Any]:
    """Change facts of a draft, or those asked for in a correction. `revision`: what was read."""
    case = _access_unit_case(request, key, "edit")
    saved = drafts.save_draft(case, _to_field_inputs(body.facts, case), seen=max(revision, 0))
    conflicts = [{"fact": c.fact, "by": c.by} for c in saved.conflicts]
    return {"revision": saved.revision, "conflicts": conflicts}


@router.get("/applications/{key}/documents", response={200: list[Wanted], **_FAULTS}, auth=READ)
def list_documents(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """The documents that follow from the facts claimed."""
    application = _access_unit_case(request, key).application
    rows = MaterialVersion.objects.filter(
        material__application=application, dropped_at__isnull=True
    )
    uploaded_kinds = list(rows.values_list("material__kind", flat=True))
    return [
        {
            "id": w.material.id,
            "zh": w.material.label.zh,
            "en": w.material.label.en,
            "required": w.material.required,
            "uploaded": uploaded_kinds.count(w.material.id),
        }
        for w in materials.list_wanted_materials(application)
    ]


@router.post(
    "/applications/{key}/documents/{kind}", response={201: Uploaded, **_FAULTS}, auth=WRITE
)
def upload_document(
    request: HttpRequest,
    key: UUID,
    kind: str,
    file: File[UploadedFile],
) -> Status[Any]:
    """Upload a PDF, JPEG or PNG. The same file again changes nothing."""
    case = _access_unit_case(request, key, "upload")
    (version,) = materials.upload_files(case, kind, [(file.name or "", file.read())])
    return Status(201, {"sha256": version.document.sha256, "pages": version.document.pages})


@router.post("/applications/{key}/submit", response={200: Shown, **_FAULTS}, auth=WRITE)
def submit_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """File the case; again gives the same receipt."""
    case = _access_unit_case(request, key)
    if case.application.number is None:
        token = _get_token(request)
        submit_case(
            case, request.headers.get("Idempotency-Key", "")[:80] or f"api-{token.pk}-{key}"
        )
    return _describe_case(_access_unit_case(request, key))


@router.post("/applications/{key}/resubmit", response={200: Shown, **_FAULTS}, auth=WRITE)
def resubmit_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """After a correction."""
    corrections.resubmit_case(_access_unit_case(request, key, "resubmit"))
    return _describe_case(_access_unit_case(request, key))


@router.post("/applications/{key}/withdraw", response={200: Shown, **_FAULTS}, auth=WRITE)
def withdraw_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Take the case back; it stays on record."""
    post_decision.withdraw_case(_access_unit_case(request, key, "withdraw"))
    return _describe_case(_access_unit_case(request, key))


@router.get("/applications/{key}/events", response={200: list[Happened], **_FAULTS}, auth=READ)
def list_events(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """What happened to the case, as its applicant sees it."""
    rows = _access_unit_case(request, key).application.events.filter(internal=False)
    return [{"id": e.pk, "at": e.at, "act": e.act} for e in rows]
