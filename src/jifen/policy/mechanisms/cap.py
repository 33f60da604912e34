"""A cap in points: one number, or a number for each answer of a choice or yes/no (a status)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import join_list
from jifen.policy.fault import find_nearest
from jifen.policy.mechanisms.base import MechanismLinker, RuleRow, ScoreFunction
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.mechanisms.table_shape import BOOL_ANSWERS
from jifen.policy.possible_points import PossibleValues
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, MapOf, Schema, Sink
from jifen.policy.source import Node
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say

_BY_STATUS = Closed(
    "a cap by answer",
    {
        "by": Field(IDENT, doc="a choice or a yes/no, such as a status"),
        "points": Field(MapOf(NUMBER), doc="the cap for each of its answers"),
    },
)


class CapShape:
    """A number, or `{by: FACT, points: {ANSWER: NUMBER}}`."""

    def read(self, node: Node, sink: Sink) -> Decimal | Entry | None:
        shape = _BY_STATUS if isinstance(node.value, dict) else NUMBER
        value: Decimal | Entry | None = shape.read(node, sink)
        return value

    def to_schema(self) -> Schema:
        return {"anyOf": [NUMBER.to_schema(), _BY_STATUS.to_schema()]}


CAP = CapShape()


@dataclass(frozen=True, slots=True)
class StatusCap:
    """A cap for each answer of a fact. Where the fact does not apply the lowest cap holds."""

    fact: str
    points: tuple[tuple[str, Decimal], ...]

    def compile_cap(self, scale: int) -> ScoreFunction:
        """A function from the facts to the cap × scale."""
        by_answer: dict[Any, int] = {answer: int(cap * scale) for answer, cap in self.points}
        if by_answer.keys() == set(BOOL_ANSWERS):
            by_answer = {False: by_answer["false"], True: by_answer["true"]}
            lowest = by_answer[False]
        else:
            lowest = min(by_answer.values())
        fact_id = self.fact
        return lambda v: by_answer.get(v[fact_id], lowest)

    def list_ends(self, possible: PossibleValues, scale: int) -> tuple[int, int]:
        """The lowest and the highest cap for what the fact may be."""
        cap = self.compile_cap(scale)
        caps = [cap({self.fact: value}) for value in possible[self.fact]]
        return min(caps), max(caps)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        """A row for each answer."""
        fact = vocabulary[self.fact]
        rows = []
        for answer, cap in self.points:
            name = (
                fact.describe_value(answer == "true")
                if fact.type == "bool"
                else fact.option_label(answer)
            )
            when = say("mechanisms.cap.at_most_in_all", fact_label=fact.label, name=name)
            rows.append(RuleRow(when, format_points(cap)))
        return tuple(rows)


Cap = Decimal | StatusCap | None


def read_cap(entry: Entry, key: str, linker: MechanismLinker) -> Cap:
    """The cap under a key; None where there is none or after a fault."""
    value = entry[key]
    if not isinstance(value, Entry):
        return None if value is None else linker.read_points(entry, key)
    fact_id = linker.read_fact(value, "by", frozenset({"choice", "bool"}))
    if not fact_id or not value["points"]:
        return None
    fact, table = linker.vocabulary[fact_id], value["points"]
    known = BOOL_ANSWERS if fact.type == "bool" else fact.ids
    for answer in table:
        if answer not in known:
            hint, place = find_nearest(answer, known), table.node.key_places[answer]
            words = {"answer": answer, "fact": fact_id, "known": join_list(known), "hint": hint}
            linker.report_fault("JF-P020", place, "answer", **words)
    missing = [answer for answer in known if answer not in table]
    if missing:
        words = {"missing": join_list(missing), "fact": fact_id}
        linker.report_fault("JF-P061", value.place_of("points"), "answers_without_cap", **words)
    caps = tuple((answer, linker.read_points(table, answer)) for answer in known if answer in table)
    return StatusCap(fact_id, caps)
