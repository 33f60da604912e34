"""What is done before anybody asks, and what may be done early."""

from dataclasses import dataclass
from datetime import date, timedelta

from jifen.permits.card import Card, Status, standing
from jifen.permits.model import PermitRules
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where the holder lives. `kind`: own_home, registered_rental or other; `until`: the last day
    of the lease registration; `changed`: another address was told and is not on the permit yet."""

    kind: str
    until: date | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Automatic:
    """Whether a permit is endorsed by itself: between which days, or why not (`reason` a stable
    word, `words` for people)."""

    first: date
    last: date
    reason: str
    words: Text

    @property
    def granted(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reason


def automatic(rules: PermitRules, card: Card, dwelling: Dwelling) -> Automatic | None:
    """How the next endorsement stands with regard to doing it by itself; None where the city's
    rules do not know it."""
    rule = rules.automatic
    if rule is None:
        return None
    until = card.valid_until
    reason, words = _against(rules, card, dwelling)
    return Automatic(
        until - timedelta(days=rule.first_days),
        until - timedelta(days=rule.last_days),
        reason,
        words,
    )


def _against(rules: PermitRules, card: Card, dwelling: Dwelling) -> tuple[str, Text]:
    until = card.valid_until
    if card.cancelled_on is not None:
        return "cancelled", Text("居住证已注销。", "The permit is cancelled.")
    if dwelling.changed:
        return "address_changed", Text(
            "居住地址有变动，请先更新居住登记，再办理签注。",
            "The address changed: update the residence registration, then have it endorsed.",
        )
    if rules.automatic is None or dwelling.kind not in rules.automatic.dwellings:
        return "dwelling", Text(
            "不是自有住房，也没有租赁备案，不能自动签注。请携带居住证明到社区事务受理服务中心办理。",
            "Neither an own home nor a registered lease: take proof of residence to a community "
            "centre.",
        )
    if dwelling.kind == "registered_rental" and (dwelling.until is None or dwelling.until < until):
        ends = dwelling.until or Text("不明", "unknown")
        said = ends if isinstance(ends, Text) else Text(str(ends), str(ends))
        return "lease_ends", Text(
            f"租赁备案到 {said.zh}，早于居住证有效期 {until}。请续办租赁备案，或到窗口签注。",
            f"The lease registration ends {said.en}, before the permit ({until}): renew it, or go "
            "to a counter.",
        )
    return "", Text("", "")


@dataclass(frozen=True, slots=True)
class Early:
    """Early endorsement for the school season: from `opens` on; asked for on a day it brings the
    endorsement `saves` days forward."""

    opens: date
    window: date
    saves: int


def early(rules: PermitRules, card: Card, on: date) -> Early | None:
    """Whether the permit ends in the school season and may be endorsed early on a day."""
    rule = rules.early
    now = standing(rules, card, on)
    if rule is None or now.status is not Status.VALID:
        return None
    until = card.valid_until
    first, last = date(until.year, *rule.season_from), date(until.year, *rule.season_until)
    opens = first - timedelta(days=rule.opens_days)
    if not first <= until <= last or not opens <= on < now.opens:
        return None
    return Early(opens, now.opens, (now.opens - on).days)
