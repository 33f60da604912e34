"""Links names to what they name while a policy is built: facts, conditions, groups, sources."""

from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY, listed
from jifen.policy.condition import (
    Atom,
    Compare,
    Condition,
    ConditionSyntax,
    Flag,
    Member,
    atoms,
    parse_condition,
)
from jifen.policy.fault import Place, nearest
from jifen.policy.model import Basis, Clause
from jifen.policy.shapes import Entry, Sink
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import Fact, Vocabulary

_MAX_CONDITION = 2_000
_MAX_BRACKETS = 40


class PolicyLinker:
    """What builders ask; every fault goes to the sink with its place."""

    def __init__(
        self, vocabulary: Vocabulary, sink: Sink, precision: int, sources: frozenset[str]
    ) -> None:
        self.vocabulary = vocabulary
        self._sink, self._precision, self._sources = sink, precision, sources

    def fault(self, code: str, place: Place, found: str, expected: str, remedy: str) -> None:
        """Note a fault whose words are in one language."""
        self._sink.add(code, place, found, expected, remedy)

    def tell(self, code: str, place: Place, kind: str, /, **values: Any) -> None:
        """Note a fault with the words of a kind in the catalogue."""
        self._sink.tell(code, place, POLICY.words(code, kind, **values))

    def fact(self, entry: Entry, key: str, types: frozenset[str] | None = None) -> str:
        """The id of a fact that the city knows and whose type fits; empty after a fault."""
        ident = entry[key]
        if ident is None:
            return ""
        fact = self._known(str(ident), entry.place(key))
        if fact is None:
            return ""
        if types and fact.type not in types:
            place, wanted = entry.place(key), listed(sorted(types))
            self.tell("JF-P028", place, "fact_type", fact=ident, type=fact.type, types=wanted)
            return ""
        return fact.id

    @property
    def precision(self) -> int:
        """Decimal places of the policy's points."""
        return self._precision

    def named_fact(self, ident: str, place: Place) -> Fact | None:
        """A fact or derived number by its id; None after a fault."""
        return self._known(ident, place)

    def _known(self, ident: str, place: Place) -> Fact | None:
        fact = self.vocabulary.get(ident)
        if fact is None or fact.is_record:
            hint = nearest(ident, self.vocabulary.ids)
            city = self.vocabulary.city or POLICY.phrase("the_city")
            self.tell("JF-P019", place, "fact", fact=ident, city=city, hint=hint)
            return None
        return fact

    def points(self, entry: Entry, key: str) -> Decimal:
        """Points that the policy's precision can hold; 0 after a fault."""
        value = entry[key]
        if value is None:
            return Decimal(0)
        points = Decimal(value)
        if points != round(points, self._precision) or abs(points) > 10_000:
            places = self._precision
            self.tell("JF-P021", entry.place(key), "precision", points=points, places=places)
            return Decimal(0)
        return points

    def condition(self, entry: Entry, key: str) -> Condition | None:
        """A condition whose facts exist and are compared with values of their type."""
        text = entry[key]
        if text is None:
            return None
        place = entry.place(key)
        try:
            _bounded(text)
            condition = parse_condition(text)
        except ConditionSyntax as error:
            at = Place(place.file, place.line, place.column + error.offset)
            self.tell("JF-P018", at, "condition", found=error.found, expected=error.expected)
            return None
        sound = [self._sound(atom, place) for atom in atoms(condition)]
        return condition if all(sound) else None

    def _sound(self, atom: Atom, place: Place) -> bool:
        at = Place(place.file, place.line, place.column + atom.offset)
        fact = self._known(atom.fact, at)
        if fact is None:
            return False
        if self.vocabulary.is_derived(fact.id):
            self.tell("JF-P051", at, "in_condition", number=fact.id)
            return False
        if isinstance(atom, Flag):
            return self._typed(fact, fact.type == "bool", at, "needs_sign")
        if isinstance(atom, Member):
            return self._options(fact, atom.options, at)
        return self._compared(fact, atom, at)

    def _compared(self, fact: Fact, atom: Compare, at: Place) -> bool:
        if isinstance(atom.constant, str):
            if atom.sign not in ("=", "!="):
                return self._typed(fact, False, at, "needs_equality")
            return self._options(fact, (atom.constant,), at)
        return self._typed(fact, fact.is_number, at, "needs_number")

    def _options(self, fact: Fact, options: tuple[str, ...], at: Place) -> bool:
        if not self._typed(fact, fact.type == "choice", at, "needs_choice"):
            return False
        unknown = [option for option in options if option not in fact.ids]
        for option in unknown:
            hint = nearest(option, fact.ids)
            known = listed(fact.ids)
            self.tell("JF-P020", at, "answer", answer=option, fact=fact.id, known=known, hint=hint)
        return not unknown

    def _typed(self, fact: Fact, fits: bool, at: Place, expected: str) -> bool:
        if not fits:
            needed = POLICY.phrase(expected)
            self.tell("JF-P028", at, "comparison", fact=fact.id, type=fact.type, expected=needed)
        return fits

    def basis(self, entry: Entry) -> Basis:
        """The clause, confidence and sources of an element."""
        for source in entry["sources"] or ():
            if source and source not in self._sources:
                hint = nearest(source, self._sources)
                self.tell("JF-P023", entry.place("sources"), "source", source=source, hint=hint)
        clause: Any = entry["clause"]
        made = None
        if clause and clause["article"]:
            made = Clause(clause["article"], clause["confidence"] or "unsure")
        return Basis(
            made,
            entry["confidence"] or "unsure",
            tuple(source for source in entry["sources"] or () if source),
            entry["note"] or EMPTY,
        )


def _bounded(text: str) -> None:
    nested = text.count("(") + text.count("not")
    if len(text) > _MAX_CONDITION or nested > _MAX_BRACKETS:
        found = POLICY.phrase("long_condition", length=len(text))
        raise ConditionSyntax(0, found, POLICY.phrase("short_condition"))
