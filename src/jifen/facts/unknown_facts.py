"""Ids that are no fact of a city: mistyped ones, and those of a file that was made for another."""

from collections import Counter
from collections.abc import Iterable, Sequence

from jifen.facts.fault import FactFault
from jifen.facts.words import say
from jifen.policy.fault import find_nearest, join_words, shorten_text
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary

_LISTED = 3


def describe_unknown_facts(
    vocabulary: Vocabulary, fact_ids: Sequence[str], also_known: Iterable[str] = ()
) -> list[FactFault]:
    """The faults of unknown ids: one for all that another city knows, one for each other id.

    `also_known` are ids that a comparison of several cities accepts beside the vocabulary.
    """
    elsewhere = {fact_id: vocabulary.find_other_cities(fact_id) for fact_id in fact_ids}
    counts = Counter(name for names in elsewhere.values() for name in names)
    faults = []
    if counts:
        city, label = counts.most_common(1)[0][0]
        foreign = [fact_id for fact_id in fact_ids if (city, label) in elsewhere[fact_id]]
        faults.append(_other_city_fault(foreign, city, label))
        fact_ids = [fact_id for fact_id in fact_ids if fact_id not in foreign]
    known_ids = tuple(dict.fromkeys((*vocabulary.ids, *also_known)))
    several = bool(also_known)
    return faults + [
        _unknown_fact_fault(fact_id, known_ids, vocabulary.city, several=several, first=number == 0)
        for number, fact_id in enumerate(fact_ids)
    ]


def is_unique_to_city(fact_id: str, vocabulary: Vocabulary) -> bool:
    """Whether a fact of a city is asked for in no other."""
    return fact_id in vocabulary and not vocabulary.find_other_cities(fact_id)


def _other_city_fault(fact_ids: Sequence[str], city: str, label: Text) -> FactFault:
    names = [shorten_text(fact_id, 40) for fact_id in fact_ids]
    words = Text("、".join(names[:_LISTED]), ", ".join(names[:_LISTED]))
    if len(names) > _LISTED:
        words = say(
            "unknown_facts.and_more",
            words=words,
            count=len(names),
            rest=len(names) - _LISTED,
        )
    remedy = say("unknown_facts.these_are_facts_for_load", label=label, city=city)
    return FactFault(
        "JF-F013",
        fact_ids[0],
        say("unknown_facts.which_only_asks", words=words, label=label),
        say("unknown_facts.facts_of_this_city"),
        remedy,
        say("unknown_facts.these_are_facts_for_load_the_file", label=label, words=words),
    )


def _unknown_fact_fault(
    fact_id: str, known_ids: tuple[str, ...], city: str, *, several: bool, first: bool
) -> FactFault:
    hint, shown = find_nearest(fact_id, known_ids), shorten_text(fact_id, 40)
    # the list of all of them once is enough
    listed = join_words(known_ids, 60) if first else "…"
    whose = (
        say("unknown_facts.the_cities_named")
        if several
        else say("unknown_facts.this_city", city=city)
    )
    remedy = say("unknown_facts.remove_or_correct")
    if hint:
        remedy = say("unknown_facts.did_you_mean", hint=hint)
    return FactFault(
        "JF-F001",
        fact_id,
        say("unknown_facts.the_unknown_fact", shown=shown),
        say("unknown_facts.a_fact", whose=whose, listed=listed),
        remedy,
        say("unknown_facts.there_is_no_fact", shown=shown, remedy=remedy),
    )
