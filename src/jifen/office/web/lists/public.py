"""The published lists: which there are, and whether somebody is on one. A search is posted, bounded
and counted; nobody can page through people."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jifen.lists import load_list_rules
from jifen.office.lists.actions import objections
from jifen.office.lists.faults import ListFault, NoSuchList
from jifen.office.lists.models import Objection, PublicList
from jifen.office.lists.queries import MAX_RESULTS, SearchResult, find_rules, search_list
from jifen.office.notices.publication import KEYS
from jifen.office.web.limits import within
from jifen.office.web.lists import labels
from jifen.office.web.lists.ranking_scores import find_ranking_scores
from jifen.office.web.numbers import whole_number
from jifen.office.web.page import page
from jifen.office.web.public import catalogue
from jifen.office.web.signed import lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text

SHOWN, EACH, ALL = 60, 20, 600
"""Lists on the page of a city; searches a minute from one address, and from all."""


@require_safe
def lists(request: HttpRequest, city: str) -> HttpResponse:
    """The lists of a city, and its rules; in a city without lists, that there are none."""
    found = catalogue.city_or_404(city)
    rows = PublicList.objects.filter(city=found.id).select_related("run")
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(serial__lt=before)
    context = {
        "city": found,
        "rules": load_list_rules(found.id)[::-1],
        "rows": list(rows.order_by("-serial")[:SHOWN]),
        "more": SHOWN,
        "told": labels,
    }
    return page(request, "lists/lists.html", context, here=found.id)


@csrf_exempt  # it stores nothing, and nobody is signed in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, city: str, serial: int) -> HttpResponse:
    """One list: its figures and signature, and a search."""
    found = catalogue.city_or_404(city)
    row = (
        PublicList.objects.filter(city=found.id, serial=serial)
        .select_related("run__supplements")
        .first()
    )
    if row is None:
        raise Http404
    asked = request.method == "POST"
    allowed = not asked or within(request, "lists", EACH, ALL)
    name, number = (request.POST.get(key, "")[:60] for key in ("name", "number"))
    shown = search_list(row, number, name) if asked and allowed else SearchResult()
    context = {
        "city": found,
        "row": row,
        "scores": find_ranking_scores(row, shown.rows),
        "rules": find_rules(found.id, row.rules),
        "told": labels,
        "keys": KEYS,
        "typed": {"name": name, "number": number},
        "asked": asked and bool(name.strip()),
        "nameless": asked and not name.strip(),
        "allowed": allowed,
        "found": shown,
        "most": MAX_RESULTS,
        "open": bool(row.until and timezone.localdate() <= row.until),
    }
    status = 200 if allowed else 429
    response = page(request, "lists/one.html", context, status=status, here=found.id)
    if not allowed:
        response.headers["Retry-After"] = "60"
    return response


@require_safe
def signature(request: HttpRequest, city: str, serial: int) -> HttpResponse:
    """What the office signed of a list: checked with the published keys, by anybody."""
    row = PublicList.objects.filter(city=city, serial=serial).only("signature").first()
    if row is None or not row.is_checkable:
        raise Http404
    return HttpResponse(row.signature, content_type="application/jwt")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, city: str, serial: int) -> HttpResponse:
    """An objection to somebody on a publicity list, named by name and receipt number."""
    row = PublicList.objects.filter(city=city, serial=serial, kind="publicity").first()
    if row is None:
        raise Http404
    typed = {key: request.POST.get(key, "")[:4_000] for key in ("name", "number", "words")}
    error: ListFault | None = None
    done = False
    if request.method == "POST":
        try:
            done = _withdrawn(request) or _filed(request, row, typed)
        except ListFault as fault:
            error = fault
    context: dict[str, Any] = {
        "row": row,
        "rules": find_rules(city, row.rules),
        "typed": dict.fromkeys(typed, "") if done else typed,
        "error": error.words(lang_of(request)) if error else "",
        "place": error.place if error else "",
        "own": _own(request),
        "told": labels,
    }
    return work_page(request, "lists/object.html", context, status=422 if error else 200)


def _withdrawn(request: HttpRequest) -> bool:
    """Whether an own objection was taken back."""
    key = whole_number(request.POST.get("withdraw", ""))
    if key is None:
        return False
    user = user_of(request)
    found = Objection.objects.filter(filed_by=user, pk=key).first()
    if found is None:
        raise NoSuchList
    objections.withdraw_objection(user, found)
    say(request, Text("异议已撤回。", "Your objection is withdrawn."))
    return True


def _filed(request: HttpRequest, row: PublicList, typed: dict[str, str]) -> bool:
    user = user_of(request)
    if not within(request, "objections", EACH, ALL):
        words = Text("提交过于频繁，请一分钟后再试。", "Too often: try again in a minute.")
        raise ListFault("JF-Q026", words)
    found = (
        search_list(row, typed["number"], typed["name"])
        if typed["number"].strip()
        else SearchResult()
    )
    if len(found.rows) != 1:
        words = Text(
            "名单上没有这个姓名和受理编号。请核对后再提交。",
            "Nobody of this name and receipt number is on the list. Check both.",
        )
        raise ListFault("JF-Q025", words, "number")
    objections.file_objection(user, found.rows[0], typed["words"], timezone.localdate())
    say(request, Text("异议已提出。", "Your objection is filed."))
    return True


def _own(request: HttpRequest) -> list[Any]:
    rows = Objection.objects.filter(filed_by=user_of(request)).select_related("entry")
    return list(rows.order_by("-id")[:SHOWN])
