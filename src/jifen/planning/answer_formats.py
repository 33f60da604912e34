"""How a fact is answered in a file, or on the command line."""

from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact

_RECORDS = {
    "contributions": Text("逐段的缴费记录", "the records, spell by spell"),
    "permit": Text("签发日、有效期和历次签注", "its issue, validity and endorsements"),
}
_BY_TYPE = {
    "bool": Text("true 或 false", "true or false"),
    "date": Text("如 1990-05-01", "such as 1990-05-01"),
    "dates": Text("[]（没有）或 [2024-03-01, …]", "[] (none) or [2024-03-01, …]"),
}
MOST_OPTIONS = 10


def describe_answers(fact: Fact) -> Text:
    """What may be written for a fact: the ids of a choice, the range of a number."""
    if fact.is_record:
        return _RECORDS.get(fact.type, fact.label)
    if fact.type == "choice":
        shown = fact.ids[:MOST_OPTIONS]
        ellipsis = ", …" if len(shown) < len(fact.ids) else ""
        answer_format = Text(", ".join(shown) + ellipsis, ", ".join(shown) + ellipsis)
    elif fact.type in _BY_TYPE:
        answer_format = _BY_TYPE[fact.type]
    elif fact.type in WHOLE_TYPES:
        least, most = int(fact.least), int(fact.most)
        answer_format = Text(f"{least} 到 {most} 的整数", f"a whole number from {least} to {most}")
    else:
        answer_format = Text("数字，如 12.5", "a number, such as 12.5")
    if fact.always_applies or fact.type in ("bool", "date", "dates"):
        return answer_format
    return Text(
        f"{answer_format.zh}；不适用写 null", f"{answer_format.en}; null where it does not apply"
    )
