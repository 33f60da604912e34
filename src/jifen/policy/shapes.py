"""The closed schema, declared once: from it come the reader, its faults and the JSON Schema.

A shape reads a node, reports every fault into the sink and returns a value (or None after a
fault, so that reading goes on and all faults of a file are shown in one run).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from jifen.policy.fault import Fault, Place, nearest, one_of, shorten
from jifen.policy.months import parse_date, parse_month
from jifen.policy.source import Node
from jifen.policy.text import Text

Schema = dict[str, Any]
_IDENT = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*\Z")


@dataclass(slots=True)
class Sink:
    """Collects the faults of one document; knows its lines and the clause being read."""

    lines: Sequence[str] = ()
    faults: list[Fault] = field(default_factory=list)
    clause: str = ""

    def add(self, code: str, place: Place, found: str, expected: str, remedy: str) -> None:
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        self.faults.append(Fault(code, place, found, expected, remedy, self.clause, line[:200]))


class Shape(Protocol):
    """A kind of value in a document."""

    def read(self, node: Node, sink: Sink) -> Any: ...

    def schema(self) -> Schema: ...


class Entry(dict[str, Any]):
    """The values of a mapping that was read, with the node that they came from."""

    def __init__(self, values: Mapping[str, Any], node: Node) -> None:
        super().__init__(values)
        self.node = node

    def place(self, key: str = "") -> Place:
        """Where the value of `key` stands; the whole mapping's place without a key."""
        found = self.node.mapping.get(key)
        return found.place if found else self.node.place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: `parse` turns its text into a value or raises ValueError."""

    expected: str
    parse: Callable[[str], Any]
    json: Schema
    code: str = "JF-P012"
    remedy: str = "write the value in this form"

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, str):
            try:
                return self.parse(node.value)
            except (ValueError, InvalidOperation):
                pass
        sink.add(self.code, node.place, shorten(node.kind()), self.expected, self.remedy)
        return None

    def schema(self) -> Schema:
        return dict(self.json)


def _nonempty(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _ident(text: str) -> str:
    if not _IDENT.match(text):
        raise ValueError
    return text


def _capitals(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,4}", text):
        raise ValueError
    return text


def _number(text: str) -> Decimal:
    # no exponent and no NaN: 1e999999999 would take the memory of the machine to round
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", text):
        raise ValueError
    return Decimal(text)


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError
    return int(text)


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse()


def _refuse() -> bool:
    raise ValueError


TEXT = Scalar("words", _nonempty, {"type": "string", "minLength": 1})
IDENT = Scalar(
    "an identifier: small letters, digits, '_' and '-'",
    _ident,
    {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$"},
    "JF-P016",
    "use an identifier such as age or insured_months",
)
CAPITALS = Scalar(
    "two to four capital letters", _capitals, {"type": "string", "pattern": "^[A-Z]{2,4}$"}
)
WORD = Scalar("a word or number", _nonempty, {"type": ["string", "number"]})
NUMBER = Scalar(
    "a number", _number, {"type": "number"}, "JF-P014", "write digits only, such as 12 or 0.8"
)
WHOLE = Scalar(
    "a whole number", _whole, {"type": "integer"}, "JF-P014", "write digits only, such as 12"
)
FLAG = Scalar("true or false", _flag, {"type": "boolean"}, remedy="write true or false")
DATE: Scalar = Scalar(
    "a date as YYYY-MM-DD",
    parse_date,
    {"type": "string", "format": "date"},
    "JF-P015",
    "write an existing day of the calendar, such as 2018-01-01",
)
MONTH: Scalar = Scalar(
    "a month as YYYY-MM",
    parse_month,
    {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "JF-P015",
    "write a month such as 2022-04",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set of words."""

    words: tuple[str, ...]

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, str) and node.value in self.words:
            return node.value
        hint = nearest(str(node.value), self.words)
        sink.add(
            "JF-P013",
            node.place,
            shorten(node.kind()),
            f"one of: {one_of(self.words)}",
            f"write '{hint}'" if hint else "choose one of these words",
        )
        return None

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items all have one shape."""

    item: Shape
    least: int = 0

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, list):
            sink.add(
                "JF-P012",
                node.place,
                shorten(node.kind()),
                "a list",
                "write a list: items in [ ] or lines that begin with '- '",
            )
            return ()
        if len(node.value) < self.least:
            sink.add(
                "JF-P012",
                node.place,
                f"{len(node.value)} items",
                f"at least {self.least}",
                "add the missing items, or remove the key",
            )
        return tuple(self.item.read(item, sink) for item in node.value)

    def schema(self) -> Schema:
        out: Schema = {"type": "array", "items": self.item.schema()}
        return out | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from words of the author's choice to values of one shape."""

    value: Shape

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            sink.add(
                "JF-P012",
                node.place,
                shorten(node.kind()),
                "a mapping",
                "write lines of the form 'key: value'",
            )
            return Entry({}, node)
        return Entry({k: self.value.read(n, sink) for k, n in node.value.items()}, node)

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class RawMap:
    """A mapping kept as nodes: the changes of an overlay, read after they are applied."""

    def read(self, node: Node, sink: Sink) -> Any:
        if node.value is not None and not isinstance(node.value, dict):
            sink.add(
                "JF-P012",
                node.place,
                shorten(node.kind()),
                "a mapping",
                "write lines of the form 'path: value'",
            )
        return dict(node.mapping)

    def schema(self) -> Schema:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class AnyValue:
    """A value kept as its node: it is read once the type that it must have is known."""

    def read(self, node: Node, sink: Sink) -> Any:
        del sink
        return node

    def schema(self) -> Schema:
        return {}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a mapping: its shape, whether it must stand there, and what it means."""

    shape: Shape
    required: bool = True
    default: Any = None
    doc: str = ""
    nullable: bool = False

    def empty(self, node: Node) -> Any:
        """What stands for a key that is left out: an empty list or mapping where one is due, so
        that reading goes on after the fault of a missing one."""
        if not self.required:
            return self.default
        if isinstance(self.shape, ListOf):
            return ()
        return Entry({}, node) if isinstance(self.shape, MapOf | RawMap) else self.default


def optional(shape: Shape, default: Any = None, doc: str = "", *, nullable: bool = False) -> Field:
    """A key that may be left out."""
    return Field(shape, False, default, doc, nullable)


@dataclass(frozen=True, slots=True)
class Closed:
    """A mapping with known keys only. `title_key` names the clause for faults inside it."""

    name: str
    fields: Mapping[str, Field]
    title_key: str = ""

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            sink.add(
                "JF-P012",
                node.place,
                shorten(node.kind()),
                f"a mapping ({self.name})",
                f"write lines of the form 'key: value' with: {one_of(self.fields)}",
            )
            return None
        outer, sink.clause = sink.clause, self._heading(node) or sink.clause
        try:
            self._refuse_unknown(node, sink)
            return Entry({k: self._read(k, f, node, sink) for k, f in self.fields.items()}, node)
        finally:
            sink.clause = outer

    def _heading(self, node: Node) -> str:
        title = node.mapping.get(self.title_key) if self.title_key else None
        return f"{self.name} '{title.value}'" if title and isinstance(title.value, str) else ""

    def _refuse_unknown(self, node: Node, sink: Sink) -> None:
        for key in node.mapping:
            if key in self.fields:
                continue
            hint = nearest(key, self.fields)
            sink.add(
                "JF-P010",
                node.key_places.get(key, node.place),
                f"the unknown key '{key}' in {self.name}",
                f"one of: {one_of(self.fields)}",
                f"write '{hint}'" if hint else "remove the key",
            )

    def _read(self, key: str, declared: Field, node: Node, sink: Sink) -> Any:
        found = node.mapping.get(key)
        if found is None:
            if declared.required:
                sink.add(
                    "JF-P011",
                    node.place,
                    f"no '{key}' in {self.name}",
                    f"the key '{key}'" + (f": {declared.doc}" if declared.doc else ""),
                    f"add '{key}:' here",
                )
            return declared.empty(node)
        if found.value is None and (declared.nullable or not declared.required):
            return None if declared.nullable else declared.default
        return declared.shape.read(found, sink)

    def schema(self) -> Schema:
        properties = {}
        for key, declared in self.fields.items():
            inner = declared.shape.schema()
            if declared.nullable:
                inner = {"anyOf": [inner, {"type": "null"}]}
            properties[key] = inner | ({"description": declared.doc} if declared.doc else {})
        required = [key for key, declared in self.fields.items() if declared.required]
        out: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        return out | ({"required": required} if required else {})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words in both languages: {zh: …, en: …}."""

    def read(self, node: Node, sink: Sink) -> Any:
        entry = _BILINGUAL.read(node, sink)
        if entry is None or not (entry["zh"] and entry["en"]):
            return Text("?", "?")
        return Text(entry["zh"], entry["en"])

    def schema(self) -> Schema:
        return _BILINGUAL.schema()


_BILINGUAL = Closed("a text", {"zh": Field(TEXT), "en": Field(TEXT)})
BILINGUAL = Bilingual()


def unique(entries: Iterable[Entry | None], sink: Sink, what: str) -> None:
    """Report every id that stands twice in a list."""
    seen: dict[str, Place] = {}
    for entry in entries:
        ident = entry.get("id") if entry else None
        if entry is None or ident is None:
            continue
        if ident in seen:
            sink.add(
                "JF-P017",
                entry.place("id"),
                f"the {what} '{ident}' a second time (first in line {seen[ident].line})",
                f"each {what} once",
                "rename or remove one of the two",
            )
        seen.setdefault(ident, entry.place("id"))
