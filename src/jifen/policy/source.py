"""A YAML text → a tree of nodes that remember their place.

YAML's own guesses (yes → true, 010 → 8, 12:30 → 750) are not taken: a scalar stays text until
the reader that knows its type reads it. Aliases are refused, depth and size are bounded, so a
hostile file costs no more than a large one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from jifen.policy.catalogue import POLICY, translate_yaml_problem
from jifen.policy.fault import DocumentError, Fault, Place, shorten_text
from jifen.policy.full_width import find_mark_in_lines
from jifen.policy.text import Text

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What stands for nothing where it is not quoted."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value of a document: text, None (null), a list or a mapping, with its place."""

    value: "str | list[Node] | dict[str, Node] | None"
    place: Place
    key_places: dict[str, Place] = field(default_factory=dict)
    quoted: bool = False

    @property
    def mapping(self) -> "dict[str, Node]":
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Node]":
        """The items of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    def to_plain(self) -> Any:
        """The value without places: text, None, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: node.to_plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.to_plain() for node in self.value]
        return self.value

    def describe_english(self) -> str:
        """What this is, in English words for a fault."""
        return self.describe_value().en

    def describe_value(self) -> Text:
        """What this is, in words for a fault; short enough to print."""
        if self.value is None:
            return POLICY.format_phrase("nothing")
        if isinstance(self.value, dict):
            return POLICY.format_phrase("a_mapping")
        if isinstance(self.value, list):
            return POLICY.format_phrase("a_list")
        words = POLICY.format_phrase("a_text", text=shorten_text(self.value))
        return Text(shorten_text(words.zh), shorten_text(words.en))


def decode_bytes(raw: bytes, file: str) -> str:
    """Bytes → text; refuses what is too large or not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise too_large_error(file, len(raw))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise _build_error(
            "JF-P002", Place(file, line, column), "bytes", byte=f"{raw[error.start]:02x}"
        ) from None


def too_large_error(file: str, size: int) -> DocumentError:
    """The fault of a file that is not read because of its size in bytes."""
    return _build_error("JF-P003", Place(file), "size", size=f"{size:,}", most=f"{MAX_BYTES:,}")


def parse_yaml(text: str, file: str = "<text>") -> Node:
    """Parse one YAML document. Raises DocumentError with the place of every fault found."""
    try:
        return _NodeComposer(file, _parse_events(text)).compose_document()
    except yaml.YAMLError as error:
        raise _syntax_error(error, text, file) from None


def _parse_events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_Loader))


class _NodeComposer:
    """Builds nodes from parser events, with a bounded depth."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._file = file
        self._events = events

    def compose_document(self) -> Node:
        for event in self._events:
            if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                return Node(None, Place(self._file))
            node = self._compose_node(event, 1)
            self._expect_end()
            return node
        return Node(None, Place(self._file))

    def _expect_end(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _build_error("JF-P001", self._place_of(event), "second_document")

    def _place_of(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _compose_node(self, event: Any, depth: int) -> Node:
        place = self._place_of(event)
        if depth > MAX_DEPTH:
            raise _build_error("JF-P004", place, "depth", most=MAX_DEPTH)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _build_error("JF-P006", place, "alias")
        if isinstance(event, yaml.ScalarEvent):
            quoted = bool(event.style)
            empty = not quoted and event.value in NULLS
            return Node(None if empty else event.value, place, quoted=quoted)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._compose_items(depth), place)
        return self._compose_mapping(place, depth)

    def _compose_items(self, depth: int) -> list[Node]:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._compose_node(event, depth + 1))
        return items

    def _compose_mapping(self, place: Place, depth: int) -> Node:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._read_key(event, places)
            places[key] = self._place_of(event)
            entries[key] = self._compose_node(next(self._events), depth + 1)
        return Node(entries, place, places)

    def _read_key(self, event: Any, places: dict[str, Place]) -> str:
        place = self._place_of(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _build_error("JF-P001", place, "key")
        key = str(event.value)
        if key in places:
            raise _build_error("JF-P005", place, "twice", key=key, line=places[key].line)
        return key


def _syntax_error(error: yaml.YAMLError, text: str, file: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None)
    line, column = (
        (mark.line + 1, mark.column + 1) if mark else _locate_control_character(error, text)
    )
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "broken YAML"
    lines = text.splitlines()
    shown = lines[line - 1][:200] if 0 < line <= len(lines) else ""
    if broken_at := find_mark_in_lines(lines, line):
        line, mark = broken_at
        place, shown = Place(file, line, mark.offset + 1), lines[line - 1][:200]
        return _build_error("JF-P097", place, "mark", shown, mark=mark.mark, plain=mark.plain)
    words = translate_yaml_problem(str(problem))
    return _build_error("JF-P001", Place(file, line, column), "syntax", shown, problem=words)


def _locate_control_character(error: yaml.YAMLError, text: str) -> tuple[int, int]:
    at = min(getattr(error, "position", 0) or 0, len(text))
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _build_error(
    code: str, place: Place, kind: str, shown: str = "", **values: Any
) -> DocumentError:
    words = POLICY.fault_words(code, kind, **values)
    return DocumentError([Fault.from_words(code, place, words, line_text=shown)])
