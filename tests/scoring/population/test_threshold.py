"""In the compiled loop the line is reached from its own points on, and not a tenth below."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from jifen.policy import Policy
from jifen.scoring import assess, score_population
from jifen.scoring.population.program import build_program
from tests.policy.faults import HERE, policy

ON = date(2023, 8, 1)
KNOWN: dict[str, Any] = {
    "age": 40,
    "insured_months": 61,
    "insured_months_last_12": 12,
    "base_ratio": Decimal("2.5"),
    "education": "college",
    "permit_valid": True,
    "serious_crime": False,
    "detention_count_5y": 0,
}
TOTAL = Decimal("100.5")


def with_line(points: Decimal) -> Policy:
    text = (HERE / "printed" / "full.yaml").read_text("utf-8")
    old = "until: 2023-12-31, points: 60,"
    assert old in text
    return policy(text.replace(old, f"until: 2023-12-31, points: {points},"))


@pytest.mark.parametrize("more", ["-0.1", "0", "0.1"])
@pytest.mark.parametrize(
    ("change", "eligible", "vetoed"),
    [
        ({}, True, False),
        ({"serious_crime": True}, True, True),
        ({"insured_months_last_12": 5}, False, False),
    ],
)
def test_a_total_at_the_line_reaches_it(
    more: str, change: dict[str, Any], eligible: bool, vetoed: bool
) -> None:
    made = with_line(TOTAL + Decimal(more))
    person = KNOWN | change
    [row] = score_population(made, pa.Table.from_pylist([person]), on=ON).to_pylist()
    assert row["total"] == TOTAL
    assert (row["eligible"], row["vetoed"]) == (eligible, vetoed)
    assert row["reached"] is (Decimal(more) <= 0 and eligible and not vetoed)
    assert assess(made, person, ON).reached is row["reached"]


def test_with_something_unknown_the_line_is_open_until_the_least_is_there() -> None:
    """Of somebody whose education is not known the total is 100 to 110."""
    person = {ident: value for ident, value in KNOWN.items() if ident != "education"}
    table = pa.Table.from_pylist([person]).append_column("education", pa.array([None], pa.string()))
    for line, reached in (("100", True), ("100.1", None), ("110", None), ("110.1", False)):
        made = with_line(Decimal(line))
        [row] = score_population(made, table, on=ON).to_pylist()
        assert (row["total_least"], row["total_most"]) == (100, 110)
        assert row["reached"] is reached
        assert assess(made, person, ON).reached is reached


@pytest.mark.parametrize("floor", [3_200, 3_276, 3_277, 4_000])
def test_a_floor_beyond_the_narrow_width_is_given_whole(floor: int) -> None:
    text = (HERE / "printed" / "full.yaml").read_text("utf-8")
    made = policy(text.replace("\nfloor: 0\n", f"\nfloor: {floor}\n"))
    [row] = score_population(made, pa.Table.from_pylist([KNOWN]), on=ON).to_pylist()
    assert row["total"] == floor == assess(made, KNOWN, ON).total


def test_a_program_knows_the_least_and_the_most_total() -> None:
    program = build_program(with_line(TOTAL).rules_on(ON))
    assert (program.least, program.most) == (0, 1_500)  # tenths; the floor, the cap of the group
    text = (HERE / "printed" / "full.yaml").read_text("utf-8")
    open_ended = policy(text.replace("\nfloor: 0\n", "\n")).rules_on(ON)
    assert build_program(open_ended).least == -10_000  # twenty records
