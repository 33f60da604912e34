"""The order of a ranked measure is total, repeats, and treats those who are level alike."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.scoring.ranking import Entrant, Level, admitted, order

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
    placed = order(people)
    assert sorted(name for name, _ in placed) == sorted(p.name for p in people)
    standing = {p.name: (p.total, *p.keys) for p in people}
    for (one, a), (other, b) in pairwise(placed):
        assert (a.rank == b.rank) == (standing[one] == standing[other])
        assert a.rank <= b.rank
        assert standing[one] >= standing[other]


@given(PEOPLE)
def test_a_place_is_one_more_than_the_number_of_people_who_stand_better(
    people: list[Entrant],
) -> None:
    standing = {p.name: (p.total, *p.keys) for p in people}
    for name, place in order(people):
        better = sum(other > standing[name] for other in standing.values())
        level = sum(other == standing[name] for other in standing.values())
        assert (place.rank, place.level) == (better + 1, level)


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_in_which_people_come_changes_nothing(
    people: list[Entrant],
    random: object,
) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order(shuffled) == order(people)


@given(PEOPLE, st.integers(0, 45), st.sampled_from(LEVELS))
def test_those_who_are_level_are_all_in_or_all_out(
    people: list[Entrant], quota: int, level: Level
) -> None:
    placed = order(people)
    inside = set(admitted(placed, quota, level))
    for name, place in placed:
        same = {other for other, p in placed if p.rank == place.rank}
        assert (name in inside) == (same <= inside)


@given(PEOPLE, st.integers(0, 45))
def test_one_rule_fills_the_quota_the_other_never_passes_it(
    people: list[Entrant], quota: int
) -> None:
    placed = order(people)
    everybody, nobody = (admitted(placed, quota, level) for level in LEVELS)
    assert len(everybody) >= min(quota, len(people))
    assert len(nobody) <= quota
    assert everybody[: len(nobody)] == nobody
    if everybody:
        last = dict(placed)[everybody[-1]]
        assert last.rank <= quota  # without those level with the last there is room for nobody more


@given(PEOPLE, st.integers(0, 44))
def test_a_larger_quota_puts_nobody_out(people: list[Entrant], quota: int) -> None:
    placed = order(people)
    for level in LEVELS:
        assert set(admitted(placed, quota, level)) <= set(admitted(placed, quota + 1, level))


def test_tenths_decide_before_insurance_and_insurance_before_residence() -> None:
    people = [
        Entrant("a", Decimal("123.0"), (Decimal(60), Decimal(9))),
        Entrant("b", Decimal("123.2"), (Decimal(60), Decimal(0))),
        Entrant("c", Decimal(123), (Decimal(72), Decimal(0))),
        Entrant("d", Decimal(123), (Decimal(60), Decimal(9))),
    ]
    placed = order(people)
    assert [(name, place.rank) for name, place in placed] == [
        ("b", 1),
        ("c", 2),
        ("a", 3),
        ("d", 3),
    ]
    assert admitted(placed, 3) == ["b", "c", "a", "d"]
    assert admitted(placed, 3, "none") == ["b", "c"]
    assert admitted(placed, 0) == []


def test_a_quota_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the quota -1; expected 0 or more"):
        admitted([], -1)
