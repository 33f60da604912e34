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
from jifen.facts.reading_plan import SLOW, build_reading_plan
from jifen.facts.record_table import read_record_table
from jifen.facts.relations import find_contradictions
from jifen.facts.unknown_facts import describe_unknown_facts
from jifen.facts.values import BadValue, coerce_value
from jifen.facts.words import say
from jifen.policy.fault import Place
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month
from jifen.policy.people import flatten_people
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact


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
    contradictions: tuple[FactFault, ...] = ()
    """Totals that contradict one another, by the relations of the city: named, used as given."""
    identity: str = ""
    """The masked identity number, where one was given."""


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
    reader = _SituationReader(rules, on)
    given = flatten_people(rules.vocabulary.people, given)
    values = reader.read_values(given, also_known)
    situation = Situation(on, reader.counting_day, identity=reader.masked_identity)
    situation.derived = reader.derive_facts(values)
    derived_ids = {*situation.derived}
    situation.contradictions = tuple(find_contradictions(rules.vocabulary, values, derived_ids))
    used = build_reading_plan(rules).used
    situation.ranges = {
        fact_id: result.between
        for fact_id, result in situation.derived.items()
        if result.between and fact_id not in values
    }
    situation.values = {fact_id: value for fact_id, value in values.items() if fact_id in used}
    situation.unused = _list_unused(rules, given)
    return situation, reader.faults


MOST_FAULTS = 50
"""Faults told of one person's facts; beyond that it is the wrong file."""


class _SituationReader:
    def __init__(self, rules: Rules, on: date) -> None:
        self._rules, self._on, self._plan = rules, on, build_reading_plan(rules)
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
        quick, values, unknown = self._plan.quick, dict[str, Any](), list[str]()
        for fact_id, value in given.items():
            entry = quick.get(fact_id)
            if entry is None:
                if fact_id not in also_known:
                    unknown.append(str(fact_id))
                continue
            fact, check = entry
            quick_value = check(value)
            if quick_value is not SLOW:
                values[fact_id] = quick_value
            elif fact.is_record:
                self._read_record(fact, value)
            else:
                self._read_value(fact, value, values)
        if unknown:
            room = MOST_FAULTS + 1 - len(self.faults)  # a wrong file: more would not help
            faults = describe_unknown_facts(self._rules.vocabulary, unknown, also_known)
            self.faults.extend(faults[: max(room, 1)])
        return values

    def _read_value(self, fact: Fact, value: Any, values: dict[str, Any]) -> None:
        try:
            read = coerce_value(fact, value)
        except BadValue as error:
            self.faults.append(error.to_fault(fact.id))
            return
        latest = max(read, default=None) if fact.type == "dates" and read else read
        if isinstance(latest, date) and latest > self._on:
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
        records = self._collect_records(values)
        for fact, how, kind in self._plan.derivations:
            if not self._has_source(how.source, kind, values):
                continue
            result = MEASURES[how.measure](records, how)
            derived[fact.id] = result
            if result.value is ABSENT:
                self._check_range(fact, values, result)
                continue
            if fact.is_number and result.value is not None and result.value > fact.most:
                self.faults.append(self._excess_fault(fact, how.source, result.value))
                continue
            if fact.id in values and not _values_agree(values[fact.id], result.value):
                self.faults.append(
                    self._contradiction_fault(
                        fact, values[fact.id], fact.describe_value(result.value)
                    )
                )
            values[fact.id] = result.value
            records.dates[fact.id] = result.value
        return derived

    def _has_source(self, source: str, kind: str, values: dict[str, Any]) -> bool:
        if kind == "contributions":
            return self._spells is not None
        if kind == "permit":
            return self._permit is not None
        if kind == "records":
            return source in self._tables
        return self._identity is not None if kind == "identity" else source in values

    def _collect_records(self, values: dict[str, Any]) -> PersonRecords:
        records = PersonRecords(
            self._rules,
            self._on,
            self.counting_day,
            permit=self._permit,
            identity=self._identity,
            dates=dict(values),
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


def _list_unused(rules: Rules, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Given facts of the city that these rules use neither directly nor to derive another."""
    useful, vocabulary = build_reading_plan(rules).useful, rules.vocabulary
    return tuple(fact_id for fact_id in given if fact_id not in useful and fact_id in vocabulary)
