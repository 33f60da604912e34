"""JF-C121: a switch whose readings are purposes: for what points are asked is chosen, not doubted.

Readings are for what the sources disagree on. A page shows them as a doubt about the law, and an
office decides one of them for everybody; a purpose is chosen by the person.
"""

import re
from collections.abc import Iterator

from jifen.policy.catalogue import join_list, name_element
from jifen.policy.checks.context import CheckRule, PolicyCheck, build_fault_at, find_place
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy, Reading, Switch

_RULE = CheckRule("JF-C121", "warning", "readings that are purposes")
_PURPOSES = (
    ("registration", ("registration", "hukou", "settlement"), ("入户", "落户")),
    ("school", ("school", "schooling"), ("入学", "学位申请")),
    ("housing", ("housing",), ("公租房", "公共租赁住房", "保障性住房")),
    ("permit", ("permit",), ("居住证申领",)),
    ("qualification", ("qualification",), ("资格分",)),
    ("ranking", ("ranking",), ("排名分",)),
)
"""What points are asked for: the purpose, its words in an English label of up to two words, and in
a Chinese label that says nothing else."""
_MOST_WORDS = 2


def _find_purpose(policy: Policy, reading: Reading) -> str:
    """The purpose that a reading names; empty where it says something else."""
    label = reading.label
    for purpose in policy.purposes:
        if reading.id == purpose.id or label == purpose.label:
            return purpose.id
    english = re.findall(r"[a-z]+", label.en.lower())
    for purpose_id, named, chinese in _PURPOSES:
        short = len(english) <= _MOST_WORDS and any(word in named for word in english)
        if short or label.zh.removeprefix("积分") in chinese:
            return purpose_id
    return ""


def _find_purposes_as_readings(policy: Policy) -> Iterator[Fault]:
    for switch in policy.switches:
        named = _list_named_purposes(policy, switch)
        if len(set(named.values())) > 1:
            yield build_fault_at(
                policy,
                _RULE,
                find_place(policy.document, ("switches", switch.id, "readings")),
                name_element("switch", switch.id),
                "listed" if policy.purposes else "none_declared",
                readings=join_list(named),
                known=join_list(purpose.id for purpose in policy.purposes),
            )


def _list_named_purposes(policy: Policy, switch: Switch) -> dict[str, str]:
    """Readings that name a purpose → that purpose."""
    named = {reading.id: _find_purpose(policy, reading) for reading in switch.readings}
    return {reading_id: purpose for reading_id, purpose in named.items() if purpose}


CHECK = PolicyCheck(_RULE, _find_purposes_as_readings)
