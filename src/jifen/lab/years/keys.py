"""What may stand in a key of an assumptions file: shares, numbers, facts, answers."""

from collections.abc import Iterable, Iterator

from jifen.policy.fault import nearest, one_of
from jifen.policy.shapes import Entry, Sink
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.scoring.population.axis import is_wide


def add(
    sink: Sink, code: str, entry: Entry, key: str, found: str, expected: str, remedy: str
) -> None:
    """Report a fault at a key of an entry (at the entry where the key is not there)."""
    sink.add(code, entry.place(key), found, expected, remedy)


def share(e: Entry, key: str, sink: Sink, most: int = 1) -> None:
    """A share from 0 to `most`."""
    if e[key] is not None and not 0 <= e[key] <= most:
        expected = f"a share from 0 to {most}"
        remedy = "write 0.08 for 8 of 100 people"
        add(sink, "JF-P014", e, key, f"{e[key]}", expected, remedy)


def within(e: Entry, key: str, least: int, most: int, sink: Sink) -> None:
    """A number between two others."""
    if not least <= e[key] <= most:
        add(sink, "JF-P014", e, key, f"{e[key]}", f"from {least} to {most}", "correct the number")


def known_facts(
    e: Entry, key: str, idents: Iterable[str], vocabulary: Vocabulary, sink: Sink
) -> Iterator[Fact]:
    """The facts of the city among some words; a fault for each other word."""
    for ident in idents:
        if ident in vocabulary:
            yield vocabulary[ident]
            continue
        hint = nearest(ident, vocabulary.ids)
        remedy = f"write '{hint}'" if hint else "see the facts of the city"
        expected = f"a fact of {vocabulary.city}"
        add(sink, "JF-P019", e, key, f"the unknown fact '{ident}'", expected, remedy)


def answer(e: Entry, key: str, word: str, fact: Fact, sink: Sink) -> None:
    """One of the answers of a fact."""
    if word not in fact.ids:
        hint = nearest(word, fact.ids)
        remedy = f"write '{hint}'" if hint else "choose one of these"
        expected = f"one of: {one_of(fact.ids)}"
        add(sink, "JF-P020", e, key, f"'{word}' as {fact.id}", expected, remedy)


def yes_or_choice(e: Entry, key: str, vocabulary: Vocabulary, sink: Sink) -> None:
    """A fact that holds or does not."""
    for fact in known_facts(e, key, [e[key]] if e[key] else [], vocabulary, sink):
        if fact.type not in ("bool", "choice"):
            found = f"'{fact.id}', of the type {fact.type}"
            expected = "a fact that is yes or no, or a choice (any but 'none')"
            add(sink, "JF-Y001", e, key, found, expected, "name such a fact")


def whole_number(e: Entry, key: str, vocabulary: Vocabulary, sink: Sink) -> None:
    """A fact that is a whole number with a code for each value."""
    for fact in known_facts(e, key, [e[key]] if e[key] else [], vocabulary, sink):
        if not fact.is_number or is_wide(fact):
            found = f"'{fact.id}', of the type {fact.type}"
            expected = "a fact that is a whole number"
            add(sink, "JF-Y001", e, key, found, expected, "name such a fact")
