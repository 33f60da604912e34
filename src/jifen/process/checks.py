"""Faults of a process file that its shape does not show."""

from collections.abc import Iterable
from typing import Any

from jifen.policy.fault import find_nearest, join_words
from jifen.policy.shapes import Entry, Sink
from jifen.policy.vocabulary import Vocabulary
from jifen.process.model import EVERYTHING, Process, ProcessGate


def check_processes(
    entry: Entry, processes: tuple[Process, ...], vocabulary: Vocabulary, sink: Sink
) -> None:
    """All of them."""
    _check_facts(entry, vocabulary, sink)
    for process_entry, process in zip(entry["processes"], processes, strict=True):
        _check_dates(process_entry, process, sink)
        _check_renewal(process_entry["renewal"], entry, vocabulary, sink)
        _check_gates(process_entry, process, vocabulary, sink)
    _check_overlaps(entry["processes"], processes, sink)


def _check_facts(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    for material in entry["materials"]:
        check_declared(
            material["facts"] or (), vocabulary.ids, "fact", material.place_of("facts"), sink
        )
        if not material["always"] and not material["facts"]:
            sink.add_fault(
                "JF-R003",
                material.place_of(),
                f"'{material['id']}' proves no fact and is not always asked",
                "facts that it proves, or always: true",
                "say when it is asked",
            )
    for evidence in entry["evidence"] or ():
        named = [fact for fact in evidence["facts"] if fact != EVERYTHING]
        check_declared(named, vocabulary.ids, "fact", evidence.place_of("facts"), sink)
    for name, facts in entry["registers"].items():
        check_declared(
            facts, vocabulary.ids, f"fact of register {name}", entry.place_of("registers"), sink
        )


def check_declared(
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


def _check_renewal(entry: Entry | None, whole: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    if entry is not None:
        papers, material_ids = (
            entry["papers_with_employer"] or (),
            [m["id"] for m in whole["materials"]],
        )
        check_declared(
            papers, tuple(material_ids), "material", entry.place_of("papers_with_employer"), sink
        )
        check_declared(entry["lasting"], vocabulary.ids, "fact", entry.place_of("lasting"), sink)
        bound = entry["with_employer"] or ()
        check_declared(
            bound, tuple(entry["lasting"]), "lasting fact", entry.place_of("with_employer"), sink
        )


def _check_dates(entry: Entry, process: Process, sink: Sink) -> None:
    if process.until and process.until < process.since:
        sink.add_fault(
            "JF-R004",
            entry.place_of("until"),
            f"'{process.id}' ends on {process.until}, before it begins",
            f"a day from {process.since} on",
            "correct one of the two days",
        )


def _check_gates(entry: Entry, process: Process, vocabulary: Vocabulary, sink: Sink) -> None:
    ids = tuple(gate.id for gate in process.gates)
    for gate, node in zip(process.gates, entry["gates"], strict=True):
        facts = [fact for fact in gate.facts if fact != EVERYTHING]
        check_declared(facts, vocabulary.ids, "fact", node.place_of("facts"), sink)
        check_declared(gate.after, ids, "gate", node.place_of("after"), sink)
    if sum(EVERYTHING in gate.facts for gate in process.gates) != 1:
        sink.add_fault(
            "JF-R005",
            entry.place_of("gates"),
            f"gates of '{process.id}' that do not cover every fact once",
            'exactly one gate with the facts ["*"], which takes all that no other names',
            "give one gate the rest",
        )
    try:
        days = max(_finishing_day(gate, process.gates, ()) for gate in process.gates)
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


def _finishing_day(
    gate: ProcessGate, gates: tuple[ProcessGate, ...], above: tuple[str, ...]
) -> int:
    """The working day on which a gate is through, if each takes its full time."""
    if gate.id in above:
        raise RecursionError
    before = [other for other in gates if other.id in gate.after]
    return gate.days + max((_finishing_day(b, gates, (*above, gate.id)) for b in before), default=0)


def _check_overlaps(entries: Any, processes: tuple[Process, ...], sink: Sink) -> None:
    for number, process in enumerate(processes):
        for other in processes[:number]:
            if process.covers_day(other.since) or other.covers_day(process.since):
                sink.add_fault(
                    "JF-R008",
                    entries[number].place_of("from"),
                    f"'{process.id}' and '{other.id}' are in force on the same day",
                    "one procedure on each day",
                    "end the earlier one before the later begins",
                )
