"""What reading facts needs to know of some rules, worked out once: types, ranges, derivations."""

from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jifen.facts.relations import Limit, list_limits, list_related_facts
from jifen.policy.model import Rules
from jifen.policy.vocabulary import NUMBER_TYPES, WHOLE_TYPES, Derivation, Fact

_RECORD_KINDS = frozenset({"contributions", "permit", "records", "identity"})


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """For each fact which plain values need no reading; the derivations in order; what is used."""

    facts: dict[str, Fact]
    classes: dict[str, type]
    """The class of a value that may be taken as it is; any other class is read with care."""
    possible: dict[str, Container[Any]]
    """The values of that class that may be taken as they are."""
    derivations: tuple[tuple[Fact, Derivation, str], ...]
    """Derived fact, how, and the type of its source."""
    from_values: tuple[tuple[Fact, Derivation, str], ...]
    """Those of them whose source is a value, not a record."""
    used: frozenset[str]
    useful: frozenset[str]
    """Used facts and what they are derived from."""
    unused: tuple[str, ...]
    """Facts of the city that decide nothing here themselves."""
    useless: frozenset[str]
    """Facts of the city that are not useful."""
    related_and_unused: frozenset[str]
    """Totals that relations compare with others, and that decide nothing here."""
    limits: tuple[Limit, ...]
    """Relations of the used totals which, where all of these are known, imply the others."""


@lru_cache(maxsize=256)
def build_reading_plan(rules: Rules) -> ReadingPlan:
    """The plan for some rules."""
    vocabulary = rules.vocabulary
    used = frozenset(rules.used)
    useful = set(used)
    for _ in range(2):  # identity number → birth date → age
        useful |= {f.derive.source for f in vocabulary if f.derive and f.id in useful}
    plain = {fact.id: values for fact in vocabulary if (values := _list_plain_values(fact))}
    derivations = tuple(
        (f, f.derive, vocabulary[f.derive.source].type) for f in vocabulary if f.derive
    )
    return ReadingPlan(
        facts={fact.id: fact for fact in vocabulary},
        classes={fact_id: kind for fact_id, (kind, _) in plain.items()},
        possible={fact_id: values for fact_id, (_, values) in plain.items()},
        derivations=derivations,
        from_values=tuple(entry for entry in derivations if entry[2] not in _RECORD_KINDS),
        used=used,
        useful=frozenset(useful),
        unused=tuple(fact.id for fact in vocabulary if fact.id not in used),
        useless=frozenset(fact.id for fact in vocabulary) - useful,
        related_and_unused=list_related_facts(vocabulary.relations) - used,
        limits=list_limits([r for r in vocabulary.relations if r.fact in used and r.other in used]),
    )


def _list_plain_values(fact: Fact) -> tuple[type, Container[Any]] | None:
    """The class of values that need no reading, and which of them; None where there is none."""
    if fact.type == "bool":
        return bool, (False, True)
    if fact.type == "choice":
        return str, frozenset(fact.ids)
    if fact.type in NUMBER_TYPES and (fact.type in WHOLE_TYPES or fact.least == int(fact.least)):
        return int, range(int(fact.least), int(fact.most) + 1)
    return None
