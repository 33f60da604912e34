"""The closed schema, declared once: from it come the reader, its faults and the JSON Schema.

A shape reads a node, reports every fault into the sink and returns a value (or None after a
fault, so that reading goes on and all faults of a file are shown in one run).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import Any, Protocol

from jifen.policy.catalogue import POLICY, ElementName, FaultWords, join_list, translate_name
from jifen.policy.fault import Fault, Place, find_nearest
from jifen.policy.full_width import find_colon_in_key, find_full_width_mark
from jifen.policy.key_descriptions import KEYS
from jifen.policy.months import parse_date, parse_month
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text

Schema = dict[str, Any]
_IDENT = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*\Z")


@dataclass(slots=True)
class Sink:
    """Collects the faults of one document; knows its lines and the clause being read. Where values
    of other files stand in the document (a reform), `texts` has the lines of each file by name."""

    lines: Sequence[str] = ()
    faults: list[Fault] = field(default_factory=list)
    element: ElementName | None = None
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def clause(self) -> Text:
        """The part of the document that is being read, in words."""
        return self.element.to_text() if self.element else EMPTY

    def add_fault(self, code: str, place: Place, found: str, expected: str, remedy: str) -> None:
        """A fault whose words are in one language."""
        line, clause = self.find_line(place), self.clause.en
        self.faults.append(Fault(code, place, found, expected, remedy, clause, line))

    def report_fault(self, code: str, place: Place, words: FaultWords) -> None:
        """A fault in both languages, with words of a catalogue."""
        line = self.find_line(place)
        self.faults.append(Fault.from_words(code, place, words, clause=self.clause, line_text=line))

    def find_line(self, place: Place) -> str:
        """The line of a place in its own file; empty where it is not known."""
        lines = self.texts.get(place.file, ()) if self.texts else self.lines
        return lines[place.line - 1][:200] if 0 < place.line <= len(lines) else ""


class Shape(Protocol):
    """A kind of value in a document."""

    def read(self, node: Node, sink: Sink) -> Any: ...

    def to_schema(self) -> Schema: ...


class Entry(dict[str, Any]):
    """The values of a mapping that was read, with the node that they came from."""

    def __init__(self, values: Mapping[str, Any], node: Node) -> None:
        super().__init__(values)
        self.node = node

    def place_of(self, key: str = "") -> Place:
        """Where the value of `key` stands; the whole mapping's place without a key."""
        child = self.node.mapping.get(key)
        return child.place if child else self.node.place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: `parse` turns its text into a value or raises ValueError. `kind` is that of
    its fault, under `code` in the catalogue."""

    kind: str
    parse: Callable[[str], Any]
    json: Schema
    code: str = "JF-P012"

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, str):
            try:
                return self.parse(node.value)
            except (ValueError, InvalidOperation):
                pass
        if self.kind not in _WORDS and report_full_width_mark(node, sink):
            return None
        sink.report_fault(
            self.code,
            node.place,
            POLICY.fault_words(self.code, self.kind, found=node.describe_value()),
        )
        return None

    def to_schema(self) -> Schema:
        return dict(self.json)


_WORDS = ("words", "word")


def report_full_width_mark(node: Node, sink: Sink) -> bool:
    """Report the first full-width mark of a value that is no words; False where there is none."""
    mark = find_full_width_mark(node.value) if isinstance(node.value, str) else None
    if mark is None:
        return False
    place = node.place
    if not node.quoted:
        place = Place(place.file, place.line, place.column + mark.offset)
    words = POLICY.fault_words("JF-P097", "mark", mark=mark.mark, plain=mark.plain)
    sink.report_fault("JF-P097", place, words)
    return True


def _parse_nonempty(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _parse_identifier(text: str) -> str:
    if not _IDENT.match(text):
        raise ValueError
    return text


def _parse_capitals(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,4}", text):
        raise ValueError
    return text


def _parse_number(text: str) -> Decimal:
    # no exponent and no NaN: 1e999999999 would take the memory of the machine to round
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", text):
        raise ValueError
    return Decimal(text)


def _parse_whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError
    return int(text)


def _parse_flag(text: str) -> bool:
    return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse_flag()


def _refuse_flag() -> bool:
    raise ValueError


_PLAIN = ["string", "number", "boolean"]
"""YAML types whose text is taken as it is written: 2024 and true are words too."""
TEXT = Scalar("words", _parse_nonempty, {"type": _PLAIN, "minLength": 1})
IDENT = Scalar(
    "identifier",
    _parse_identifier,
    {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$"},
    "JF-P016",
)
CAPITALS = Scalar("capitals", _parse_capitals, {"type": "string", "pattern": "^[A-Z]{2,4}$"})
WORD = Scalar("word", _parse_nonempty, {"type": _PLAIN})
NUMBER = Scalar("number", _parse_number, {"type": "number"}, "JF-P014")
WHOLE = Scalar("whole", _parse_whole, {"type": "integer"}, "JF-P014")
FLAG = Scalar("flag", _parse_flag, {"type": "boolean"})
DATE: Scalar = Scalar("date", parse_date, {"type": "string", "format": "date"}, "JF-P015")
MONTH: Scalar = Scalar(
    "month",
    parse_month,
    {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "JF-P015",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set of words."""

    words: tuple[str, ...]

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, str) and node.value in self.words:
            return node.value
        hint, known = find_nearest(str(node.value), self.words), join_list(self.words)
        words = POLICY.fault_words(
            "JF-P013", "choice", found=node.describe_value(), known=known, hint=hint
        )
        sink.report_fault("JF-P013", node.place, words)
        return None

    def to_schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items all have one shape."""

    item: Shape
    least: int = 0
    repeats: bool = False
    """Whether an item may be written once `for_each` of several rows (jifen.policy.repetition)."""

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, list):
            sink.report_fault(
                "JF-P012",
                node.place,
                POLICY.fault_words("JF-P012", "list", found=node.describe_value()),
            )
            return ()
        if len(node.value) < self.least:
            words = POLICY.fault_words(
                "JF-P012", "too_few", count=len(node.value), least=self.least
            )
            sink.report_fault("JF-P012", node.place, words)
        return tuple(self.item.read(item, sink) for item in node.value)

    def to_schema(self) -> Schema:
        item = self.item.to_schema()
        if self.repeats:
            item = {"anyOf": [item, _build_repeated_schema(item)]}
        out: Schema = {"type": "array", "items": item}
        return out | ({"minItems": self.least} if self.least else {})


def _build_repeated_schema(item: Schema) -> Schema:
    """An element that is written once for several rows: its keys, with words of the rows in any
    value."""
    keys: Schema = {
        key: {k: v for k, v in inner.items() if k == "description"}
        for key, inner in item["properties"].items()
    }
    row: Schema = {"type": "object", "minProperties": 1}
    rows = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": row, "minItems": 1}],
        "description": KEYS["for_each"],
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["for_each"],
        "properties": {"for_each": rows, **keys},
    }


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from words of the author's choice to values of one shape."""

    value: Shape

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            sink.report_fault(
                "JF-P012",
                node.place,
                POLICY.fault_words("JF-P012", "mapping", found=node.describe_value()),
            )
            return Entry({}, node)
        return Entry({k: self.value.read(n, sink) for k, n in node.value.items()}, node)

    def to_schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.value.to_schema()}


@dataclass(frozen=True, slots=True)
class RawMap:
    """A mapping kept as nodes: the changes of an overlay, read after they are applied."""

    def read(self, node: Node, sink: Sink) -> Any:
        if node.value is not None and not isinstance(node.value, dict):
            sink.report_fault(
                "JF-P012",
                node.place,
                POLICY.fault_words("JF-P012", "paths", found=node.describe_value()),
            )
        return dict(node.mapping)

    def to_schema(self) -> Schema:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class AnyValue:
    """A value kept as its node: it is read once the type that it must have is known."""

    def read(self, node: Node, sink: Sink) -> Any:
        del sink
        return node

    def to_schema(self) -> Schema:
        return {}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a mapping: its shape, whether it must stand there, and what it means."""

    shape: Shape
    required: bool = True
    default: Any = None
    doc: str = ""
    nullable: bool = False
    inherits: bool = False
    """Where it is left out, `defaults` or `use` may say it: an editor does not ask for it."""

    def empty_value(self, node: Node) -> Any:
        """What stands for a key that is left out: an empty list or mapping where one is due, so
        that reading goes on after the fault of a missing one."""
        if not self.required:
            return self.default
        if isinstance(self.shape, ListOf):
            return ()
        return Entry({}, node) if isinstance(self.shape, MapOf | RawMap) else self.default


def optional(
    shape: Shape,
    default: Any = None,
    doc: str = "",
    *,
    nullable: bool = False,
    inherits: bool = False,
) -> Field:
    """A key that may be left out."""
    return Field(shape, False, default, doc, nullable, inherits)


@dataclass(frozen=True, slots=True)
class Closed:
    """A mapping with known keys only. `title_key` names the clause for faults inside it."""

    name: str
    fields: Mapping[str, Field]
    title_key: str = ""

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            keys, name = join_list(self.fields), translate_name(self.name)
            words = POLICY.fault_words(
                "JF-P012", "named_mapping", found=node.describe_value(), name=name, keys=keys
            )
            sink.report_fault("JF-P012", node.place, words)
            return None
        outer, sink.element = sink.element, self._find_element(node) or sink.element
        try:
            self._refuse_unknown(node, sink)
            return Entry(
                {k: self._read_key(k, f, node, sink) for k, f in self.fields.items()}, node
            )
        finally:
            sink.element = outer

    def _find_element(self, node: Node) -> ElementName | None:
        title = node.mapping.get(self.title_key) if self.title_key else None
        if title and isinstance(title.value, str):
            return ElementName(self.name, title.value)
        return None

    def _refuse_unknown(self, node: Node, sink: Sink) -> None:
        cut_off = dict[str, str]()
        for key in node.mapping:
            if key in self.fields or key in cut_off:
                continue
            if mark := find_colon_in_key(key, self.fields):
                at = node.key_places.get(key, node.place)
                words = POLICY.fault_words("JF-P097", "mark", mark=mark.mark, plain=mark.plain)
                sink.report_fault(
                    "JF-P097", Place(at.file, at.line, at.column + mark.offset), words
                )
                continue
            if parts := _find_cut_text(node, key, self.fields):
                cut_off |= dict.fromkeys(parts[1:], key)
                words = POLICY.fault_words("JF-P010", "unquoted_comma", text=", ".join(parts))
                sink.report_fault("JF-P010", node.key_places.get(key, node.place), words)
                continue
            hint, known, name = (
                find_nearest(key, self.fields),
                join_list(self.fields),
                translate_name(self.name),
            )
            words = POLICY.fault_words(
                "JF-P010", "unknown_key", key=key, name=name, known=known, hint=hint
            )
            sink.report_fault("JF-P010", node.key_places.get(key, node.place), words)

    def _read_key(self, key: str, declared: Field, node: Node, sink: Sink) -> Any:
        child = node.mapping.get(key)
        if child is None:
            if declared.required and not any(
                find_colon_in_key(other, (key,)) for other in node.mapping
            ):
                doc = Text("", f": {declared.doc}" if declared.doc else "")
                words = POLICY.fault_words(
                    "JF-P011", "missing_key", key=key, name=translate_name(self.name), doc=doc
                )
                sink.report_fault("JF-P011", node.place, words)
            return declared.empty_value(node)
        if child.value is None and (declared.nullable or not declared.required):
            return None if declared.nullable else declared.default
        return declared.shape.read(child, sink)

    def to_schema(self) -> Schema:
        properties = {}
        for key, declared in self.fields.items():
            inner = declared.shape.to_schema()
            if declared.nullable:
                inner = {"anyOf": [inner, {"type": "null"}]}
            description = declared.doc or KEYS.get(f"{self.name}.{key}") or KEYS.get(key, "")
            properties[key] = inner | ({"description": description} if description else {})
        required = [
            k for k, declared in self.fields.items() if declared.required and not declared.inherits
        ]
        out: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        return out | ({"required": required} if required else {})


def _find_cut_text(node: Node, key: str, fields: Mapping[str, Any]) -> list[str]:
    """The parts of an unquoted text that a comma inside {…} cut: the value before the key on its
    line, the key, and what follows without a value. Empty where the key is none of that."""
    keys = list(node.mapping)
    at = keys.index(key)
    before = node.mapping[keys[at - 1]] if at else None
    place = node.key_places.get(key)
    if before is None or before.quoted or not isinstance(before.value, str) or place is None:
        return []
    if node.mapping[key].value is not None or place.line != before.place.line:
        return []
    rest = takewhile(lambda k: k not in fields and node.mapping[k].value is None, keys[at:])
    return [before.value, *rest]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words in both languages: {zh: …, en: …}."""

    def read(self, node: Node, sink: Sink) -> Any:
        entry = _BILINGUAL.read(node, sink)
        if entry is None or not (entry["zh"] and entry["en"]):
            return Text("?", "?")
        return Text(entry["zh"], entry["en"])

    def to_schema(self) -> Schema:
        return _BILINGUAL.to_schema()


_BILINGUAL = Closed("a text", {"zh": Field(TEXT), "en": Field(TEXT)})
BILINGUAL = Bilingual()


def report_repeated_ids(entries: Iterable[Entry | None], sink: Sink, what: str) -> None:
    """Report every id that stands twice in a list."""
    seen: dict[str, Place] = {}
    for entry in entries:
        ident = entry.get("id") if entry else None
        if entry is None or ident is None:
            continue
        if ident in seen:
            line = seen[ident].line
            words = POLICY.fault_words(
                "JF-P017", "twice", what=translate_name(what), ident=ident, line=line
            )
            sink.report_fault("JF-P017", entry.place_of("id"), words)
        seen.setdefault(ident, entry.place_of("id"))
