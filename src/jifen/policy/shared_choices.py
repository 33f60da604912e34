"""Answers that several facts share: `choices: districts` names a list of facts.yaml."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import (
    BILINGUAL,
    IDENT,
    Closed,
    Field,
    ListOf,
    Schema,
    Sink,
    report_repeated_ids,
)
from jifen.policy.source import Node

CHOICES = ListOf(Closed("choice", {"id": Field(IDENT), "label": Field(BILINGUAL)}), 2)
LISTS_OF_CHOICES = ListOf(
    Closed("a list of answers", {"id": Field(IDENT), "choices": Field(CHOICES)}, "id")
)


class ChoicesOrListName:
    """The answers of a choice, or the name of a list of them, which was replaced before this is
    read."""

    def read(self, node: Node, sink: Sink) -> Any:
        return CHOICES.read(node, sink)

    def to_schema(self) -> Schema:
        return {"anyOf": [CHOICES.to_schema(), IDENT.to_schema()]}


def fill_listed_choices(node: Node, sink: Sink) -> Node:
    """A vocabulary in which every `choices` that names a list holds its answers."""
    facts, lists = node.mapping.get("facts"), node.mapping.get("lists")
    if facts is None or not isinstance(facts.value, list):
        return node
    known: dict[str, Node] = {}
    if lists is not None:
        entries = LISTS_OF_CHOICES.read(lists, sink)
        report_repeated_ids(entries, sink, "a list of answers")
        known = {
            entry["id"]: entry.node.mapping["choices"]
            for entry in entries
            if entry and entry["id"] and "choices" in entry.node.mapping
        }
    items = [_fill_choices(fact, known, sink) for fact in facts.items]
    rest = {key: value for key, value in node.mapping.items() if key != "lists"}
    return replace(node, value=rest | {"facts": replace(facts, value=items)})


def _fill_choices(fact: Node, known: Mapping[str, Node], sink: Sink) -> Node:
    named = fact.mapping.get("choices")
    if named is None or not isinstance(named.value, str):
        return fact
    if named.value not in known:
        _report_unknown(named, known, sink)
        return replace(fact, value={k: v for k, v in fact.mapping.items() if k != "choices"})
    return replace(fact, value=fact.mapping | {"choices": known[named.value]})


def _report_unknown(named: Node, known: Mapping[str, Node], sink: Sink) -> None:
    hint, word = find_nearest(str(named.value), known), named.describe_value()
    lists = join_list(known or [POLICY.format_phrase("none")])
    words = POLICY.fault_words("JF-P093", "choices", word=word, known=lists, hint=hint)
    sink.report_fault("JF-P093", named.place, words)
