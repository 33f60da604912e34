"""What only several files together show: a file of another city, an index that says other than the
measures that it names, a file of no known kind."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from jifen.cities import City, MeasureVersion, read_city
from jifen.policy.catalogue import FaultWords
from jifen.policy.fault import DocumentError, Fault, Place, join_words
from jifen.policy.policy import Policy
from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.rulebook.file_kinds import KINDS, FileKind

_OTHER_CITY, _INDEX, _UNKNOWN = "JF-S002", "JF-S003", "JF-S004"


def unknown_kind_fault(node: Node) -> Fault:
    """The warning of a file whose kind cannot be told."""
    keys = list(node.mapping) if isinstance(node.value, dict) else []
    kinds = ", ".join(kind.id for kind in KINDS)
    words = FaultWords(
        Text(
            f"不是已知的文件种类，其中的键有：{join_words(keys)}"
            if keys
            else "不是已知的文件种类，没有键",
            f"a file of no known kind, with {join_words(keys) if keys else 'no keys'}",
        ),
        Text(f"以下之一：{kinds.replace(', ', '、')}", f"one of: {kinds}"),
        Text(
            "其中内容没有检查：请更正键名，或把它放在城市的文件夹之外",
            "nothing in it was checked: correct its keys, or keep it outside the city's folder",
        ),
    )
    return Fault.from_words(_UNKNOWN, node.place, words, severity="warning")


def list_other_city_faults(node: Node, city: str, kind: FileKind) -> Iterator[Fault]:
    """The fault of a file that names another city than the folder's city.yaml."""
    named = node.mapping.get("city") if isinstance(node.value, dict) else None
    if city and named is not None and kind.id != "city" and str(named.value) != city:
        words = FaultWords(
            Text(
                f"{kind.label.zh}文件写的城市是“{named.value}”",
                f"'{named.value}' as the city of {kind.label.en}",
            ),
            Text(f"“{city}”，与旁边的 city.yaml 一致", f"'{city}', as city.yaml beside it says"),
            Text(
                "请更正城市，或把文件移到该城市的文件夹",
                "correct the city, or move the file to the folder of its city",
            ),
        )
        yield Fault.from_words(_OTHER_CITY, named.place, words)


def missing_facts_fault() -> Fault:
    """The fault of a city without facts."""
    return _build_fault(
        Text("没有 facts.yaml", "no facts.yaml"),
        Text("city.yaml 旁边有该城市的事实文件", "the facts of the city beside city.yaml"),
    )


def find_index_faults(folder: Path, policies: Mapping[Path, Policy]) -> list[Fault]:
    """Where city.yaml says other than the measures: files that are not there, versions, days."""
    try:
        city = read_city(folder)
    except DocumentError:
        return []  # its own faults are told already
    return [*_check_versions(city, policies), *_find_unlisted(city, policies)]


def _check_versions(city: City, policies: Mapping[Path, Policy]) -> Iterator[Fault]:
    for version in city.versions:
        file = version.path.name
        if not version.path.is_file():
            yield _build_fault(
                Text(
                    f"版本“{version.version}”的文件 {file}",
                    f"the file {file} of version '{version.version}'",
                ),
                Text("文件夹中的文件", "a file in this folder"),
            )
            continue
        policy = policies.get(version.path)
        if policy is None:
            continue  # faulty itself
        pairs: list[tuple[str, Any, Any]] = [
            ("policy", city.policy, policy.id),
            ("version", version.version, policy.version),
            ("from", version.since, policy.since),
            ("until", version.until, policy.until),
        ]
        for what, stated, actual in pairs:
            if what == "until" and _is_succeeded(city, version, policy):
                continue
            if stated != actual:
                yield _build_fault(
                    Text(
                        f"{what}：{file} 为 {_format_value(stated)}",
                        f"{what}: {_format_value(stated)} for {file}",
                    ),
                    Text(
                        f"{_format_value(actual)}，与 {file} 本身一致",
                        f"{_format_value(actual)}, as {file} says itself",
                    ),
                )


def _is_succeeded(city: City, version: MeasureVersion, policy: Policy) -> bool:
    """Whether a later version begins on the day after the index ends this one: a document that was
    published is not changed when the next one is, so that it may say that it goes on."""
    if version.until is None or (policy.until is not None and policy.until < version.until):
        return False
    following = version.until + timedelta(days=1)
    return any(other.since == following for other in city.versions)


def _find_unlisted(city: City, policies: Mapping[Path, Policy]) -> Iterator[Fault]:
    listed = {version.path for version in city.versions}
    for path in policies:
        if path not in listed:
            yield _build_fault(
                Text(f"没有 {path.name} 的版本", f"no version for {path.name}"),
                Text("文件夹中的每个办法都列入", "every measure of the folder"),
                "warning",
            )


def _format_value(value: Any) -> str:
    return "null" if value is None else f"{value}"


def _build_fault(found: Text, expected: Text, severity: str = "error") -> Fault:
    remedy = Text("请更正 city.yaml 或该文件", "correct city.yaml, or the file")
    words = FaultWords(found, expected, remedy)
    return Fault.from_words(_INDEX, Place("city.yaml"), words, severity=severity)
