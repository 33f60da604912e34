"""Derived numbers of a measure: what a version reckons from facts before it gives points.

`rented_months: rest of insured_months less own_home_months`. A derived number has a label and a
unit; mechanisms read it as they read a fact. Nobody is asked for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY, join_list, join_with_and
from jifen.policy.fault import find_nearest
from jifen.policy.formulas import ByAnswer, Combined, FactTerm, Formula, NumberRange, Rest, Whole
from jifen.policy.linker import PolicyLinker
from jifen.policy.model import DerivedNumber
from jifen.policy.shapes import IDENT, WHOLE, Closed, Entry, Field, ListOf, MapOf, Schema, Sink
from jifen.policy.shapes import optional as optional_key
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary
from jifen.policy.words import say

MOST_VALUES = 60_000
"""A derived number may take at most so many values: a population holds each of them as a code."""
_TABLE = Closed(
    "a number by answer",
    {
        "by": Field(IDENT, doc="a choice"),
        "numbers": Field(MapOf(WHOLE), doc="a whole number for each of its answers"),
    },
)


@dataclass(frozen=True, slots=True)
class FormulaTerm:
    """A term as it is written: the id of a fact or of a derived number above, a whole number, or
    (`table`) a number for each answer of a choice."""

    node: Node
    word: str = ""
    number: int | None = None
    table: Entry | None = None


class TermShape:
    """One term of a formula."""

    def read(self, node: Node, sink: Sink) -> FormulaTerm | None:
        if isinstance(node.value, dict):
            table = _TABLE.read(node, sink)
            return FormulaTerm(node, table=table) if table else None
        text = node.value if isinstance(node.value, str) else ""
        if text.isascii() and text.isdigit():
            return FormulaTerm(node, number=int(text))
        word = IDENT.read(node, sink)
        return FormulaTerm(node, word=word) if word else None

    def to_schema(self) -> Schema:
        whole = {"type": "integer", "minimum": 0}
        return {"anyOf": [IDENT.to_schema(), whole, _TABLE.to_schema()]}


TERM = TermShape()
_SEVERAL = ListOf(TERM, 2)
OPERATIONS = {
    "sum": optional_key(_SEVERAL, doc="terms added up"),
    "least": optional_key(_SEVERAL, doc="the least of the terms"),
    "greatest": optional_key(_SEVERAL, doc="the greatest of the terms"),
    "product": optional_key(_SEVERAL, doc="terms multiplied"),
    "rest": optional_key(
        Closed("rest", {"of": Field(TERM), "less": Field(TERM)}),
        doc="`of` less `less`, but never below 0",
    ),
}


def read_derived_numbers(
    entries: Iterable[Entry], linker: PolicyLinker, vocabulary: Vocabulary
) -> tuple[DerivedNumber, ...]:
    """The derived numbers of a document, each from facts and those above it. `link` learns them
    one after another; faults go to it."""
    numbers: dict[str, DerivedNumber] = {}
    for entry in entries:
        number = _NumberReader(entry, linker, numbers).read_number()
        if number is not None:
            numbers[number.fact.id] = number
            linker.vocabulary = vocabulary.with_derived(tuple(n.fact for n in numbers.values()))
    return tuple(numbers.values())


class _NumberReader:
    """Reads one derived number."""

    def __init__(self, entry: Entry, link: PolicyLinker, above: dict[str, DerivedNumber]) -> None:
        self._entry, self._link, self._above = entry, link, above
        self._units: list[str] = []

    def read_number(self) -> DerivedNumber | None:
        entry, basis = self._entry, self._link.read_basis(self._entry)
        given = [key for key in OPERATIONS if entry[key] is not None]
        if len(given) != 1:
            words = join_with_and(given) if given else POLICY.format_phrase("none")
            self._report_fault("operations", given=words, known=join_list(OPERATIONS))
            return None
        if entry["id"] in self._link.vocabulary:
            self._report_fault("same_id", "id", ident=entry["id"])
            return None
        formula = self._build_formula(given[0])
        if formula is None or not self._is_sound(formula, given[0]):
            return None
        span = formula.find_range(self._find_ranges(formula))
        if span[1] - span[0] >= MOST_VALUES:
            self._report_fault("too_many", given[0], least=span[0], most=span[1])
            return None
        return DerivedNumber(self._build_fact(span), formula, basis)

    def _report_fault(self, kind: str, key: str = "", /, **values: Any) -> None:
        self._link.report_fault("JF-P050", self._entry.place_of(key), kind, **values)

    def _build_formula(self, key: str) -> Formula | None:
        value = self._entry[key]
        written = [value["of"], value["less"]] if key == "rest" else list(value)
        terms = [self._build_term(term) for term in written if term]
        sound = [term for term in terms if term is not None]
        if len(sound) < max(len(written), 2):
            return None
        if key == "rest":
            return Rest(sound[0], sound[1])
        return Combined(key, tuple(sound))  # type: ignore[arg-type]

    def _build_term(self, term: FormulaTerm) -> Formula | None:
        if term.number is not None:
            return Whole(term.number)
        if term.table is not None:
            return self._build_table(term.table)
        if term.word in self._above:
            number = self._above[term.word]
            self._units.append(number.fact.unit)
            return number.formula
        return self._build_fact_term(term)

    def _build_fact_term(self, term: FormulaTerm) -> Formula | None:
        fact = self._link.find_fact(term.word, term.node.place)
        if fact is None:
            return None
        if fact.type not in WHOLE_TYPES:
            types = join_list(sorted(WHOLE_TYPES))
            words = {"fact": fact.id, "type": fact.type, "types": types}
            self._link.report_fault("JF-P028", term.node.place, "fact_type", **words)
            return None
        if fact.least < 0 or fact.most - fact.least >= MOST_VALUES:
            ends = {"least": fact.least, "most": fact.most}
            self._link.report_fault("JF-P050", term.node.place, "range", fact=fact.id, **ends)
            return None
        self._units.append(fact.unit)
        return FactTerm(fact.id)

    def _build_table(self, table: Entry) -> Formula | None:
        fact_id = self._link.read_fact(table, "by", frozenset({"choice"}))
        numbers = table["numbers"]
        if not fact_id or not numbers:
            return None
        known = self._link.vocabulary[fact_id].ids
        for answer in numbers:
            if answer not in known:
                hint, place = find_nearest(answer, known), numbers.node.key_places[answer]
                words = {"answer": answer, "fact": fact_id, "known": join_list(known), "hint": hint}
                self._link.report_fault("JF-P020", place, "answer", **words)
        missing = [answer for answer in known if answer not in numbers]
        if missing:
            words = {"missing": join_list(missing), "fact": fact_id, "first": missing[0]}
            self._link.report_fault(
                "JF-P011", table.place_of("numbers"), "answers_without_numbers", **words
            )
        below = [a for a in known if numbers.get(a) is not None and numbers[a] < 0]
        if below:
            self._link.report_fault(
                "JF-P050", table.place_of("numbers"), "below_zero", answer=below[0]
            )
        if missing or below or None in numbers.values():
            return None
        return ByAnswer(fact_id, tuple((a, numbers[a]) for a in known))

    def _is_sound(self, formula: Formula, key: str) -> bool:
        units = dict.fromkeys(unit for unit in self._units if unit)
        if key != "product" and len(units) > 1:
            self._report_fault("units", key, units=join_list(units))
            return False
        both = [fact_id for fact_id, sign in formula.find_directions().items() if sign == 0]
        if both:
            self._report_fault("both_ways", key, fact=both[0])
        return not both

    def _find_ranges(self, formula: Formula) -> dict[str, NumberRange]:
        return find_ranges(formula, self._link.vocabulary)

    def _build_fact(self, span: NumberRange) -> Fact:
        unit = self._entry["unit"] or next((unit for unit in self._units if unit), "")
        kind = unit if unit in ("months", "years") else "count"
        return Fact(
            id=self._entry["id"],
            type=kind,
            label=self._entry["label"],
            question=EMPTY,
            help=EMPTY,
            section="",
            unit=unit,
            least=Decimal(span[0]),
            most=Decimal(span[1]),
            options=(),
            always_applies=True,
            derive=None,
            asked_after="",
            form_default="",
            place=self._entry.place_of("id"),
        )


def find_ranges(formula: Formula, vocabulary: Vocabulary) -> dict[str, NumberRange]:
    """The ranges of the number facts that a formula reads; one that may not apply counts as 0."""
    ranges = {}
    for fact_id in formula.list_facts():
        fact = vocabulary[fact_id]
        if fact.is_number:
            least = int(fact.least)
            ranges[fact_id] = (least if fact.always_applies else min(least, 0)), int(fact.most)
    return ranges


def describe_formula(formula: Formula, vocabulary: Vocabulary) -> Text:
    """A formula in words: 'Insured months less Months in an own home (not below 0)'."""
    match formula:
        case Whole(number):
            return Text(str(number), str(number))
        case FactTerm(fact):
            return vocabulary[fact].label
        case ByAnswer(fact, numbers):
            return _describe_table(fact, numbers, vocabulary)
        case Rest(of, less):
            whole_part, subtracted = (
                _describe_inner(of, vocabulary),
                _describe_inner(less, vocabulary),
            )
            return say("derived_numbers.rest", whole=whole_part, subtracted=subtracted)
        case Combined(how, terms):
            return _describe_combined(how, [_describe_inner(term, vocabulary) for term in terms])
    raise TypeError(formula)


def _describe_inner(formula: Formula, vocabulary: Vocabulary) -> Text:
    words = describe_formula(formula, vocabulary)
    if isinstance(formula, Rest | Combined):
        return say("derived_numbers.inner", words=words)
    return words


def _describe_combined(how: str, terms: list[Text]) -> Text:
    if how in ("sum", "product"):
        sign = " + " if how == "sum" else " × "
        return Text(sign.join(t.zh for t in terms), sign.join(t.en for t in terms))
    words = (
        say("derived_numbers.the_least") if how == "least" else say("derived_numbers.the_greatest")
    )
    of = Text("、".join(t.zh for t in terms), ", ".join(t.en for t in terms))
    return say("derived_numbers.combined", of=of, words=words)


def _describe_table(
    fact: str, numbers: tuple[tuple[str, int], ...], vocabulary: Vocabulary
) -> Text:
    choice = vocabulary[fact]
    by_number: dict[int, list[Text]] = {}
    for answer, number in numbers:
        by_number.setdefault(number, []).append(choice.option_label(answer))
    words = Text(
        "；".join((f"{'、'.join((t.zh for t in of))} {n}" for n, of in by_number.items())),
        "; ".join((f"{', '.join((t.en for t in of))}: {n}" for n, of in by_number.items())),
    )
    return say("derived_numbers.a_number", choice_label=choice.label, words=words)
