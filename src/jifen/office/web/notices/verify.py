"""Checking a paper without signing in: by its square code, or by a short code typed by hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen import cities
from jifen.office.accounts.signin.sources import source_of
from jifen.office.notices.lookup import NoticeStatus, find_notice_status
from jifen.office.notices.rate_limits import count_unknown_code, must_all_wait, must_wait
from jifen.office.web.notices.labels import STATES, WHYS, kind_of
from jifen.office.web.page import page
from jifen.office.web.signed import go, lang_of
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import describe_published_outcome
from jifen.statements.codes import format_code, read_code


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page on which the code is typed; a whole one leads to the paper's own address."""
    typed = request.GET.get("code", "")[:40]
    if not typed.strip():
        return _page(request, "notices/verify.html", {"typed": "", "error": ""})
    code = read_code(typed)
    if code is None:
        context = {"typed": typed, "error": _MISTYPED(lang_of(request))}
        return _page(request, "notices/verify.html", context, status=422)
    return go(reverse("verified", args=[code]))


_MISTYPED = Text(
    "查验码有误，请核对每一位。纸上的查验码有三组、每组 4 位，如 7K3M-9QXD-2V0R。",
    "The code is mistyped: compare every character with the paper. It has three groups of four, "
    "such as 7K3M-9QXD-2V0R.",
)


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper holds. Of what there is not, nothing is told but that."""
    now, asker = timezone.now(), source_of(request)
    if must_wait(asker, now):
        return _wait(request)
    found = find_notice_status(code, timezone.localtime(now).date())
    if found is None:
        if must_all_wait(now):
            return _wait(request)
        if read_code(code):
            count_unknown_code(asker, now)
        context = {"typed": code[:40], "at": now}
        return _page(request, "notices/unknown.html", context, status=404)
    context = {"seen": told(found, lang_of(request)), "at": now}
    return _page(request, "notices/verified.html", context)


def _wait(request: HttpRequest) -> HttpResponse:
    response = _page(request, "notices/wait.html", {}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def told(found: NoticeStatus, lang: Lang) -> dict[str, Any]:
    """A paper in words."""
    return {
        "state": found.state,
        "state_words": STATES[found.state](lang),
        "kind": kind_of(found.kind)(lang),
        "number": found.number,
        "code": format_code(found.notice.code),
        "name": found.name,
        "result": describe_published_outcome(found.result, found.line)(lang),
        "office": f"{found.city}{found.office}",
        "issued_on": found.issued_on,
        "since": found.since,
        "until": found.until,
        "ended_on": found.ended_on if found.state == "revoked" else None,
        "why": WHYS[found.why](lang) if found.state == "revoked" else "",
        "caution": _caution(found, lang),
    }


def _caution(found: NoticeStatus, lang: Lang) -> str:
    """What the points of a notice are not, where its city says so."""
    city = cities.index().get(found.notice.series.city)
    return city.caution(lang) if city and found.kind == "notice" else ""


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Never kept, never found by a search engine."""
    response = page(request, template, context, status=status, here="verify")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
