"""The measure of a city for the module that scores in the page (`static/web/score.js`)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from jifen.facts.spelling import try_read_day
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.public.catalogue import FIRST, LAST, city_or_404, readable, today
from jifen.office.web.public.device import DeviceFile, device_file, fault_document
from jifen.policy.fault import PolicyError

_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "public, no-cache"


@require_safe
@ASSESSMENT.spends
def device(request: HttpRequest, city: str) -> HttpResponse:
    """The document for `?on=` (else today) and `?reading.<switch>=`: the same for everybody."""
    found, typed = city_or_404(city), request.GET.get("on", "")
    on = try_read_day(typed) if typed else today()
    if on is None or not FIRST <= on <= LAST:
        problem = fault_document("JF-Z004", "day", day=typed[:40])
        return _refused(problem, HTTPStatus.BAD_REQUEST)
    policy = readable(found.version_on(on))
    if policy is None:
        return _refused(fault_document("JF-Z004", "no_measure", day=on), HTTPStatus.NOT_FOUND)
    try:
        rules = policy.rules_on(on, _readings(request))
    except PolicyError as error:
        words = {"zh": error.to_text("zh"), "en": error.to_text("en")}
        problem = {"code": error.faults[0].code, "words": words}
        return _refused(problem, HTTPStatus.BAD_REQUEST)
    return _answer(request, device_file(rules, on))


def _readings(request: HttpRequest) -> dict[str, str]:
    chosen = ((name.partition("."), text) for name, text in request.GET.items())
    return {switch: str(text) for (head, dot, switch), text in chosen if head == "reading" and dot}


def _answer(request: HttpRequest, file: DeviceFile) -> HttpResponse:
    """Packed for whoever takes it: there is no secret in it, so its length tells nothing."""
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        file.packed if takes_gzip else file.content, content_type="application/json; charset=utf-8"
    )
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    response.headers["Cache-Control"] = (
        _KEPT if request.GET.get("v") == file.digest else _ASKED_AGAIN
    )
    tag = f'W/"{file.digest}"'
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def _refused(problem: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(problem, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = _ASKED_AGAIN
    return response
