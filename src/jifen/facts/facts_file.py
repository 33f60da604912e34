"""A facts file (YAML or JSON, one person) → plain values with the place of each."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from jifen.facts.fault import FactFault, FactsError
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
    kind = node.describe_english() if node.value is not None else "an empty file"
    other = "一个列表" if node.items else "一段文字"
    chinese = "空文件" if node.value is None else other
    return FactFault(
        "JF-F050",
        "",
        Text(chinese, shorten_text(kind)),
        Text("“事实：值”形式的内容", "facts as 'id: value'"),
        Text("例如 birth_date: 1990-05-01。", "Write lines such as birth_date: 1990-05-01."),
    )


_REASONS = {
    "Expecting value": "此处缺少一个值",
    "Expecting ',' delimiter": "此处缺少逗号",
    "Expecting ':' delimiter": "此处缺少冒号",
    "Expecting property name enclosed in double quotes": "此处应为双引号中的名称",
    "Extra data": "结尾之后还有内容",
    "Unterminated string starting at": "此处开始的引号没有结束",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "nesting too deep": "嵌套过深",
}


def translate_json_error(reason: str) -> str:
    """What is wrong with a JSON text, in Chinese."""
    if twice := _TWICE.match(reason):
        return f"名称“{twice['key']}”出现了两次"
    return next((zh for en, zh in _REASONS.items() if reason.startswith(en)), "格式不正确")


def _broken_json_fault(reason: str) -> FactFault:
    return FactFault(
        "JF-F051",
        "",
        Text(f"JSON 有误（{translate_json_error(reason)}）", f"broken JSON: {reason}"),
        Text("格式正确的 JSON", "well-formed JSON"),
        Text("请检查括号、引号和逗号。", "Check brackets, quotes and commas at this place."),
    )


def _explain_unreadable(path: Path, error: OSError) -> Text:
    name = path.name
    if isinstance(error, FileNotFoundError):
        return Text(f"没有“{name}”这个文件", f"there is no file '{name}'")
    if isinstance(error, IsADirectoryError):
        return Text(f"“{name}”是一个文件夹", f"'{name}' is a folder")
    if isinstance(error, PermissionError):
        return Text(f"没有读取“{name}”的权限", f"'{name}' may not be read by this user")
    reason = error.strerror or str(error)
    return Text(f"“{name}”无法读取（系统提示：{reason}）", f"'{name}' cannot be read ({reason})")


def _unreadable_error(path: Path, error: OSError, lang: Lang) -> FactsError:
    fault = FactFault(
        "JF-F052",
        "",
        _explain_unreadable(path, error),
        Text(
            "可读的事实文件，或 - 表示标准输入", "a readable file of facts, or - for standard input"
        ),
        Text("请核对路径和权限。", "Check the path and its permissions."),
    )
    return FactsError([fault], None, lang, str(path))
