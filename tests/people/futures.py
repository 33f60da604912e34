"""The same future told in another way: a facts file as it would be written on a later day, for the
plain assessment of that day. Nothing here uses the planner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.permit import full_months
from jifen.facts.situation import understand
from jifen.planning.model import Move
from jifen.policy.model import Rules
from jifen.policy.months import completed_years, minus_months, month_of, month_text
from jifen.policy.policy import Policy
from jifen.scoring import Assessment, assess
from tests.people.strategies import value_of

MULTIPLES = tuple(Decimal(n) / 10 for n in (7, 8, 10, 15, 20, 30))
WAGE = Decimal(10_000)
"""Chengdu's measure of 2024 compares bases with nothing: any figure does."""


@dataclass(frozen=True)
class Made:
    """A move that is done on a day."""

    move: Move
    on: date
    at_will: bool = False
    """Given on whichever day is looked at, from `on` on."""


def base_of(rules: Rules, month: int, multiple: Decimal) -> Decimal:
    """A contribution base at a multiple of the wage of a month."""
    series = rules.find_series(rules.contributions.series)
    wage = series.at(month) if series else None
    return (wage or WAGE) * multiple


def spells(rules: Rules, months: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """Paid months with their multiples as spells of equal months."""
    found: list[dict[str, Any]] = []
    last = None
    for month, multiple in sorted(months.items()):
        base = base_of(rules, month, multiple)
        if last == month - 1 and found[-1]["base"] == base:
            found[-1]["to"] = month_text(month)
        else:
            found.append({"from": month_text(month), "to": month_text(month), "base": base})
        last = month
    return found


@st.composite
def insured(draw: st.DrawFn, on: date, lag: int = 0) -> dict[int, Decimal]:
    """A history of at most seven years with gaps; its last month is `lag` months before `on`."""
    last, found = month_of(on) - lag, dict[int, Decimal]()
    for _ in range(draw(st.integers(1, 4))):
        multiple = draw(st.sampled_from(MULTIPLES))
        for _ in range(draw(st.integers(1, 40))):
            found[last] = multiple
            last -= 1
        last -= draw(st.integers(0, 8))
    return found


@dataclass(frozen=True)
class Somebody:
    """A person with records: `months` paid, `facts` of all else."""

    facts: dict[str, Any]
    months: dict[int, Decimal]
    on: date
    lag: int

    def given(self, rules: Rules) -> dict[str, Any]:
        """The facts file of the first day."""
        return self.facts | {"contributions": spells(rules, self.months)}

    def later(self, rules: Rules, day: date, made: Sequence[Made] = ()) -> dict[str, Any]:
        """The facts file of a later day, with some moves done."""
        facts = self.facts | {"contributions": spells(rules, self._paid(day, made))}
        counting = rules.reference.day_for(day)
        since = rules.reference.day_for(self.on)
        _accrue(facts, self.facts, since, counting, self._paid_since(rules, day))
        for one in sorted(made, key=lambda one: one.on):
            _do(facts, one, day, counting)
        _follow(facts, rules, day)
        return facts

    def _paid(self, day: date, made: Sequence[Made]) -> dict[int, Decimal]:
        found = dict(self.months)
        last = max(found)
        multiple = found[last]
        for month in range(last + 1, month_of(day) - self.lag + 1):
            raised = [
                one.move.contribute
                for one in made
                if one.move.contribute is not None and month >= _first_full(one.on)
            ]
            found[month] = max([multiple, *raised])
        return found

    def _paid_since(self, rules: Rules, day: date) -> int:
        counting = rules.reference.day_for(day)
        return month_of(counting) - month_of(rules.reference.day_for(self.on))


def _first_full(day: date) -> int:
    return month_of(day) if day.day == 1 else month_of(day) + 1


_BY_CALENDAR = ("spouse_local_months", "permit_months")
_BY_INSURANCE = ("public_service_months", "outer_suburb_months")


def _accrue(
    facts: dict[str, Any], start: Mapping[str, Any], since: date, until: date, paid: int
) -> None:
    months = full_months(since, minus_a_day(until)) if until > since else 0
    for ident in _BY_CALENDAR:
        permit = ident == "permit_months" and facts.get(ident) is not None and start["permit_valid"]
        if permit or (ident != "permit_months" and facts.get(ident)):
            facts[ident] = min(start[ident] + months, 720)
    for ident in _BY_INSURANCE:
        beside = ident == "outer_suburb_months" and start.get("outer_suburb_area")
        if facts.get(ident) is not None and (facts[ident] > 0 or beside):
            facts[ident] = min(start[ident] + paid, 720)
    if facts.get("fresh_graduate") and months >= 12:
        facts["fresh_graduate"] = False


def minus_a_day(day: date) -> date:
    """The day before."""
    return date.fromordinal(day.toordinal() - 1)


def _do(facts: dict[str, Any], one: Made, day: date, counting: date) -> None:
    on_its_day = {"permit_valid", "permit_area", "legal_residence"}
    facts |= {
        ident: value
        for ident, value in one.move.sets.items()
        if (day if ident in on_its_day else counting) >= one.on
    }
    if counting < one.on:
        return
    for ident in one.move.starts:
        over = counting if counting < day else minus_a_day(day)  # the last day that is over
        facts[ident] = full_months(one.on, over) if over >= one.on else 0
    for gift in one.move.gives:
        for turn in range(400):
            given = minus_months(one.on, -(gift.every or 0) * turn)
            if one.at_will and gift.every is None:
                given = counting
            age = completed_years(facts["birth_date"], given)
            may = gift.during is None or gift.during.test()({"age": age})
            if (
                may
                and given <= counting
                and (gift.window is None or counting < minus_months(given, -gift.window))
            ):
                facts[gift.fact] = (facts[gift.fact] or 0) + gift.amount
            if gift.every is None or given > counting:
                break


def _follow(facts: dict[str, Any], rules: Rules, day: date) -> None:
    if "employed_six_months" not in facts:
        return
    runs = understand(rules, facts, day).values
    facts["employed_six_months"] = min(runs["pension_months"], runs["medical_months"]) >= 6


def judged(policy: Policy, person: Somebody, day: date, made: Sequence[Made] = ()) -> Assessment:
    """The assessment of a later day."""
    return assess(policy, person.later(policy.at(day), day, made), day)


_OF_RECORDS = {
    "valid_months",
    "unbroken_months",
    "months_at_base",
    "completed_years",
    "records_in_window",
}


@st.composite
def somebody(
    draw: st.DrawFn, city: str, version: str, on: date, lag: int | None = None
) -> Somebody:
    """A person of whom everything is known, with contributions that go on."""
    rules, facts = load(city, version).at(on), dict[str, Any]()
    vocabulary = rules.vocabulary
    for ident in {vocabulary.asked(used) for used in rules.used}:
        fact = vocabulary[ident]
        if fact.derive is None or fact.derive.measure not in _OF_RECORDS:
            facts[ident] = draw(value_of(rules, fact, on))
    for ident in ("blood_ml_last_12", "charity_yuan_last_36"):
        if ident in facts:
            facts[ident] = 0  # what was given before leaves its window on days nobody knows
    for ident in _BY_CALENDAR + _BY_INSURANCE:
        if facts.get(ident):
            facts[ident] = min(facts[ident], 400)
    if facts.get("spouse_local_months") == 0:
        facts["spouse_local_months"] = None  # nought: nobody knows whether there is a marriage
    lag = draw(st.integers(0, 1)) if lag is None else lag
    if rules.contributions.includes_filing_month:
        facts["employed_and_insured"] = True
    months = draw(insured(on, lag))
    person = Somebody(facts, months, on, lag)
    if "employed_six_months" in facts:
        facts["employed_six_months"] = six_months(person, rules)
    return person


def six_months(person: Somebody, rules: Rules) -> bool:
    """Whether the records say six months without a gap on the first day."""
    facts = person.given(rules)
    _follow(facts, rules, person.on)
    return bool(facts["employed_six_months"])
