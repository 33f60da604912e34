"""Single measures over whole tables, where a small difference would matter."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.facts.registers import derive_registers
from jifen.facts.registers.calendar import add_months, count_full_months
from jifen.facts.registers.permits import PermitArrays
from jifen.policy.months import format_month, subtract_months
from tests.people.registers import with_wages

ON = date(2025, 6, 15)
CHENGDU = with_wages(load("chengdu", "2024").rules_on(ON))
WAGES = CHENGDU.series[0]
FIRST, LAST = 2022 * 12 + 5, 2025 * 12 + 4


def ratio(tmp_path: Path, bases: list[Any]) -> tuple[Any, Any]:
    """The mean ratio, and whether it does not apply, of one base for each month to 2025-05."""
    months = [format_month(LAST - len(bases) + 1 + n) for n in range(len(bases))]
    table = pa.table({"person": ["A"] * len(bases), "month": months, "base": bases})
    pq.write_table(table, tmp_path / "c.parquet")
    done = derive_registers(CHENGDU, ON, [tmp_path / "c.parquet"], tmp_path / "facts.parquet")
    row = pq.read_table(done.target).to_pylist()[0]
    return row["pension_base_ratio"], row["pension_base_ratio_not_applicable"]


def at_wage(multiple: str) -> list[str]:
    steps = [WAGES.find_figure(month) for month in range(FIRST, LAST + 1)]
    return [str(Decimal(multiple) * wage) for wage in steps if wage is not None]


def test_a_mean_ratio_at_a_break_point_is_exactly_that(tmp_path: Path) -> None:
    assert ratio(tmp_path, at_wage("1")) == (1, False)
    assert ratio(tmp_path, at_wage("0.6")) == (Decimal("0.6"), False)


def test_one_fen_less_is_below_the_break_point(tmp_path: Path) -> None:
    bases = at_wage("1")
    bases[7] = str(Decimal(bases[7]) - Decimal("0.01"))
    found, _ = ratio(tmp_path, bases)
    assert 1 - Decimal("0.0000001") < found < 1


def test_a_mean_ratio_does_not_apply_under_36_months(tmp_path: Path) -> None:
    assert ratio(tmp_path, at_wage("1")[1:]) == (None, True)


def test_a_mean_ratio_of_a_missing_base_is_unknown_and_applies(tmp_path: Path) -> None:
    assert ratio(tmp_path, [*at_wage("1")[:-1], None]) == (None, False)


@pytest.mark.parametrize("months", [-13, -1, 0, 1, 11, 12, 48])
def test_month_ends_move_as_the_plain_calendar_moves_them(months: int) -> None:
    days = [date(2023, 1, 29), date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 31)]
    moved = add_months(np.array(days, "M8[D]"), months)
    assert moved.tolist() == [subtract_months(day, -months) for day in days]


def test_a_month_is_full_on_the_day_before_its_day() -> None:
    since = np.array(["2024-01-15", "2024-01-16", "2024-02-20"], "M8[D]")
    assert count_full_months(since, date(2024, 2, 14)).tolist() == [1, 0, 0]


def test_a_permit_endorsed_late_counts_from_then() -> None:
    issued = np.array(["2020-03-01", "2020-03-01", "2020-03-01"], "M8[D]")
    rows = [["2021-02-01", "2022-05-01"], ["2021-02-01", "NaT"], ["NaT", "NaT"]]
    permits = PermitArrays(
        issued, np.array(["2030-01-01"] * 3, "M8[D]"), np.array(rows, "M8[D]"),
        np.array([True, True, False]),
    )  # fmt: skip
    since = permits.held_since(date(2022, 12, 31))
    assert [str(day) for day in since] == ["2022-05-01", "2023-01-01", "NaT"]
    valid, known = permits.flag_valid(date(2022, 12, 31))
    assert (valid & known).tolist() == [True, False, True]


@pytest.mark.parametrize("module", ["jifen.facts", "jifen.cli.facts"])
def test_one_person_is_scored_without_the_libraries_for_many(module: str) -> None:
    many = "('polars', 'numpy', 'pyarrow')"
    check = f"import {module}, sys; print([m for m in {many} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
