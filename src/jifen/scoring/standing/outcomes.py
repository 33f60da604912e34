"""The words of an outcome that is settled: in lists, on notices, for a day to come."""

from typing import Literal

from jifen.policy.text import Text

Outcome = Literal["vetoed", "refused", "reached", "below"]
_OUTCOMES: dict[str, Text] = {
    "reached": Text("达到分数线", "the line is reached"),
    "below": Text("未达到分数线", "below the line"),
    "refused": Text("不符合申请条件", "a condition is not met"),
    "vetoed": Text("一票否决", "refused by a veto"),
}
_REACHED: dict[bool | None, Text] = {
    True: _OUTCOMES["reached"],
    False: _OUTCOMES["below"],
    None: Text("不能确定", "undecided"),
}


def outcome_words(outcome: str, line: str = "") -> Text:
    """A decided outcome in words, with its line where one is given; empty for an unknown one."""
    words = _OUTCOMES.get(outcome, Text("", ""))
    if not line or outcome not in ("reached", "below"):
        return words
    return {
        "reached": Text(f"达到标准分值 {line} 分", f"the line of {line} is reached"),
        "below": Text(f"未达到标准分值 {line} 分", f"below the line of {line}"),
    }[outcome]


def reached_words(reached: bool | None) -> Text:
    """Whether the line is reached on a day to come, with every condition; None: not certain."""
    return _REACHED[reached]
