"""Endorsement without an application, and early endorsement for the school season."""

from dataclasses import dataclass
from datetime import date, timedelta

from jifen.permits.card import PermitCard, PermitState, find_permit_status
from jifen.permits.model import PermitRules
from jifen.permits.words import say
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where the holder lives. `kind`: own_home, registered_rental or other; `until`: the last day
    of the lease registration; `changed`: the holder reported another address, which is not on the
    permit yet."""

    kind: str
    until: date | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class AutomaticEndorsement:
    """Whether a permit is endorsed automatically: between which days, or why not (`reason` is a
    stable code, `words` is the text for people)."""

    first: date
    last: date
    reason: str
    words: Text

    @property
    def is_granted(self) -> bool:
        """Whether no reason forbids it."""
        return not self.reason


def check_automatic_endorsement(
    rules: PermitRules, card: PermitCard, dwelling: Dwelling
) -> AutomaticEndorsement | None:
    """Check whether the next endorsement is made automatically; None where the city's rules have
    no automatic endorsement."""
    rule = rules.automatic
    if rule is None:
        return None
    until = card.valid_until
    reason, words = _find_obstacle(rules, card, dwelling)
    return AutomaticEndorsement(
        until - timedelta(days=rule.first_days),
        until - timedelta(days=rule.last_days),
        reason,
        words,
    )


def _find_obstacle(rules: PermitRules, card: PermitCard, dwelling: Dwelling) -> tuple[str, Text]:
    until = card.valid_until
    if card.cancelled_on is not None:
        return "cancelled", say("early_endorsement.the_permit_is_cancelled")
    if dwelling.changed:
        return "address_changed", say("early_endorsement.the_address_changed_update")
    if rules.automatic is None or dwelling.kind not in rules.automatic.dwellings:
        return "dwelling", say("early_endorsement.neither_an_own_home_nor")
    if dwelling.kind == "registered_rental" and (dwelling.until is None or dwelling.until < until):
        ends = dwelling.until or say("early_endorsement.unknown")
        end_text = ends if isinstance(ends, Text) else Text(str(ends), str(ends))
        return "lease_ends", say(
            "early_endorsement.the_lease_registration_ends_before", end_text=end_text, until=until
        )
    return "", Text("", "")


@dataclass(frozen=True, slots=True)
class EarlyEndorsement:
    """Early endorsement for the school season, possible from `opens_on` on. `window_opens_on`: the
    first day without it; `days_saved`: the days between today and that one."""

    opens_on: date
    window_opens_on: date
    days_saved: int


def find_early_endorsement(
    rules: PermitRules, card: PermitCard, on: date
) -> EarlyEndorsement | None:
    """Return the early endorsement that is possible on a day; None where the permit does not end in
    the school season, or it is too soon or too late for it."""
    rule = rules.early
    status = find_permit_status(rules, card, on)
    if rule is None or status.state is not PermitState.VALID:
        return None
    until = card.valid_until
    first, last = date(until.year, *rule.season_from), date(until.year, *rule.season_until)
    opens_on = first - timedelta(days=rule.opens_days)
    if not first <= until <= last or not opens_on <= on < status.opens_on:
        return None
    return EarlyEndorsement(opens_on, status.opens_on, (status.opens_on - on).days)
