"""Records of several fields: points, shares, a cap of a year inside the cap of all."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.facts.fault import FactsError
from jifen.facts.situation import examine_facts
from jifen.policy.checks import check_policy
from jifen.policy.diff import find_difference
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy, Reform
from jifen.policy.policy_reader import read_policy
from jifen.policy.record_rules import list_rule_rows
from jifen.policy.reform import refuse_change_of_records
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring import assess
from tests.policy.faults import HERE, MINIMAL

ON = date(2024, 6, 30)
_FACTS = """
  - id: patents
    type: records
    label: {zh: 专利, en: Patents}
    fields:
      - {id: granted, type: date, label: {zh: 授权日, en: day of grant}}
      - {id: inventors, type: count, least: 1, most: 20, label: {zh: 发明人数, en: inventors}}
      - id: kind
        type: choice
        label: {zh: 种类, en: Kind}
        choices:
          - {id: invention, label: {zh: 发明, en: Invention}}
          - {id: design, label: {zh: 外观设计, en: Design}}
      - {id: hours, type: count, unit: hours, label: {zh: 小时, en: hours}}
  - {id: patent_points, type: number, unit: points, most: 5000, always_applies: true,
     label: {zh: 专利分, en: Points of patents}, derive: {from: patents, measure: record_points}}
"""
_INDICATOR = """  - id: patents
    label: {zh: 专利, en: Patents}
    group: basic
    accrual: {of: patent_points, each: 1, every: 1 points, round: {places: 2, mode: half_up}}
    confidence: likely
"""
_SHARED = """
    on: granted
    window: 60 months
    each: 20
    shared_by: inventors
    round: {places: 2, mode: half_up}
    confidence: likely
"""


def _vocabulary() -> Vocabulary:
    sink = Sink()
    text = (HERE / "facts.yaml").read_text("utf-8").replace("facts:\n", f"facts:{_FACTS}", 1)
    read = read_vocabulary(parse_yaml(text, "facts.yaml"), sink)
    assert sink.faults == []
    return read


def _policy(rule: str, indicator: str = _INDICATOR) -> Policy:
    head = f"precision: 2\nrecords:\n  - id: patent_points{rule}groups:\n" if rule else "groups:\n"
    text = MINIMAL.replace("groups:\n", head, 1)
    text = text.replace("indicators:\n", f"indicators:\n{indicator}", 1)
    return read_policy(parse_yaml(text, "sample.yaml"), _vocabulary(), (), tuple(text.split("\n")))


def _points(policy: Policy, records: Any) -> Decimal | None:
    result = assess(policy, {"patents": records}, ON)
    line = next(line for line in result.lines if line.indicator.id == "patents")
    least, most = line.bounds
    return least if least == most else None


def _record(day: str, inventors: int = 1, kind: str = "design", hours: int = 0) -> dict[str, Any]:
    return {"granted": day, "inventors": inventors, "kind": kind, "hours": hours}


def test_the_points_of_a_record_are_shared_and_each_share_is_rounded() -> None:
    thirds = [_record("2023-01-01", 3), _record("2024-01-01", 3)]
    assert _points(_policy(_SHARED), thirds) == Decimal("13.34")  # twice 6.67, not 13.33
    down = _policy(_SHARED.replace("half_up", "down"))
    assert _points(down, thirds) == Decimal("13.32")


def test_records_count_inside_the_window() -> None:
    edge = [_record("2019-06-30"), _record("2019-07-01", 2), _record("2024-06-30", 4)]
    assert _points(_policy(_SHARED), edge) == Decimal(15)  # the day itself five years ago is over
    assert _points(_policy(_SHARED.replace("    window: 60 months\n", "")), edge) == Decimal(35)


def test_there_may_be_no_record_and_none_is_not_unknown() -> None:
    policy = _policy(_SHARED)
    assert _points(policy, []) == _points(policy, None) == 0
    assert assess(policy, {}, ON).lines[0].bounds == (Decimal(0), Decimal(5000))


def test_a_cap_of_a_year_stands_inside_the_cap_of_all() -> None:
    rule = """
    on: granted
    window: 60 months
    per_unit: {of: hours, each: 2, every: 50 hours}
    most_a_year: 2
    most: 5
    confidence: likely
"""
    hours = [
        _record("2020-03-01", hours=60),
        _record("2021-03-01", hours=30),
        _record("2021-09-01", hours=30),
        _record("2022-03-01", hours=400),
        _record("2023-03-01", hours=49),
    ]
    assert _points(_policy(rule), hours) == 5  # 2 + 2 + 2 + 0, at most 5
    assert _points(_policy(rule.replace("    most: 5\n", "")), hours) == 6
    open_year = rule.replace("    most_a_year: 2\n    most: 5\n", "")
    assert _points(_policy(open_year), hours) == 22  # 569 hours of the whole window


def test_points_may_follow_a_field() -> None:
    rule = """
    on: granted
    choice: {of: kind, points: {invention: 30, design: 10}}
    most: 60
    confidence: likely
"""
    records = [_record("2015-01-01", kind="invention"), _record("2020-01-01", kind="design")]
    assert _points(_policy(rule), records) == 40
    assert _points(_policy(rule), records * 3) == 60


@given(
    st.lists(
        st.tuples(st.integers(0, 3_000), st.integers(1, 20)),
        max_size=12,
    )
)
def test_what_comes_out_is_what_the_table_says(drawn: list[tuple[int, int]]) -> None:
    """Reckoned again in the words of a table: at most 20 a year, 45 in all, of sixty months."""
    rule = _SHARED.replace("    confidence", "    most_a_year: 20\n    most: 45\n    confidence")
    days = [(ON - timedelta(days=back), inventors) for back, inventors in drawn]
    of_year: dict[int, Decimal] = {}
    for day, inventors in days:
        if day > date(2019, 6, 30):
            share = (Decimal(20) / inventors).quantize(Decimal("0.01"), ROUND_HALF_UP)
            of_year[day.year] = of_year.get(day.year, Decimal(0)) + share
    expected = min(sum((min(points, Decimal(20)) for points in of_year.values()), Decimal(0)), 45)
    records = [_record(day.isoformat(), inventors) for day, inventors in days]
    assert _points(_policy(rule), records) == expected


def test_the_page_and_the_reason_say_how_records_count() -> None:
    policy = _policy(_SHARED.replace("    confidence", "    most: 45\n    confidence"))
    rules = policy.rules_on(ON)
    rows = list_rule_rows(rules, rules.indicators[0])[-2:]
    assert [(row.when.en, row.gives.en) for row in rows] == [
        (
            "Patents (day of grant in the last 60 months), each",
            "20 points ÷ inventors, rounded half up to 2 places",
        ),
        ("at most", "45 points"),
    ]
    assert rows[0].when.zh == "专利（授权日在近 60 个月内），每项"


def test_a_difference_of_the_records_is_a_difference_of_the_rule() -> None:
    changed = find_difference(_policy(_SHARED), _policy(_SHARED.replace("each: 20", "each: 25")))
    assert "25 points ÷ inventors" in changed.to_text("en")


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (_SHARED.replace("on: granted", "on: inventors"), "'inventors', which is no field of"),
        (
            _SHARED.replace("shared_by: inventors", "shared_by: hours"),
            "'hours' of 'patents' may be",
        ),
        (_SHARED.replace("    round: {places: 2, mode: half_up}\n", ""), "without round"),
        (_SHARED.replace("    shared_by: inventors\n", ""), "round without shared_by"),
        (_SHARED.replace("60 months", "5 years"), "a window of 5 years"),
        (_SHARED.replace("each: 20", "each: -20"), "-20 points"),
        (_SHARED.replace("    each: 20\n", ""), "none as what a record gives"),
        (
            _SHARED.replace("each: 20", "per_unit: {of: hours, each: 2, every: 50 hours}"),
            "shared_by beside per_unit",
        ),
        (
            "\n    on: granted\n    choice: {of: kind, points: {invention: 3}}\n"
            "    confidence: likely\n",
            "design",
        ),
        ("", "does not say how 'patents' give it"),
    ],
)
def test_a_faulty_rule_is_told(rule: str, found: str) -> None:
    precision = _INDICATOR if rule else _INDICATOR.replace("places: 2", "places: 0")
    with pytest.raises(PolicyError) as error:
        _policy(rule, precision).rules_on(ON)
    fault = next(fault for fault in error.value.faults if found in fault.found)
    assert fault.code in ("JF-P092", "JF-P011")
    assert fault.in_language("zh").found != fault.found


def test_the_checks_are_silent_on_a_sound_rule() -> None:
    assert [fault for fault in check_policy(_policy(_SHARED)) if fault.severity == "error"] == []


@pytest.mark.parametrize(
    ("records", "code", "path"),
    [
        ("three", "JF-F043", "patents"),
        ([{}] * 201, "JF-F043", "patents"),
        (["2024-01-01"], "JF-F043", "patents.0"),
        ([{"granted": "2024-01-01", "kind": "design", "hours": 1}], "JF-F044", "patents.0"),
        ([_record("2024-01-01", 0)], "JF-F004", "patents.0.inventors"),
        ([_record("2024-01-01") | {"owner": "A"}], "JF-F001", "patents.0.owner"),
        ([_record("2024-07-01")], "JF-F009", "patents.0.granted"),
    ],
)
def test_faulty_records_are_told_with_their_place(records: Any, code: str, path: str) -> None:
    rules = _policy(_SHARED).rules_on(ON)
    situation, faults = examine_facts(rules, {"patents": records}, ON)
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]
    assert "patent_points" not in situation.values  # nothing is reckoned from faulty records


def test_no_simulation_reckons_records_anew() -> None:
    """A table of people holds what came of their records: another rule cannot be tried on it."""
    change = parse_yaml("records.patent_points.each: 25\n", "reform.yaml").mapping
    reform = Reform("more", Text("多", "More"), dict(change))
    with pytest.raises(PolicyError, match="JF-P092") as error:
        refuse_change_of_records(reform)
    assert "records.patent_points.each" in error.value.faults[0].found


def test_a_total_that_contradicts_the_records_is_told() -> None:
    given_both = {"patents": [_record("2024-01-01", 4)], "patent_points": 7}
    with pytest.raises(FactsError) as error:
        assess(_policy(_SHARED), given_both, ON)
    assert [fault.code for fault in error.value.faults] == ["JF-F040"]
