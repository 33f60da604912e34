"""What a renewal will give, before anybody files: which lines rise or fall, and on which day. The
years themselves are the planner's (`jifen.planning`)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.cities import load_edition
from jifen.facts.measures import ABSENT
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal.official_facts import make_case_of_period
from jifen.office.casework.renewal.opening import find_opening
from jifen.planning.forecast import Forecast, ForecastStep, forecast_case
from jifen.planning.messages import describe_ending
from jifen.policy.model import Rules, list_facts_used
from jifen.policy.months import subtract_months, to_month
from jifen.policy.text import EMPTY, Text
from jifen.scoring import assess

HORIZON_MONTHS = 24
"""Months that are looked ahead from the day of the renewal."""
YEAR = 12
Facts = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class RenewalFactChange:
    """A fact behind a change: its name, and what it was and becomes, each from least to most; None
    where it is not known."""

    label: Text
    before: tuple[Any, Any] | None
    after: tuple[Any, Any] | None


@dataclass(frozen=True, slots=True)
class LineItemChange:
    """A line that gives other points from a day on, and the facts that make it so."""

    on: date
    line: str
    label: Text
    before: Decimal
    after: Decimal
    facts: tuple[RenewalFactChange, ...]

    @property
    def is_loss(self) -> bool:
        """Whether points are lost."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class RenewalForecast:
    """The renewal on its day against the last decision (`changes`), and what changes until two
    years on (`later`). `goes_on`: contributions were taken to go on; `totals_only`: only totals are
    known, so that what leaves a window is not; `ends`: when the line is lost after the renewal, or
    perhaps lost (empty: kept)."""

    on: date
    total: Decimal | None
    threshold: Decimal | None
    reached: bool | None
    changes: tuple[LineItemChange, ...]
    later: tuple[LineItemChange, ...]
    goes_on: bool
    totals_only: bool
    ends: Text


def forecast_renewal(period: PointsPeriod, today: date) -> RenewalForecast | None:
    """What the renewal will give; None where no measure is in force on its day."""
    on = max(find_opening(period).first or period.until or today, today)
    years = -(-(to_month(on) - to_month(today) + HORIZON_MONTHS) // YEAR) + 1
    try:
        case = make_case_of_period(period, today, years=years)
        forecast_of_case = forecast_case(case)
    except (CaseFault, LookupError):
        return None
    if forecast_of_case.last_day < on or not forecast_of_case.step_on(on).in_force:
        return None
    renewal_step, start = forecast_of_case.step_on(on), case.get_initial_state(case.rules)
    later_steps = [
        step
        for step in forecast_of_case.steps
        if on < step.on <= subtract_months(on, -HORIZON_MONTHS)
    ]
    lost, doubtful = (
        next((step.on for step in later_steps if step.reached in lost_values), None)
        for lost_values in ((False,), (False, None))
    )
    low, high = renewal_step.bounds
    return RenewalForecast(
        on,
        low if low == high else None,
        renewal_step.threshold,
        renewal_step.reached,
        tuple(_list_changes_since_decision(period, renewal_step)),
        tuple(_list_later_changes(forecast_of_case, on, case.rules)),
        start.get_outlook(None).goes_on is True,
        start.spells is None,
        describe_ending(doubtful, lost) or EMPTY if renewal_step.reached else EMPTY,
    )


def _list_changes_since_decision(
    period: PointsPeriod, renewal_step: ForecastStep
) -> Iterator[LineItemChange]:
    """Lines that are not as in the last decision; of what lies between bounds the least is told."""
    decision = period.decision
    rules = policy_on(period.city, renewal_step.on).rules_on(renewal_step.on)
    labels = {indicator.id: indicator.label for indicator in rules.indicators}
    old_lines = {line["id"]: line for line in json.loads(decision.result)["lines"]}
    facts = _read_facts_at_decision(period)
    for indicator_id in dict.fromkeys([*old_lines, *renewal_step.line_items]):
        line = old_lines.get(indicator_id) or {"label": indicator_id, "points": 0}
        before = Decimal(str(line["points"] or 0))
        after = renewal_step.line_items.get(indicator_id, (Decimal(0), Decimal(0)))[0]
        if before != after:
            fact_changes = tuple(_list_fact_changes(rules, indicator_id, facts, renewal_step.facts))
            yield LineItemChange(
                renewal_step.on,
                indicator_id,
                labels.get(indicator_id) or Text(line["label"], line["label"]),
                before,
                after,
                fact_changes,
            )


def _read_facts_at_decision(period: PointsPeriod) -> Facts:
    """The facts of the decision, those worked out from records too."""
    decision = period.decision
    policy = load_edition(period.city, decision.policy_version, decision.policy_hash)
    situation = assess(policy, json.loads(decision.facts), decision.on).situation
    return {fact_id: (value, value) for fact_id, value in situation.values.items()}


def _list_fact_changes(
    rules: Rules, line: str, before: Facts, after: Facts
) -> Iterator[RenewalFactChange]:
    """Facts of a line that are not what they were."""
    indicator = next((candidate for candidate in rules.indicators if candidate.id == line), None)
    for fact_id in list_facts_used(indicator) if indicator else ():
        old_value, new_value = _drop_absent(before.get(fact_id)), _drop_absent(after.get(fact_id))
        if old_value != new_value:
            yield RenewalFactChange(rules.vocabulary[fact_id].label, old_value, new_value)


def _drop_absent(ends: tuple[Any, Any] | None) -> tuple[Any, Any] | None:
    return None if ends is None or ends[0] is ABSENT else ends


def _list_later_changes(
    forecast_of_case: Forecast, on: date, rules: Rules
) -> Iterator[LineItemChange]:
    """The lines that change after the renewal; what is between bounds is told by its least."""
    for step in forecast_of_case.steps:
        if not on < step.on <= subtract_months(on, -HORIZON_MONTHS):
            continue
        for change in step.changes:
            if change.kind == "line" and change.before[0] != change.after[0]:
                before, after = (
                    {fact_change.fact: getattr(fact_change, when) for fact_change in change.facts}
                    for when in ENDS
                )
                fact_changes = tuple(_list_fact_changes(rules, change.id, before, after))
                old_points, new_points = change.before[0], change.after[0]
                yield LineItemChange(
                    step.on, change.id, change.label, old_points, new_points, fact_changes
                )


ENDS = ("before", "after")
