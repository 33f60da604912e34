"""What may stand in a key of an assumptions file: shares, numbers, facts, answers."""

from collections.abc import Iterable, Iterator
from typing import Any

from jifen.lab.fault_catalogue import LAB
from jifen.policy.catalogue import join_list
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import Entry, Sink
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.scoring.population.axis import is_wide


def add_fault(sink: Sink, code: str, entry: Entry, key: str, kind: str, /, **values: Any) -> None:
    """Report a kind of fault at a key of an entry (at the entry where the key is not there)."""
    sink.report_fault(code, entry.place_of(key), LAB.fault_words(code, kind, **values))


def check_share(entry: Entry, key: str, sink: Sink, most: int = 1) -> None:
    """A share from 0 to `most`."""
    if entry[key] is not None and not 0 <= entry[key] <= most:
        add_fault(sink, "JF-P014", entry, key, "share", value=entry[key], most=most)


def check_range(entry: Entry, key: str, least: int, most: int, sink: Sink) -> None:
    """A number between two others."""
    if not least <= entry[key] <= most:
        add_fault(sink, "JF-P014", entry, key, "within", value=entry[key], least=least, most=most)


def list_known_facts(
    entry: Entry, key: str, idents: Iterable[str], vocabulary: Vocabulary, sink: Sink
) -> Iterator[Fact]:
    """The facts of the city among some words; a fault for each other word."""
    for ident in idents:
        if ident in vocabulary:
            yield vocabulary[ident]
            continue
        hint = find_nearest(ident, vocabulary.ids)
        add_fault(sink, "JF-P019", entry, key, "fact", fact=ident, city=vocabulary.city, hint=hint)


def check_answer(entry: Entry, key: str, word: str, fact: Fact, sink: Sink) -> None:
    """One of the answers of a fact."""
    if word not in fact.ids:
        hint, known = find_nearest(word, fact.ids), join_list(fact.ids)
        add_fault(
            sink, "JF-P020", entry, key, "answer", answer=word, fact=fact.id, known=known, hint=hint
        )


def check_yes_or_choice(entry: Entry, key: str, vocabulary: Vocabulary, sink: Sink) -> None:
    """A fact that holds or does not."""
    for fact in list_known_facts(entry, key, [entry[key]] if entry[key] else [], vocabulary, sink):
        if fact.type not in ("bool", "choice"):
            add_fault(sink, "JF-Y001", entry, key, "yes_or_choice", fact=fact.id, type=fact.type)


def check_whole_number(entry: Entry, key: str, vocabulary: Vocabulary, sink: Sink) -> None:
    """A fact that is a whole number with a code for each value."""
    for fact in list_known_facts(entry, key, [entry[key]] if entry[key] else [], vocabulary, sink):
        if not fact.is_number or is_wide(fact):
            add_fault(sink, "JF-Y001", entry, key, "whole_number", fact=fact.id, type=fact.type)
