"""What a device needs to count months of contributions: schemes, terms, wages, measures."""

from datetime import date, timedelta
from typing import Any

from jifen.facts.contributions import MOST_SPELLS, SCHEMES, STATUS_LABELS
from jifen.facts.insurance import LEAST_OF_WAGE, MOST_OF_WAGE
from jifen.policy.model import Rules
from jifen.policy.months import to_month
from jifen.policy.vocabulary import Derivation
from jifen.scoring.device.numbers import NotRepresentable, scale_exactly
from jifen.scoring.device.texts import write_text

MONTH_MEASURES = ("valid_months", "unbroken_months", "months_at_base", "mean_base_ratio")
"""Measures of records that a device works out."""
_CENTS = 2


def write_insurance(rules: Rules, on: date) -> dict[str, Any]:
    """How months count on a day. Amounts in cents, months as months since the year 0."""
    counted, series = rules.contributions, rules.find_series(rules.contributions.series)
    return {
        "schemes": list(counted.schemes),
        "every_scheme": list(SCHEMES),
        "includes_filing_month": counted.includes_filing_month,
        "month": to_month(on),
        "finished": to_month(on + timedelta(days=1)) - 1,
        "over": rules.reference.last_month(on),
        "most": MOST_SPELLS,
        "deferred": [
            {"label": write_text(term.label), "since": term.since, "until": term.until}
            for term in counted.deferred
        ],
        "wages": [
            [step.since, step.until, scale_exactly(step.value, _CENTS, counted.series)]
            for step in (series.steps if series else ())
        ],
        "salary": [int(10 * LEAST_OF_WAGE), int(10 * MOST_OF_WAGE)],
        "statuses": {status: write_text(label) for status, label in STATUS_LABELS.items()},
    }


def write_month_measure(derivation: Derivation, fact_id: str) -> dict[str, Any]:
    """How records of contributions give a fact; `multiple` as a fraction."""
    if derivation.measure not in MONTH_MEASURES:
        raise NotRepresentable(fact_id)
    written: dict[str, Any] = {"measure": derivation.measure}
    if derivation.window is not None:
        written["window"] = derivation.window
    if derivation.scheme:
        written["scheme"] = derivation.scheme
    if derivation.multiple is not None:
        written["multiple"] = list(derivation.multiple.as_integer_ratio())
    return written
