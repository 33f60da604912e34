"""A batch of employees by Excel."""

from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jifen.office.audit.actions import record
from jifen.office.casework.actions.batch import take_in
from jifen.office.casework.standing import policy_on
from jifen.office.casework.typed import text_of
from jifen.office.registry.access import acts_for
from jifen.office.registry.models import Unit
from jifen.office.sheets.read import BatchFault, read
from jifen.office.sheets.report import report
from jifen.office.sheets.template import template
from jifen.office.web.mine.views import _agency
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_SECONDS = 3600


def _unit(request: HttpRequest, pk: int) -> Unit:
    """An employer for whom the asker files."""
    unit = acts_for(user_of(request)).filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


@signed_in
@require_safe
def batch_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook to fill in."""
    unit, today = _unit(request, pk), timezone.localdate()
    made = template(policy_on(unit.city, today), today, lang_of(request))
    return _file(made, f"jifen-{unit.city}-{today}.xlsx")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a filled-in workbook; what became of each row."""
    unit = _unit(request, pk)
    context: dict[str, Any] = {"unit": unit, "error": "", "done": None}
    file = request.FILES.get("file")
    if request.method == "POST" and file:
        try:
            context["done"] = _taken(request, unit, file.read())
        except BatchFault as error:
            context["error"] = error.words(lang_of(request))
    return work_page(request, "units/batch.html", context, status=422 if context["error"] else 200)


def _taken(request: HttpRequest, unit: Unit, content: bytes) -> dict[str, Any]:
    user, today, lang = user_of(request), timezone.localdate(), lang_of(request)
    policy = policy_on(unit.city, today)
    found = read(content, policy, today)
    agency = _agency(user, unit)
    taken = take_in(user, unit, agency, found, text_of, today)
    rows = {row.number: row for row in found.rows}
    wrong = [row for row in found.rows if row.faults or row.number in taken.refused]
    token = ""
    if wrong:
        token = uuid4().hex
        made = report(policy.at(today), rows, taken.refused, lang)
        cache.set(f"batch.{user.pk}.{token}", made, KEPT_SECONDS)
    with transaction.atomic():
        details = {"rows": len(rows), "made": taken.made, "wrong": len(wrong)}
        subject = f"unit:{unit.pk}"
        record("batch.taken", actor=f"user:{user.pk}", subject=subject, details=details)
    return {
        "people": len(rows),
        "taken": taken,
        "wrong": [
            {
                "number": row.number,
                "name": row.name,
                "faults": [f"{f.cell} {f.column(lang)}：{f.words(lang)}" for f in row.faults]
                + ([taken.refused[row.number](lang)] if row.number in taken.refused else []),
            }
            for row in wrong[:200]
        ],
        "many_wrong": len(wrong),
        "notes": [note(lang) for note in found.notes],
        "report": reverse("batch_report", args=[unit.pk, token]) if token else "",
    }


@signed_in
@require_safe
def batch_report(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The rows to be mended, for an hour, for whoever uploaded them."""
    _unit(request, pk)
    made = cache.get(f"batch.{user_of(request).pk}.{token[:32]}")
    if made is None:
        raise Http404
    return _file(made, "jifen-to-mend.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
