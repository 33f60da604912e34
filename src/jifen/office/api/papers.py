"""Operations on the official papers of a case."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from jifen.office.api.request_schemas import NoticeShown
from jifen.office.api.tokens import READ
from jifen.office.api.unit_cases import FAULTS, access_unit_case, get_user
from jifen.office.notices.access import access_notice, list_visible_notices
from jifen.office.notices.actions.printing import read_pdf
from jifen.office.notices.lookup import get_state_on
from jifen.office.notices.models import Notice
from jifen.office.web.data_access import log_look

router = Router()


@router.get("/applications/{key}/notices", response={200: list[NoticeShown], **FAULTS}, auth=READ)
def list_notices(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """The papers of the case, the newest first."""
    application = access_unit_case(request, key).application
    rows = list_visible_notices(get_user(request)).filter(application=application)
    return [_describe_paper(notice) for notice in rows.order_by("-id")]


def _describe_paper(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "kind": notice.kind,
        "number": notice.number,
        "issued_on": notice.issued_on,
        "since": notice.since,
        "until": notice.until,
        "state": get_state_on(notice, timezone.localdate()),
        "ready": hasattr(notice, "sheet"),
    }


PDF = {
    "responses": {
        200: {
            "description": "The signed PDF",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/applications/{key}/notices/{notice}", response=FAULTS, auth=READ, openapi_extra=PDF)
def fetch_notice(request: HttpRequest, key: UUID, notice: UUID) -> HttpResponse:
    """The signed PDF of a paper, once it is ready."""
    application = access_unit_case(request, key).application
    paper = access_notice(get_user(request), notice)
    if paper.application_id != application.pk or not hasattr(paper, "sheet"):
        raise Http404
    subject = f"notice:{paper.pk}"
    log_look(request, subject, "notice pdf by API", city=application.city, by=get_user(request))
    response = HttpResponse(read_pdf(paper.sheet), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{paper.number}.pdf"'
    return response
