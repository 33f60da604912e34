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


_NOT_FOUND = Text(
    "没有这个案件、文书或积分，或者不属于本令牌的单位。请核对 key。",
    "There is no such case, paper or points, or they are not of the unit of this token: check the "
    "key.",
)
_TOO_LONG = Text(
    "有文字或数字超过了允许的长度，没有保存。请缩短后再发。",
    "A text or a number is longer than its field; nothing was kept. Shorten it.",
)
_NO_TOKEN = Text(
    "没有有效的令牌。请用 Authorization: Bearer 发送具有此操作权限的令牌。",
    "No valid token: send Authorization: Bearer with a token that has the scope of this operation.",
)
_UNREADABLE = Text(
    "请求内容不是可以读取的 JSON，请检查后再发。",
    "The body of the request is not JSON that can be read: check it.",
)
_TOO_MANY = Text(
    "查询了过多不存在的编号，请一分钟后再试。",
    "Too many codes that do not exist: wait a minute.",
)
_BY_STATUS = {429: ("JF-A016", _TOO_MANY)}
