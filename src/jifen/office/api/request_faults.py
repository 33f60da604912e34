"""Faults of a request in the words of the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from jifen.facts.fault import FactFault
from jifen.office.casework.faults import CaseFault
from jifen.policy.text import Lang, Text


def read_language(request: HttpRequest) -> Lang:
    """The language that is preferred of Chinese and English; Chinese where none is named."""
    for tag, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        name = tag.split("-")[0]
        if weight > 0 and name in ("zh", "en"):
            return "en" if name == "en" else "zh"
    return "zh"


def to_request_fault(fault: FactFault) -> CaseFault:
    """A fault of a fact, or of a wish."""
    words = Text(fault.to_sentence("zh"), fault.to_sentence("en"))
    return CaseFault(fault.code, words, fault.path)


def describe_misshapen_part(error: dict[str, Any]) -> CaseFault:
    """One place of a request that is not as documented, from what pydantic says of it."""
    place = ".".join(str(part) for part in error.get("loc", ())[1:])
    kind, limits = str(error.get("type")), error.get("ctx") or {}
    words = _SHAPES.get(kind) or _describe_type(kind) or _NOT_AS_DOCUMENTED
    limit = next((value for name, value in limits.items() if name in _LIMITS), "")
    return CaseFault(
        "JF-A006", Text(words.zh.format(limit=limit), words.en.format(limit=limit)), place[:80]
    )


_LIMITS = ("min_length", "max_length", "ge", "gt", "le", "lt")
_SHAPES = {
    "missing": Text("缺少此项，请补上。", "It is missing: send it."),
    "string_too_short": Text(
        "太短，至少 {limit} 个字符。", "Too short: at least {limit} characters."
    ),
    "string_too_long": Text("太长，最多 {limit} 个字符。", "Too long: at most {limit} characters."),
    "too_short": Text("太少，至少 {limit} 项。", "Too few: at least {limit}."),
    "too_long": Text("太多，最多 {limit} 项。", "Too many: at most {limit}."),
    "greater_than_equal": Text("不能小于 {limit}。", "Not less than {limit}."),
    "greater_than": Text("应大于 {limit}。", "More than {limit}."),
    "less_than_equal": Text("不能大于 {limit}。", "Not more than {limit}."),
    "less_than": Text("应小于 {limit}。", "Less than {limit}."),
}
_TYPES = {
    "string": Text("应为文字。", "A text is expected."),
    "int": Text("应为整数。", "A whole number is expected."),
    "float": Text("应为数字。", "A number is expected."),
    "bool": Text("应为 true 或 false。", "true or false is expected."),
    "dict": Text("应为对象 {{…}}。", "An object {{…}} is expected."),
    "model": Text("应为对象 {{…}}。", "An object {{…}} is expected."),
    "list": Text("应为列表 […]。", "A list […] is expected."),
    "date": Text("应为日期，如 2026-09-01。", "A day such as 2026-09-01 is expected."),
    "uuid": Text("应为案件或文书的 key。", "The key of a case or paper is expected."),
}
_NOT_AS_DOCUMENTED = Text(
    "与接口文档（openapi.json）不符，请对照改正。",
    "Not as documented in openapi.json: compare and correct it.",
)


def _describe_type(kind: str) -> Text | None:
    return _TYPES.get(kind.split("_", maxsplit=1)[0])
