"""The file that describes a register over HTTP: its address, how one signs in, what is asked, and
what the answer means (docs/registers.md).

Secrets do not stand in it: it names the environment variable that holds one.
"""

import os
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import urlsplit

from jifen.policy.fault import PolicyError
from jifen.policy.shapes import (
    NUMBER,
    TEXT,
    WHOLE,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    MapOf,
    Scalar,
    Sink,
    optional,
)
from jifen.policy.source import decode_bytes, parse_yaml

PLACEHOLDERS = ("identity", "name", "city", "register", "credit_code")
"""What a request may say: of whom (identity number and name, or credit code), and what is asked."""
KINDS = ("text", "whole", "number", "flag", "day", "month")
SIGN_INS = ("none", "basic", "bearer", "signed")


def _parse_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query:
        raise ValueError
    return text


def _parse_template(text: str) -> str:
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None and (name not in PLACEHOLDERS or spec or conversion):
            raise ValueError
    return text


def _parse_path(text: str) -> str:
    if not re.fullmatch(r"[^.\s]{1,80}(\.[^.\s]{1,80}){0,9}", text):
        raise ValueError
    return text


def _parse_variable(text: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{2,60}", text):
        raise ValueError
    return text


ADDRESS = Scalar("register_address", _parse_address, {"type": "string"})
TEMPLATE = Scalar("register_template", _parse_template, {"type": "string"})
PATH = Scalar("register_path", _parse_path, {"type": "string"})
VARIABLE = Scalar("register_variable", _parse_variable, {"type": "string"})
_VALUE = {
    "path": Field(PATH, doc="where the value stands in the answer, names with dots between"),
    "kind": optional(Choice(KINDS), "text"),
    "format": optional(TEXT, "", doc="of a day or month, such as %Y%m%d"),
    "values": optional(MapOf(TEXT), {}, doc="code of the register → answer of the fact"),
    "times": optional(NUMBER, Decimal(1), doc="a number is multiplied by it: 0.01 for cents"),
}
_COLUMN = Closed("a column of a register's answer", _VALUE)
_FACT = Closed(
    "a fact of a register's answer",
    _VALUE | {"each": optional(MapOf(_COLUMN), {}, doc="of a list: the columns of its records")},
)
_SIGN_IN = Closed(
    "how a register is signed in to",
    {
        "kind": Field(Choice(SIGN_INS)),
        "user": optional(TEXT, ""),
        "secret": optional(VARIABLE, "", doc="the environment variable that holds the secret"),
    },
)
_TLS = Closed(
    "the certificates of a register",
    {
        "authority": optional(TEXT, "", doc="file of the authority that signed the register's"),
        "certificate": optional(TEXT, "", doc="file of the certificate of this site"),
        "key": optional(TEXT, "", doc="file of its key"),
    },
)
_PATIENCE = Closed(
    "the patience with a register",
    {
        "seconds": optional(NUMBER, Decimal(10)),
        "tries": optional(WHOLE, 2),
        "failures": optional(WHOLE, 5, doc="after so many in a row it is left alone"),
        "rest_seconds": optional(NUMBER, Decimal(60)),
    },
)
_NOTHING = Closed(
    "an answer that holds nothing", {"path": Field(PATH), "values": Field(ListOf(TEXT, 1))}
)
_AS_OF = Closed("the day of the data", {"path": Field(PATH), "format": optional(TEXT, "%Y-%m-%d")})
_ANSWER = Closed(
    "what a register's answer means",
    {
        "nothing": optional(_NOTHING),
        "as_of": Field(_AS_OF),
        "facts": Field(MapOf(_FACT)),
    },
)
_REGISTER = Closed(
    "a register over HTTP",
    {
        "language": Field(Choice(("1",))),
        "address": Field(ADDRESS),
        "method": optional(Choice(("post", "get")), "post"),
        "sign_in": optional(_SIGN_IN),
        "tls": optional(_TLS),
        "patience": optional(_PATIENCE),
        "headers": optional(MapOf(TEXT), {}),
        "request": Field(MapOf(TEMPLATE)),
        "answer": Field(_ANSWER),
    },
)


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How one value of an answer is read; `each`: the columns of its records, by name."""

    path: tuple[str, ...]
    kind: str = "text"
    format: str = ""
    values: dict[str, str] = field(default_factory=dict)
    times: Decimal = Decimal(1)
    each: "dict[str, ValueRule]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisterDescription:
    """A register as its file describes it. `secret`: what the named variable holds."""

    file: str
    address: str
    method: str
    sign_in: str
    user: str
    secret: str
    authority: str
    certificate: str
    key: str
    seconds: float
    tries: int
    most_failures: int
    rest_seconds: float
    headers: dict[str, str]
    request: dict[str, str]
    nothing: tuple[tuple[str, ...], frozenset[str]] | None
    as_of: ValueRule
    facts: dict[str, ValueRule]


class MissingSecret(ValueError):
    """A variable that a file names and that is not set."""


def read_description(path: Path) -> RegisterDescription:
    """Read the file of a register. Raises OSError where it cannot be read, PolicyError with every
    fault in it, MissingSecret."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(lines=text.splitlines())
    entry = _REGISTER.read(parse_yaml(text, path.name), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return _build_description(path, entry)


def _build_description(path: Path, entry: Entry) -> RegisterDescription:
    sign_in, tls = entry["sign_in"] or {"kind": "none"}, entry["tls"] or {}
    patience, answer = entry["patience"] or {}, entry["answer"]
    nothing = answer["nothing"]
    return RegisterDescription(
        file=path.name,
        address=entry["address"],
        method=entry["method"],
        sign_in=sign_in["kind"],
        user=sign_in.get("user", ""),
        secret=_read_secret(sign_in),
        authority=tls.get("authority", ""),
        certificate=tls.get("certificate", ""),
        key=tls.get("key", ""),
        seconds=float(patience.get("seconds", 10)),
        tries=max(1, min(patience.get("tries", 2), 5)),
        most_failures=max(1, patience.get("failures", 5)),
        rest_seconds=float(patience.get("rest_seconds", 60)),
        headers=dict(entry["headers"]),
        request=dict(entry["request"]),
        nothing=(_split(nothing["path"]), frozenset(nothing["values"])) if nothing else None,
        as_of=ValueRule(_split(answer["as_of"]["path"]), "day", answer["as_of"]["format"]),
        facts={name: _build_rule(rule) for name, rule in answer["facts"].items()},
    )


def _read_secret(sign_in: Any) -> str:
    if sign_in["kind"] == "none":
        return ""
    variable = sign_in.get("secret", "")
    secret = os.environ.get(variable, "") if variable else ""
    if not secret:
        raise MissingSecret(variable or "sign_in.secret")
    return secret


def _build_rule(entry: Any) -> ValueRule:
    return ValueRule(
        _split(entry["path"]),
        entry["kind"],
        entry["format"],
        dict(entry["values"]),
        entry["times"],
        {name: _build_rule(column) for name, column in (entry.get("each") or {}).items()},
    )


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))
