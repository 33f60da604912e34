"""More knowledge of good things closes nothing: every thing that is opened, with every combination
of what may be known of the facts that it asks for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from jifen import cities
from jifen.entitlements import (
    Entitlement,
    EntitlementState,
    KnownStatus,
    assess_entitlement,
    load_entitlements,
)

CITIES = ("shanghai", "chengdu")
EVERY = [(city, one) for city in CITIES for one in load_entitlements(city).entitlements]
ORDER = {
    EntitlementState.NOT_OPEN: 0,
    EntitlementState.UNKNOWN: 1,
    EntitlementState.OPEN: 2,
    EntitlementState.DONE: 3,
}
ONE_DAY = timedelta(days=1)
FLAG = (False, None, True)
Ladder = Sequence[Sequence[Any]]
"""Values of one fact in steps, from bad over not known to good; those of a step are alike."""


def _ladders(city: str, one: Entitlement, on: date) -> dict[str, Ladder]:
    """Every fact that is asked about, with values for all of its boundaries."""
    needed = one.needs.permit_years * 12
    months = ((0,), (needed - 1,), (None,), (needed,), (needed + 1,))
    versions = [version.version for version in cities.find_city(city).versions]
    bad = [version for version in versions if version not in one.needs.measures]
    ladders: dict[str, Ladder] = {
        "permit": [(value,) for value in FLAG],
        "points": [(value,) for value in FLAG],
        "points_by": (bad, (None,), one.needs.measures),
        "notice": [(value,) for value in FLAG],
        "notice_until": ((on - ONE_DAY,), (None, on, on + ONE_DAY)),
        "settled_on": ((None, on + ONE_DAY), (on,)),
        "permit_months": months,
        "all_months": months,
    }
    return ladders | {also.id: [(value,) for value in FLAG] for also in one.needs.also}


def _asked(one: Entitlement) -> set[str]:
    """The facts that its answer may depend on."""
    needs = one.needs
    years = "all_months" if needs.cumulative else "permit_months"
    return (
        ({"permit"} if needs.permit else set())
        | ({"points"} if needs.points else set())
        | ({"points_by"} if needs.measures else set())
        | ({"notice", "notice_until", "settled_on"} if needs.notice else set())
        | ({years} if needs.permit_years else set())
        | {also.id for also in needs.also}
    )


def _known(one: Entitlement, values: Mapping[str, Any]) -> KnownStatus:
    also = {other.id for other in one.needs.also}
    met = {name: value for name, value in values.items() if name in also and value is not None}
    return KnownStatus(**{k: v for k, v in values.items() if k not in also}, met=met)


def _combinations(ladders: Mapping[str, Ladder], names: set[str]) -> Iterator[dict[str, Any]]:
    chosen = [(name, [v for step in ladders[name] for v in step]) for name in sorted(names)]
    for values in product(*(values for _, values in chosen)):
        yield dict(zip((name for name, _ in chosen), values, strict=True))


@pytest.mark.parametrize(("city", "one"), EVERY, ids=lambda value: getattr(value, "id", value))
def test_no_combination_of_good_things_closes_anything(city: str, one: Entitlement) -> None:
    on = one.since
    ladders, asked = _ladders(city, one, on), _asked(one)
    state = {
        tuple(sorted(values.items())): ORDER[assess_entitlement(one, _known(one, values), on).state]
        for values in _combinations(ladders, asked)
    }
    for name in asked:
        for others in _combinations(ladders, asked - {name}):
            steps = [
                [state[tuple(sorted((others | {name: value}).items()))] for value in step]
                for step in ladders[name]
                if step
            ]
            for worse, better in pairwise(steps):
                assert max(worse) <= min(better), (name, others)
            assert all(len(set(step)) == 1 for step in steps), (name, others)


@pytest.mark.parametrize(("city", "one"), EVERY, ids=lambda value: getattr(value, "id", value))
def test_a_fact_that_is_not_asked_for_changes_nothing(city: str, one: Entitlement) -> None:
    on = one.since
    ladders, asked = _ladders(city, one, on), _asked(one)
    for values in _combinations(ladders, asked):
        answer = assess_entitlement(one, _known(one, values), on).state
        for name in ladders.keys() - asked:
            for value in (value for step in ladders[name] for value in step):
                more = _known(one, values | {name: value})
                assert assess_entitlement(one, more, on).state is answer, (name, value, values)


def test_points_of_an_older_measure_are_a_reason_of_their_own() -> None:
    on = date(2026, 3, 1)
    one = next(
        e
        for e in load_entitlements("chengdu").list_in_force(on)
        if e.id == "settlement_by_line_2024"
    )
    for points in FLAG:
        known = KnownStatus(permit=True, points=points, points_by="2018", notice=True)
        answer = assess_entitlement(one, known, on)
        measure = answer.missing[-1]
        assert (answer.state, measure.need, measure.known) == (
            EntitlementState.NOT_OPEN,
            "points",
            True,
        )
        assert "those of now are by that of 2018" in measure.words.en
    unsaid = assess_entitlement(one, KnownStatus(permit=True, points=True, notice=True), on)
    assert [(m.need, m.known) for m in unsaid.missing] == [("points", False)]
