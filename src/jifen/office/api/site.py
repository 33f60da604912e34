"""The whole API: its operations, and its faults as problem+json (RFC 9457)."""

from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jifen.office.api.planning import router as planning
from jifen.office.api.reports import router as reports
from jifen.office.api.request_faults import RequestFaults
from jifen.office.api.routes import router
from jifen.office.api.text_checks import CleanParser, UnstorableText
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


def build_problem(
    request: HttpRequest, status: int, title: str, **extra_fields: Any
) -> HttpResponse:
    """RFC 9457."""
    fields = {"type": "about:blank", "title": title, "status": status, **extra_fields}
    return api.create_response(request, fields, status=status)


def _problem_of_fault(request: HttpRequest, error: Any, status: int) -> HttpResponse:
    lang = _read_language(request)
    place = getattr(error, "place", "")
    return build_problem(request, status, error.words(lang), code=error.code, place=place)


def _read_language(request: HttpRequest) -> Lang:
    return "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh"


@api.exception_handler(RequestFaults)
def _handle_request_faults(request: HttpRequest, error: RequestFaults) -> HttpResponse:
    lang = _read_language(request)
    faults = [{"code": f.code, "place": f.place, "title": f.words(lang)} for f in error.faults]
    head = {"code": error.code, "place": error.place, "faults": faults}
    return build_problem(request, 422, error.words(lang), **head)


@api.exception_handler(CaseFault)
def _handle_case_fault(request: HttpRequest, error: CaseFault) -> HttpResponse:
    return _problem_of_fault(
        request, error, 409 if isinstance(error, ConcurrentChange | NotAllowed) else 422
    )


@api.exception_handler(RegistryFault)
def _handle_registry_fault(request: HttpRequest, error: RegistryFault) -> HttpResponse:
    return _problem_of_fault(request, error, 422)


@api.exception_handler(UploadFault)
def _handle_upload_fault(request: HttpRequest, error: UploadFault) -> HttpResponse:
    return _problem_of_fault(request, error, 422)


@api.exception_handler(NoSuchCase)
@api.exception_handler(NoSuchUnit)
@api.exception_handler(Http404)
def _handle_not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return build_problem(request, 404, "not found")


@api.exception_handler(DataError)
@api.exception_handler(OverflowError)
def _handle_too_long(request: HttpRequest, error: Exception) -> HttpResponse:
    """A text longer than its field or a number out of range: the transaction was rolled back."""
    del error
    return build_problem(request, 422, "a text or a number is longer than its field")


@api.exception_handler(AuthenticationError)
def _handle_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    detail = "send Authorization: Bearer with a token that has the scope of this operation"
    return build_problem(request, 401, "no valid token", detail=detail)


@api.exception_handler(ValidationError)
def _handle_invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return build_problem(
        request,
        422,
        "the request is not as documented",
        detail=str(first.get("msg")),
        place=place[:80],
    )


@api.exception_handler(HttpError)
def _handle_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, UnstorableText):
        return _problem_of_fault(request, error.__cause__, 422)
    return build_problem(request, error.status_code, str(error))
