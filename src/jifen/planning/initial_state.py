"""A person on the first day of a plan: what is known, and how their contributions go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

from jifen.facts.contributions import ContributionHistory, Spell, read_spells
from jifen.facts.measures import ABSENT
from jifen.facts.permit import NO_PERMIT, PermitRecord, read_permit
from jifen.facts.situation import Situation, examine_facts
from jifen.facts.values import BadValue, coerce_value
from jifen.planning.insurance_months import ContributionOutlook, PastMonths
from jifen.planning.model import CityMoves, TrajectoryRule
from jifen.policy.model import Rules
from jifen.policy.months import to_month
from jifen.policy.people import flatten_people
from jifen.policy.vocabulary import Fact

FRESH_MONTHS = 3
"""Contributions that ended no more months ago are taken to go on: registers lag behind. A record
that ends earlier is old, or tells of a gap: nobody knows which."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What the person is taken to keep doing. `contributes`: go on paying contributions (None: as
    the facts say); `pays`: at so many average wages (None: as before); `endorses`: have the permit
    endorsed in time."""

    contributes: bool | None = None
    pays: Decimal | None = None
    endorses: bool = True


@dataclass(frozen=True, eq=False)
class InitialState:
    """The person under some rules on the first day. `given` are facts as in the contract; they
    were examined, so that what cannot be read here is not there."""

    rules: Rules
    moves: CityMoves
    given: Mapping[str, Any]
    on: date
    habits: Habits = field(default_factory=Habits)

    @cached_property
    def situation(self) -> Situation:
        """What the assessment of the first day rests on."""
        vocabulary = self.rules.vocabulary
        given = flatten_people(vocabulary.people, self.given)
        known_facts = {fact_id: value for fact_id, value in given.items() if fact_id in vocabulary}
        return examine_facts(self.rules, known_facts, self.on)[0]

    def get_value(self, fact_id: str) -> Any:
        """A fact on the first day: given or derived; ABSENT where it is not known."""
        if fact_id in self.situation.values:
            return self.situation.values[fact_id]
        derived = self.situation.derived.get(fact_id)
        if derived is not None:
            return derived.value
        fact = self.rules.vocabulary[fact_id]
        if fact_id not in self.given or fact.is_record:
            return ABSENT
        try:
            return coerce_value(fact, self.given[fact_id])
        except BadValue:
            return ABSENT

    @cached_property
    def past_months(self) -> dict[Any, PastMonths]:
        """Past months by what is asked of them, each worked out once."""
        return {}

    @cached_property
    def spells(self) -> list[Spell] | None:
        """Contribution records; None where there are none to go by."""
        record = self._find_record("contributions")
        if record is None:
            return None
        return read_spells(self.given[record.id] or (), [], record.id, self.on)

    @cached_property
    def permit(self) -> PermitRecord | None:
        """The permit as a record; None where there is none to go by."""
        record = self._find_record("permit")
        if record is None:
            return None
        if self.given[record.id] is None:
            return NO_PERMIT
        return read_permit(self.given[record.id], self.rules.vocabulary.get("permit_area"), [])

    @property
    def permit_valid(self) -> Any:
        """Whether the permit is valid on the first day; ABSENT where it is not known."""
        facts: Iterator[Fact] = iter(self.rules.vocabulary)
        permit_facts = (f.id for f in facts if f.derive and f.derive.measure == "permit_valid")
        fact_id = next(permit_facts, None)
        return ABSENT if fact_id is None else self.get_value(fact_id)

    def has_begun(self, rule: TrajectoryRule) -> bool | None:
        """Whether what adds up has begun though it is nought; None: not known. The area of a permit
        that is not valid may be one in which its holder does not live yet."""
        if not rule.companion:
            return None if rule.zero_is_open else False
        area = self.get_value(rule.companion)
        if area in (None, "none"):
            return False
        derivation = self.rules.vocabulary[rule.companion].derive
        holds_permit = (
            derivation is None or derivation.measure != "permit_area" or self.permit_valid is True
        )
        return True if holds_permit and area is not ABSENT else None

    def _find_record(self, kind: str) -> Fact | None:
        facts: Iterator[Fact] = iter(self.rules.vocabulary)
        return next((f for f in facts if f.type == kind and f.id in self.given), None)

    @cached_property
    def history(self) -> ContributionHistory | None:
        """The months of the records."""
        if self.spells is None:
            return None
        return ContributionHistory(self.spells, self.rules.contributions, to_month(self.on))

    @cached_property
    def last_recorded(self) -> int:
        """The last month on record, at the latest that of the first day; where no month is, the
        month before it."""
        counts_filing_month = self.rules.contributions.includes_filing_month
        last = (
            to_month(self.on) if counts_filing_month else self.rules.reference.last_month(self.on)
        )
        without_record = last if self.spells is None else min(last, to_month(self.on) - 1)
        return max((spell.until for spell in self.spells or ()), default=without_record)

    @cached_property
    def first_month_counts(self) -> bool:
        """Whether the month of the first day is on record and counts."""
        return self.history is None or self.history.month_at(to_month(self.on)).counts

    def can_end_before(self, scheme: str | None) -> bool:
        """Whether totals may end with the month before the last that may count on the first day.
        They do not tell, and where contributions go on by the month it makes no difference."""
        if self.spells is not None:
            return False
        if self.rules.contributions.includes_filing_month:
            return self.get_outlook(scheme).goes_on is not True
        return self.last_recorded == to_month(self.on)

    def find_recorded_until(self, scheme: str | None) -> int:
        """The last month on record of a scheme (None: of all that the measure asks for). A scheme
        that is little behind the other is taken to be late; of months long gone by without one it
        is known that they do not count."""
        ends = [last.until for last in self._list_last_spells(scheme) if last]
        if not ends or max(ends) - min(ends) > FRESH_MONTHS:
            return self.last_recorded
        return min(ends)

    def _list_schemes(self, scheme: str | None) -> tuple[str, ...]:
        return (scheme,) if scheme else self.rules.contributions.schemes

    def _list_last_spells(self, scheme: str | None) -> list[Spell | None]:
        return [self._last_spell_by_scheme.get(name) for name in self._list_schemes(scheme)]

    @cached_property
    def _last_spell_by_scheme(self) -> dict[str, Spell]:
        """The last spell of each scheme."""
        ordered = sorted(self.spells or (), key=lambda spell: spell.until)
        return {scheme: spell for spell in ordered for scheme in spell.schemes}

    def get_outlook(self, scheme: str | None) -> ContributionOutlook:
        """How the contributions of a scheme (None: of all that the measure asks for) go on."""
        if scheme not in self._outlooks:
            goes_on, level_is_stated = self._find_if_goes_on(scheme), self.habits.pays is not None
            is_old = goes_on is not False and self._is_old(scheme)
            low, below = (None, None) if is_old and not level_is_stated else self._base_level
            since = to_month(self.on) if is_old else 0
            lags = self._list_lags(scheme, goes_on)
            self._outlooks[scheme] = ContributionOutlook(
                goes_on, low, below, since, lags, level_is_stated
            )
        return self._outlooks[scheme]

    @cached_property
    def _outlooks(self) -> dict[str | None, ContributionOutlook]:
        return {}

    def _list_lags(self, scheme: str | None, goes_on: bool | None) -> tuple[int, ...]:
        """How many months the record may run behind: as many as today, if that is not unlikely.
        Totals do not tell whether the month under way is on record, where only months gone by are
        asked for."""
        if goes_on is False:
            return (0,)
        counts_filing_month = self.rules.contributions.includes_filing_month
        if self.spells is None and (goes_on is None or not counts_filing_month):
            return (0, 1)
        if self._is_old(scheme):
            return (0, 1, FRESH_MONTHS) if counts_filing_month else (0, 1)
        late_months = self._count_late_months(scheme)
        return (late_months,) if goes_on else tuple(dict.fromkeys((0, 1, late_months)))

    @cached_property
    def joint_lags(self) -> tuple[int, ...]:
        """How many months the records of all schemes together may run behind."""
        lags = [self.get_outlook(scheme).lags for scheme in self.rules.contributions.schemes]
        return tuple(dict.fromkeys(max(combination) for combination in product(*lags)))

    @property
    def is_unsettled(self) -> bool:
        """Whether the record may come to say more any day."""
        return self.spells is not None and any(
            (outlook := self.get_outlook(scheme)).goes_on is None or len(outlook.lags) > 1
            for scheme in (None, *self.rules.contributions.schemes)
        )

    def _count_late_months(self, scheme: str | None) -> int:
        return max(to_month(self.on) - self.find_recorded_until(scheme), 0) if self.spells else 0

    def _is_old(self, scheme: str | None) -> bool:
        """Whether the record does not tell how far contributions are paid today."""
        if self.spells is None:
            return False
        return (
            not self.spells
            or self._count_late_months(scheme) > FRESH_MONTHS
            or not self._covers_last_month(scheme)
        )

    def _find_if_goes_on(self, scheme: str | None) -> bool | None:
        if self.habits.contributes is not None:
            return self.habits.contributes
        insured_by = self.moves.insured_by
        flag = self.get_value(insured_by) if insured_by in self.rules.vocabulary else None
        is_asked = insured_by in self.rules.vocabulary
        if is_asked and (flag is False or flag is None):
            return False
        if is_asked and flag is ABSENT:  # either answer may be the true one
            return None
        if self.spells is None:
            return True if is_asked else self._goes_on_by_totals(scheme)
        return self._goes_on_insured(scheme) if is_asked else self._goes_on_by_records(scheme)

    def _goes_on_insured(self, scheme: str | None) -> bool | None:
        """Whoever is insured today pays month by month, after arrears and deferred months too; not
        known where the record ends without one of the schemes, or with another payer."""
        last = self._list_lasting_spells(scheme)
        if self.spells and not last:
            return None
        return None if any(spell.status == "mismatched" for spell in last) else True

    def _goes_on_by_records(self, scheme: str | None) -> bool | None:
        """By the record alone, where the measure has no fact that would tell."""
        last = self._list_lasting_spells(scheme)
        if not last or self._count_late_months(scheme) > FRESH_MONTHS:
            return False
        if not all(spell.status in ("paid", "deferred") for spell in last):
            return None
        return True if self._covers_last_month(scheme) else None

    def _covers_last_month(self, scheme: str | None) -> bool:
        """Whether the record tells of the last month that a measure of months gone by counts: if
        not, it is late, or that month was not paid."""
        counts_filing_month = self.rules.contributions.includes_filing_month
        counted = self.rules.reference.last_month(self.on)
        over = min(counted, to_month(self.on) - 1)  # the month under way may come yet
        return counts_filing_month or self.find_recorded_until(scheme) >= over

    def _list_lasting_spells(self, scheme: str | None) -> list[Spell]:
        """The last spell of each scheme; none where one is not paid any more."""
        last = [spell for spell in self._list_last_spells(scheme) if spell]
        ends = [spell.until for spell in last]
        is_complete = len(last) == len(self._list_schemes(scheme))
        return last if is_complete and max(ends) - min(ends) <= FRESH_MONTHS else []

    def _goes_on_by_totals(self, scheme: str | None) -> bool | None:
        """By a run that is not nought; not known where no run is told. Whoever says nought is taken
        not to pay: totals do not show that the month under way is the first."""
        runs = [
            self.get_value(fact.id)
            for fact in self.rules.vocabulary
            if fact.derive and fact.derive.measure == "unbroken_months"
            if scheme is None or fact.derive.scheme in (None, scheme)
        ]
        known_runs = [run for run in runs if run is not ABSENT and run is not None]
        return all(run > 0 for run in known_runs) if known_runs else None

    @cached_property
    def _base_level(self) -> tuple[Decimal | None, Decimal | None]:
        """At how many average wages the person pays: at least, and below."""
        if self.habits.pays is not None:
            return self.habits.pays, self.habits.pays + Decimal("0.0001")
        if self.spells is None:
            return self._find_level_by_totals()
        wages = self.rules.find_series(self.rules.contributions.series)
        latest = self._last_spell_by_scheme.get("pension")
        wage = wages.find_figure(latest.until) if wages and latest else None
        base = latest.base if latest else None
        if wage is None or base is None:
            return None, None
        return Decimal(base) / wage, Decimal(base) / wage + Decimal("1e-20")

    def _find_level_by_totals(self) -> tuple[Decimal | None, Decimal | None]:
        """Every month of a window at a level: the person pays at it. None: below it."""
        low: Decimal | None = None
        below: Decimal | None = None
        for fact in self.rules.vocabulary:
            derivation = fact.derive
            if (
                derivation is None
                or derivation.measure != "months_at_base"
                or not derivation.window
            ):
                continue
            months, multiple = self.get_value(fact.id), derivation.multiple or Decimal(1)
            if months == derivation.window:
                low = multiple if low is None else max(low, multiple)
            elif months == 0 and self._has_paid_lately():
                below = multiple if below is None else min(below, multiple)
        return low, below

    def _has_paid_lately(self) -> bool:
        """Whether contributions were paid in the last year at all."""
        return any(
            isinstance(months := self.get_value(fact.id), int) and months > 0
            for fact in self.rules.vocabulary
            if fact.derive and fact.derive.measure == "valid_months" and fact.derive.window
        )
