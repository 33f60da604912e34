"""condition: fixed points where something is so."""

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

BOTH = 'condition: {when: "certified and level in [middle, senior]", points: 30}'


@pytest.mark.parametrize(
    ("certified", "level", "expected"),
    [(True, "senior", 30), (True, "none", 0), (False, "senior", 0), (None, "senior", 0)],
)
def test_points_where_it_holds(certified: bool | None, level: str, expected: int) -> None:
    assert points(BOTH, certified=certified, level=level) == expected


def test_a_comparison_with_what_does_not_apply_never_holds() -> None:
    assert points("condition: {when: level != none, points: 5}", level=None) == 0
    assert points("condition: {when: insured_months < 6, points: 5}", insured_months=None) == 0


def test_it_says_itself_in_both_languages() -> None:
    assert "中级" in sound(BOTH).describe_rule(vocabulary(), "zh")
    assert "Certified and Level: Middle, Senior" in sound(BOTH).describe_rule(vocabulary(), "en")


def test_points_must_fit_the_precision() -> None:
    assert codes("condition: {when: certified, points: 0.5}") == ["JF-P021"]
