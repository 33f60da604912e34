"""The measure, the screens and the modules with which a page scores by itself."""

from datetime import date
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from jifen.facts.spelling import try_read_day
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.preferences import LANGS
from jifen.office.web.public.catalogue import FIRST, LAST, city_or_404, readable, today
from jifen.office.web.public.device import device_file, fault_document, is_carried, screens_file
from jifen.office.web.public.packed_files import ASKED_AGAIN, serve_packed
from jifen.office.web.public.script_modules import modules_digest, script_modules
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy

_JSON, _SCRIPT = "application/json; charset=utf-8", "text/javascript; charset=utf-8"


class _Refused(Exception):
    """No document for what was asked."""

    def __init__(self, problem: dict[str, object], status: HTTPStatus) -> None:
        super().__init__()
        self.problem, self.status = problem, status


@require_safe
@ASSESSMENT.spends
def device(request: HttpRequest, city: str) -> HttpResponse:
    """The document for `?on=` (else today) and `?reading.<switch>=`: the same for everybody."""
    try:
        on, policy = _measure(request, city)
        rules = policy.rules_on(on, _readings(request))
    except _Refused as refused:
        return _answer_refused(refused.problem, refused.status)
    except PolicyError as error:
        words = {"zh": error.to_text("zh"), "en": error.to_text("en")}
        problem: dict[str, object] = {"code": error.faults[0].code, "words": words}
        return _answer_refused(problem, HTTPStatus.BAD_REQUEST)
    file = device_file(rules, on)
    return serve_packed(request, file, _JSON, kept=request.GET.get("v") == file.digest)


@require_safe
@ASSESSMENT.spends
def screens(request: HttpRequest, city: str) -> HttpResponse:
    """The screens for `?on=`, in the language `?words=` and, with `?text=large`, in the elder view.
    The names are not those of the preferences, which would be kept in a cookie."""
    lang = next((one for one in LANGS if one == request.GET.get("words")), LANGS[0])
    elder = request.GET.get("text") == "large"
    try:
        on, policy = _measure(request, city)
        _refuse_not_carried(policy, on)
    except _Refused as refused:
        return _answer_refused(refused.problem, refused.status)
    file = screens_file(city_or_404(city), policy, on, lang, elder=elder)
    return serve_packed(request, file, _JSON, kept=request.GET.get("v") == file.digest)


@require_safe
def module(request: HttpRequest, digest: str, path: str) -> HttpResponse:
    """A script of this release; those of another one are not here."""
    file = script_modules().get(path) if digest == modules_digest() else None
    if file is None:
        raise Http404
    return serve_packed(request, file, _SCRIPT, kept=True)


def _measure(request: HttpRequest, city: str) -> tuple[date, Policy]:
    found, typed = city_or_404(city), request.GET.get("on", "")
    on = try_read_day(typed) if typed else today()
    if on is None or not FIRST <= on <= LAST:
        problem = fault_document("JF-Z004", "day", day=typed[:40])
        raise _Refused(problem, HTTPStatus.BAD_REQUEST)
    policy = readable(found.version_on(on))
    if policy is None:
        raise _Refused(fault_document("JF-Z004", "no_measure", day=on), HTTPStatus.NOT_FOUND)
    return on, policy


def _refuse_not_carried(policy: Policy, on: date) -> None:
    if policy.purposes or not is_carried(policy.rules_on(on)):
        problem = fault_document("JF-Z001", "not_carried", what=policy.version)
        raise _Refused(problem, HTTPStatus.NOT_FOUND)


def _readings(request: HttpRequest) -> dict[str, str]:
    chosen = ((name.partition("."), text) for name, text in request.GET.items())
    return {switch: str(text) for (head, dot, switch), text in chosen if head == "reading" and dot}


def _answer_refused(problem: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(problem, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = ASKED_AGAIN
    return response
