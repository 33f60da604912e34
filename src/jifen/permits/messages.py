"""Texts on the consequences of a late endorsement, by the reading of the rules in use."""

from jifen.permits.model import PermitRules
from jifen.permits.words import say
from jifen.policy.text import Text


def describe_late_endorsement(rules: PermitRules) -> Text:
    """Describe what an endorsement after the grace period means."""
    limit = rules.late_endorsement.register_again_after_days
    if rules.late_endorsement.reading == "new_card":
        return _NEW_CARD
    if rules.late_endorsement.reading == "register_again" and limit is not None:
        return say(
            "messages.more_than_days_late_residence", years_restart=_YEARS_RESTART, limit=limit
        )
    return _YEARS_RESTART


_YEARS_RESTART = say("messages.years_restart")
_NEW_CARD = say("messages.new_card")
