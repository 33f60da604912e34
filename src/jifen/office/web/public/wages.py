"""The wages with which a question compares: so that nobody has to look up what a multiple is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jifen.policy.certainty import MARK
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month
from jifen.policy.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class Wage:
    """What the question asks for in some months: so many times the average wage, in yuan a month;
    `mark` where the figure is not certain."""

    since: str
    until: str
    amount: Decimal
    mark: str

    @property
    def shown(self) -> str:
        """The amount with its thousands apart, without zeros behind the point."""
        text = f"{self.amount:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


def wages_for(rules: Rules, fact: Fact, on: date) -> tuple[Wage, ...]:
    """The wages of the months that a question about multiples looks at, the newest first; nothing
    for any other question, or where no series is recorded."""
    derive = fact.derive
    series = rules.find_series(rules.contributions.series)
    if derive is None or derive.multiple is None or series is None:
        return ()
    filing = rules.contributions.includes_filing_month
    last = to_month(on) if filing else rules.reference.last_month(on)
    first = last - (derive.window or 12) + 1
    return tuple(
        Wage(
            format_month(max(step.since, first)),
            format_month(min(step.until, last)),
            step.value * derive.multiple,
            "" if step.basis.confidence == "certain" else MARK,
        )
        for step in reversed(series.steps)
        if step.until >= first and step.since <= last
    )
