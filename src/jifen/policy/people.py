"""Other people of whom a measure knows facts: a spouse, a guardian, a child.

`people` in the facts of a city names a person and the facts of the applicant that are known of that
person too. Each becomes a fact of its own with the id of the person before it (`spouse_education`),
so that whatever reads facts reads these. In a file of facts they may stand under the person's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.fault import Place, find_nearest
from jifen.policy.shapes import (
    BILINGUAL,
    IDENT,
    Closed,
    Entry,
    Field,
    ListOf,
    Schema,
    Sink,
    optional,
)
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text
from jifen.policy.words import say

_OWN_FACT = Closed(
    "a fact of a person",
    {
        "of": Field(IDENT, doc="the fact of the applicant that it is like"),
        "label": optional(BILINGUAL, EMPTY, "a short name, where the usual one does not do"),
        "question": optional(BILINGUAL, EMPTY, "as the form asks it"),
        "help": optional(BILINGUAL, EMPTY, "what counts, in a sentence"),
    },
)


class FactOfPerson:
    """The id of a fact, or that id with words of its own."""

    def read(self, node: Node, sink: Sink) -> Entry | None:
        if isinstance(node.value, dict):
            entry: Entry | None = _OWN_FACT.read(node, sink)
            return entry
        fact_id = IDENT.read(node, sink)
        return Entry({"of": fact_id}, node) if fact_id else None

    def to_schema(self) -> Schema:
        return {"anyOf": [IDENT.to_schema(), _OWN_FACT.to_schema()]}


PERSON = Closed(
    "a person",
    {
        "id": Field(IDENT, doc="stands before the ids of the person's facts"),
        "label": Field(BILINGUAL, doc="who this is, such as the spouse"),
        "section": optional(IDENT, "", "the part of the form in which they are asked"),
        "asked_after": optional(IDENT, "", "asked once this fact of the applicant is answered"),
        "facts": Field(ListOf(FactOfPerson(), 1), doc="facts that are known of this person too"),
    },
    "id",
)
_TAKEN = ("type", "unit", "least", "most", "choices", "help", "presumed")
"""What a fact of a person takes over from the fact of the applicant. It never always applies:
there may be no such person."""


@dataclass(frozen=True, slots=True)
class OtherPerson:
    """Another person: its facts by the ids of the applicant's facts that they are like."""

    id: str
    label: Text
    facts: tuple[tuple[str, str], ...]


def fill_facts_of_people(node: Node, sink: Sink) -> tuple[Node, tuple[OtherPerson, ...]]:
    """A vocabulary with the facts of its people after its own, and the people."""
    facts, people = node.mapping.get("facts"), node.mapping.get("people")
    if facts is None or people is None:
        return node, ()
    own = {str(f.mapping["id"].value): f for f in facts.items if "id" in f.mapping}
    shape, filled, others = ListOf(PERSON), list(facts.items), list[OtherPerson]()
    for person in shape.read(people, sink):
        if person is None or not person["id"] or person["label"] is None:
            continue
        nodes = _list_fact_nodes(person, own, sink)
        filled += nodes.values()
        pairs = tuple((of, f"{person['id']}_{of}") for of in nodes)
        others.append(OtherPerson(person["id"], person["label"], pairs))
        if person["id"] in own:
            _report(sink, person.place_of("id"), "person_id", fact=person["id"])
    rest = {key: value for key, value in node.mapping.items() if key != "people"}
    return replace(node, value=rest | {"facts": replace(facts, value=filled)}), tuple(others)


def _list_fact_nodes(person: Entry, own: Mapping[str, Node], sink: Sink) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for entry in person["facts"]:
        if entry is None or not entry["of"]:
            continue
        fact_id, place = entry["of"], entry.place_of("of")
        if fact_id not in own:
            hint = find_nearest(fact_id, own)
            _report(sink, place, "unknown_fact", fact=fact_id, person=person["id"], hint=hint)
        elif fact_id in nodes:
            _report(sink, place, "fact_twice", fact=fact_id, person=person["id"])
        else:
            nodes[fact_id] = _build_fact_node(person, entry, own[fact_id])
    known = set(nodes)
    return {of: _link_within(node, own[of], person["id"], known) for of, node in nodes.items()}


def _report(sink: Sink, place: Place, kind: str, **values: Any) -> None:
    sink.report_fault("JF-P062", place, POLICY.fault_words("JF-P062", kind, **values))


def _build_fact_node(person: Entry, entry: Entry, like: Node) -> Node:
    place = entry.node.place

    def put(value: str | dict[str, Node]) -> Node:
        return Node(value, place)

    label = _join_label(person["label"], like)
    mapping = {
        key: replace(inner, place=place) for key, inner in like.mapping.items() if key in _TAKEN
    }
    mapping |= {
        "id": put(f"{person['id']}_{entry['of']}"),
        "label": put({"zh": put(label.zh), "en": put(label.en)}),
    }
    for key in ("section", "asked_after"):
        if person[key]:
            mapping[key] = replace(person.node.mapping[key], place=place)
        elif key in like.mapping:
            mapping[key] = replace(like.mapping[key], place=place)
    mapping |= {key: inner for key, inner in entry.node.mapping.items() if key != "of"}
    return Node(mapping, place)


def _join_label(who: Text, like: Node) -> Text:
    """'配偶：学历' / 'Spouse: education'."""
    words = like.mapping.get("label")
    chinese, english = (
        str(words.mapping[lang].value) if words and lang in words.mapping else "?"
        for lang in ("zh", "en")
    )
    label = Text(chinese, english[:1].lower() + english[1:])
    return say("people.label", who=who, label=label)


def _link_within(node: Node, like: Node, person_id: str, known: set[str]) -> Node:
    """A fact that follows from another fact of the same person follows from it here too."""
    derive = like.mapping.get("derive")
    if derive is None or "from" not in derive.mapping:
        return node
    source = str(derive.mapping["from"].value)
    if source not in known:
        return node
    linked = derive.mapping | {"from": Node(f"{person_id}_{source}", node.place)}
    return replace(node, value=node.mapping | {"derive": replace(derive, value=linked)})


def flatten_people(people: tuple[OtherPerson, ...], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts as given, with those that stand under a person's id put beside the others. A value that
    is no mapping, and a fact that this person does not have, stay to be told. A fact that stands in
    both places counts as it stands beside the others."""
    named = {person.id: person for person in people if isinstance(given.get(person.id), Mapping)}
    if not named:
        return given
    flat: dict[str, Any] = {}
    for person_id in named:
        flat |= {f"{person_id}_{fact_id}": v for fact_id, v in given[person_id].items()}
    return flat | {key: value for key, value in given.items() if key not in named}
