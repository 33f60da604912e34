"""A facts file (YAML or JSON, one person) → plain values with the place of each."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from jifen.facts.fault import FactFault, FactsError
from jifen.facts.words import say
from jifen.policy.fault import DocumentError, Place, shorten_text
from jifen.policy.source import MAX_BYTES, Node, decode_bytes, parse_yaml, too_large_error
from jifen.policy.text import Lang, Text


@dataclass(frozen=True, slots=True)
class FactsFile:
    """What a file says of a person, and where it says it."""

    given: dict[str, Any]
    places: dict[str, Place]


def read_facts_path(path: Path, lang: Lang = "zh") -> FactsFile:
    """Read a file. Raises FactsError or DocumentError; a file that is too large is not read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise too_large_error(path.name, size)
        with path.open("rb") as stream:
            return read_facts_stream(stream, path.name, lang)
    except OSError as error:
        raise _unreadable_error(path, error, lang) from None


def read_facts_stream(stream: BinaryIO, name: str, lang: Lang = "zh") -> FactsFile:
    """Read from an open stream, at most MAX_BYTES."""
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise too_large_error(name, len(raw))
    return read_facts_text(decode_bytes(raw, name), name, lang)


def read_facts_text(text: str, name: str = "facts", lang: Lang = "zh") -> FactsFile:
    """Read a text. JSON is told by its first character."""
    if text.lstrip()[:1] == "{":
        return _read_json(text, name, lang)
    node = parse_yaml(text, name)
    if not isinstance(node.value, dict):
        raise FactsError([_no_facts_fault(node)], {"": node.place}, lang, name)
    return FactsFile(node.to_plain(), _collect_places(node))


def _read_json(text: str, name: str, lang: Lang) -> FactsFile:
    try:
        given = json.loads(
            text,
            parse_int=_parse_whole,
            parse_float=_parse_decimal,
            object_pairs_hook=_refuse_duplicates,
        )
    except json.JSONDecodeError as error:
        yaml = _read_flow_mapping(text, name)
        if yaml:
            return yaml
        place = Place(name, error.lineno, error.colno)
        raise FactsError([_broken_json_fault(error.msg)], {"": place}, lang, name) from None
    except (_DuplicateKey, RecursionError) as error:
        reason = str(error) if isinstance(error, _DuplicateKey) else "nesting too deep"
        raise FactsError([_broken_json_fault(reason)], None, lang, name) from None
    try:
        return FactsFile(given, _collect_places(parse_yaml(text, name)))
    except DocumentError:  # tabs, for one: sound JSON without places
        return FactsFile(given, {"": Place(name)})


def _read_flow_mapping(text: str, name: str) -> FactsFile | None:
    """YAML that only looks like JSON: {education: master, title: none}."""
    try:
        node = parse_yaml(text, name)
    except DocumentError:
        return None
    return FactsFile(node.to_plain(), _collect_places(node)) if node.mapping else None


def _parse_whole(text: str) -> int | str:
    return int(text) if len(text) <= _DIGITS else text


def _parse_decimal(text: str) -> Decimal | str:
    """An exact number; one that no fact can hold stays text and is refused in words."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return text
    return value if abs(value.adjusted()) <= _DIGITS else text


_DIGITS = 18
_TWICE = re.compile(r"the key '(?P<key>.*)' a second time")


class _DuplicateKey(ValueError):
    """A key that stands twice."""


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _DuplicateKey(f"the key '{key[:40]}' a second time")
        values[key] = value
    return values


def _collect_places(node: Node, path: str = "") -> dict[str, Place]:
    places = {path: node.place}
    inner: Mapping[Any, Node] = node.mapping or dict(enumerate(node.items))
    for key, value in inner.items():
        places.update(_collect_places(value, f"{path}.{key}" if path else str(key)))
        if path == "" and key in node.key_places:
            places[str(key)] = node.key_places[key]
        elif path.isidentifier() and key in node.key_places:  # of another person (`people`)
            places.setdefault(f"{path}_{key}", node.key_places[key])
    return places


def _no_facts_fault(node: Node) -> FactFault:
    kind = shorten_text(node.describe_english())
    if node.value is None:
        found = say("facts_file.empty_file")
    elif node.items:
        found = say("facts_file.a_list", kind=kind)
    else:
        found = say("facts_file.a_text", kind=kind)
    return FactFault(
        "JF-F050",
        "",
        found,
        say("facts_file.facts_as_id_value"),
        say("facts_file.write_lines_such_as_birth"),
    )


_REASONS = (
    say("facts_file.value_expected"),
    say("facts_file.comma_expected"),
    say("facts_file.colon_expected"),
    say("facts_file.name_expected"),
    say("facts_file.extra_data"),
    say("facts_file.open_quote"),
    say("facts_file.trailing_comma"),
    say("facts_file.nested_too_deep"),
)
"""What the reader of JSON says, by how its English begins."""


def translate_json_error(reason: str) -> str:
    """What is wrong with a JSON text, in Chinese."""
    if twice := _TWICE.match(reason):
        return say("facts_file.name_twice", key=twice["key"]).zh
    unknown = say("facts_file.unknown_reason")
    return next((known.zh for known in _REASONS if reason.startswith(known.en)), unknown.zh)


def _broken_json_fault(reason: str) -> FactFault:
    return FactFault(
        "JF-F051",
        "",
        say(
            "facts_file.broken_json",
            translate_json_error=Text(translate_json_error(reason), reason),
        ),
        say("facts_file.well_formed_json"),
        say("facts_file.check_brackets_quotes_and_commas"),
    )


def _explain_unreadable(path: Path, error: OSError) -> Text:
    name = path.name
    if isinstance(error, FileNotFoundError):
        return say("facts_file.there_is_no_file", name=name)
    if isinstance(error, IsADirectoryError):
        return say("facts_file.is_a_folder", name=name)
    if isinstance(error, PermissionError):
        return say("facts_file.may_not_be_read", name=name)
    reason = error.strerror or str(error)
    return say("facts_file.cannot_be_read", name=name, reason=reason)


def _unreadable_error(path: Path, error: OSError, lang: Lang) -> FactsError:
    fault = FactFault(
        "JF-F052",
        "",
        _explain_unreadable(path, error),
        say("facts_file.a_readable_file_of_facts"),
        say("facts_file.check_the_path"),
    )
    return FactsError([fault], None, lang, str(path))
