"""The history of a permit, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jifen.permits.card import PermitCard, PermitState, find_permit_status
from jifen.permits.model import PermitRules
from jifen.policy.months import format_month, last_day, to_month


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """A month (YYYY-MM): the permit's state on its last day, and the months counted by then."""

    month: str
    state: PermitState
    counted_months: int


def list_month_statuses(
    rules: PermitRules, cards: Sequence[tuple[date, PermitCard]], on: date
) -> list[MonthStatus]:
    """List the months from the first to that of `on`. `cards`: (day, permit from that day on), in
    order."""
    if not cards:
        return []
    statuses = []
    for month in range(to_month(cards[0][0]), to_month(on) + 1):
        day = min(last_day(month), on)
        card = next((card for since, card in reversed(cards) if since <= day), cards[0][1])
        status = find_permit_status(rules, card, day)
        statuses.append(MonthStatus(format_month(month), status.state, status.counted_months))
    return statuses
