"""Relations between the totals of a city: which of two numbers cannot be above the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.policy.shapes import IDENT, WHOLE, Closed, Entry, Field, Sink, optional

RELATION = Closed(
    "relation",
    {
        "fact": Field(IDENT, doc="a number"),
        "at_most": Field(IDENT, doc="another number of the same unit, which it cannot exceed"),
        "plus": optional(WHOLE, 0, "by more than so many"),
    },
    "fact",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """`fact` is at most `other` + `plus`, in the unit of both."""

    fact: str
    other: str
    plus: int


def read_relations(
    entries: Iterable[Entry | None], facts: Mapping[str, Any], sink: Sink
) -> tuple[Relation, ...]:
    """The relations of a facts file, with those that follow from several of them: of facts that are
    not known nothing can be compared. `facts` are the city's, by id; faults go to the sink."""
    relations = list[Relation]()
    for entry in filter(None, entries):
        if entry["fact"] and entry["at_most"] and _is_sound(entry, facts, sink):
            relations.append(Relation(entry["fact"], entry["at_most"], entry["plus"] or 0))
    return _add_consequences(relations)


def _is_sound(entry: Entry, facts: Mapping[str, Any], sink: Sink) -> bool:
    before = len(sink.faults)
    for key in ("fact", "at_most"):
        fact = facts.get(entry[key])
        if fact is None:
            found = f"the fact '{entry[key]}', which this city does not know"
            hint = "correct the id or declare the fact"
            sink.add_fault("JF-P019", entry.place_of(key), found, "a fact of this file", hint)
        elif not fact.is_number:
            found = f"the fact '{fact.id}' of type {fact.type}"
            sink.add_fault("JF-P028", entry.place_of(key), found, "a number", "compare two numbers")
    if len(sink.faults) > before:
        return False
    first, second = facts[entry["fact"]], facts[entry["at_most"]]
    if first.id == second.id or first.unit != second.unit:
        found = f"{first.id} ({first.unit}) beside {second.id} ({second.unit})"
        expected = "two facts of one unit"
        sink.add_fault("JF-P031", entry.place_of("at_most"), found, expected, "name another fact")
    return len(sink.faults) == before


def _add_consequences(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """The same and what follows: one at most another that is at most a third. Those that were
    written come first."""
    least = {(relation.fact, relation.other): relation.plus for relation in relations}
    written = list(least)
    for middle in dict.fromkeys(ident for pair in written for ident in pair):
        for (fact, by), first in list(least.items()):
            for (start, other), second in list(least.items()):
                if by == middle == start and fact != other:
                    pair = fact, other
                    least[pair] = min(least.get(pair, first + second), first + second)
    return tuple(Relation(fact, other, plus) for (fact, other), plus in least.items())
