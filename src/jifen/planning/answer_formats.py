"""How a fact is answered in a file, or on the command line."""

from jifen.planning.words import say
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact

_RECORDS = {
    "contributions": say("answer_formats.records_contributions"),
    "permit": say("answer_formats.records_permit"),
}
_BY_TYPE = {
    "bool": say("answer_formats.by_type_bool"),
    "date": say("answer_formats.by_type_date"),
    "dates": say("answer_formats.by_type_dates"),
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
        answer_format = say("answer_formats.a_whole_number", least=least, most=most)
    else:
        answer_format = say("answer_formats.a_number_such_as_12")
    if fact.always_applies or fact.type in ("bool", "date", "dates"):
        return answer_format
    return say("answer_formats.null_where_it_does", answer_format=answer_format)
