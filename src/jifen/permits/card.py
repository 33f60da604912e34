"""One permit: what an act makes of it, and how it stands on a day.

A permit is valid up to and with `valid_until`, a full number of years after `anchor` (State Council
Decree 663, art. 10). Anniversaries are counted from the anchor, so that 29 February comes back.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from jifen.facts.permit import count_full_months
from jifen.permits.model import PermitRules
from jifen.policy.months import subtract_months
from jifen.policy.text import Text

ONE_DAY = timedelta(days=1)


class Status(StrEnum):
    """How a permit stands."""

    NOT_YET = "not_yet"
    VALID = "valid"
    SUSPENDED = "suspended"
    """Late: functions are suspended; made up in the days of grace, years continue."""
    LAPSED = "lapsed"
    """Later: years are lost unless restored for a cause."""
    CANCELLED = "cancelled"


_COUNTING = (Status.VALID, Status.SUSPENDED)


class Refused(ValueError):
    """An act that the rules do not allow on that day, with what can be done instead."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.words = code, Text(zh, en)


@dataclass(frozen=True, slots=True)
class Card:
    """A permit. `years`: full years since `anchor` for which it is issued or endorsed."""

    issued_on: date
    anchor: date
    years: int = 1
    cancelled_on: date | None = None

    @property
    def valid_until(self) -> date:
        """The last day of validity."""
        return subtract_months(self.anchor, -12 * self.years)


@dataclass(frozen=True, slots=True)
class Standing:
    """A permit on a day. `counted_months`: full months of unbroken residence by the permit, with
    that day; 0 once they are lost. `opens`: the first day of the next endorsement.
    `make_up_until`: until when years continue; `restore_until`: until when validity may be restored
    for a cause (None: never)."""

    status: Status
    valid_until: date
    counted_since: date
    counted_months: int
    opens: date
    make_up_until: date
    restore_until: date | None


def issue(rules: PermitRules, registered_on: date, ground: str, on: date) -> Card:
    """A new permit. Raises Refused with the first day on which it can be issued."""
    if ground not in rules.issue.grounds:
        known = "、".join(rules.issue.grounds)
        raise Refused("JF-E010", f"没有这种理由：须为{known}之一。", f"one of: {known}")
    first = subtract_months(registered_on, -rules.issue.registered_months)
    if on < first:
        raise Refused(
            "JF-E011",
            f"居住登记须满 {rules.issue.registered_months} 个月，最早 {first} 可以办理。",
            f"Residence must be registered for {rules.issue.registered_months} months: from "
            f"{first} on.",
        )
    return Card(on, on)


def standing(rules: PermitRules, card: Card, on: date) -> Standing:
    """How a permit stands on a day."""
    until = card.valid_until
    grace = until + timedelta(days=rules.made_up_days)
    status = _status(card, until, grace, on)
    counts = status in _COUNTING
    return Standing(
        status,
        until,
        card.anchor,
        count_full_months(card.anchor, on) if counts else 0,
        rules.endorsement.opens(until),
        grace,
        subtract_months(until, -rules.restoration.within_months) if rules.restoration else None,
    )


def months_over(rules: PermitRules, card: Card, on: date) -> int:
    """Full months of unbroken residence that are over when a day begins: those by which a right
    that asks for full years is there on it."""
    counts = standing(rules, card, on).status in _COUNTING
    return count_full_months(card.anchor, on - ONE_DAY) if counts else 0


def _status(card: Card, until: date, grace: date, on: date) -> Status:
    if on < card.issued_on:
        return Status.NOT_YET
    if card.cancelled_on is not None and on >= card.cancelled_on:
        return Status.CANCELLED
    if on <= until:
        return Status.VALID
    return Status.SUSPENDED if on <= grace else Status.LAPSED


def endorse(rules: PermitRules, card: Card, on: date, *, from_day: date | None = None) -> Card:
    """The yearly endorsement. `from_day`: an earlier first day, granted for the school season.
    In the days of grace years continue; later the rules' reading says what follows. Raises
    Refused."""
    now = standing(rules, card, on)
    if now.status in (Status.CANCELLED, Status.NOT_YET):
        raise Refused(
            "JF-E012", "居住证已注销或尚未签发。", "The permit is cancelled, or not issued."
        )
    opens = min(now.opens, from_day or now.opens)
    if on < opens:
        raise Refused(
            "JF-E013",
            f"签注从 {now.opens} 起办理，有效期到 {now.valid_until}。",
            f"Endorsement opens on {now.opens}; the permit is valid until {now.valid_until}.",
        )
    if now.status is not Status.LAPSED:
        return replace(card, years=card.years + 1)
    return _anew(rules, card, on)


def _anew(rules: PermitRules, card: Card, on: date) -> Card:
    """After the days of grace."""
    reading, late = rules.later.reading, (on - card.valid_until).days
    if reading == "new_card":
        raise Refused(
            "JF-E014", "逾期过久，须重新申领居住证。", "Too late: apply for a new permit."
        )
    after = rules.later.register_again_after_days
    if reading == "register_again" and after is not None and late > after:
        raise Refused(
            "JF-E015",
            f"逾期超过 {after} 日，须重新办理居住登记，满半年后申领。",
            f"More than {after} days late: register again and wait half a year.",
        )
    return Card(card.issued_on, on)


def restore(rules: PermitRules, card: Card, on: date, ground: str) -> Card:
    """Validity restored for a reasonable cause: as if endorsed in time. Raises Refused."""
    now = standing(rules, card, on)
    if rules.restoration is None or now.restore_until is None:
        raise Refused("JF-E016", "本市没有恢复的规定。", "The city's rules know no restoration.")
    if now.status not in (Status.SUSPENDED, Status.LAPSED) or on > now.restore_until:
        raise Refused(
            "JF-E017",
            f"恢复须在逾期后、{now.restore_until} 以前申请。",
            f"Restoration is for lapsed permits, until {now.restore_until}.",
        )
    if ground not in {cause.id for cause in rules.restoration.grounds}:
        raise Refused("JF-E018", "没有这种理由。", "There is no such cause.")
    return replace(card, years=card.years + 1)


def cancel(card: Card, on: date) -> Card:
    """The permit ends."""
    return replace(card, cancelled_on=on)
