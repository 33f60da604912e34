"""A person on the first day of a plan: what is known, and how their contributions go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from jifen.facts.contributions import History, Spell, read_spells
from jifen.facts.measures import ABSENT
from jifen.facts.permit import NO_PERMIT, Permit, read_permit
from jifen.facts.situation import Situation, examine
from jifen.facts.values import BadValue, coerce
from jifen.planning.insured import Outlook, Past
from jifen.planning.model import Moves
from jifen.policy.model import Rules
from jifen.policy.months import month_of
from jifen.policy.vocabulary import Fact

FRESH = 3
"""Contributions that ended no more months ago are taken to go on: registers lag behind."""
LATE = 12
"""Of whoever is said to be insured today no register lags behind by more months."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What the person is taken to keep doing. `contributes`: go on paying contributions (None: as
    the facts say); `pays`: at so many average wages (None: as before); `endorses`: have the permit
    endorsed in time."""

    contributes: bool | None = None
    pays: Decimal | None = None
    endorses: bool = True


@dataclass(frozen=True, eq=False)
class Start:
    """The person under some rules on the first day. `given` are facts as in the contract; they
    were examined, so that what cannot be read here is not there."""

    rules: Rules
    moves: Moves
    given: Mapping[str, Any]
    on: date
    habits: Habits = field(default_factory=Habits)

    @cached_property
    def situation(self) -> Situation:
        """What the assessment of the first day rests on."""
        known = {i: v for i, v in self.given.items() if i in self.rules.vocabulary}
        return examine(self.rules, known, self.on)[0]

    def value(self, ident: str) -> Any:
        """A fact on the first day: given or derived; ABSENT where it is not known."""
        if ident in self.situation.values:
            return self.situation.values[ident]
        derived = self.situation.derived.get(ident)
        if derived is not None:
            return derived.value
        fact = self.rules.vocabulary[ident]
        if ident not in self.given or fact.is_record:
            return ABSENT
        try:
            return coerce(fact, self.given[ident])
        except BadValue:
            return ABSENT

    @cached_property
    def pasts(self) -> dict[Any, Past]:
        """Past months by what is asked of them, each worked out once."""
        return {}

    @cached_property
    def spells(self) -> list[Spell] | None:
        """Contribution records; None where there are none to go by."""
        found = self._record("contributions")
        if found is None:
            return None
        return read_spells(self.given[found.id] or (), [], found.id)

    @cached_property
    def permit(self) -> Permit | None:
        """The permit as a record; None where there is none to go by."""
        found = self._record("permit")
        if found is None:
            return None
        if self.given[found.id] is None:
            return NO_PERMIT
        return read_permit(self.given[found.id], self.rules.vocabulary.get("permit_area"), [])

    @property
    def permit_valid(self) -> Any:
        """Whether the permit is valid on the first day; ABSENT where it is not known."""
        facts: Iterator[Fact] = iter(self.rules.vocabulary)
        asked = (f.id for f in facts if f.derive and f.derive.measure == "permit_valid")
        found = next(asked, None)
        return ABSENT if found is None else self.value(found)

    def _record(self, kind: str) -> Fact | None:
        facts: Iterator[Fact] = iter(self.rules.vocabulary)
        return next((f for f in facts if f.type == kind and f.id in self.given), None)

    @cached_property
    def history(self) -> History | None:
        """The months of the records."""
        if self.spells is None:
            return None
        return History(self.spells, self.rules.contributions, month_of(self.on))

    @cached_property
    def last_recorded(self) -> int:
        """The last month on record, at the latest that of the first day."""
        counted = self.rules.reference.last_month(self.on)
        filing = self.rules.contributions.includes_filing_month
        none = month_of(self.on) if filing else counted
        return max((spell.until for spell in self.spells or ()), default=none)

    @cached_property
    def began(self) -> bool:
        """Whether the month of the first day is on record and counts."""
        return self.history is None or self.history.month(month_of(self.on)).counts

    def outlook(self, scheme: str | None) -> Outlook:
        """How the contributions of a scheme (None: of all that the measure asks for) go on."""
        low, below = self._level
        return Outlook(self._goes_on(scheme), low, below)

    def _goes_on(self, scheme: str | None) -> bool | None:
        if self.habits.contributes is not None:
            return self.habits.contributes
        insured = self.moves.insured_by
        flag = self.value(insured) if insured in self.rules.vocabulary else ABSENT
        if flag is False or flag is None:
            return False
        if self.spells is None:
            return True if flag is True else self._goes_on_by_totals(scheme)
        wanted = (scheme,) if scheme else self.rules.contributions.schemes
        late = month_of(self.on) - self.last_recorded
        if flag is True and late > LATE:
            return None  # insured today, says one; not for a year, say the records
        fresh = flag is True or late <= FRESH
        lasting = {s for spell in self._latest for s in spell.schemes if spell.status == "paid"}
        return fresh and all(one in lasting for one in wanted)

    def _goes_on_by_totals(self, scheme: str | None) -> bool | None:
        """By a run that is not nought; not known where no run is told. Whoever says nought is taken
        not to pay: totals do not show that the month under way is the first."""
        runs = [
            self.value(fact.id)
            for fact in self.rules.vocabulary
            if fact.derive and fact.derive.measure == "unbroken_months"
            if scheme is None or fact.derive.scheme in (None, scheme)
        ]
        known = [run for run in runs if run is not ABSENT and run is not None]
        return all(run > 0 for run in known) if known else None

    @property
    def _latest(self) -> list[Spell]:
        return [spell for spell in self.spells or () if spell.until == self.last_recorded]

    @cached_property
    def _level(self) -> tuple[Decimal | None, Decimal | None]:
        """At how many average wages the person pays: at least, and below."""
        if self.habits.pays is not None:
            return self.habits.pays, self.habits.pays + Decimal("0.0001")
        if self.spells is None:
            return self._level_by_totals()
        wages = self.rules.find_series(self.rules.contributions.series)
        wage = wages.at(self.last_recorded) if wages else None
        base = next((s.base for s in self._latest if "pension" in s.schemes), None)
        if wage is None or base is None:
            return None, None
        return Decimal(base) / wage, Decimal(base) / wage + Decimal("1e-20")

    def _level_by_totals(self) -> tuple[Decimal | None, Decimal | None]:
        """Every month of a window at a level: the person pays at it. None: below it."""
        low: Decimal | None = None
        below: Decimal | None = None
        for fact in self.rules.vocabulary:
            derive = fact.derive
            if derive is None or derive.measure != "months_at_base" or not derive.window:
                continue
            months, multiple = self.value(fact.id), derive.multiple or Decimal(1)
            if months == derive.window:
                low = multiple if low is None else max(low, multiple)
            elif months == 0 and self._paid_lately():
                below = multiple if below is None else min(below, multiple)
        return low, below

    def _paid_lately(self) -> bool:
        """Whether contributions were paid in the last year at all."""
        return any(
            isinstance(months := self.value(fact.id), int) and months > 0
            for fact in self.rules.vocabulary
            if fact.derive and fact.derive.measure == "valid_months" and fact.derive.window
        )
