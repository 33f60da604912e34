"""A measure that only ranks has no line, and a line may be 0: both are scored, said and drawn."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.charts import Steps, draw_svg
from jifen.policy.checks import check_policy
from jifen.policy.fault import DocumentError
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.result_status import derive_status, describe_status, result_to_dict
from tests.policy.faults import changed

ON = date(2022, 6, 1)
LINE = (
    "\n    - {from: 2020-01-01, until: 2024-12-31, points: 60, confidence: certain, sources: [S1]}"
)
"""The line of the smallest policy, as it is written."""


def _policy(mode: str, lines: str) -> Policy:
    return changed((f"lines:{LINE}", f"lines: {lines}"), ("mode: threshold", f"mode: {mode}"))


def test_a_ranking_without_a_line_ranks_everybody_who_may_enter() -> None:
    policy = _policy("rank", "[]")
    assert [fault for fault in check_policy(policy) if fault.severity == "error"] == []
    person: dict[str, Any] = {"age": 30}
    result = assess(policy, person, ON)
    assert result.threshold is None
    document = result_to_dict(result)
    assert document["threshold"] is None
    assert json.loads(json.dumps(document)) == document
    assert "1000000" not in json.dumps(document, ensure_ascii=False)
    words = describe_status(derive_status(result))
    assert words.spoken.zh.startswith("目前可得 50 分")
    assert "线" not in words.spoken.zh


def test_without_a_line_a_threshold_decides_nothing_and_is_refused() -> None:
    with pytest.raises(DocumentError) as raised:
        _policy("threshold", "[]").rules_on(ON)
    assert "JF-P011" in str(raised.value)
    assert "no line in a measure of the mode 'threshold'" in str(raised.value)


def test_a_line_of_zero_is_reached_by_everybody_with_no_less() -> None:
    policy = _policy("threshold", LINE.replace("points: 60", "points: 0"))
    result = assess(policy, {"age": 30}, ON)
    standing = derive_status(result)
    assert result.threshold == standing.threshold == 0
    assert standing.is_wide is False
    assert "0 分" in describe_status(standing).spoken.zh


def test_a_chart_without_a_line_draws_none() -> None:
    name = Text("分数线", "line")
    points = (1.0, 2.0)
    days = (ON, ON.replace(year=2023))
    chart = Steps(name, days, ON.replace(year=2024), points, points, (), name, name)
    assert "分数线 " not in draw_svg(chart, "zh")
    assert "分数线 3" in draw_svg(replace(chart, line=(3.0, 3.0)), "zh")


def test_the_stand_in_for_no_line_lies_below_every_total() -> None:
    assert _policy("rank", "[]").rules_on(ON).decision.threshold_on(ON) == Decimal(-1_000_000)
