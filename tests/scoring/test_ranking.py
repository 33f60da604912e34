"""The order of a ranked measure is total, repeats, and treats those who are level alike."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.cities.worked_cases import load_cases
from jifen.scoring import Assessment, assess
from jifen.scoring.ranking import (
    Entrant,
    Level,
    admit_within_quota,
    build_entrant,
    order_entrants,
    rank_assessments,
    score_group,
)

SCORES = st.integers(1000, 1030).map(lambda tenths: Decimal(tenths) / 10)
MONTHS = st.integers(60, 63).map(Decimal)
PEOPLE = st.lists(st.tuples(SCORES, MONTHS, MONTHS), max_size=40).map(
    lambda rows: [Entrant(f"CH{n:03d}", s, (a, b)) for n, (s, a, b) in enumerate(rows)]
)
LEVELS: list[Level] = ["all", "none"]


@given(PEOPLE)
def test_everybody_has_one_place_and_who_stands_higher_is_better_or_level(
    people: list[Entrant],
) -> None:
    placed = order_entrants(people)
    assert sorted(name for name, _ in placed) == sorted(p.name for p in people)
    standing = {p.name: (p.total, *p.tie_break_keys) for p in people}
    for (one, a), (other, b) in pairwise(placed):
        assert (a.rank == b.rank) == (standing[one] == standing[other])
        assert a.rank <= b.rank
        assert standing[one] >= standing[other]


@given(PEOPLE)
def test_a_place_is_one_more_than_the_number_of_people_who_stand_better(
    people: list[Entrant],
) -> None:
    standing = {p.name: (p.total, *p.tie_break_keys) for p in people}
    for name, place in order_entrants(people):
        better = sum(other > standing[name] for other in standing.values())
        level = sum(other == standing[name] for other in standing.values())
        assert (place.rank, place.shared_by) == (better + 1, level)


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_in_which_people_come_changes_nothing(
    people: list[Entrant],
    random: object,
) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order_entrants(shuffled) == order_entrants(people)


@given(PEOPLE, st.integers(0, 45), st.sampled_from(LEVELS))
def test_those_who_are_level_are_all_in_or_all_out(
    people: list[Entrant], quota: int, level: Level
) -> None:
    placed = order_entrants(people)
    inside = set(admit_within_quota(placed, quota, level))
    for name, place in placed:
        same = {other for other, p in placed if p.rank == place.rank}
        assert (name in inside) == (same <= inside)


@given(PEOPLE, st.integers(0, 45))
def test_one_rule_fills_the_quota_the_other_never_passes_it(
    people: list[Entrant], quota: int
) -> None:
    placed = order_entrants(people)
    everybody, nobody = (admit_within_quota(placed, quota, level) for level in LEVELS)
    assert len(everybody) >= min(quota, len(people))
    assert len(nobody) <= quota
    assert everybody[: len(nobody)] == nobody
    if everybody:
        last = dict(placed)[everybody[-1]]
        assert last.rank <= quota  # without those level with the last there is room for nobody more


@given(PEOPLE, st.integers(0, 44))
def test_a_larger_quota_puts_nobody_out(people: list[Entrant], quota: int) -> None:
    placed = order_entrants(people)
    for level in LEVELS:
        assert set(admit_within_quota(placed, quota, level)) <= set(
            admit_within_quota(placed, quota + 1, level)
        )


def test_tenths_decide_before_insurance_and_insurance_before_residence() -> None:
    people = [
        Entrant("a", Decimal("123.0"), (Decimal(60), Decimal(9))),
        Entrant("b", Decimal("123.2"), (Decimal(60), Decimal(0))),
        Entrant("c", Decimal(123), (Decimal(72), Decimal(0))),
        Entrant("d", Decimal(123), (Decimal(60), Decimal(9))),
    ]
    placed = order_entrants(people)
    assert [(name, place.rank) for name, place in placed] == [
        ("b", 1),
        ("c", 2),
        ("a", 3),
        ("d", 3),
    ]
    assert admit_within_quota(placed, 3) == ["b", "c", "a", "d"]
    assert admit_within_quota(placed, 3, "none") == ["b", "c"]
    assert admit_within_quota(placed, 0) == []


def test_a_quota_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the quota -1; expected 0 or more"):
        admit_within_quota([], -1)


def _guangzhou(case: str) -> Assessment:
    one = next(c for c in load_cases("guangzhou", "2023") if c.id == case)
    return assess(load("guangzhou", "2023"), one.facts, one.on)


@pytest.mark.parametrize(
    ("case", "base", "total"),
    [("G1", 210, 268), ("G2", 122, 122), ("G3", 130, 150), ("G4", 130, 140), ("G7", 140, 182)],
)
def test_guangzhou_ranks_by_the_base_and_asks_for_the_total(
    case: str, base: int, total: int
) -> None:
    result = _guangzhou(case)
    assert (score_group(result, "base"), result.total) == (Decimal(base), Decimal(total))
    assert build_entrant(case, result).scores == (Decimal(base),)


@pytest.mark.parametrize(("quota", "inside"), [(2, "abc"), (4, "abcd"), (1, "a")])
def test_a_sub_score_comes_before_the_ties_and_the_total_decides_nothing(
    quota: int, inside: str
) -> None:
    policy = load("guangzhou", "2023")
    one = next(c for c in load_cases("guangzhou", "2023") if c.id == "ranking")
    results = {name: assess(policy, facts, one.on) for name, facts in one.people.items()}
    placed = rank_assessments(results)
    assert "".join(admit_within_quota(placed, quota)) == inside
    totals = {name: place.total for name, place in placed}
    assert placed[-1][0] == "f"
    assert totals["f"] == max(totals.values())


def test_a_sub_score_that_is_not_definite_is_refused() -> None:
    result = assess(load("guangzhou", "2023"), {"permit_months": 12}, date(2025, 10, 20))
    with pytest.raises(ValueError, match="the score of 'base' is not definite"):
        score_group(result, "base")
    with pytest.raises(KeyError):
        score_group(result, "basis")


def test_where_no_score_counts_only_the_ties_do() -> None:
    people = [
        Entrant("p", Decimal(120), (Decimal(90), Decimal(60)), ()),
        Entrant("q", Decimal(60), (Decimal(91), Decimal(1)), ()),
        Entrant("r", Decimal(80), (Decimal(90), Decimal(60)), ()),
    ]
    assert [(n, place.rank, int(place.total)) for n, place in order_entrants(people)] == [
        ("q", 1, 60),
        ("p", 2, 120),
        ("r", 2, 80),
    ]
