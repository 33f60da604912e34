"""Facts that many cities share. `use: common.birth_date` inserts one into the facts of a city; keys
beside `use` replace its own."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import Sink
from jifen.policy.source import Node, parse_yaml

USE, PREFIX = "use", "common."
_FILE = "common.yaml"


@cache
def read_common_facts() -> Mapping[str, Node]:
    """Every shared fact by its id."""
    text = (Path(__file__).parent / _FILE).read_text(encoding="utf-8")
    facts = parse_yaml(text, _FILE).mapping["facts"]
    return {str(fact.mapping["id"].value): fact for fact in facts.items}


def fill_common_facts(node: Node, sink: Sink) -> Node:
    """A vocabulary in which every `use` is replaced by what it names; one that names nothing is
    told and left out."""
    facts = node.mapping.get("facts")
    if facts is None or not any(USE in fact.mapping for fact in facts.items):
        return node
    items = [_fill_used_fact(fact, sink) if USE in fact.mapping else fact for fact in facts.items]
    filled = replace(facts, value=[item for item in items if item is not None])
    return replace(node, value=node.mapping | {"facts": filled})


def _fill_used_fact(fact: Node, sink: Sink) -> Node | None:
    named = fact.mapping[USE]
    word = named.value if isinstance(named.value, str) else ""
    shared = read_common_facts().get(word.removeprefix(PREFIX)) if word.startswith(PREFIX) else None
    if shared is None:
        known = [f"{PREFIX}{ident}" for ident in read_common_facts()]
        values = {"known": join_list(known), "hint": find_nearest(word, known)}
        words = POLICY.fault_words("JF-P090", "common", word=named.describe_value(), **values)
        sink.report_fault("JF-P090", named.place, words)
        return None
    taken = {key: replace(inner, place=named.place) for key, inner in shared.mapping.items()}
    own = {key: inner for key, inner in fact.mapping.items() if key != USE}
    return replace(fact, value=taken | own)
