"""An indicator of another measure becomes one of a draft, with the facts that it needs."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from jifen.office.workshop.element_faults import cannot_be_taken_over, no_such_kind
from jifen.office.workshop.new_facts import FACTS, list_own_facts
from jifen.office.workshop.new_indicators import make_ident
from jifen.policy.checks.context import patch_document
from jifen.policy.editing import MISSING, value_at
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Fact, Vocabulary

_LEFT = ("sources", "clause", "for", "note", "defaults")
"""What an indicator says of its own measure only."""


def take_over(
    document: Any, vocabulary: Vocabulary, other: Policy, on: date, ident: str, group: str
) -> dict[str, Any]:
    """The cells of a draft by which it gets an indicator of another measure, as that counts on a
    day: the indicator in a group of the draft, and the facts that the draft does not know. Raises
    StudioFault."""
    theirs = patch_document(other, on, {}).to_plain()
    indicator = value_at(theirs, f"indicators.{ident}")
    groups = {one["id"] for one in document["groups"]}
    if indicator is MISSING or group not in groups:
        raise no_such_kind()
    value = {key: one for key, one in indicator.items() if key not in _LEFT}
    own_words = set(_words(value))
    worked_out = {one["id"] for one in theirs.get("derived") or () if one.get("id")}
    if own_words & worked_out:
        raise cannot_be_taken_over(indicator["label"]["zh"])
    taken = {one["id"] for one in document["indicators"]}
    value["id"] = ident if ident not in taken else make_ident(ident, taken, "indicator")
    value["group"], value["confidence"] = group, "certain"
    title = other.title
    value["note"] = {"zh": f"取自：{title.zh}。", "en": f"Taken from: {title.en}."}
    missing = [
        other.vocabulary[word]
        for word in sorted(own_words)
        if word in other.vocabulary and word not in vocabulary
    ]
    if any(fact.is_record for fact in missing):
        raise cannot_be_taken_over(indicator["label"]["zh"])
    cells: dict[str, Any] = {f"indicators.{value['id']}": value}
    if missing:
        section = vocabulary.sections[0].id
        known = {one.id for one in vocabulary.sections}
        new = [
            write_fact(fact, fact.section if fact.section in known else section) for fact in missing
        ]
        cells[FACTS] = [*list_own_facts(document), *new]
    return cells


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
