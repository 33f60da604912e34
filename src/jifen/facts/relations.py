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
    broken = [one for one in vocabulary.relations if _is_broken(one, values, trusted)]
    pairs = {(one.fact, one.other) for one in broken}
    for one in broken:
        chained = any(one.fact == a and (b, one.other) in pairs for a, b in pairs)
        if not chained:
            facts = vocabulary[one.fact], vocabulary[one.other]
            yield describe_contradiction(*facts, one.plus, values[one.fact], values[one.other])


def _is_broken(one: Relation, values: Mapping[str, Any], trusted: Collection[str]) -> bool:
    least, most = values.get(one.fact), values.get(one.other)
    if least is None or most is None or (one.fact in trusted and one.other in trusted):
        return False
    return bool(least > most + one.plus)


def describe_contradiction(one: Fact, other: Fact, plus: int, value: Any, most: Any) -> FactFault:
    """That a value of one fact is above that of another, and more, though it cannot be."""
    said = one.describe_value(value), other.describe_value(most)
    more = Quantity(Decimal(plus), one.unit).to_text() if plus else None
    found = Text(
        f"{one.label.zh}（{one.id}）为 {said[0].zh}，"
        f"而{other.label.zh}（{other.id}）为 {said[1].zh}",
        f"{one.label.en} ({one.id}): {said[0].en}, beside "
        f"{other.label.en} ({other.id}): {said[1].en}",
    )
    expected = Text(
        "前者不超过后者" + (f"加 {more.zh}" if more else ""),
        "the first to be at most the second" + (f" plus {more.en}" if more else ""),
    )
    remedy = Text("请核对这两项，或删去一项。", "Correct one of the two, or leave one out.")
    sentence = Text(
        f"{found.zh}；应为{expected.zh}。{remedy.zh}",
        f"Found {found.en}; expected {expected.en}. {remedy.en}",
    )
    return FactFault("JF-F042", one.id, found, expected, remedy, sentence, other.id)
