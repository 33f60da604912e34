"""Texts on the consequences of a late endorsement, by the reading of the rules in use."""

from jifen.permits.model import PermitRules
from jifen.policy.text import Text


def describe_late_endorsement(rules: PermitRules) -> Text:
    """Describe what an endorsement after the grace period means."""
    limit = rules.late_endorsement.register_again_after_days
    if rules.late_endorsement.reading == "new_card":
        return _NEW_CARD
    if rules.late_endorsement.reading == "register_again" and limit is not None:
        return Text(
            f"{_YEARS_RESTART.zh}逾期超过 {limit} 日的，须重新办理居住登记，满半年后重新申领。",
            f"{_YEARS_RESTART.en} More than {limit} days late, residence is registered again and "
            "a permit applied for after half a year.",
        )
    return _YEARS_RESTART


_YEARS_RESTART = Text(
    "逾期补办的，居住年限自补办之日起重新计算。",
    "Made up later, the years are counted anew from that day.",
)
_NEW_CARD = Text("逾期须重新申领居住证。", "Later a new permit has to be applied for.")
