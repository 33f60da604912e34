"""choice: each answer of a fact has its points."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import listed
from jifen.policy.fault import nearest
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.words import points_text, sentence
from jifen.policy.possible import Span, span_of_one
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, MapOf
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ChoicePoints:
    """Points by answer; an answer that is not named gives none."""

    of: str
    points: tuple[tuple[str, Decimal], ...]

    def facts(self) -> tuple[str, ...]:
        return (self.of,)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        return iter(())

    def score(self, scale: int) -> Score:
        of, table = self.of, {option: int(points * scale) for option, points in self.points}

        def score(v: Values) -> int:
            return table.get(v[of], 0)

        return score

    def span(self, scale: int) -> Span:
        return span_of_one(self.score(scale), self.of)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        fact = vocabulary[self.of]
        return tuple(Row(fact.option_label(o), points_text(p)) for o, p in self.points)

    def case(self, values: Values) -> int | None:
        answers = [option for option, _ in self.points]
        return answers.index(values[self.of]) if values[self.of] in answers else None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        rows = [(r.when(lang), r.gives(lang)) for r in self.rows(vocabulary)]
        return sentence(rows, lang)


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a choice; every answer of the fact must be named, so that none is forgotten."""
    of = link.fact(entry, "of", frozenset({"choice"}))
    if not of or not entry["points"]:
        return None
    known = link.vocabulary[of].ids
    table = entry["points"]
    for option in table:
        if option not in known:
            hint = nearest(option, known)
            link.tell(
                "JF-P020",
                table.node.key_places[option],
                "answer",
                answer=option,
                fact=of,
                known=listed(known),
                hint=hint,
            )
    missing = [option for option in known if option not in table]
    if missing:
        link.tell(
            "JF-P011",
            entry.place("points"),
            "answers_without_points",
            missing=listed(missing),
            fact=of,
            first=missing[0],
        )
    return ChoicePoints(of, tuple((o, link.points(table, o)) for o in table if o in known))


CHOICE = Declared(
    "choice",
    Closed("choice", {"of": Field(IDENT), "points": Field(MapOf(NUMBER))}),
    build,
    "points by the answer to one fact",
)
