"""A batch of employees by Excel."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jifen.office.casework.actions.workbooks import (
    accept_workbook,
    make_correction_workbook,
    read_rows,
    select_rejected_rows,
)
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.models import Workbook
from jifen.office.registry.access import list_represented_employers
from jifen.office.registry.models import Unit
from jifen.office.sheets.batch_reader import BatchFault, BatchRow
from jifen.office.sheets.template import make_template
from jifen.office.web.data_access import log_look
from jifen.office.web.mine.new_case import find_agency
from jifen.office.web.signed import go, lang_of, signed_in, user_of, work_page
from jifen.policy.text import Lang, Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


def _access_employer(request: HttpRequest, pk: int) -> Unit:
    """An employer for whom the asker files."""
    unit = list_represented_employers(user_of(request)).filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


def _access_workbook(request: HttpRequest, key: UUID) -> Workbook:
    """A workbook of whoever handed it in, while they still file for the employer."""
    employers = list_represented_employers(user_of(request))
    books = Workbook.objects.select_related("unit")
    book = books.filter(key=key, user=user_of(request), unit__in=employers).first()
    if book is None:
        raise Http404
    return book


@signed_in
@require_safe
def show_batch_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook to fill in."""
    unit, today = _access_employer(request, pk), timezone.localdate()
    content = make_template(policy_on(unit.city, today), today, lang_of(request))
    return _build_download(content, f"jifen-{unit.city}-{today}.xlsx")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a filled-in workbook."""
    unit, error = _access_employer(request, pk), ""
    file = request.FILES.get("file")
    if request.method == "POST" and file:
        try:
            user = user_of(request)
            book = accept_workbook(user, unit, find_agency(user, unit), file.read())
            return go(reverse("batch_result", args=[book.key]))
        except BatchFault as fault:
            error = fault.words(lang_of(request))
    books = Workbook.objects.filter(unit=unit, user=user_of(request)).order_by("-id")[:10]
    context = {"unit": unit, "error": error, "books": books}
    return work_page(request, "units/batch.html", context, status=422 if error else 200)


@signed_in
@require_safe
def show_batch_result(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far it is, and then what became of each row; the page asks again by itself."""
    book, lang = _access_workbook(request, key), lang_of(request)
    context: dict[str, Any] = {"book": book, "unit": book.unit, "wrong": [], "notes": []}
    if book.ended_at and book.content:
        log_look(request, f"unit:{book.unit_id}", "batch", city=book.unit.city)
        workbook_rows = read_rows(book)
        context["wrong"] = [
            _describe_row(book, row, lang) for row in select_rejected_rows(book, workbook_rows.rows)
        ]
        context["notes"] = [note(lang) for note in workbook_rows.notes]
    return work_page(request, "units/batch_result.html", context | {"shown": SHOWN})


_COLON = Text("：", ": ")


def _describe_row(book: Workbook, row: BatchRow, lang: Lang) -> dict[str, Any]:
    faults = [f"{f.cell} {f.column(lang)}{_COLON(lang)}{f.words(lang)}" for f in row.faults]
    if str(row.number) in book.refused:
        faults.append(Text(*book.refused[str(row.number)])(lang))
    return {"number": row.number, "name": row.name, "faults": faults}


@signed_in
@require_safe
def show_batch_report(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows to be mended, for whoever handed them in."""
    book = _access_workbook(request, key)
    if not book.ended_at or not book.content:
        raise Http404
    log_look(request, f"unit:{book.unit_id}", "batch report", city=book.unit.city)
    return _build_download(make_correction_workbook(book, lang_of(request)), "jifen-to-mend.xlsx")


def _build_download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
