"""choice: each answer of a fact has its points."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import join_list
from jifen.policy.fault import find_nearest
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import format_points, join_rows
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, MapOf
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ChoicePoints:
    """Points by answer; an answer that is not named gives none."""

    of: str
    points: tuple[tuple[str, Decimal], ...]

    def list_facts(self) -> tuple[str, ...]:
        return (self.of,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        return iter(())

    def compile_score(self, scale: int) -> ScoreFunction:
        of, table = self.of, {option: int(points * scale) for option, points in self.points}

        def score_facts(v: FactValues) -> int:
            return table.get(v[of], 0)

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.of)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        fact = vocabulary[self.of]
        return tuple(RuleRow(fact.option_label(o), format_points(p)) for o, p in self.points)

    def find_row(self, values: FactValues) -> int | None:
        answers = [option for option, _ in self.points]
        return answers.index(values[self.of]) if values[self.of] in answers else None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        rows = [(r.when(lang), r.gives(lang)) for r in self.list_rows(vocabulary)]
        return join_rows(rows, lang)


def build_choice(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a choice; every answer of the fact must be named, so that none is forgotten."""
    of = linker.read_fact(entry, "of", frozenset({"choice"}))
    if not of or not entry["points"]:
        return None
    known = linker.vocabulary[of].ids
    table = entry["points"]
    for option in table:
        if option not in known:
            hint = find_nearest(option, known)
            linker.report_fault(
                "JF-P020",
                table.node.key_places[option],
                "answer",
                answer=option,
                fact=of,
                known=join_list(known),
                hint=hint,
            )
    missing = [option for option in known if option not in table]
    if missing:
        linker.report_fault(
            "JF-P011",
            entry.place_of("points"),
            "answers_without_points",
            missing=join_list(missing),
            fact=of,
            first=missing[0],
        )
    return ChoicePoints(of, tuple((o, linker.read_points(table, o)) for o in table if o in known))


CHOICE = MechanismDeclaration(
    "choice",
    Closed("choice", {"of": Field(IDENT), "points": Field(MapOf(NUMBER))}),
    build_choice,
    "points by the answer to one fact",
)
