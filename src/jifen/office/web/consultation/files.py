"""What is taken along from a consultation: open data, the signed summary, its statement, pictures
of attachments."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.office.consultation.access import access_consultation, public_consultation
from jifen.office.consultation.models import (
    Attachment,
    CommentState,
    Consultation,
    ConsultationSummary,
)
from jifen.office.consultation.open_data import write_csv, write_json
from jifen.office.documents.actions import read_content
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.preview import draw_preview
from jifen.office.web.budget import CONSULTATION
from jifen.office.web.consultation.published import public_page
from jifen.office.web.limits import within
from jifen.office.web.signed import signed_in, user_of

JSON, CSV = "application/json; charset=utf-8", "text/csv; charset=utf-8"
PICTURES_EACH, PICTURES_ALL = 60, 1_200
"""Pictures of attachments that one network address asks for in a minute, and all together."""


@require_safe
@CONSULTATION.spends_reads
@public_page
def comments_json(request: HttpRequest, key: UUID) -> HttpResponse:
    """The comments as JSON: once the answers are signed, the very bytes that were signed."""
    del request
    row = public_consultation(key)
    summary = ConsultationSummary.objects.filter(consultation=row).first()
    return _file((summary.document if summary else write_json(row)).encode(), JSON, row, "json")


@require_safe
@CONSULTATION.spends_reads
@public_page
def comments_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The comments as a table."""
    del request
    row = public_consultation(key)
    return _file(write_csv(row).encode("utf-8-sig"), CSV, row, "csv")


@require_safe
@CONSULTATION.spends_reads
@public_page
def summary_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The sealed summary."""
    del request
    row = public_consultation(key)
    return _file(bytes(_summary(row).pdf), "application/pdf", row, "pdf")


@require_safe
@public_page
def summary_statement(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was signed over the JSON file."""
    del request
    row = public_consultation(key)
    return _file(_summary(row).statement.encode(), "application/jose", row, "jws")


def _summary(row: Consultation) -> ConsultationSummary:
    summary = ConsultationSummary.objects.filter(consultation=row).first()
    if summary is None:
        raise Http404
    return summary


def _file(content: bytes, kind: str, row: Consultation, extension: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"consultation-{row.key.hex[:8]}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@public_page
def attachment(request: HttpRequest, key: UUID, pk: int, number: int) -> HttpResponse:
    """A page of an attachment that was released, as a picture made by a reading process."""
    row = public_consultation(key)
    found = _attachments(row).filter(
        pk=pk, released_at__isnull=False, comment__state=CommentState.SHOWN
    )
    if not within(request, "attachment", PICTURES_EACH, PICTURES_ALL):
        return HttpResponse(status=429)
    return _picture(found.first(), number)


@signed_in
@require_safe
def office_attachment(request: HttpRequest, key: UUID, pk: int, number: int) -> HttpResponse:
    """The same for the office, before it is released."""
    hand = access_consultation(user_of(request), key)
    return _picture(_attachments(hand.consultation).filter(pk=pk).first(), number)


def _attachments(row: Consultation) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(comment__consultation=row).select_related("document")


def _picture(found: Attachment | None, number: int) -> HttpResponse:
    if found is None or not found.document.may_be_opened:
        raise Http404
    try:
        picture = draw_preview(read_content(found.document), found.document.kind, number)
    except UploadFault as fault:
        if fault.is_busy:
            return HttpResponse(status=503)
        raise Http404 from fault
    return HttpResponse(picture, content_type="image/jpeg")
