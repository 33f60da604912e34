"""The operations. Everything goes through the same doors and acts as the pages."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from jifen.office.accounts.models import User
from jifen.office.api.idempotency import once
from jifen.office.api.models import Token
from jifen.office.api.shapes import (
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
from jifen.office.registry.actions.people import person_of
from jifen.office.web.looks import log_look
from jifen.policy.fault import find_nearest
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_status, status_to_dict

router = Router()
PAGE = 50
_FAULTS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


def _token(request: HttpRequest) -> Token:
    token: Token = request.auth  # type: ignore[attr-defined] # set by the bearer
    return token


def _user(request: HttpRequest) -> User:
    return _token(request).user


def _cases(request: HttpRequest) -> "QuerySet[Application]":
    token = _token(request)
    return visible_to(token.user).filter(unit=token.unit_id)


def _case(request: HttpRequest, key: UUID, act: str = "") -> CaseAccess:
    """A case of the token's unit only, whatever else its maker may see."""
    case = access_case(_user(request), key)
    if case.application.unit_id != _token(request).unit_id:
        raise NoSuchCase
    if act:
        case.refuse_unless(act)
    return case


@router.get("/applications", response={200: Page, **_FAULTS}, auth=READ)
def list_applications(
    request: HttpRequest, state: str = "", after: str = "", limit: int = PAGE
) -> dict[str, Any]:
    """Cases of the unit, newest first. `after`: the cursor of the page before."""
    rows = _cases(request).order_by("-id")
    if state:
        rows = rows.filter(state=state[:12])
    if after:
        if not (after.isascii() and after.isdecimal() and len(after) <= 18):
            raise CaseFault("JF-A002", _NO_CURSOR, "after")
        rows = rows.filter(pk__lt=int(after))
    size = min(max(limit, 1), 200)
    found = list(rows[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else None
    return {"items": [_listed(a) for a in found[:size]], "next": more}


_NO_CURSOR = Text(
    "游标无效。请原样使用上一页的 next，或不写 after 从头读取。",
    "This is no cursor of a page. Use 'next' of the page before as it is, or leave 'after' out.",
)


def _listed(a: Application) -> dict[str, Any]:
    return {"key": a.key, "number": a.number, "state": a.state, "due_on": a.due_on}


@router.post("/applications", response={201: Shown, 200: Shown, **_FAULTS}, auth=WRITE)
def begin_application(request: HttpRequest, body: NewApplication) -> Status[Any]:
    """Begin a case for somebody employed. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        token = _token(request)
        person = person_of(token.user, body.identity_number, body.name, body.phone)
        unit = token.unit
        case = drafts.open_draft(token.user, unit.city, person, unit=unit, district=unit.district)
        if body.facts:
            drafts.save_draft(case, _fields(body.facts, case), seen=0)
        return 201, _plain(_shown(_case(request, case.application.key)))

    return Status(*once(request, work))


def _fields(facts: dict[str, Any], case: CaseAccess) -> dict[str, drafts.FieldInput]:
    vocabulary = rules_of(case.application).vocabulary
    for fact in facts:
        if fact not in vocabulary:
            shown = fact[:40]
            raise CaseFault("JF-A003", _no_fact(shown, vocabulary.ids), shown)
    return {fact: drafts.FieldInput(to_form_value(value), [value]) for fact, value in facts.items()}


def _no_fact(shown: str, known: tuple[str, ...]) -> Text:
    hint = find_nearest(shown, known)
    return Text(
        f"没有“{shown}”这个事实。" + (f"是否应为“{hint}”？" if hint else "请去掉。"),
        f"There is no fact '{shown}'. " + (f"Write '{hint}'." if hint else "Leave it out."),
    )


@router.get("/applications/{key}", response={200: Shown, **_FAULTS}, auth=READ)
def show_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """A case: where it stands, what it lacks, its decision."""
    case = _case(request, key)
    subject, city = f"application:{case.application.pk}", case.application.city
    log_look(request, subject, "case by API", city=city, by=_user(request))
    return _shown(case)


def _shown(case: CaseAccess) -> dict[str, Any]:
    a = case.application
    faults = list_filing_faults(a, process_of(a)) if "submit" in case.acts else []
    return {
        **_listed(a),
        "city": a.city,
        "district": a.district,
        "name": a.person.name,
        "revision": a.revision,
        "version": a.version,
        "acts": sorted(case.acts),
        "lacking": [
            {"code": f.code, "place": f.place, "zh": f.words.zh, "en": f.words.en} for f in faults
        ],
        "decision": _decision(a),
    }


def _decision(a: Application) -> dict[str, Any] | None:
    row = a.decisions.filter(void_at__isnull=True, revoked_at__isnull=True).first()
    if row is None or row.signed_at is None:
        return None
    return {
        "outcome": row.outcome,
        "total": float(row.total),
        "on": row.on,
        "policy": row.policy,
        "policy_version": row.policy_version,
        "policy_hash": row.policy_hash,
        "signed_at": row.signed_at,
        "standing": _amounts(row),
        "result": json.loads(row.result),
    }


def _amounts(row: Decision) -> dict[str, Any]:
    standing = standing_of_decision(row)
    headline = describe_status(standing).headline
    told = status_to_dict(standing, "zh")
    return {
        **{name: told[name] for name in ("state", "number", "over", "lacking")},
        "zh": headline.zh,
        "en": headline.en,
    }


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = Shown.model_validate(shown).model_dump(mode="json")
    return found


@router.patch("/applications/{key}/facts", response={200: Saved, **_FAULTS}, auth=WRITE)
def change_facts(request: HttpRequest, key: UUID, body: Facts, revision: int = 0) -> dict[str, Any]:
    """Change facts of a draft, or those asked for in a correction. `revision`: what was read."""
    case = _case(request, key, "edit")
    saved = drafts.save_draft(case, _fields(body.facts, case), seen=max(revision, 0))
    told = [{"fact": c.fact, "by": c.by} for c in saved.conflicts]
    return {"revision": saved.revision, "conflicts": told}


@router.get("/applications/{key}/documents", response={200: list[Wanted], **_FAULTS}, auth=READ)
def list_documents(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """The documents that follow from the facts claimed."""
    a = _case(request, key).application
    rows = MaterialVersion.objects.filter(material__application=a, dropped_at__isnull=True)
    there = list(rows.values_list("material__kind", flat=True))
    return [
        {
            "id": w.material.id,
            "zh": w.material.label.zh,
            "en": w.material.label.en,
            "required": w.material.required,
            "uploaded": there.count(w.material.id),
        }
        for w in materials.list_wanted_materials(a)
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
    case = _case(request, key, "upload")
    (made,) = materials.upload_files(case, kind, [(file.name or "", file.read())])
    return Status(201, {"sha256": made.document.sha256, "pages": made.document.pages})


@router.post("/applications/{key}/submit", response={200: Shown, **_FAULTS}, auth=WRITE)
def submit_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """File the case; again gives the same receipt."""
    case = _case(request, key)
    if case.application.number is None:
        token = _token(request)
        submit_case(
            case, request.headers.get("Idempotency-Key", "")[:80] or f"api-{token.pk}-{key}"
        )
    return _shown(_case(request, key))


@router.post("/applications/{key}/resubmit", response={200: Shown, **_FAULTS}, auth=WRITE)
def resubmit_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """After a correction."""
    corrections.resubmit_case(_case(request, key, "resubmit"))
    return _shown(_case(request, key))


@router.post("/applications/{key}/withdraw", response={200: Shown, **_FAULTS}, auth=WRITE)
def withdraw_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Take the case back; it stays on record."""
    post_decision.withdraw_case(_case(request, key, "withdraw"))
    return _shown(_case(request, key))


@router.get("/applications/{key}/events", response={200: list[Happened], **_FAULTS}, auth=READ)
def list_events(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """What happened to the case, as its applicant sees it."""
    rows = _case(request, key).application.events.filter(internal=False)
    return [{"id": e.pk, "at": e.at, "act": e.act} for e in rows]
