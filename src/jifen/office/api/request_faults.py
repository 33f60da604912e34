"""Faults of a request in the words of the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from jifen.facts.fault import FactFault
from jifen.office.api.words import say
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
    "missing": say("request_faults.shapes_missing"),
    "string_too_short": say("request_faults.shapes_string_too_short"),
    "string_too_long": say("request_faults.shapes_string_too_long"),
    "too_short": say("request_faults.shapes_too_short"),
    "too_long": say("request_faults.shapes_too_long"),
    "greater_than_equal": say("request_faults.shapes_greater_than_equal"),
    "greater_than": say("request_faults.shapes_greater_than"),
    "less_than_equal": say("request_faults.shapes_less_than_equal"),
    "less_than": say("request_faults.shapes_less_than"),
}
_TYPES = {
    "string": say("request_faults.types_string"),
    "int": say("request_faults.types_int"),
    "float": say("request_faults.types_float"),
    "bool": say("request_faults.types_bool"),
    "dict": say("request_faults.types_dict"),
    "model": say("request_faults.types_dict"),
    "list": say("request_faults.types_list"),
    "date": say("request_faults.types_date"),
    "uuid": say("request_faults.types_uuid"),
}
_NOT_AS_DOCUMENTED = say("request_faults.not_as_documented")


def _describe_type(kind: str) -> Text | None:
    return _TYPES.get(kind.split("_", maxsplit=1)[0])
