"""Totals that contradict one another: by the relations of the city's facts file."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.words import say
from jifen.policy.quantity import Quantity
from jifen.policy.relations import Relation
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import Fact, Vocabulary


def find_contradictions(
    vocabulary: Vocabulary, values: Mapping[str, Any], trusted: Collection[str] = ()
) -> Iterator[FactFault]:
    """The relations that known values break, each with both facts. Values that are `trusted` come
    from records: two of them are not compared. Of a chain only the links are told."""
    broken = [
        relation for relation in vocabulary.relations if _is_broken(relation, values, trusted)
    ]
    pairs = {(relation.fact, relation.other) for relation in broken}
    for relation in broken:
        chained = any(relation.fact == a and (b, relation.other) in pairs for a, b in pairs)
        if not chained:
            facts = vocabulary[relation.fact], vocabulary[relation.other]
            yield describe_contradiction(
                *facts, relation.plus, values[relation.fact], values[relation.other]
            )


def _is_broken(relation: Relation, values: Mapping[str, Any], trusted: Collection[str]) -> bool:
    least, most = values.get(relation.fact), values.get(relation.other)
    if least is None or most is None or (relation.fact in trusted and relation.other in trusted):
        return False
    return bool(least > most + relation.plus)


def describe_contradiction(fact: Fact, other: Fact, plus: int, value: Any, most: Any) -> FactFault:
    """That a value of one fact is above that of another, and more, though it cannot be."""
    stated = fact.describe_value(value), other.describe_value(most)
    allowance = Quantity(Decimal(plus), fact.unit).to_text() if plus else None
    found = say(
        "relations.beside",
        fact_label=fact.label,
        fact_id=fact.id,
        stated=stated[0],
        other_label=other.label,
        other_id=other.id,
        stated_2=stated[1],
    )
    expected = say(
        "relations.the_first",
        part=say("relations.plus", allowance=allowance) if allowance else EMPTY,
    )
    remedy = say("relations.correct_one_of_the_two")
    sentence = say("relations.found_expected", found=found, expected=expected, remedy=remedy)
    return FactFault("JF-F042", fact.id, found, expected, remedy, sentence, other.id)
