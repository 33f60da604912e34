"""The whole API: its operations, and its faults as problem+json (RFC 9457)."""

from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from jifen.office.api.corrections import router as corrections
from jifen.office.api.documents import router as documents
from jifen.office.api.papers import router as papers
from jifen.office.api.planning import router as planning
from jifen.office.api.renewals import router as renewals
from jifen.office.api.reports import router as reports
from jifen.office.api.request_faults import describe_misshapen_part, read_language
from jifen.office.api.requests import router as requests
from jifen.office.api.routes import router
from jifen.office.api.text_checks import CleanParser, UnstorableText
from jifen.office.api.verify import router as verify
from jifen.office.api.words import say
from jifen.office.casework.faults import (
    CaseFault,
    ConcurrentChange,
    NoSuchCase,
    NotAllowed,
    SeveralFaults,
)
from jifen.office.notices.faults import NoSuchNotice
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.uploads.fault import UploadFault
from jifen.policy.text import Text


class JifenAPI(NinjaAPI):
    """Operations are named as in the code; those that are acts of a case, as the act."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function that answers."""
        return str(operation.view_func.__name__)


api = JifenAPI(
    title="Jifen API",
    version="1",
    description="Filing residence-permit points for one's own employees. Tokens are made on the "
    "page of the employer. Faults are application/problem+json with a stable code.",
    urls_namespace="api",
    docs_url=None,
    parser=CleanParser(),
)
api.add_router("", router)
api.add_router("", documents)
api.add_router("", corrections)
api.add_router("", requests)
api.add_router("", renewals)
api.add_router("", papers)
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
    title, place = error.words(read_language(request)), getattr(error, "place", "")
    return build_problem(request, status, title, code=error.code, place=place)


def _refuse(request: HttpRequest, status: int, code: str, words: Text) -> HttpResponse:
    return build_problem(request, status, words(read_language(request)), code=code)


@api.exception_handler(SeveralFaults)
def _handle_several_faults(request: HttpRequest, error: SeveralFaults) -> HttpResponse:
    lang = read_language(request)
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
@api.exception_handler(NoSuchNotice)
@api.exception_handler(NoSuchUnit)
@api.exception_handler(Http404)
def _handle_not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _refuse(request, 404, "JF-A009", _NOT_FOUND)


@api.exception_handler(DataError)
@api.exception_handler(OverflowError)
def _handle_too_long(request: HttpRequest, error: Exception) -> HttpResponse:
    """A text longer than its field or a number out of range: the transaction was rolled back."""
    del error
    return _refuse(request, 422, "JF-A013", _TOO_LONG)


@api.exception_handler(AuthenticationError)
def _handle_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    return _refuse(request, 401, "JF-A008", _NO_TOKEN)


@api.exception_handler(ValidationError)
def _handle_invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    parts = error.errors or [{}]
    return _handle_several_faults(request, SeveralFaults(map(describe_misshapen_part, parts)))


@api.exception_handler(HttpError)
def _handle_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, UnstorableText):
        return _problem_of_fault(request, error.__cause__, 422)
    code, words = _BY_STATUS.get(error.status_code, ("JF-A007", _UNREADABLE))
    return _refuse(request, error.status_code, code, words)


_NOT_FOUND = say("site.not_found")
_TOO_LONG = say("site.too_long")
_NO_TOKEN = say("site.no_token")
_UNREADABLE = say("site.unreadable")
_TOO_MANY = say("site.too_many")
_BY_STATUS = {429: ("JF-A016", _TOO_MANY)}
