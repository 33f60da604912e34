"""The order of selection of a measure in words, for the policy book and the differences."""

from jifen.policy.model import Quota, SelectionRule
from jifen.policy.quantity import format_number
from jifen.policy.text import Text, join_texts
from jifen.policy.words import say

_STAMPS = {
    "filed": say("selection_text.stamp_filed"),
    "reached": say("selection_text.stamp_reached"),
}
_LEVELS = {"all": say("selection_text.level_all"), "none": say("selection_text.level_none")}


def describe_selection(rule: SelectionRule | None) -> tuple[Text, ...]:
    """Sentence by sentence, in the order in which people are taken; none without a rule."""
    if rule is None:
        return ()
    sentences = []
    if rule.places is not None:
        percent = rule.places.percent
        if rule.places.then == "nobody":
            sentences.append(say("selection_text.places_nobody"))
        elif percent is None:
            sentences.append(say("selection_text.places_city"))
        else:
            words = say("selection_text.places_city_percent", percent=format_number(percent))
            sentences.append(words)
    if rule.stamp != "none":
        sentences.append(_STAMPS[rule.stamp])
    sentences.append(_LEVELS[rule.level])
    if rule.draws == "repeated":
        sentences.append(say("selection_text.draws_repeated"))
    return tuple(sentences)


def describe_place_quotas(quota: Quota) -> Text:
    """The quotas of the places of a year; places are named as the file names them."""
    places = (
        say("selection_text.place_quota", place=place, people=people)
        for place, people in quota.places.items()
    )
    return say(
        "selection_text.place_quotas", year=quota.year, places=join_texts(places, Text("，", ", "))
    )
