"""A version's document: what is read of it before its rules are built."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.defaults import fill_defaults, fill_shared_sources
from jifen.policy.document import POLICY as DOCUMENT
from jifen.policy.fault import PolicyError
from jifen.policy.model import Basis, Clause, Series, Source
from jifen.policy.own_facts import read_own_facts
from jifen.policy.policy import FRAME_KEYS, Instrument, Overlay, Policy, Reading, Switch
from jifen.policy.purposes import read_purposes
from jifen.policy.repetition import write_out_repeats
from jifen.policy.shapes import Entry, Sink
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import Fact, Vocabulary


def read_policy(
    node: Node,
    vocabulary: Vocabulary,
    series: tuple[Series, ...],
    lines: tuple[str, ...] = (),
    sources: Mapping[str, Node] | None = None,
) -> Policy:
    """Read a document without building its rules; `sources`: those of the city, which it may name
    by their ids. Raises PolicyError for faults of the frame (overlays, switches, dates);
    `Policy.rules_on` finds those of the rules.
    """
    sink = Sink(lines)
    node = complete_document(node, sink, sources or {})
    frame = _read_frame(node, sink)
    purposes = read_purposes(node, sink)
    vocabulary = read_own_facts(node, vocabulary)
    if frame is None or sink.faults:
        raise PolicyError(sink.faults)
    policy = _build_policy(frame, node, vocabulary, series, lines)
    return replace(policy, purposes=purposes) if purposes else policy


def complete_document(node: Node, sink: Sink, sources: Mapping[str, Node]) -> Node:
    """The document with its repeated elements written out, and its defaults and the sources of its
    city in their places."""
    whole = write_out_repeats(node, DOCUMENT, sink)
    return fill_defaults(fill_shared_sources(whole, sources, sink), DOCUMENT, sink)


def _read_frame(node: Node, sink: Sink) -> Entry | None:
    """The head of a document; None where it is too broken to go on."""
    if not isinstance(node.value, dict):
        DOCUMENT.read(node, sink)
        return None
    values: dict[str, Any] = {}
    for key in FRAME_KEYS:
        declared, child = DOCUMENT.fields[key], node.mapping.get(key)
        missing = child is None or child.value is None
        values[key] = declared.default if missing or not child else declared.shape.read(child, sink)
        if missing and declared.required:
            sink.report_fault(
                "JF-P011", node.place, POLICY.fault_words("JF-P011", "missing_in_head", key=key)
            )
    frame = Entry(values, node)
    _check_switches(frame, sink)
    return frame


def _check_switches(frame: Entry, sink: Sink) -> None:
    for entry in frame["switches"] or ():
        if entry and entry["default"] and entry["default"] not in entry["readings"]:
            known = join_list(entry["readings"])
            words = POLICY.fault_words("JF-P025", "default", word=entry["default"], known=known)
            sink.report_fault("JF-P025", entry.place_of("default"), words)


def _build_basis(entry: Entry) -> Basis:
    clause = entry["clause"]
    checked_clause = (
        Clause(clause["article"], clause["confidence"], clause["quote"] or "") if clause else None
    )
    note: Text = entry["note"] or EMPTY
    return Basis(
        checked_clause, entry["confidence"], tuple(s for s in entry["sources"] or () if s), note
    )


def _build_policy(
    frame: Entry,
    node: Node,
    vocabulary: Vocabulary,
    series: tuple[Series, ...],
    lines: tuple[str, ...],
) -> Policy:
    instrument, period = frame["instrument"], frame["in_force"]
    return Policy(
        id=frame["policy"],
        version=frame["version"],
        edition=frame["edition"],
        recorded_on=frame["recorded_on"],
        city=frame["city"],
        title=frame["title"],
        purpose=frame["purpose"],
        instrument=Instrument(
            instrument["title"],
            instrument["number"],
            instrument["number_confidence"],
            instrument["authority"],
            instrument["issued_on"],
            instrument["note"],
        ),
        since=period["from"],
        until=period["until"],
        accepts_from=period["accepts_from"],
        period_basis=(period["confidence"], period["note"]),
        overlays=tuple(_build_overlay(entry) for entry in frame["overlays"]),
        switches=tuple(_build_switch(entry) for entry in frame["switches"]),
        notes=tuple(frame["notes"]),
        sources=tuple(Source(s["id"], s["where"], s["what"]) for s in frame["sources"]),
        hash=_compute_digest(node, series, vocabulary),
        document=node,
        vocabulary=vocabulary,
        series=series,
        lines=lines,
    )


def _build_overlay(e: Entry) -> Overlay:
    return Overlay(e["id"], e["label"], e["from"], e["until"], e["change"], _build_basis(e))


def _build_switch(entry: Entry) -> Switch:
    readings = tuple(
        Reading(reading_id, reading["label"], reading["change"] or {}, reading["note"])
        for reading_id, reading in entry["readings"].items()
    )
    return Switch(entry["id"], entry["question"], entry["default"], readings, _build_basis(entry))


def _compute_digest(node: Node, series: tuple[Series, ...], vocabulary: Vocabulary) -> str:
    """The hash of all that decides a score: the document, the series, how facts are derived."""
    derived = [(fact.id, fact.type, repr(fact.derive), *_day_of(fact)) for fact in vocabulary]
    content = json.dumps(
        [node.to_plain(), repr(series), derived], ensure_ascii=False, sort_keys=True
    )
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()


def _day_of(fact: Fact) -> tuple[tuple[int, int], ...]:
    """The day on which years must be completed, where it is not the counting day."""
    return (fact.derive.at,) if fact.derive and fact.derive.at else ()
