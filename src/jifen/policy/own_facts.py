"""Facts that a measure declares itself (`facts:` in its document), beside those of its city: a
draft that gives points by something new asks for it so."""

from collections.abc import Iterable

from jifen.policy.catalogue import POLICY
from jifen.policy.shapes import Entry, ListOf, Sink, report_repeated_ids
from jifen.policy.source import Node
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import FACT, build_fact, check_links

KEY = "facts"


def add_own_facts(
    vocabulary: Vocabulary, entries: Iterable[Entry | None], sink: Sink
) -> Vocabulary:
    """The facts of a city with those of a measure, from entries that were read. A fact that the
    city knows by the same id is a fault."""
    known = vocabulary.of_city
    rows = [entry for entry in entries if entry and entry["id"] and entry["type"]]
    report_repeated_ids(rows, sink, "fact")
    for entry in rows:
        if entry["id"] in known:
            words = POLICY.fault_words("JF-P017", "fact_of_city", fact=entry["id"])
            sink.report_fault("JF-P017", entry.place_of("id"), words)
    new = [entry for entry in rows if entry["id"] not in known and entry["label"]]
    extended = known.with_facts(tuple(build_fact(entry, sink) for entry in new))
    for entry in new:
        check_links(entry, extended, sink)
    return extended


def read_own_facts(document: Node, vocabulary: Vocabulary) -> Vocabulary:
    """The same from a document, in silence: whoever builds its rules hears of the faults."""
    listed = document.mapping.get(KEY)
    if listed is None or not listed.items:
        return vocabulary.of_city
    sink = Sink()
    return add_own_facts(vocabulary, ListOf(FACT).read(listed, sink) or (), sink)
