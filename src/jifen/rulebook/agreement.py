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
from jifen.rulebook.words import say

_OTHER_CITY, _INDEX, _UNKNOWN = "JF-S002", "JF-S003", "JF-S004"


def unknown_kind_fault(node: Node) -> Fault:
    """The warning of a file whose kind cannot be told."""
    keys = list(node.mapping) if isinstance(node.value, dict) else []
    kinds = ", ".join(kind.id for kind in KINDS)
    words = FaultWords(
        say("agreement.unknown_kind", keys=join_words(keys))
        if keys
        else say("agreement.unknown_kind_without_keys"),
        say("agreement.one_of", kinds=Text(kinds.replace(", ", "、"), kinds)),
        say("agreement.nothing_in_it_was_checked"),
    )
    return Fault.from_words(_UNKNOWN, node.place, words, severity="warning")


def list_other_city_faults(node: Node, city: str, kind: FileKind) -> Iterator[Fault]:
    """The fault of a file that names another city than the folder's city.yaml."""
    named = node.mapping.get("city") if isinstance(node.value, dict) else None
    if city and named is not None and kind.id != "city" and str(named.value) != city:
        words = FaultWords(
            say("agreement.as_the_city", kind_label=kind.label, named_value=named.value),
            say("agreement.as_city_yaml_beside", city=city),
            say("agreement.correct_the_city_or_move"),
        )
        yield Fault.from_words(_OTHER_CITY, named.place, words)


def missing_facts_fault() -> Fault:
    """The fault of a city without facts."""
    return _build_fault(
        say("agreement.no_facts_yaml"),
        say("agreement.the_facts_of_the_city"),
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
                say("agreement.the_file_of_version", version=version.version, file=file),
                say("agreement.a_file_in_this_folder"),
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
                    say("agreement.for", what=what, file=file, value=_format_value(stated)),
                    say("agreement.as_says_itself", value=_format_value(actual), file=file),
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
    listed |= {path for version in city.versions for path in version.list_earlier_editions()}
    for path in policies:
        if path not in listed:
            yield _build_fault(
                say("agreement.no_version", path_name=path.name),
                say("agreement.every_measure_of_the_folder"),
                "warning",
            )


def _format_value(value: Any) -> str:
    return "null" if value is None else f"{value}"


def _build_fault(found: Text, expected: Text, severity: str = "error") -> Fault:
    remedy = say("agreement.correct_city_yaml")
    words = FaultWords(found, expected, remedy)
    return Fault.from_words(_INDEX, Place("city.yaml"), words, severity=severity)
