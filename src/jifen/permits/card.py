"""One permit: the acts that change it, and its status on a day.

A permit is valid up to and with `valid_until`, a full number of years after `anchor` (State Council
Decree 663, art. 10). Anniversaries are counted from the anchor, so that 29 February comes back.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from jifen.facts.permit import count_full_months
from jifen.permits.model import PermitRules
from jifen.permits.words import say
from jifen.policy.months import subtract_months
from jifen.policy.text import Text

ONE_DAY = timedelta(days=1)


class PermitState(StrEnum):
    """The state of a permit on a day."""

    NOT_YET = "not_yet"
    VALID = "valid"
    SUSPENDED = "suspended"
    """The endorsement is late, within the grace period: the permit's functions are suspended. An
    endorsement made now continues the years of residence."""
    LAPSED = "lapsed"
    """The grace period is over: the years are lost unless validity is restored for a cause."""
    CANCELLED = "cancelled"


_COUNTING_STATES = (PermitState.VALID, PermitState.SUSPENDED)


class PermitActRefused(ValueError):
    """The rules do not allow this act on that day; `words` say what can be done instead."""

    def __init__(self, code: str, words: Text) -> None:
        super().__init__(words.en)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class PermitCard:
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
class PermitStatus:
    """A permit on a day. `counted_months`: full months of unbroken residence by the permit,
    including that day; 0 once they are lost. `opens_on`: the first day on which the next
    endorsement can be made. `grace_period_until`: the last day on which a late endorsement
    continues the years. `restore_until`: the last day on which validity can be restored for a
    cause (None: the city knows no restoration)."""

    state: PermitState
    valid_until: date
    counted_since: date
    counted_months: int
    opens_on: date
    grace_period_until: date
    restore_until: date | None


def issue_card(rules: PermitRules, registered_on: date, ground: str, on: date) -> PermitCard:
    """Issue a new permit. Raises PermitActRefused, which names the first day on which it can be."""
    if ground not in rules.issue.grounds:
        known_grounds = "、".join(rules.issue.grounds)
        raise PermitActRefused("JF-E010", say("card.one_of", known_grounds=known_grounds))
    first = subtract_months(registered_on, -rules.issue.registered_months)
    if on < first:
        raise PermitActRefused(
            "JF-E011",
            say(
                "card.residence_must_be_registered",
                registered_months=rules.issue.registered_months,
                first=first,
            ),
        )
    return PermitCard(on, on)


def find_permit_status(rules: PermitRules, card: PermitCard, on: date) -> PermitStatus:
    """Return the status of a permit on a day."""
    until = card.valid_until
    grace_until = until + timedelta(days=rules.grace_period_days)
    state = _find_state(card, until, grace_until, on)
    counts = state in _COUNTING_STATES
    return PermitStatus(
        state,
        until,
        card.anchor,
        count_full_months(card.anchor, on) if counts else 0,
        rules.endorsement.find_first_day(until),
        grace_until,
        subtract_months(until, -rules.restoration.within_months) if rules.restoration else None,
    )


def count_completed_months(rules: PermitRules, card: PermitCard, on: date) -> int:
    """Count the full months of unbroken residence that are complete when a day begins. A right
    that asks for full years of residence is measured by these."""
    counts = find_permit_status(rules, card, on).state in _COUNTING_STATES
    return count_full_months(card.anchor, on - ONE_DAY) if counts else 0


def _find_state(card: PermitCard, until: date, grace_until: date, on: date) -> PermitState:
    if on < card.issued_on:
        return PermitState.NOT_YET
    if card.cancelled_on is not None and on >= card.cancelled_on:
        return PermitState.CANCELLED
    if on <= until:
        return PermitState.VALID
    return PermitState.SUSPENDED if on <= grace_until else PermitState.LAPSED


def endorse_card(
    rules: PermitRules, card: PermitCard, on: date, *, from_day: date | None = None
) -> PermitCard:
    """Make the yearly endorsement. `from_day`: an earlier first day, granted for the school
    season. Within the grace period the years continue; after it the rules' reading decides.
    Raises PermitActRefused."""
    status = find_permit_status(rules, card, on)
    if status.state in (PermitState.CANCELLED, PermitState.NOT_YET):
        raise PermitActRefused("JF-E012", say("card.the_permit_is_cancelled"))
    opens_on = min(status.opens_on, from_day or status.opens_on)
    if on < opens_on:
        raise PermitActRefused(
            "JF-E013",
            say(
                "card.endorsement_opens_on_the_permit",
                opens_on=status.opens_on,
                valid_until=status.valid_until,
            ),
        )
    if status.state is not PermitState.LAPSED:
        return replace(card, years=card.years + 1)
    return _endorse_late(rules, card, on)


def _endorse_late(rules: PermitRules, card: PermitCard, on: date) -> PermitCard:
    """Endorse a permit after its grace period, as the rules' reading says."""
    reading, days_late = rules.late_endorsement.reading, (on - card.valid_until).days
    if reading == "new_card":
        raise PermitActRefused("JF-E014", say("card.too_late_apply"))
    limit = rules.late_endorsement.register_again_after_days
    if reading == "register_again" and limit is not None and days_late > limit:
        raise PermitActRefused("JF-E015", say("card.more_than_days_late_register", limit=limit))
    return PermitCard(card.issued_on, on)


def restore_card(rules: PermitRules, card: PermitCard, on: date, ground: str) -> PermitCard:
    """Restore validity for a reasonable cause, as if the permit had been endorsed in time. Raises
    PermitActRefused."""
    status = find_permit_status(rules, card, on)
    if rules.restoration is None or status.restore_until is None:
        raise PermitActRefused("JF-E016", say("card.the_citys_rules_know"))
    if status.state not in (PermitState.SUSPENDED, PermitState.LAPSED) or on > status.restore_until:
        raise PermitActRefused(
            "JF-E017",
            say("card.restoration_is_for_lapsed_permits", restore_until=status.restore_until),
        )
    if ground not in {cause.id for cause in rules.restoration.grounds}:
        raise PermitActRefused("JF-E018", say("card.there_is_no_such_cause"))
    return replace(card, years=card.years + 1)


def cancel_card(card: PermitCard, on: date) -> PermitCard:
    """Cancel a permit from a day on."""
    return replace(card, cancelled_on=on)
