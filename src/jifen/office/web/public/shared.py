"""Facts that mean the same in two cities: they are answered once."""

from collections.abc import Iterable
from functools import cache

from jifen.cities import City, index, load_vocabulary
from jifen.office.web.public.answers import Answers
from jifen.policy.vocabulary import Fact


@cache
def shared_facts(city: str, other: str) -> frozenset[str]:
    """Facts of a city that another asks for in the same words with the same answers. Insurance and
    permits are of one city, so records of them are not among these."""
    return frozenset(_same(_facts(city), _facts(other)))


def shared_with_any(city: str) -> list[str]:
    """Facts of a city that any other city asks for as well."""
    found = frozenset[str]().union(*(shared_facts(city, o) for o in index() if o != city))
    return sorted(found)


def _facts(city: str) -> dict[str, Fact]:
    return {fact.id: fact for fact in load_vocabulary(index()[city].folder)}


def _same(facts: dict[str, Fact], others: dict[str, Fact]) -> Iterable[str]:
    for ident, fact in facts.items():
        other = others.get(ident)
        if other is None or fact.is_record:
            continue
        if (fact.type, fact.unit, fact.label, fact.options) == (
            *(other.type, other.unit, other.label, other.options),
        ):
            yield ident


def only_shared(answers: Answers, city: City, other: City) -> Answers:
    """Of the answers for another city those that hold here."""
    kept = shared_facts(city.id, other.id)
    return Answers(
        values={ident: text for ident, text in answers.values.items() if ident in kept},
        rows={ident: rows for ident, rows in answers.rows.items() if ident in kept},
    )
