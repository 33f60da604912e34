"""What is known of one person on one day, under one set of rules: values, and how they came.

`understand(rules, given, on)` checks what was given, derives what records give, and names every
contradiction. A fact that is not in `values` is absent; None says that it does not apply.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.contributions import ContributionHistory, Spell, find_last_month, read_spells
from jifen.facts.fault import FactFault, FactsError
from jifen.facts.identity import Identity, read_identity
from jifen.facts.measures import ABSENT, MEASURES, DerivedFact, PersonRecords
from jifen.facts.permit import NO_PERMIT, PermitRecord, read_permit
from jifen.facts.reading_plan import ReadingPlan, build_reading_plan
from jifen.facts.record_table import read_record_table
from jifen.facts.relations import describe_contradiction, find_broken_relations, keep_limits
from jifen.facts.unknown_facts import describe_unknown_facts
from jifen.facts.values import BadValue, coerce_value
from jifen.facts.words import say
from jifen.policy.fault import Place
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month
from jifen.policy.people import flatten_people
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact, Vocabulary

BrokenRelation = tuple[Fact, Fact, int, Any, Any]
"""A total and one that it cannot exceed, by how much it may, and the value of each."""


@dataclass(slots=True)
class Situation:
    """The facts of a person as the rules use them."""

    on: date
    counting_day: date
    values: dict[str, Any] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    derived: dict[str, DerivedFact] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Absent facts of which the records tell a least and a most."""
    identity: str = ""
    """The masked identity number, where one was given."""
    broken_relations: tuple[BrokenRelation, ...] = ()

    @property
    def contradictions(self) -> tuple[FactFault, ...]:
        """Totals that contradict one another, by the relations of the city: named, used as given.
        Their words are composed for whoever asks for them."""
        return tuple([describe_contradiction(*broken) for broken in self.broken_relations])


def read_situation(
    rules: Rules,
    given: Mapping[str, Any],
    on: date,
    *,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
    also_known: Iterable[str] = (),
) -> Situation:
    """Facts as given (a file, a form, a program) → Situation.

    `also_known` are ids of other cities that a comparison accepts. Raises FactsError with every
    fault: unknown ids, wrong types, impossible or future dates, overlaps, contradictions.
    """
    situation, faults = examine_facts(rules, given, on, also_known)
    if faults:
        raise FactsError(faults, places, lang)
    return situation


def examine_facts(
    rules: Rules, given: Mapping[str, Any], on: date, also_known: Iterable[str] = ()
) -> tuple[Situation, list[FactFault]]:
    """As `understand`, but what is sound is kept and the faults are returned (for a form)."""
    plan = build_reading_plan(rules)
    reader = _SituationReader(rules, plan, on)
    given = flatten_people(rules.vocabulary.people, given)
    values = reader.read_values(given, also_known)
    derived = reader.derive_facts(values)
    ranges = {
        fact_id: result.between
        for fact_id, result in derived.items()
        if result.between and fact_id not in values
    }
    broken = _list_broken_relations(rules.vocabulary, plan, values, derived)
    for fact_id in plan.unused:
        if fact_id in values:
            del values[fact_id]
    unused = () if plan.useless.isdisjoint(given) else _list_unused(plan, given)
    situation = Situation(
        on, reader.counting_day, values, unused, derived, ranges, reader.masked_identity, broken
    )
    return situation, reader.faults


def _list_broken_relations(
    vocabulary: Vocabulary,
    plan: ReadingPlan,
    values: Mapping[str, Any],
    derived: Mapping[str, DerivedFact],
) -> tuple[BrokenRelation, ...]:
    if plan.related_and_unused.isdisjoint(values) and keep_limits(plan.limits, values):
        return ()
    return tuple(
        [
            (
                vocabulary[relation.fact],
                vocabulary[relation.other],
                relation.plus,
                values[relation.fact],
                values[relation.other],
            )
            for relation in find_broken_relations(vocabulary, values, derived)
        ]
    )


_LISTS = (list, tuple)
MOST_FAULTS = 50
"""Faults told of one person's facts; beyond that it is the wrong file."""


class _SituationReader:
    def __init__(self, rules: Rules, plan: ReadingPlan, on: date) -> None:
        self._rules, self._on, self._plan = rules, on, plan
        self.counting_day = rules.reference.day_for(on)
        self.faults: list[FactFault] = []
        self._spells: list[Spell] | None = None
        self._permit: PermitRecord | None = None
        self._identity: Identity | None = None
        self._tables: dict[str, tuple[dict[str, Any], ...]] = {}

    @property
    def masked_identity(self) -> str:
        return self._identity.masked if self._identity else ""

    def read_values(self, given: Mapping[str, Any], also_known: Iterable[str]) -> dict[str, Any]:
        """The values of the facts, in the order given; records and faults are put aside."""
        values, unknown = dict(given), list[str]()
        class_of, possible = self._plan.classes.get, self._plan.possible
        for fact_id in [
            fact_id
            for fact_id, value in values.items()
            if value.__class__ is not class_of(fact_id) or value not in possible[fact_id]
        ]:
            fact = self._plan.facts.get(fact_id)
            if fact is None:
                del values[fact_id]
                if fact_id not in also_known:
                    unknown.append(str(fact_id))
            elif fact.is_record:
                self._read_record(fact, values.pop(fact_id))
            else:
                self._read_value(fact, values)
        if unknown:
            room = MOST_FAULTS + 1 - len(self.faults)  # a wrong file: more would not help
            faults = describe_unknown_facts(self._rules.vocabulary, unknown, also_known)
            self.faults.extend(faults[: max(room, 1)])
        return values

    def _read_value(self, fact: Fact, values: dict[str, Any]) -> None:
        """Put what a given value means in its place, or take it out and name the fault."""
        value = values[fact.id]
        if fact.type == "dates" and not value and value.__class__ in _LISTS:
            values[fact.id] = ()
            return
        try:
            is_day = value.__class__ is date and fact.type == "date"
            read = value if is_day else coerce_value(fact, value)
        except BadValue as error:
            del values[fact.id]
            self.faults.append(error.to_fault(fact.id))
            return
        latest = max(read, default=None) if fact.type == "dates" and read else read
        if isinstance(latest, date) and latest > self._on:
            del values[fact.id]
            self.faults.append(self._future_date_fault(fact.id, latest.isoformat()))
            return
        values[fact.id] = read

    def _future_date_fault(self, path: str, found: str) -> FactFault:
        return FactFault(
            "JF-F009",
            path,
            say("situation.after_the_day_of_assessment", found=found),
            say("situation.a_date_up", on=self._on),
            say("situation.correct_the_date_or_assess"),
            say("situation.is_after_the_day", found=found, on=self._on),
        )

    def _read_record(self, fact: Fact, value: Any) -> None:
        if fact.type == "contributions":
            # null, "does not apply": nothing was ever paid
            given = () if value is None else value
            self._spells = read_spells(given, self.faults, fact.id, self._on)
            for spell in self._spells:
                if spell.until > to_month(self._on):
                    month = format_month(spell.until)
                    self.faults.append(
                        self._future_date_fault(f"{fact.id}.{spell.place}.to", month)
                    )
        elif fact.type == "records":
            table = read_record_table(fact, value, self.faults, self._on)
            if table is not None:
                self._tables[fact.id] = table
        elif fact.type == "permit":
            if value is None:
                self._permit = NO_PERMIT
                return
            area = self._rules.vocabulary.get("permit_area")
            self._permit = read_permit(value, area, self.faults, fact.id)
            self._check_permit(fact.id)
        elif value is not None:
            try:
                self._identity = read_identity(value)
            except BadValue as error:
                self.faults.append(error.to_fault(fact.id))

    def _check_permit(self, path: str) -> None:
        permit = self._permit
        if permit and permit.issued_on and permit.issued_on > self._on:
            issued = permit.issued_on.isoformat()
            self.faults.append(self._future_date_fault(f"{path}.issued_on", issued))
        late = [e for e in (permit.endorsements or () if permit else ()) if e > self._on]
        if late:
            self.faults.append(self._future_date_fault(f"{path}.endorsements", late[0].isoformat()))

    def derive_facts(self, values: dict[str, Any]) -> dict[str, DerivedFact]:
        """Derive what records and facts give; fills `values`; returns how each came about."""
        derived: dict[str, DerivedFact] = {}
        if self.faults and not values and self._spells is None and not self._tables:
            return derived
        has_records = self._spells is not None or self._permit or self._identity or self._tables
        records: PersonRecords | None = None
        for fact, how, kind in self._plan.derivations if has_records else self._plan.from_values:
            if not (how.source in values or self._has_record(how.source, kind)):
                continue
            records = records or self._collect_records(values)
            result = MEASURES[how.measure](records, how)
            derived[fact.id] = result
            if result.value is ABSENT:
                self._check_range(fact, values, result)
                continue
            if result.value is not None and fact.is_number and result.value > fact.most:
                self.faults.append(self._excess_fault(fact, how.source, result.value))
                continue
            if fact.id in values and not _values_agree(values[fact.id], result.value):
                self.faults.append(
                    self._contradiction_fault(
                        fact, values[fact.id], fact.describe_value(result.value)
                    )
                )
            values[fact.id] = result.value
        return derived

    def _has_record(self, source: str, kind: str) -> bool:
        if kind == "contributions":
            return self._spells is not None
        if kind == "permit":
            return self._permit is not None
        if kind == "records":
            return source in self._tables
        return kind == "identity" and self._identity is not None

    def _collect_records(self, values: dict[str, Any]) -> PersonRecords:
        records = PersonRecords(
            self._rules,
            self._on,
            self.counting_day,
            permit=self._permit,
            identity=self._identity,
            dates=values,
            tables=self._tables,
        )
        if self._spells is not None:
            rules = self._rules.contributions
            over = self._rules.reference.last_month(self._on)
            last = find_last_month(self._spells, rules, to_month(self._on), over)
            records.history = ContributionHistory(self._spells, rules, last)
        return records

    def _check_range(self, fact: Fact, values: dict[str, Any], result: DerivedFact) -> None:
        """A given value that the records, as far as they tell, do not allow."""
        given = values.get(fact.id)
        if result.between is None or given is None:
            return
        low, high = result.between
        if not low <= given <= high:
            self.faults.append(
                self._contradiction_fault(fact, given, _format_range(fact, low, high))
            )

    def _excess_fault(self, fact: Fact, source: str, value: Any) -> FactFault:
        value_text, most_text = fact.describe_value(value), fact.describe_value(fact.most)
        records = self._rules.vocabulary[source].label
        return FactFault(
            "JF-F041",
            source,
            say("situation.by_these_records", fact_label=fact.label, value_text=value_text),
            say("situation.at_most", most_text=most_text),
            say("situation.check_the_months"),
            say(
                "situation.gives_for_but_at_most",
                records=records,
                fact_label=fact.label,
                value_text=value_text,
                most_text=most_text,
            ),
        )

    def _contradiction_fault(self, fact: Fact, given: Any, found: Text) -> FactFault:
        source = fact.derive.source if fact.derive else ""
        stated = fact.describe_value(given)
        origin = self._rules.vocabulary[source].label
        return FactFault(
            "JF-F040",
            fact.id,
            say(
                "situation.given_as_while_gives",
                fact_id=fact.id,
                stated=stated,
                origin=origin,
                source=source,
                found=found,
                fact_label=fact.label,
            ),
            say("situation.the_two_to_agree"),
            say("situation.correct_or_or_leave_one", fact_id=fact.id, source=source),
            say(
                "situation.is_given_as_but_gives",
                fact_label=fact.label,
                stated=stated,
                origin=origin,
                found=found,
            ),
        )


def _format_range(fact: Fact, low: int, high: int) -> Text:
    first, last = fact.describe_value(low), fact.describe_value(high)
    return say("situation.to", first=first, last=last)


def _values_agree(given: Any, derived: Any) -> bool:
    if isinstance(given, Decimal) and isinstance(derived, Decimal):
        exponent = given.as_tuple().exponent
        return given == round(derived, -exponent if isinstance(exponent, int) else 0)
    return bool(given == derived)


def _list_unused(plan: ReadingPlan, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Given facts of the city that these rules use neither directly nor to derive another."""
    return tuple(fact_id for fact_id in given if fact_id in plan.useless)
