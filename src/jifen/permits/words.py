"""What follows for whoever is late, in words: by the reading of the rules that is followed."""

from jifen.permits.model import PermitRules
from jifen.policy.text import Text


def later_words(rules: PermitRules) -> Text:
    """What making up after the days of grace means."""
    after = rules.later.register_again_after_days
    if rules.later.reading == "new_card":
        return _NEW_CARD
    if rules.later.reading == "register_again" and after is not None:
        return Text(
            f"{_ANEW.zh}逾期超过 {after} 日的，须重新办理居住登记，满半年后重新申领。",
            f"{_ANEW.en} More than {after} days late, residence is registered again and a permit "
            "applied for after half a year.",
        )
    return _ANEW


_ANEW = Text(
    "逾期补办的，居住年限自补办之日起重新计算。",
    "Made up later, the years are counted anew from that day.",
)
_NEW_CARD = Text("逾期须重新申领居住证。", "Later a new permit has to be applied for.")
