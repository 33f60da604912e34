"""Several purposes of one measure, such as registration and school places: which elements count
for each, and how each decides.

A purpose is chosen, it is no doubt about a rule: readings are for what sources disagree on. Before
the rules are built, `select_purpose` leaves out of the document what does not count for the
purpose and puts the purpose's own `decision` in the place of the file's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jifen.policy.catalogue import POLICY, ElementName, join_list
from jifen.policy.document import PURPOSE as SHAPE
from jifen.policy.fault import find_nearest
from jifen.policy.model import Basis, Purpose
from jifen.policy.shapes import ListOf, Sink, report_repeated_ids
from jifen.policy.source import Node

CHOICE = "purpose"
"""The word under which a purpose is chosen, where readings are chosen by their switches."""
FOR = "for"
_LISTS = {
    "groups": "group",
    "indicators": "indicator",
    "conditions": "condition",
    "ways": "way",
    "warnings": "warning",
}
"""The lists whose elements may say for which purposes they count."""


def read_purposes(document: Node, sink: Sink) -> tuple[Purpose, ...]:
    """The purposes that a document declares; faults, also of every `for`, go to the sink."""
    declared = document.mapping.get("purposes")
    purposes: list[Purpose] = []
    if declared is not None and declared.value is not None:
        entries = ListOf(SHAPE).read(declared, sink) or ()
        report_repeated_ids(entries, sink, "purpose")
        for entry in entries:
            if entry and entry["id"] and entry["label"]:
                sources = tuple(source for source in entry["sources"] or () if source)
                basis = Basis(None, entry["confidence"] or "unsure", sources, entry["note"])
                purposes.append(Purpose(entry["id"], entry["label"], basis))
    known = tuple(purpose.id for purpose in purposes)
    for list_name, kind in _LISTS.items():
        for element in _list_elements(document, list_name):
            _check_named_purposes(element, kind, known, sink)
    _check_switch_names(document, known, sink)
    return tuple(purposes)


def _list_elements(document: Node, list_name: str) -> Iterable[Node]:
    listed = document.mapping.get(list_name)
    return () if listed is None else listed.items


def _check_named_purposes(element: Node, kind: str, known: tuple[str, ...], sink: Sink) -> None:
    named = element.mapping.get(FOR)
    if named is None:
        return
    sink.element = ElementName(kind, _read_word(element, "id"))
    for item in named.items:
        if not isinstance(item.value, str) or item.value in known:
            continue
        words = POLICY.fault_words(
            "JF-P070",
            "unknown" if known else "none_declared",
            purpose=item.value,
            known=join_list(known),
            hint=find_nearest(item.value, known),
        )
        sink.report_fault("JF-P070", item.place, words)
    if isinstance(named.value, list) and not named.value:
        sink.report_fault("JF-P070", named.place, POLICY.fault_words("JF-P070", "for_none"))
    sink.element = None


def _check_switch_names(document: Node, known: tuple[str, ...], sink: Sink) -> None:
    for switch in _list_elements(document, "switches") if known else ():
        ident = switch.mapping.get("id")
        if ident is not None and ident.value == CHOICE:
            sink.report_fault(
                "JF-P070", ident.place, POLICY.fault_words("JF-P070", "switch_named_purpose")
            )


def select_purpose(document: Node, purpose: str) -> Node:
    """The document with what counts for a purpose alone, and with the purpose's own decision."""
    entries = dict(document.mapping)
    left_out = _find_left_out_groups(document, purpose)
    for list_name in _LISTS:
        listed = entries.get(list_name)
        if listed is not None and isinstance(listed.value, list):
            kept = [item for item in listed.value if _counts(item, purpose, list_name, left_out)]
            entries[list_name] = replace(listed, value=kept)
    own = _find_purpose(document, purpose)
    if own is not None and (decision := own.mapping.get("decision")) is not None:
        entries["decision"] = decision
    return replace(document, value=entries)


def _find_purpose(document: Node, purpose: str) -> Node | None:
    matching = (
        node for node in _list_elements(document, "purposes") if _read_word(node, "id") == purpose
    )
    return next(matching, None)


def _find_left_out_groups(document: Node, purpose: str) -> frozenset[str]:
    """The ids of the groups that do not count: a group leaves out all that is in it."""
    groups = {_read_word(node, "id"): node for node in _list_elements(document, "groups")}
    return frozenset(
        ident
        for ident in groups
        if not all(_names_purpose(groups[above], purpose) for above in _walk_upwards(ident, groups))
    )


def _walk_upwards(ident: str, groups: Mapping[str, Node]) -> Iterator[str]:
    seen: set[str] = set()
    while ident in groups and ident not in seen:
        seen.add(ident)
        yield ident
        ident = _read_word(groups[ident], "parent")


def _counts(item: Node, purpose: str, list_name: str, left_out: frozenset[str]) -> bool:
    if not _names_purpose(item, purpose):
        return False
    group_key = {"groups": "id", "indicators": "group"}.get(list_name, "")
    return not group_key or _read_word(item, group_key) not in left_out


def _names_purpose(item: Node, purpose: str) -> bool:
    named = item.mapping.get(FOR)
    return named is None or purpose in [word.value for word in named.items]


def _read_word(node: Node, key: str) -> str:
    child = node.mapping.get(key)
    return child.value if child is not None and isinstance(child.value, str) else ""
