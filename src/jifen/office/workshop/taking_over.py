"""An indicator of another measure becomes one of a draft, with the facts, named lists and numbers
that it needs."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jifen.office.workshop.element_faults import cannot_be_taken_over, no_such_kind
from jifen.office.workshop.new_facts import FACTS, list_own_facts
from jifen.office.workshop.new_indicators import make_ident
from jifen.office.workshop.words import say
from jifen.policy.checks.context import patch_document
from jifen.policy.editing import MISSING, value_at
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Fact, Vocabulary

_LEFT = ("sources", "clause", "for", "note", "defaults")
"""What an element says of its own measure only."""
_BESIDE = ("lists", "derived")
"""What indicators name beside facts: lists of answers, and numbers that the measure reckons."""
_MADE_OF_RECORDS = "records"


def take_over(
    document: Any, vocabulary: Vocabulary, other: Policy, on: date, ident: str, group: str
) -> dict[str, Any]:
    """The cells of a draft by which it gets an indicator of another measure, as that counts on a
    day: the indicator in a group of the draft; the lists and numbers that it names; the facts that
    the draft does not know. Raises StudioFault."""
    theirs = patch_document(other, on, {}).to_plain()
    indicator = value_at(theirs, f"indicators.{ident}")
    groups = {one["id"] for one in document["groups"]}
    if indicator is MISSING or group not in groups:
        raise no_such_kind()
    label = indicator["label"]["zh"]
    value = _without_its_measure(indicator)
    beside = {key: _find_named(theirs, key, value) for key in _BESIDE}
    named = [value, *(one for items in beside.values() for one in items)]
    words = {word for one in named for word in _words(one)}
    if words & {one["id"] for one in theirs.get(_MADE_OF_RECORDS) or ()}:
        raise cannot_be_taken_over(label)
    taken = {one["id"] for one in document["indicators"]}
    value["id"] = ident if ident not in taken else make_ident(ident, taken, "indicator")
    value["group"], value["confidence"] = group, "certain"
    note = say("taking_over.taken_from", title=other.title)
    value["note"] = {"zh": note.zh, "en": note.en}
    cells: dict[str, Any] = {f"indicators.{value['id']}": value}
    for key, items in beside.items():
        if new := _list_unknown(document, key, items, label):
            cells[key] = [*(document.get(key) or ()), *new]
    facts = _list_missing_facts(other.vocabulary, vocabulary, words, label)
    if facts:
        cells[FACTS] = [*list_own_facts(document), *facts]
    return cells


def _without_its_measure(element: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in element.items() if key not in _LEFT}


def _find_named(theirs: Mapping[str, Any], key: str, value: Any) -> list[dict[str, Any]]:
    """The lists or numbers that a value names, and those that they name themselves, in the order of
    the measure."""
    known = {one["id"]: _without_its_measure(one) for one in theirs.get(key) or () if "id" in one}
    wanted: set[str] = set()
    found = set(_words(value)) & set(known)
    while found - wanted:
        wanted |= found
        found = {word for ident in wanted for word in _words(known[ident])} & set(known)
    return [one for ident, one in known.items() if ident in wanted]


def _list_unknown(
    document: Any, key: str, items: list[dict[str, Any]], label: str
) -> list[dict[str, Any]]:
    """Those that the draft does not have; one of the same name that says another thing is a
    StudioFault."""
    own = {one["id"]: one for one in document.get(key) or () if "id" in one}
    new = []
    for item in items:
        said = own.get(item["id"])
        if said is None:
            new.append(item | {"confidence": "certain"})
        elif _rule_of(said) != _rule_of(item):
            raise cannot_be_taken_over(label)
    return new


def _rule_of(item: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in item.items() if k not in (*_LEFT, "label", "confidence")}


def _list_missing_facts(
    theirs: Vocabulary, known: Vocabulary, words: set[str], label: str
) -> list[dict[str, Any]]:
    """The facts among some words that the draft does not know, as it declares them. Raises
    StudioFault where one is a record of several fields."""
    missing = [theirs[word] for word in sorted(words) if word in theirs and word not in known]
    if any(fact.is_record for fact in missing):
        raise cannot_be_taken_over(label)
    section = known.sections[0].id
    sections = {one.id for one in known.sections}
    return [
        write_fact(fact, fact.section if fact.section in sections else section) for fact in missing
    ]


def write_fact(fact: Fact, section: str) -> dict[str, Any]:
    """A fact of another city as a measure declares its own: answered, not derived."""
    written: dict[str, Any] = {
        "id": fact.id,
        "type": fact.type,
        "label": {"zh": fact.label.zh, "en": fact.label.en},
        "section": section,
    }
    if fact.question.zh:
        written["question"] = {"zh": fact.question.zh, "en": fact.question.en}
    if fact.options:
        written["choices"] = [
            {"id": option.id, "label": {"zh": option.label.zh, "en": option.label.en}}
            for option in fact.options
        ]
    if fact.is_number:
        written["least"] = f"{fact.least.normalize():f}"
        written["most"] = f"{fact.most.normalize():f}"
        if fact.unit:
            written["unit"] = fact.unit
    return written


def _words(value: Any) -> Iterator[str]:
    """Every word of a plain value but its names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("label", "id", "group"):
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield from re.findall(r"[a-z][a-z0-9_]*", value)
