"""Links names to what they name while a policy is built: facts, conditions, groups, sources."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.condition import (
    AnswerLists,
    Atom,
    Compare,
    Condition,
    ConditionSyntax,
    Flag,
    Member,
    list_atoms,
    parse_condition,
)
from jifen.policy.fault import Place, find_nearest
from jifen.policy.model import Basis, Clause
from jifen.policy.shapes import NUMBER, Entry, Sink
from jifen.policy.source import Node
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary

_MAX_CONDITION = 2_000
_MAX_BRACKETS = 40


class PolicyLinker:
    """What builders ask; every fault goes to the sink with its place."""

    def __init__(
        self, vocabulary: Vocabulary, sink: Sink, precision: int, sources: frozenset[str]
    ) -> None:
        self.vocabulary = vocabulary
        self.lists: AnswerLists = {}
        """Lists that conditions may name."""
        self.figures: Mapping[str, Decimal] = {}
        """The figures of series on the day of the rules."""
        self._sink, self._precision, self._sources = sink, precision, sources

    def report_plain_fault(
        self, code: str, place: Place, found: str, expected: str, remedy: str
    ) -> None:
        """Note a fault whose words are in one language."""
        self._sink.add_fault(code, place, found, expected, remedy)

    def report_fault(self, code: str, place: Place, kind: str, /, **values: Any) -> None:
        """Note a fault with the words of a kind in the catalogue."""
        self._sink.report_fault(code, place, POLICY.fault_words(code, kind, **values))

    def read_fact(self, entry: Entry, key: str, types: frozenset[str] | None = None) -> str:
        """The id of a fact that the city knows and whose type fits; empty after a fault."""
        fact_id = entry[key]
        if fact_id is None:
            return ""
        fact = self._find_known_fact(str(fact_id), entry.place_of(key))
        if fact is None:
            return ""
        if types and fact.type not in types:
            place, wanted = entry.place_of(key), join_list(sorted(types))
            self.report_fault(
                "JF-P028", place, "fact_type", fact=fact_id, type=fact.type, types=wanted
            )
            return ""
        return fact.id

    @property
    def precision(self) -> int:
        """Decimal places of the policy's points."""
        return self._precision

    def find_fact(self, fact_id: str, place: Place) -> Fact | None:
        """A fact or derived number by its id; None after a fault."""
        return self._find_known_fact(fact_id, place)

    def _find_known_fact(self, fact_id: str, place: Place) -> Fact | None:
        fact = self.vocabulary.get(fact_id)
        if fact is None or fact.is_record:
            hint = find_nearest(fact_id, self.vocabulary.ids)
            city = self.vocabulary.city or POLICY.format_phrase("the_city")
            self.report_fault("JF-P019", place, "fact", fact=fact_id, city=city, hint=hint)
            return None
        return fact

    def read_points(self, entry: Entry, key: str) -> Decimal:
        """Points that the policy's precision can hold; 0 after a fault."""
        value = entry[key]
        return Decimal(0) if value is None else self._check_points(value, entry.place_of(key))

    def read_cell(self, node: Node) -> Decimal | None:
        """Points that stand in a list; None after a fault."""
        value = NUMBER.read(node, self._sink)
        return None if value is None else self._check_points(value, node.place)

    def _check_points(self, points: Decimal, place: Place) -> Decimal:
        if points != round(points, self._precision) or abs(points) > 10_000:
            places = self._precision
            self.report_fault("JF-P021", place, "precision", points=points, places=places)
            return Decimal(0)
        return points

    def read_condition(self, entry: Entry, key: str) -> Condition | None:
        """A condition whose facts exist and are compared with values of their type."""
        text = entry[key]
        if text is None:
            return None
        place = entry.place_of(key)
        try:
            _check_length(text)
            condition = parse_condition(text, self.lists, self.figures)
        except ConditionSyntax as error:
            at = Place(place.file, place.line, place.column + error.offset)
            self.report_fault(
                error.code, at, error.kind, found=error.found, expected=error.expected
            )
            return None
        sound = [self._is_sound(atom, place) for atom in list_atoms(condition)]
        return condition if all(sound) else None

    def _is_sound(self, atom: Atom, place: Place) -> bool:
        at = Place(place.file, place.line, place.column + atom.offset)
        fact = self._find_known_fact(atom.fact, at)
        if fact is None:
            return False
        if self.vocabulary.is_derived(fact.id):
            self.report_fault("JF-P051", at, "in_condition", number=fact.id)
            return False
        if isinstance(atom, Flag):
            return self._check_type(fact, fact.type == "bool", at, "needs_sign")
        if isinstance(atom, Member):
            return self._check_options(fact, atom.options, at)
        return self._check_comparison(fact, atom, at)

    def _check_comparison(self, fact: Fact, atom: Compare, at: Place) -> bool:
        if isinstance(atom.constant, str):
            if atom.constant not in fact.ids and self._is_comparison_of_facts(fact, atom, at):
                return False
            if atom.constant in ("true", "false") and fact.type == "bool":
                negated = (atom.constant == "false") == (atom.sign == "=")
                written = f"not {fact.id}" if negated else fact.id
                self.report_fault("JF-P028", at, "yes_or_no", fact=fact.id, written=written)
                return False
            if atom.sign not in ("=", "!="):
                return self._check_type(fact, False, at, "needs_equality")
            return self._check_options(fact, (atom.constant,), at)
        return self._check_type(fact, fact.is_number, at, "needs_number")

    def _is_comparison_of_facts(self, fact: Fact, atom: Compare, at: Place) -> bool:
        """Whether a fact is compared with another fact, which is told with what to do instead."""
        other = self.vocabulary.get(str(atom.constant))
        if other is None:
            return False
        whole = fact.type in WHOLE_TYPES and other.type in WHOLE_TYPES and fact.unit == other.unit
        kind = "two_numbers" if whole else "two_facts"
        self.report_fault("JF-P028", at, kind, fact=fact.id, other=other.id)
        return True

    def _check_options(self, fact: Fact, options: tuple[str, ...], at: Place) -> bool:
        if not self._check_type(fact, fact.type == "choice", at, "needs_choice"):
            return False
        unknown = [option for option in options if option not in fact.ids]
        for option in unknown:
            hint = find_nearest(option, fact.ids)
            known = join_list(fact.ids)
            self.report_fault(
                "JF-P020", at, "answer", answer=option, fact=fact.id, known=known, hint=hint
            )
        return not unknown

    def _check_type(self, fact: Fact, fits: bool, at: Place, expected: str) -> bool:
        if not fits:
            needed = POLICY.format_phrase(expected)
            self.report_fault(
                "JF-P028", at, "comparison", fact=fact.id, type=fact.type, expected=needed
            )
        return fits

    def read_basis(self, entry: Entry) -> Basis:
        """The clause, confidence and sources of an element."""
        for source in entry["sources"] or ():
            if source and source not in self._sources:
                hint = find_nearest(source, self._sources)
                self.report_fault(
                    "JF-P023", entry.place_of("sources"), "source", source=source, hint=hint
                )
        clause: Any = entry["clause"]
        checked_clause = None
        if clause and clause["article"]:
            checked_clause = Clause(
                clause["article"], clause["confidence"] or "unsure", clause["quote"] or ""
            )
        return Basis(
            checked_clause,
            entry["confidence"] or "unsure",
            tuple(source for source in entry["sources"] or () if source),
            entry["note"] or EMPTY,
        )


def _check_length(text: str) -> None:
    nested = text.count("(") + text.count("not")
    if len(text) > _MAX_CONDITION or nested > _MAX_BRACKETS:
        found = POLICY.format_phrase("long_condition", length=len(text))
        raise ConditionSyntax(0, found, POLICY.format_phrase("short_condition"))
