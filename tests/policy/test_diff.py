"""The difference between two versions, in words and in points."""

from jifen.cities import load
from jifen.policy.diff import DifferenceItem, PolicyDifference, find_difference
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.text import Text
from tests.policy.faults import changed, policy


def _item(found: PolicyDifference, ident: str) -> DifferenceItem:
    return next(item for item in found.items if item.change.id == ident)


def _diff(*pairs: tuple[str, str]) -> PolicyDifference:
    return find_difference(policy(), changed(*pairs))


def test_nothing_differs_from_itself() -> None:
    found = find_difference(policy(), policy())
    assert found.items == ()
    assert found.to_text("en").endswith("No difference.\n")


def test_a_changed_band_names_the_ages_that_gain() -> None:
    item = _item(_diff(("to: 45, points: 40", "to: 45, points: 42")), "age")
    assert item.change.kind == "changed"
    [points] = item.points
    assert (
        points.describe_change().en
        == "Age 36 years of age to 45 years of age: 40 points → 42 points (+2)"
    )


def test_a_changed_answer_names_the_answer() -> None:
    item = _item(_diff(("college: 10", "college: 5")), "education")
    assert [p.describe_change().zh for p in item.points] == ["学历 大专：10 分 → 5 分（−5）"]


def test_a_raised_cap_shows_the_first_value_at_which_it_gives_most() -> None:
    item = _item(_diff(("most: 60}\n", "most: 120}\n")), "insurance")
    assert (
        item.points[0].describe_change().en
        == "Insured months 480 months: 60 points → 120 points (+60)"
    )


def test_several_facts_give_the_largest_gain_and_loss() -> None:
    old = "- {when: base_ratio >= 3, points: 20}"
    new = "- {when: base_ratio >= 3 and permit_valid, points: 30}"
    item = _item(_diff((old, new)), "contribution_base")
    assert [p.difference for p in item.points] == [10, -10]
    assert "居住证有效 否" in item.points[1].facts.zh


def test_an_indicator_that_goes_takes_its_points_with_it() -> None:
    text = """  - id: detention
    label: {zh: 行政拘留, en: Detention}
    group: deductions
    each_record: {count: detention_count_5y, each: -50}
    confidence: likely
"""
    item = _item(_diff((text, "")), "detention")
    assert item.change.kind == "removed"
    assert item.points[0].difference > 0


def test_lines_conditions_caps_and_the_counting_day_are_told() -> None:
    found = _diff(
        ("points: 60, confidence", "points: 70, confidence"),
        ("insured_months_last_12 >= 6", "insured_months_last_12 >= 9"),
        ("en: Basic}, confidence", "en: Basic}, most: 100, confidence"),
        ("kind: on_the_day", "kind: end_of_month_before"),
        ("default: capped", "default: open"),
    )
    told = {item.change.about: item.change.after.en for item in found.items}
    assert told["line"] == "from 2020-01-01 until 2024-12-31: 70 points"
    assert told["condition"].endswith("at least 9 months")
    assert told["group"] == "its members are added, at most 100 points"
    assert told["reference"] == "the end of the month before"
    assert told["switch"] == "by default: No cap"


def test_a_new_name_is_no_new_rule() -> None:
    assert _diff(("en: Education}\n    group", "en: Schooling}\n    group")).items == ()


def test_the_json_names_kind_words_and_points() -> None:
    found = find_difference(load("chengdu", "2020"), load("chengdu", "2024")).to_dict("en")
    assert found["schema"] == "jifen.policy-diff.v1"
    assert found["old"]["version"] == "2020"
    award = next(c for c in found["changes"] if c["id"] == "award")
    assert award["kind"] == "changed"
    assert award["points"][0]["after"] == 10


def test_of_a_long_table_only_the_lines_that_differ_are_told() -> None:
    change = _item(_diff(("college: 10", "college: 5")), "education").change
    assert change.before.zh == "大专：10 分"
    assert change.after.zh == "大专：5 分（其余不变）"


def test_a_line_of_the_same_figure_is_no_change_of_the_line() -> None:
    found = find_difference(load("shanghai", "2015"), load("shanghai", "2018"))
    assert "line" not in {item.change.about for item in found.items}


def test_groups_that_come_or_go_are_told_together_and_last() -> None:
    found = find_difference(load("chengdu", "2020"), load("chengdu", "2024"))
    kinds = [item.change.about for item in found.rows]
    assert kinds == sorted(kinds, key=lambda about: about == "group")
    moved = [i for i in found.items if i.change.about == "group" and i.change.kind != "changed"]
    assert sum(len(labels) for _, labels in found.groups) == len(moved) > 0
    assert len(found.rows) == len(found.items) - len(moved)


def test_points_below_nothing_have_a_minus_sign() -> None:
    assert format_points(-150) == Text("−150 分", "−150 points")
    assert format_points(-1).en == "−1 point"
