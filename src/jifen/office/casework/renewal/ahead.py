"""What a renewal will give, before anybody files: which lines rise or fall, and on which day. The
years themselves are the planner's (`jifen.planning`)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal.begin import opens
from jifen.office.casework.renewal.official import case_of_period
from jifen.office.casework.standing import policy_on
from jifen.planning.forecast import Ends, Forecast, forecast
from jifen.policy.months import minus_months, month_of
from jifen.policy.text import Lang

HORIZON = 24
"""Months that are looked ahead from the day of the renewal."""
YEAR = 12
Lines = dict[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that gives other points from a day on."""

    on: date
    line: str
    label: str
    before: Decimal
    after: Decimal

    @property
    def falls(self) -> bool:
        """Whether points are lost."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Ahead:
    """The renewal on its day against the last decision (`changes`), and what changes until two
    years on (`later`). `goes_on`: contributions were taken to go on; `totals_only`: only totals are
    known, so that what leaves a window is not; `lost_on`: the first day below the line."""

    on: date
    total: Decimal | None
    threshold: Decimal | None
    reached: bool | None
    changes: tuple[Change, ...]
    later: tuple[Change, ...]
    goes_on: bool
    totals_only: bool
    lost_on: date | None


def ahead(period: PointsPeriod, today: date, lang: Lang = "zh") -> Ahead | None:
    """What the renewal will give; None where no measure is in force on its day."""
    on = max(opens(period).first or period.until or today, today)
    years = -(-(month_of(on) - month_of(today) + HORIZON) // YEAR) + 1
    try:
        then = _decided(period, lang)
        case = case_of_period(period, today, years=years)
        found = forecast(case)
    except (CaseFault, LookupError):
        return None
    if found.last < on:
        return None
    now, start = found.on(on), case.start(case.rules)
    later = [s for s in found.steps if on < s.on <= minus_months(on, -HORIZON)]
    lost = next((step.on for step in later if step.reached is False), None)
    low, high = now.bounds
    return Ahead(
        on,
        low if low == high else None,
        now.threshold,
        now.reached,
        tuple(_between(then, _lines(now.lines, period, on, lang), on)),
        tuple(_later(found, on, lang)),
        start.outlook(None).goes_on is True,
        start.spells is None,
        on if now.reached is False else lost,
    )


def _decided(period: PointsPeriod, lang: Lang) -> Lines:
    """The lines of the decision, with their labels of today's language."""
    decision = period.decision
    result = json.loads(decision.result)
    labels = _labels(period, decision.on, lang)
    return {
        line["id"]: (labels.get(line["id"], line["label"]), Decimal(str(line["points"] or 0)))
        for line in result["lines"]
    }


def _labels(period: PointsPeriod, on: date, lang: Lang) -> dict[str, str]:
    rules = policy_on(period.city, on).at(on)
    return {indicator.id: indicator.label(lang) for indicator in rules.indicators}


def _lines(points: Mapping[str, Ends], period: PointsPeriod, on: date, lang: Lang) -> Lines:
    """The lines of a day; of what is between bounds the least."""
    labels = _labels(period, on, lang)
    return {ident: (labels.get(ident, ident), low) for ident, (low, _) in points.items()}


def _between(before: Lines, after: Lines, on: date) -> Iterator[Change]:
    for ident in dict.fromkeys([*before, *after]):
        label, _ = after.get(ident) or before[ident]
        a, b = (lines.get(ident, (label, Decimal(0)))[1] for lines in (before, after))
        if a != b:
            yield Change(on, ident, label, a, b)


def _later(found: Forecast, on: date, lang: Lang) -> Iterator[Change]:
    """The lines that change after the renewal; what is between bounds is told by its least."""
    for step in found.steps:
        if on < step.on <= minus_months(on, -HORIZON):
            for change in step.changes:
                if change.kind == "line" and change.before[0] != change.after[0]:
                    label = change.label(lang)
                    yield Change(step.on, change.id, label, change.before[0], change.after[0])
