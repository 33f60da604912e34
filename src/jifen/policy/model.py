"""A policy as typed, immutable values: what a document becomes once it has no faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.formulas import Formula
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.accrual import Rounding
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.months import first_day, last_day, to_month
from jifen.policy.quantity import Quantity
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact, Vocabulary

Confidence = Literal["certain", "likely", "unsure"]


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule stands: an article of the instrument, with how sure its number is; `quote`: its
    words as they stand there, empty where they were not seen."""

    article: Text
    confidence: Confidence
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A page or text from which a rule was taken."""

    id: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What an element rests on: its clause (None: unknown), confidence, sources, remarks."""

    clause: Clause | None
    confidence: Confidence
    sources: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class DerivedNumber:
    """A whole number that a version reckons from facts: `fact` says what it is called, its unit
    and its range. Nobody is asked for it."""

    fact: Fact
    formula: Formula
    basis: Basis


@dataclass(frozen=True, slots=True)
class UnitsOfRecords:
    """Points for every full unit of a field, over records added up."""

    field: str
    each: Decimal
    every: Quantity


@dataclass(frozen=True, slots=True)
class RecordRule:
    """How a version makes a number (`fact`) of records of several fields: points for each record,
    by an answer, or for units; shares, and a cap within a year inside the cap of all."""

    fact: str
    records: str
    on: str
    window: int | None
    each: Decimal | None
    by_answer: tuple[str, Mapping[str, Decimal]] | None
    units: UnitsOfRecords | None
    shared_by: str
    rounding: Rounding | None
    most_a_year: Decimal | None
    most: Decimal | None
    basis: Basis


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """One way to gain or lose points, or a veto; `when` must hold for it to count at all.

    Compared by identity, as the rules that it belongs to.
    """

    id: str
    label: Text
    group: str
    mechanism: Mechanism
    when: Condition | None
    basis: Basis
    non_decreasing_in: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Indicator {self.id}>"

    @property
    def is_veto(self) -> bool:
        """Whether it refuses instead of giving points."""
        return isinstance(self.mechanism, Veto)


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators (and groups) taken together: summed, or only the best; with a cap if any."""

    id: str
    label: Text
    combine: Literal["sum", "best_of"]
    parent: str
    most: Decimal | None
    basis: Basis
    rounding: Rounding | None = None
    """How what it gives is rounded, after its cap."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition of eligibility, with what to do where it is not met."""

    id: str
    label: Text
    when: Condition
    basis: Basis
    remedy: Text


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way in without points: who is on it reaches the line whatever the points are, unless a veto
    stands. `waives_conditions`: the conditions of the measure are not asked either."""

    id: str
    label: Text
    when: Condition
    basis: Basis
    waives_conditions: bool = False


@dataclass(frozen=True, slots=True)
class Caution:
    """Words shown where a condition holds; it changes no points."""

    id: str
    when: Condition
    words: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Threshold:
    """The points to be reached on days from `since` to `until` (inclusive, None: open)."""

    since: date
    until: date | None
    points: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True)
class TieKey:
    """A fact by which equal scores are ranked: more is better."""

    fact: str
    label: Text


@dataclass(frozen=True, slots=True)
class Quota:
    """How many people a round admits; `places`: of each place, where the quota is by place."""

    year: int
    people: int
    basis: Basis
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceQuotas:
    """Quotas of places (towns, districts), filled first. `then`: places left go to those outside,
    city-wide, or to nobody. `percent`: city-wide at most so many of a place, of its own quota."""

    then: Literal["city", "nobody"]
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """How a ranking takes people in their order. `level`: those level at the last place, where not
    all fit. `stamp`: the time that comes after every other key, earlier first: of the first
    application (`filed`: it stays), or since when the points are what they are (`reached`: it
    moves). `draws`: taken once, or again and again from those who wait."""

    level: Literal["all", "none"] = "all"
    stamp: Literal["none", "filed", "reached"] = "none"
    draws: Literal["once", "repeated"] = "once"
    places: PlaceQuotas | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """What points may be asked for, where one measure serves several purposes."""

    id: str
    label: Text
    basis: Basis


NO_THRESHOLD = Decimal(-1_000_000)
"""Stands for the line of a measure that only ranks: nobody is below it. It is never shown."""


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a score decides: everybody at the line, or a ranking among those at the line. A measure
    that ranks may have no line: then everybody who meets the conditions is ranked."""

    mode: Literal["threshold", "rank"]
    thresholds: tuple[Threshold, ...]
    ties: tuple[TieKey, ...]
    quotas: tuple[Quota, ...]
    ranked_by: tuple[str, ...] = ("total",)
    """Scores by which people are ordered before the ties: `total`, or groups by their ids."""
    selection: SelectionRule | None = None
    """The order of selection, where the measure says more than its keys."""

    @property
    def ranks_by_total(self) -> bool:
        """Whether a ranking orders people by their totals before anything else."""
        return self.ranked_by == ("total",)

    @property
    def has_threshold(self) -> bool:
        """Whether there is a line to be reached."""
        return bool(self.thresholds)

    def threshold_on(self, day: date) -> Decimal:
        """The line on a day: the last that began by then (what-if before the first: the first);
        NO_THRESHOLD where the measure has none."""
        if not self.thresholds:
            return NO_THRESHOLD
        begun = [line for line in self.thresholds if line.since <= day]
        return (begun[-1] if begun else self.thresholds[0]).points


@dataclass(frozen=True, slots=True)
class DeferredMonths:
    """Months whose contributions were deferred (缓缴) with the right to count as paid."""

    id: str
    label: Text
    since: int
    until: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class ContributionRules:
    """Which contribution months count: schemes needed, statuses, deferral, and up to when."""

    schemes: tuple[str, ...]
    deferred: tuple[DeferredMonths, ...]
    series: str
    includes_filing_month: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """The day on which the measure counts, seen from the day of assessment."""

    kind: Literal["on_the_day", "end_of_month_before", "yearly"]
    month: int = 0
    day: int = 0

    def day_for(self, on: date) -> date:
        """The counting day for an assessment on `on`."""
        if self.kind == "on_the_day":
            return on
        if self.kind == "end_of_month_before":
            return last_day(to_month(on) - 1)
        this_year = date(on.year, self.month, self.day)
        return this_year if this_year <= on else date(on.year - 1, self.month, self.day)

    def last_month(self, on: date) -> int:
        """The last month that is over by the counting day."""
        day = self.day_for(on)
        month = to_month(day)
        return month if day == last_day(month) else to_month(first_day(month)) - 1


@dataclass(frozen=True, slots=True)
class SeriesStep:
    """One stretch of months with one figure (yuan per month)."""

    since: int
    until: int
    value: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True)
class Series:
    """A dated figure, such as the average wage."""

    id: str
    label: Text
    steps: tuple[SeriesStep, ...]

    def find_figure(self, month: int) -> Decimal | None:
        """The figure in force in a month; None where none is recorded."""
        for step in self.steps:
            if step.since <= month <= step.until:
                return step.value
        return None


@dataclass(frozen=True, eq=False)
class Rules:
    """A version of a measure as it counts on a day under chosen readings: nothing is open.

    Rules are compared by identity: `Policy.rules_on` gives the same object for the same question.
    """

    policy: str
    version: str
    hash: str
    city: str
    title: Text
    precision: int
    floor: Decimal | None
    reference: Reference
    decision: DecisionRule
    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]
    requirements: tuple[Requirement, ...]
    cautions: tuple[Caution, ...]
    contributions: ContributionRules
    series: tuple[Series, ...]
    vocabulary: Vocabulary
    overlays: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]
    derived: tuple[DerivedNumber, ...] = ()
    records: tuple[RecordRule, ...] = ()
    """How records of several fields give numbers."""
    purpose: Purpose | None = None
    """What these rules are for; None where the measure has one purpose."""
    ways: tuple[WayIn, ...] = ()
    """Ways in without points."""

    def __repr__(self) -> str:
        return f"<Rules of {self.policy} {self.version}: {len(self.indicators)} indicators>"

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen beside the day: a reading of each switch, and the purpose."""
        return dict(self.readings) | ({"purpose": self.purpose.id} if self.purpose else {})

    @property
    def entry_tests(self) -> tuple[Requirement | WayIn, ...]:
        """The conditions of eligibility and the ways without points."""
        return self.requirements + self.ways

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The facts that decide something here, in the order of the vocabulary."""
        used = {fact for indicator in self.indicators for fact in list_facts_used(indicator)}
        from_conditions = (test.when for test in self.entry_tests)
        used |= {fact for when in from_conditions for fact in list_condition_facts(when)}
        used |= {fact for caution in self.cautions for fact in list_condition_facts(caution.when)}
        used |= {tie.fact for tie in self.decision.ties}
        return tuple(fact for fact in self.vocabulary.ids if fact in used)

    def find_indicator(self, indicator_id: str) -> Indicator:
        """The indicator with an id; KeyError where there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def find_record_rule(self, fact_id: str) -> RecordRule | None:
        """How records give a fact; None where this version does not say it."""
        return next((rule for rule in self.records if rule.fact == fact_id), None)

    def find_series(self, series_id: str) -> Series | None:
        """A series by its id."""
        return next((series for series in self.series if series.id == series_id), None)

    def list_facts(self) -> tuple[Fact, ...]:
        """The declarations of the facts that are used."""
        return tuple(self.vocabulary[fact_id] for fact_id in self.used)


def list_facts_used(indicator: Indicator) -> tuple[str, ...]:
    """The facts that an indicator reads, those of its `when` first."""
    first = list_condition_facts(indicator.when) if indicator.when else ()
    return tuple(dict.fromkeys(first + indicator.mechanism.list_facts()))
