"""The closed schema: what a value may be, and the JSON Schema that says the same."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.policy.document import POLICY, policy_json_schema
from jifen.policy.quantity import QUANTITY, Quantity, format_number
from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    FLAG,
    IDENT,
    MONTH,
    NUMBER,
    WHOLE,
    Choice,
    Closed,
    Field,
    ListOf,
    MapOf,
    Shape,
    Sink,
    optional,
)
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text


def _read(shape: Shape, text: str) -> tuple[Any, list[str]]:
    sink = Sink(tuple(text.splitlines()))
    return shape.read(parse_yaml(text), sink), [fault.code for fault in sink.faults]


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (NUMBER, "0.80", Decimal("0.80")),
        (WHOLE, "-12", -12),
        (FLAG, "true", True),
        (DATE, "2018-01-01", date(2018, 1, 1)),
        (MONTH, "2018-03", 2018 * 12 + 2),
        (IDENT, "deferral-2022", "deferral-2022"),
        (Choice(("a", "b")), "b", "b"),
        (ListOf(WHOLE), "[1, 2]", (1, 2)),
        (MapOf(WHOLE), "{a: 1}", {"a": 1}),
        (BILINGUAL, "{zh: 年龄, en: Age}", Text("年龄", "Age")),
        (QUANTITY, "12 months", Quantity(Decimal(12), "months")),
    ],
)
def test_a_value_is_read_in_its_type(shape: Shape, text: str, value: object) -> None:
    assert _read(shape, text) == (value, [])


@pytest.mark.parametrize(
    ("shape", "text", "code"),
    [
        (NUMBER, "1_000", "JF-P014"),
        (NUMBER, "NaN", "JF-P014"),
        (NUMBER, "1e5000000000", "JF-P014"),
        (WHOLE, "1.5", "JF-P014"),
        (FLAG, "yes", "JF-P012"),
        (DATE, "2018-1-1", "JF-P015"),
        (DATE, "1899-12-31", "JF-P015"),
        (MONTH, "2018-13", "JF-P015"),
        (IDENT, "Änderung", "JF-P016"),
        (Choice(("a", "b")), "c", "JF-P013"),
        (ListOf(WHOLE), "1", "JF-P012"),
        (ListOf(WHOLE, 1), "[]", "JF-P012"),
        (MapOf(WHOLE), "[1]", "JF-P012"),
        (BILINGUAL, "{zh: 年龄}", "JF-P011"),
        (QUANTITY, "12", "JF-P012"),
    ],
)
def test_a_value_of_another_form_is_refused(shape: Shape, text: str, code: str) -> None:
    assert _read(shape, text)[1] == [code]


def test_yaml_guesses_nothing() -> None:
    assert parse_yaml("[yes, 010, 12:30, ~, '~']").to_plain() == ["yes", "010", "12:30", None, "~"]


def test_a_closed_mapping_reports_every_unknown_and_missing_key() -> None:
    shape = Closed("thing", {"id": Field(IDENT), "points": Field(NUMBER), "note": optional(IDENT)})
    assert _read(shape, "{id: a, pionts: 3}")[1] == ["JF-P010", "JF-P011"]


def test_left_out_and_null_are_the_same_for_an_optional_key() -> None:
    shape = Closed("thing", {"note": optional(IDENT, "none")})
    assert _read(shape, "{}")[0] == _read(shape, "{note: null}")[0] == {"note": "none"}


def test_the_json_schema_is_closed_and_knows_every_key() -> None:
    schema = policy_json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(POLICY.fields)
    indicator, repeated = schema["properties"]["indicators"]["items"]["anyOf"]
    assert set(repeated["properties"]) == {"for_each", *indicator["properties"]}
    assert {"scale", "choice", "per_unit", "first_of"} <= set(indicator["properties"])
    assert "description" in indicator["properties"]["when"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (Decimal("12.50"), "12.5"),
        (Decimal("12.00"), "12"),
        (Decimal("1E+5"), "100,000"),
        (9999, "9999"),
        (10000, "10,000"),
        (Decimal(-150), "-150"),
    ],
)
def test_numbers_are_said_plainly(number: Decimal, said: str) -> None:
    assert format_number(number) == said


def test_one_month_is_singular() -> None:
    assert Quantity(Decimal(1), "months").to_text() == Text("1 个月", "1 month")
    assert Quantity(Decimal(2), "months").to_text() == Text("2 个月", "2 months")
