"""Faults of a process file that its shape does not show."""

from collections.abc import Iterable
from typing import Any

from jifen.policy.fault import find_nearest, join_words
from jifen.policy.shapes import Entry, Sink
from jifen.policy.vocabulary import Vocabulary
from jifen.process.model import EVERYTHING, Gate, Process


def check(entry: Entry, found: tuple[Process, ...], vocabulary: Vocabulary, sink: Sink) -> None:
    """All of them."""
    _facts(entry, vocabulary, sink)
    for one, process in zip(entry["processes"], found, strict=True):
        _dates(one, process, sink)
        _renewal(one["renewal"], entry, vocabulary, sink)
        _gates(one, process, vocabulary, sink)
    _apart(entry["processes"], found, sink)


def _facts(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    for material in entry["materials"]:
        known(material["facts"] or (), vocabulary.ids, "fact", material.place_of("facts"), sink)
        if not material["always"] and not material["facts"]:
            sink.add_fault(
                "JF-R003",
                material.place_of(),
                f"'{material['id']}' proves no fact and is not always asked",
                "facts that it proves, or always: true",
                "say when it is asked",
            )
    for one in entry["evidence"] or ():
        named = [fact for fact in one["facts"] if fact != EVERYTHING]
        known(named, vocabulary.ids, "fact", one.place_of("facts"), sink)
    for name, facts in entry["registers"].items():
        known(facts, vocabulary.ids, f"fact of register {name}", entry.place_of("registers"), sink)


def known(
    words: Iterable[str], declared: tuple[str, ...], what: str, place: Any, sink: Sink
) -> None:
    """Every word must be one of those declared."""
    for word in words:
        if word not in declared:
            hint = find_nearest(word, declared)
            sink.add_fault(
                "JF-R002",
                place,
                f"the unknown {what} '{word}'",
                f"one of: {join_words(declared)}",
                f"write '{hint}'" if hint else "correct or remove it",
            )


def _renewal(entry: Entry | None, whole: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    if entry is not None:
        papers, there = entry["papers_with_employer"] or (), [m["id"] for m in whole["materials"]]
        known(papers, tuple(there), "material", entry.place_of("papers_with_employer"), sink)
        known(entry["lasting"], vocabulary.ids, "fact", entry.place_of("lasting"), sink)
        bound = entry["with_employer"] or ()
        known(bound, tuple(entry["lasting"]), "lasting fact", entry.place_of("with_employer"), sink)


def _dates(entry: Entry, process: Process, sink: Sink) -> None:
    if process.until and process.until < process.since:
        sink.add_fault(
            "JF-R004",
            entry.place_of("until"),
            f"'{process.id}' ends on {process.until}, before it begins",
            f"a day from {process.since} on",
            "correct one of the two days",
        )


def _gates(entry: Entry, process: Process, vocabulary: Vocabulary, sink: Sink) -> None:
    ids = tuple(gate.id for gate in process.gates)
    for gate, node in zip(process.gates, entry["gates"], strict=True):
        facts = [fact for fact in gate.facts if fact != EVERYTHING]
        known(facts, vocabulary.ids, "fact", node.place_of("facts"), sink)
        known(gate.after, ids, "gate", node.place_of("after"), sink)
    if sum(EVERYTHING in gate.facts for gate in process.gates) != 1:
        sink.add_fault(
            "JF-R005",
            entry.place_of("gates"),
            f"gates of '{process.id}' that do not cover every fact once",
            'exactly one gate with the facts ["*"], which takes all that no other names',
            "give one gate the rest",
        )
    try:
        days = max(_finish(gate, process.gates, ()) for gate in process.gates)
    except RecursionError:
        sink.add_fault(
            "JF-R006",
            entry.place_of("gates"),
            f"gates of '{process.id}' that wait for each other",
            "an order without a circle",
            "remove one 'after'",
        )
        return
    if days > process.days:
        sink.add_fault(
            "JF-R007",
            entry.place_of("days"),
            f"{process.days} days in all, but the gates one after another need {days}",
            f"{days} or more",
            "correct the days of a gate, or the whole",
        )


def _finish(gate: Gate, gates: tuple[Gate, ...], above: tuple[str, ...]) -> int:
    """The working day on which a gate is through, if each takes its full time."""
    if gate.id in above:
        raise RecursionError
    before = [one for one in gates if one.id in gate.after]
    return gate.days + max((_finish(b, gates, (*above, gate.id)) for b in before), default=0)


def _apart(entries: Any, found: tuple[Process, ...], sink: Sink) -> None:
    for number, one in enumerate(found):
        for other in found[:number]:
            if one.covers(other.since) or other.covers(one.since):
                sink.add_fault(
                    "JF-R008",
                    entries[number].place_of("from"),
                    f"'{one.id}' and '{other.id}' are in force on the same day",
                    "one procedure on each day",
                    "end the earlier one before the later begins",
                )
