"""Totals that contradict one another: by the relations of the city's facts file."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jifen.facts.fault import FactFault
from jifen.policy.quantity import Quantity
from jifen.policy.relations import Relation
from jifen.policy.text import Text
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
    found = Text(
        f"{fact.label.zh}（{fact.id}）为 {stated[0].zh}，"
        f"而{other.label.zh}（{other.id}）为 {stated[1].zh}",
        f"{fact.label.en} ({fact.id}): {stated[0].en}, beside "
        f"{other.label.en} ({other.id}): {stated[1].en}",
    )
    expected = Text(
        "前者不超过后者" + (f"加 {allowance.zh}" if allowance else ""),
        "the first to be at most the second" + (f" plus {allowance.en}" if allowance else ""),
    )
    remedy = Text("请核对这两项，或删去一项。", "Correct one of the two, or leave one out.")
    sentence = Text(
        f"{found.zh}；应为{expected.zh}。{remedy.zh}",
        f"Found {found.en}; expected {expected.en}. {remedy.en}",
    )
    return FactFault("JF-F042", fact.id, found, expected, remedy, sentence, other.id)
