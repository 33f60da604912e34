"""The audit log: searched by what an auditor knows, shown in words, exported."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.models import Role
from jifen.office.accounts.roles import list_posts
from jifen.office.audit.models import Access, Digest, Entry
from jifen.office.sheets.export import ExportSheet, make_workbook
from jifen.office.web.data_access import log_look
from jifen.office.web.numbers import whole_number
from jifen.office.web.records.log_search import LogSearch, build_condition, read_search
from jifen.office.web.records.log_words import describe_rows
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.units.batch import XLSX
from jifen.policy.text import Lang, Text

PAGE_ROWS = 50
MOST_EXPORTED = 5_000


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show_log(request: HttpRequest) -> HttpResponse:
    """The log, newest first; looking at it is recorded, and by what it was searched. A search is
    posted: names and numbers stand in no address."""
    lang = lang_of(request)
    cities = {p.city for p in list_posts(user_of(request)) if p.role == Role.AUDITOR}
    if not cities:
        raise Http404
    fields = request.POST if request.method == "POST" else request.GET
    of_accesses, search = fields.get("of") == "accesses", read_search(fields)
    every: QuerySet[Any] = Access.objects.all() if of_accesses else Entry.objects.all()
    rows = every.filter(build_condition(search, cities)).order_by("-pk")
    if search.faults:
        rows = rows.none()
    exports = fields.get("act_of_form") == "export"
    what = "log export" if exports else "log"
    log_look(request, "audit", f"{what}: {search.kinds}" if search.kinds else what)
    if exports:
        return _export_rows(list(rows[:MOST_EXPORTED]), lang)
    before = whole_number(fields.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown_rows = list(rows[:PAGE_ROWS])
    context = {
        "rows": describe_rows(shown_rows, lang),
        "more": len(shown_rows) == PAGE_ROWS,
        "accesses": of_accesses,
        "digest": Digest.objects.order_by("-day").first(),
        "search": search,
        "faults": [fault(lang) for fault in search.faults],
        "is_searched": search != LogSearch(),
    }
    return work_page(request, "records/log.html", context)


def _export_rows(rows: list[Any], lang: Lang) -> HttpResponse:
    head = [
        Text("序号", "Number"),
        Text("时间", "Time"),
        Text("操作人", "Actor"),
        Text("来源地址", "From"),
        Text("操作", "Act"),
        Text("对象", "Subject"),
        Text("说明", "Details"),
    ]
    lines = [
        (
            row["pk"],
            timezone.localtime(row["at"]).strftime("%Y-%m-%d %H:%M:%S"),
            row["actor"],
            row["source"],
            row["act"],
            row["subject"],
            str(row["details"]),
        )
        for row in describe_rows(rows, lang)
    ]
    sheet = ExportSheet(Text("日志", "Log")(lang), [title(lang) for title in head], lines)
    response = HttpResponse(make_workbook([sheet]), content_type=XLSX)
    name = f"jifen-log-{timezone.localdate()}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
