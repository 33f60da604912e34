"""What a renewal will give, before anybody files: which lines rise or fall, and on which day. The
years themselves are the planner's (`jifen.planning`)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.cities import load
from jifen.facts.measures import ABSENT
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal.official import case_of_period
from jifen.office.casework.renewal.opening import opens
from jifen.office.casework.standing import policy_on
from jifen.planning.forecast import Forecast, ForecastStep, forecast_case
from jifen.planning.messages import describe_ending
from jifen.policy.model import Rules, facts_used
from jifen.policy.months import minus_months, month_of
from jifen.policy.text import EMPTY, Lang, Text
from jifen.scoring import assess

HORIZON = 24
"""Months that are looked ahead from the day of the renewal."""
YEAR = 12
Facts = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact behind a change: its name, and what it was and becomes, each from least to most; None
    where it is not known."""

    label: str
    before: tuple[Any, Any] | None
    after: tuple[Any, Any] | None


@dataclass(frozen=True, slots=True)
class Change:
    """A line that gives other points from a day on, and the facts that make it so."""

    on: date
    line: str
    label: str
    before: Decimal
    after: Decimal
    facts: tuple[Fact, ...]

    @property
    def falls(self) -> bool:
        """Whether points are lost."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Ahead:
    """The renewal on its day against the last decision (`changes`), and what changes until two
    years on (`later`). `goes_on`: contributions were taken to go on; `totals_only`: only totals are
    known, so that what leaves a window is not; `ends`: when the line is lost after the renewal, or
    perhaps lost (empty: kept)."""

    on: date
    total: Decimal | None
    threshold: Decimal | None
    reached: bool | None
    changes: tuple[Change, ...]
    later: tuple[Change, ...]
    goes_on: bool
    totals_only: bool
    ends: Text


def ahead(period: PointsPeriod, today: date, lang: Lang = "zh") -> Ahead | None:
    """What the renewal will give; None where no measure is in force on its day."""
    on = max(opens(period).first or period.until or today, today)
    years = -(-(month_of(on) - month_of(today) + HORIZON) // YEAR) + 1
    try:
        case = case_of_period(period, today, years=years)
        found = forecast_case(case)
    except (CaseFault, LookupError):
        return None
    if found.last_day < on or not found.step_on(on).in_force:
        return None
    now, start = found.step_on(on), case.get_initial_state(case.rules)
    later = [s for s in found.steps if on < s.on <= minus_months(on, -HORIZON)]
    lost, doubtful = (
        next((step.on for step in later if step.reached in gone), None)
        for gone in ((False,), (False, None))
    )
    low, high = now.bounds
    return Ahead(
        on,
        low if low == high else None,
        now.threshold,
        now.reached,
        tuple(_since(period, now, lang)),
        tuple(_later(found, on, case.rules, lang)),
        start.get_outlook(None).goes_on is True,
        start.spells is None,
        describe_ending(doubtful, lost) or EMPTY if now.reached else EMPTY,
    )


def _since(period: PointsPeriod, now: ForecastStep, lang: Lang) -> Iterator[Change]:
    """Lines that are not as in the last decision; of what lies between bounds the least is told."""
    decision = period.decision
    rules = policy_on(period.city, now.on).at(now.on)
    labels = {one.id: one.label(lang) for one in rules.indicators}
    told = {line["id"]: line for line in json.loads(decision.result)["lines"]}
    facts = _facts_then(period)
    for ident in dict.fromkeys([*told, *now.line_items]):
        line = told.get(ident) or {"label": ident, "points": 0}
        before = Decimal(str(line["points"] or 0))
        after = now.line_items.get(ident, (Decimal(0), Decimal(0)))[0]
        if before != after:
            moved = tuple(_moved(rules, ident, facts, now.facts, lang))
            yield Change(now.on, ident, labels.get(ident, line["label"]), before, after, moved)


def _facts_then(period: PointsPeriod) -> Facts:
    """The facts of the decision, those worked out from records too."""
    decision = period.decision
    policy = load(period.city, decision.policy_version)
    found = assess(policy, json.loads(decision.facts), decision.on).situation
    return {ident: (value, value) for ident, value in found.values.items()}


def _moved(rules: Rules, line: str, before: Facts, after: Facts, lang: Lang) -> Iterator[Fact]:
    """Facts of a line that are not what they were."""
    indicator = next((one for one in rules.indicators if one.id == line), None)
    for ident in facts_used(indicator) if indicator else ():
        a, b = _known(before.get(ident)), _known(after.get(ident))
        if a != b:
            yield Fact(rules.vocabulary[ident].label(lang), a, b)


def _known(ends: tuple[Any, Any] | None) -> tuple[Any, Any] | None:
    return None if ends is None or ends[0] is ABSENT else ends


def _later(found: Forecast, on: date, rules: Rules, lang: Lang) -> Iterator[Change]:
    """The lines that change after the renewal; what is between bounds is told by its least."""
    for step in found.steps:
        if not on < step.on <= minus_months(on, -HORIZON):
            continue
        for change in step.changes:
            if change.kind == "line" and change.before[0] != change.after[0]:
                before, after = ({m.fact: getattr(m, when) for m in change.facts} for when in ENDS)
                moved = tuple(_moved(rules, change.id, before, after, lang))
                a, b = change.before[0], change.after[0]
                yield Change(step.on, change.id, change.label(lang), a, b, moved)


ENDS = ("before", "after")
