"""The API as a whole: its operations, its faults as problem+json, its document."""

from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jifen.office.api.clean import CleanParser, Unclean
from jifen.office.api.planning import router as planning
from jifen.office.api.reports import router as reports
from jifen.office.api.routes import router
from jifen.office.api.several import SeveralFaults
from jifen.office.api.verify import router as verify
from jifen.office.casework.faults import CaseFault, ConcurrentChange, NoSuchCase, NotAllowed
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.uploads.fault import UploadFault
from jifen.policy.text import Lang

api = NinjaAPI(
    title="Jifen API",
    version="1",
    description="Filing residence-permit points for one's own employees. Tokens are made on the "
    "page of the employer. Faults are application/problem+json with a stable code.",
    urls_namespace="api",
    docs_url=None,
    parser=CleanParser(),
)
api.add_router("", router)
api.add_router("", reports)
api.add_router("", verify)
api.add_router("", planning)
JSON = "application/problem+json"


def problem(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
    """RFC 9457."""
    said = {"type": "about:blank", "title": title, "status": status, **more}
    return api.create_response(request, said, status=status)


def _words(request: HttpRequest, error: Any, status: int) -> HttpResponse:
    lang = _lang(request)
    place = getattr(error, "place", "")
    return problem(request, status, error.words(lang), code=error.code, place=place)


def _lang(request: HttpRequest) -> Lang:
    return "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh"


@api.exception_handler(SeveralFaults)
def _several(request: HttpRequest, error: SeveralFaults) -> HttpResponse:
    lang = _lang(request)
    faults = [{"code": f.code, "place": f.place, "title": f.words(lang)} for f in error.faults]
    head = {"code": error.code, "place": error.place, "faults": faults}
    return problem(request, 422, error.words(lang), **head)


@api.exception_handler(CaseFault)
def _case(request: HttpRequest, error: CaseFault) -> HttpResponse:
    return _words(request, error, 409 if isinstance(error, ConcurrentChange | NotAllowed) else 422)


@api.exception_handler(RegistryFault)
def _registry(request: HttpRequest, error: RegistryFault) -> HttpResponse:
    return _words(request, error, 422)


@api.exception_handler(UploadFault)
def _upload(request: HttpRequest, error: UploadFault) -> HttpResponse:
    return _words(request, error, 422)


@api.exception_handler(NoSuchCase)
@api.exception_handler(NoSuchUnit)
@api.exception_handler(Http404)
def _none(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return problem(request, 404, "not found")


@api.exception_handler(DataError)
@api.exception_handler(OverflowError)
def _too_long(request: HttpRequest, error: Exception) -> HttpResponse:
    """Text longer than its field, a number larger than any: undone, and nothing is kept."""
    del error
    return problem(request, 422, "a text or a number is longer than its field")


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    detail = "send Authorization: Bearer with a token that has the scope of this operation"
    return problem(request, 401, "no valid token", detail=detail)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return problem(
        request,
        422,
        "the request is not as documented",
        detail=str(first.get("msg")),
        place=place[:80],
    )


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Unclean):
        return _words(request, error.__cause__, 422)
    return problem(request, error.status_code, str(error))
