"""Operations that ask the office for something: the expedited lane, a recheck."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from jifen.office.api.idempotency import answer_once
from jifen.office.api.request_schemas import (
    ExpediteAsked,
    Expedites,
    ExpediteShown,
    RecheckAsked,
    RecheckShown,
)
from jifen.office.api.routes import log_case_look
from jifen.office.api.tokens import READ, WRITE
from jifen.office.api.unit_cases import FAULTS, access_unit_case
from jifen.office.casework.actions import expedited_lane, post_decision
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Expedite, Recheck

router = Router()


@router.get("/applications/{key}/expedite", response={200: Expedites, **FAULTS}, auth=READ)
def list_expedites(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """The grounds of the expedited lane, and what was asked and decided."""
    case = access_unit_case(request, key)
    log_case_look(request, case, "expedite by API")
    application = case.application
    return {
        "grounds": [
            {
                "id": ground.id,
                "zh": ground.label.zh,
                "en": ground.label.en,
                "evidence_zh": ground.evidence.zh,
                "evidence_en": ground.evidence.en,
            }
            for ground in process_of(application).expedited.grounds
        ],
        "requests": [_describe_expedite(row) for row in application.expedites.order_by("-id")],
    }


def _describe_expedite(row: Expedite) -> dict[str, Any]:
    return {
        "id": row.pk,
        "ground": row.ground,
        "words": row.words,
        "asked_at": row.asked_at,
        "documents": _count_documents(row.application, f"expedite-{row.pk}"),
        "approved": row.approved,
        "decided_at": row.decided_at,
        "decision_words": row.decision_words,
    }


def _count_documents(application: Application, kind: str) -> int:
    rows = application.materials.filter(kind=kind, versions__dropped_at__isnull=True)
    return rows.filter(versions__isnull=False).count()


@router.post(
    "/applications/{key}/expedite",
    response={201: ExpediteShown, **FAULTS},
    auth=WRITE,
    operation_id="ask_expedite",
)
def ask_expedite(request: HttpRequest, key: UUID, body: ExpediteAsked) -> Status[Any]:
    """Ask for the expedited lane; a supervisor decides. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        case = access_unit_case(request, key, "ask_expedite")
        row = expedited_lane.ask_expedite(case, body.ground, body.words)
        return 201, ExpediteShown.model_validate(_describe_expedite(row)).model_dump(mode="json")

    return Status(*answer_once(request, work))


@router.get("/applications/{key}/rechecks", response={200: list[RecheckShown], **FAULTS}, auth=READ)
def list_rechecks(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """The rechecks of the case, the newest first."""
    case = access_unit_case(request, key)
    log_case_look(request, case, "rechecks by API")
    return [_describe_recheck(row) for row in case.application.rechecks.order_by("-id")]


def _describe_recheck(row: Recheck) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "asked_at": row.asked_at,
        "due_on": row.due_on,
        "reasons": row.reasons,
        "documents": _count_documents(row.application, f"recheck-{row.pk}"),
        "decided_at": row.decided_at,
        "words": row.words,
    }


@router.post(
    "/applications/{key}/rechecks",
    response={201: RecheckShown, **FAULTS},
    auth=WRITE,
    operation_id="ask_recheck",
)
def ask_recheck(request: HttpRequest, key: UUID, body: RecheckAsked) -> Status[Any]:
    """Ask for a recheck of the decision, with reasons by line. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        case = access_unit_case(request, key, "ask_recheck")
        reasons = [{"line": reason.line, "words": reason.words} for reason in body.reasons]
        row = post_decision.ask_recheck(case, reasons)
        return 201, RecheckShown.model_validate(_describe_recheck(row)).model_dump(mode="json")

    return Status(*answer_once(request, work))
