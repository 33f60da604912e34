"""Totals that contradict one another: by the relations of the city's facts file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.words import say
from jifen.policy.quantity import Quantity
from jifen.policy.relations import Relation
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import Fact, Vocabulary


def find_broken_relations(
    vocabulary: Vocabulary, values: Mapping[str, Any], trusted: Collection[str] = ()
) -> tuple[Relation, ...]:
    """The relations that known values break. Values that are `trusted` come from records: two of
    them are not compared. Of a chain only the links are given."""
    value_of = values.get
    broken = [
        relation
        for relation in vocabulary.relations
        if (least := value_of(relation.fact)) is not None
        and (most := value_of(relation.other)) is not None
        and least > most + relation.plus
        and not (relation.fact in trusted and relation.other in trusted)
    ]
    pairs = {(relation.fact, relation.other) for relation in broken}
    return tuple(
        relation
        for relation in broken
        if not any(relation.fact == a and (b, relation.other) in pairs for a, b in pairs)
    )


Limit = tuple[str, str, int]
"""A total, one that it cannot exceed, and by how much it may all the same."""


def keep_limits(limits: Iterable[Limit], values: Mapping[str, Any]) -> bool:
    """Whether every fact of some limits is known and applies, and none of them is exceeded."""
    try:
        for fact, other, plus in limits:
            if values[fact] > values[other] + plus:
                return False
    except (KeyError, TypeError):  # a fact that is absent, or None: it does not apply
        return False
    return True


def list_related_facts(relations: Iterable[Relation]) -> frozenset[str]:
    """The facts that are compared with others."""
    return frozenset(fact_id for r in relations for fact_id in (r.fact, r.other))


def list_limits(relations: Sequence[Relation]) -> tuple[Limit, ...]:
    """Relations that imply the others: where these hold of known numbers, all do."""
    limits = [(relation.fact, relation.other, relation.plus) for relation in relations]
    for limit in reversed(limits):
        fact, other, plus = limit
        others = [one for one in limits if one != limit]
        allowed = {(low, high): excess for low, high, excess in others}
        if any(
            low == fact and allowed.get((middle, other), plus + 1) + excess <= plus
            for (low, middle), excess in allowed.items()
        ):
            limits = others
    return tuple(limits)


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
