"""Where points fall, by how much, and in which words."""

from datetime import date

import pytest

from jifen.cities import index, load
from jifen.policy.checks import check_policy
from jifen.policy.checks.cliffs import Cliff, find_cliffs
from tests.policy.faults import policy

VERSIONS = [(city.id, v.version) for city in index().values() for v in city.versions]


def _cliffs(city: str, version: str, day: str) -> list[Cliff]:
    return list(find_cliffs(load(city, version).rules_on(date.fromisoformat(day))))


def test_a_birthday_costs_points() -> None:
    found = [c for c in find_cliffs(policy().rules_on(date(2020, 1, 1))) if c.kind == "birthday"]
    assert [(c.value, int(c.drop or 0)) for c in found] == [(36, 10), (46, 40)]
    assert found[0].describe_cliff().zh == "年龄：到 36 周岁时，少 10 分"


def test_years_that_each_cost_the_same_are_one_cliff() -> None:
    found = [c for c in _cliffs("shanghai", "2018", "2020-01-01") if c.about == "age"]
    steps = [(c.value, c.last, int(c.drop or 0)) for c in found]
    assert steps == [(44, 44, 1), (45, 56, 2), (61, 61, 5)]


def test_a_month_too_few_in_a_window_costs_a_whole_tier() -> None:
    found = [c for c in _cliffs("shanghai", "2018", "2020-01-01") if c.about == "contribution_base"]
    assert {(c.fact.id, c.value, c.drop) for c in found} >= {
        ("base_3x_months_last_36", 24, 120),
        ("base_1x_months_last_48", 36, 50),
    }
    assert {c.kind for c in found} == {"window"}


def test_a_condition_is_lost_under_its_figure() -> None:
    [found] = [c for c in find_cliffs(policy().rules_on(date(2020, 1, 1))) if c.kind == "condition"]
    assert (found.fact.id, found.value, found.drop) == ("insured_months_last_12", 6, None)


def test_each_record_costs_its_points() -> None:
    [found] = [c for c in find_cliffs(policy().rules_on(date(2020, 1, 1))) if c.kind == "record"]
    assert found.drop == 50


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_shipped_policies_have_no_errors_and_no_warnings(city: str, version: str) -> None:
    faults = [fault for fault in check_policy(load(city, version)) if fault.severity != "info"]
    assert [str(fault) for fault in faults] == []


def test_the_largest_loss_is_told_whatever_the_other_facts_are() -> None:
    """Points of a title hang on the title too, and the years in a suburb count for two areas."""
    found = [c for c in _cliffs("shanghai", "2018", "2025-06-01") if not c.rising]
    losses = [(c.about, c.fact.id, c.value, int(c.drop or 0)) for c in found]
    assert ("title", "base_1x_months_last_12", 6, 140) in losses
    assert [loss[2:] for loss in losses if loss[0] == "outer_suburb"] == [(12, 2), (60, 10)]


def test_a_base_that_is_too_high_costs_its_points() -> None:
    found = [c for c in _cliffs("chengdu", "2020", "2022-06-01") if c.about == "contribution_base"]
    assert {(c.fact.id, str(c.value), int(c.drop or 0), c.kind) for c in found} >= {
        ("pension_base_ratio", "2", 10, "window"),
        ("pension_base_ratio", "3.0001", 20, "rise"),
        ("pension_months", "36", 20, "threshold"),
    }


def test_an_age_at_which_a_condition_is_lost_is_found_behind_other_facts() -> None:
    found = [c for c in _cliffs("chengdu", "2018", "2020-01-01") if c.kind == "condition"]
    assert ("age_limit", "age", 56, True) in [
        (c.about, c.fact.id, c.value, c.rising) for c in found
    ]
