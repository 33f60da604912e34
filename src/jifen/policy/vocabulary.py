"""The facts of a city: their types, units, choices, questions and how records give them."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jifen.policy.fault import Place
from jifen.policy.people import OtherPerson
from jifen.policy.presumption import Presumption
from jifen.policy.quantity import Quantity
from jifen.policy.relations import Relation
from jifen.policy.text import Text
from jifen.policy.words import say

VALUE_TYPES = (
    "date",
    "dates",
    "bool",
    "choice",
    "months",
    "years",
    "count",
    "number",
    "yuan",
    "ratio",
)
RECORD_TYPES = ("contributions", "permit", "identity", "records")
WHOLE_TYPES = frozenset({"months", "years", "count"})
NUMBER_TYPES = WHOLE_TYPES | {"number", "yuan", "ratio"}
MEASURES = (
    "completed_years",
    "records_in_window",
    "valid_months",
    "unbroken_months",
    "months_at_base",
    "mean_base_ratio",
    "permit_valid",
    "permit_months",
    "permit_area",
    "birth_date",
    "sex",
    "record_points",
)
RECORD_POINTS = "record_points"
"""The measure of records of several fields: a version says under `records` what they give."""

DATES_MOST = 20
"""A list of dates holds at most so many: it bounds what an unknown list can cost."""


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One answer of a choice."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a fact is computed: from what, by which measure, with which figures."""

    source: str
    measure: str
    window: int | None
    multiple: Decimal | None
    scheme: str | None
    at: tuple[int, int] | None = field(default=None, repr=False)  # the hash of a policy reads it
    """Month and day on which years must be completed; None: the counting day."""
    gives: str = field(default="", repr=False)
    """The fact that comes out."""

    def day_of_years(self, counting_day: date) -> date:
        """The day on which years must be completed."""
        return counting_day if self.at is None else date(counting_day.year, *self.at)


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of records: its id in a record, and what its values are."""

    id: str
    fact: "Fact"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is, which values it may take, how it is asked, how it is derived."""

    id: str
    type: str
    label: Text
    question: Text
    help: Text
    section: str
    unit: str
    least: Decimal
    most: Decimal
    options: tuple[ChoiceOption, ...]
    always_applies: bool
    derive: Derivation | None
    asked_after: str
    form_default: str
    presumed: Presumption | None = None
    """What holds if nothing adverse is on record; never used for a total or its bounds."""
    fields: tuple[RecordField, ...] = ()
    """Of records: what each of them holds."""
    place: Place = field(default=Place(), compare=False, repr=False)
    """Where the fact is declared, for a fault that is about the fact itself."""

    @property
    def is_record(self) -> bool:
        """Whether this is a record (spells, a permit), not a value."""
        return self.type in RECORD_TYPES

    @property
    def is_number(self) -> bool:
        """Whether values are numbers with a range and a unit."""
        return self.type in NUMBER_TYPES

    @property
    def is_whole(self) -> bool:
        """Whether values are whole numbers."""
        return self.type in WHOLE_TYPES

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of a choice."""
        return tuple(option.id for option in self.options)

    def option_label(self, option_id: str) -> Text:
        """The words of one answer."""
        return next(
            (o.label for o in self.options if o.id == option_id), Text(option_id, option_id)
        )

    def describe_value(self, value: Any) -> Text:
        """A value in words: a choice's label, a number with its unit, yes or no."""
        if value is None:
            return say("vocabulary.does_not_apply")
        if value is True or value is False:
            return say("vocabulary.yes") if value else say("vocabulary.no")
        if self.type == "choice":
            return self.option_label(str(value))
        if isinstance(value, tuple | list):
            return _join_days([day.isoformat() for day in value])
        if isinstance(value, date):
            return Text(value.isoformat(), value.isoformat())
        return Quantity(Decimal(value), self.unit).to_text()


def _join_days(days: list[str]) -> Text:
    return Text("、".join(days), ", ".join(days)) if days else say("vocabulary.no_days")


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the form."""

    id: str
    label: Text


CityName = tuple[str, Text]
"""The id of a city and what it is called."""
FindOtherCities = Callable[[str], tuple[CityName, ...]]


def _find_no_city(fact_id: str) -> tuple[CityName, ...]:
    del fact_id
    return ()


class Vocabulary:
    """Every fact that a city's measures know, by id and in the order of the form."""

    def __init__(
        self,
        city: str,
        sections: tuple[FormSection, ...],
        facts: tuple[Fact, ...],
        relations: tuple[Relation, ...] = (),
        people: tuple[OtherPerson, ...] = (),
    ) -> None:
        self.city, self.sections, self.relations = city, sections, relations
        self.people = people
        self.find_other_cities: FindOtherCities = _find_no_city
        """Id of a fact that is unknown here → the other cities that know it."""
        self._facts = {fact.id: fact for fact in facts}
        self._derived: dict[str, Fact] = {}
        self.of_city: Vocabulary = self
        """The same without what a measure adds of its own."""

    def with_derived(self, derived: tuple[Fact, ...]) -> "Vocabulary":
        """This vocabulary with the derived numbers of a version: they can be looked up by their
        ids, but are no facts of a person: they are not asked for, listed or given. The same
        object for the same numbers."""
        return _extend_vocabulary(self, derived) if derived else self

    def with_facts(self, facts: tuple[Fact, ...]) -> "Vocabulary":
        """The facts of the city with those that a measure declares itself, which come last. The
        same object for the same facts."""
        return _add_facts(self.of_city, facts) if facts else self.of_city

    def __iter__(self) -> Any:
        return iter(self._facts.values())

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self._facts

    def __getitem__(self, fact_id: str) -> Fact:
        return self._facts[fact_id] if fact_id in self._facts else self._derived[fact_id]

    def get(self, fact_id: str) -> Fact | None:
        """A fact or derived number, or None where there is none."""
        return self._facts.get(fact_id) or self._derived.get(fact_id)

    def is_derived(self, fact_id: str) -> bool:
        """Whether an id is that of a derived number."""
        return fact_id in self._derived

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, in order."""
        return tuple(self._facts)

    def find_asked_fact(self, fact_id: str) -> str:
        """The fact to ask a person for: the dates behind a count, the birth date behind an age."""
        fact = self._facts[fact_id]
        if fact.derive and fact.derive.measure in ("completed_years", "records_in_window"):
            return fact.derive.source
        return fact_id


@lru_cache(maxsize=512)
def _extend_vocabulary(vocabulary: Vocabulary, derived: tuple[Fact, ...]) -> Vocabulary:
    extended = copy(vocabulary)
    extended._derived = {fact.id: fact for fact in derived}
    return extended


@lru_cache(maxsize=512)
def _add_facts(vocabulary: Vocabulary, facts: tuple[Fact, ...]) -> Vocabulary:
    extended = copy(vocabulary)
    extended._facts = {**vocabulary._facts, **{fact.id: fact for fact in facts}}
    return extended
