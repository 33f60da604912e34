"""Random people for the property tests: facts drawn from a city's vocabulary, by its ranges,
with values near the break points of the policy drawn often."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from jifen.policy.break_points import (
    find_breaks,
    list_condition_representatives,
    list_representatives,
)
from jifen.policy.model import Rules
from jifen.policy.vocabulary import WHOLE_TYPES, Fact


@cache
def _values_near_breaks(rules: Rules, fact: Fact) -> tuple[Any, ...]:
    """Values of a number fact at the break points of the policy."""
    found: set[Any] = set()
    for indicator in rules.indicators:
        if fact.id in (breaks := find_breaks(indicator)):
            found |= set(list_representatives(fact, breaks[fact.id]))
    for requirement in rules.requirements:
        found |= set(
            list_condition_representatives(requirement.when, rules.vocabulary).get(fact.id, ())
        )
    return tuple(sorted(found))


def possible_values(rules: Rules, fact: Fact, on: date) -> st.SearchStrategy[Any]:
    """A possible value of a fact, does-not-apply included where that makes sense."""
    return (
        _applicable_values(rules, fact, on)
        if fact.always_applies
        else st.one_of(
            _applicable_values(rules, fact, on), _applicable_values(rules, fact, on), st.none()
        )
    )


def _applicable_values(rules: Rules, fact: Fact, on: date) -> st.SearchStrategy[Any]:
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "choice":
        return st.sampled_from(fact.ids)
    if fact.type == "date":
        return st.dates(date(on.year - 75, 1, 1), on)
    if fact.type == "dates":
        return st.lists(st.dates(on - timedelta(days=8 * 365), on), max_size=4)
    least, most = int(fact.least), min(int(fact.most), 500_000)
    plain = st.integers(least, most)
    near = [value for value in _values_near_breaks(rules, fact) if value <= most]
    if fact.type not in WHOLE_TYPES:
        places = 2 if fact.type == "yuan" else 3
        plain = st.decimals(least, min(most, 2_000), places=places, allow_nan=False)  # type: ignore[assignment]
        near = [value for value in near if value == round(Decimal(value), 2)]
    return st.one_of(plain, st.sampled_from(near)) if near else plain


def asked_facts(rules: Rules) -> tuple[str, ...]:
    """The facts that a complete person gives under some rules, as the form asks for them."""
    wanted = {rules.vocabulary.find_asked_fact(ident) for ident in rules.used}
    return tuple(ident for ident in rules.vocabulary.ids if ident in wanted)


@st.composite
def complete_people(draw: st.DrawFn, rules: Rules, on: date) -> dict[str, Any]:
    """A person of whom everything that the rules use is known."""
    return {
        ident: draw(possible_values(rules, rules.vocabulary[ident], on))
        for ident in asked_facts(rules)
    }


@st.composite
def partly_known(draw: st.DrawFn, person: Mapping[str, Any], most: int = 5) -> dict[str, Any]:
    """The same person with a few facts not known."""
    keys = list(person)
    lost = draw(st.sets(st.sampled_from(keys), min_size=1, max_size=most))
    return {ident: value for ident, value in person.items() if ident not in lost}
