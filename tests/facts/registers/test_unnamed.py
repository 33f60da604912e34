"""A vocabulary that names no multiple and no window: the average wage itself, and 36 months."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen.facts import read_situation
from jifen.facts.registers import derive_registers
from jifen.policy.model import Rules
from jifen.policy.policy_reader import read_policy
from jifen.policy.series_file import read_series
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.policy.faults import HERE, MINIMAL

ON = date(2023, 6, 15)
FACTS = """
  - id: months_at_wage
    type: months
    label: {zh: 达到社平工资的月数, en: Months at the wage}
    derive: {from: contributions, measure: months_at_base, window: 12}
  - id: mean_ratio
    type: ratio
    most: 10
    label: {zh: 平均倍数, en: Mean ratio}
    derive: {from: contributions, measure: mean_base_ratio}
"""
SERIES = """
series:
  - id: wage
    label: {zh: 社平工资, en: Average wage}
    unit: yuan
    steps:
      - {from: 2018-01, to: 2023-12, value: 10000, confidence: likely}
"""


def rules() -> Rules:
    sink = Sink()
    vocabulary = read_vocabulary(parse_yaml((HERE / "facts.yaml").read_text("utf-8") + FACTS), sink)
    series = read_series(parse_yaml(SERIES), sink)
    assert sink.faults == []
    text = MINIMAL.replace("  includes_filing_month", "  series: wage\n  includes_filing_month")
    return read_policy(parse_yaml(text), vocabulary, series, ()).rules_on(ON)


def spell(since: str, until: str, base: str) -> dict[str, Any]:
    return {"from": since, "to": until, "base": base, "status": "paid"}


@pytest.mark.parametrize(
    ("spells", "months", "ratio"),
    [
        ([spell("2020-06", "2023-05", "10000")], 12, "1"),
        ([spell("2020-06", "2023-05", "9999.99")], 0, "0.999999"),
        ([spell("2020-07", "2023-05", "20000")], 12, None),
        ([spell("2020-05", "2020-05", "90000"), spell("2020-06", "2023-05", "15000")], 12, "1.5"),
    ],
)
def test_the_wage_itself_and_thirty_six_months(
    tmp_path: Path, spells: list[dict[str, Any]], months: int, ratio: str | None
) -> None:
    expected = None if ratio is None else Decimal(ratio)
    derived = read_situation(rules(), {"contributions": spells}, ON).derived
    assert (derived["months_at_wage"].value, derived["mean_ratio"].value) == (months, expected)
    rows = [{"person": 1, "schemes": "pension,medical", **each} for each in spells]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "c.parquet")
    done = derive_registers(rules(), ON, [tmp_path / "c.parquet"], tmp_path / "facts.parquet")
    [row] = pq.read_table(done.target).to_pylist()
    assert (row["months_at_wage"], row["mean_ratio"]) == (months, expected)
