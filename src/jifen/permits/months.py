"""The history of a permit, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jifen.permits.card import Card, Status, standing
from jifen.permits.model import PermitRules
from jifen.policy.months import format_month, last_day, to_month


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """A month (YYYY-MM): how the permit stood on its last day, and the months counted by then."""

    month: str
    status: Status
    counted_months: int


def month_by_month(
    rules: PermitRules, cards: Sequence[tuple[date, Card]], on: date
) -> list[MonthStanding]:
    """From the first month to that of `on`. `cards`: the permit from a day on, in order."""
    if not cards:
        return []
    found = []
    for month in range(to_month(cards[0][0]), to_month(on) + 1):
        day = min(last_day(month), on)
        card = next((c for since, c in reversed(cards) if since <= day), cards[0][1])
        now = standing(rules, card, day)
        found.append(MonthStanding(format_month(month), now.status, now.counted_months))
    return found
