"""At the ends of months, of windows, of deferrals and of a permit's years registers give what the
plain path gives: people who stand on an end, a month or a day before it, and after it."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.facts import read_situation
from jifen.facts.registers import derive_registers
from jifen.policy.months import format_month, subtract_months, to_month

SCHEMES = (["pension", "medical"], ["pension"], ["medical"])
STATUSES = ("paid", "deferred", "back_paid", "mismatched")
WAGES = {"0": "0", "wage": "12307", "a fen below": "12306.99", "open": ""}


def same_as_plain(
    folder: Path, city: str, version: str, on: date, people: list[list[dict[str, Any]]]
) -> None:
    """Every derived fact of everybody, by registers and one by one."""
    rules = load(city, version).rules_on(on)
    rows = [
        {"person": number, **spell, "schemes": ",".join(spell["schemes"])}
        for number, spells in enumerate(people)
        for spell in spells
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "c.parquet")
    done = derive_registers(rules, on, [folder / "c.parquet"], folder / "facts.parquet")
    assert done.faults == 0
    table = pq.read_table(done.target).to_pylist()
    assert len(table) == len(people)
    for row, spells in zip(table, people, strict=True):
        derived = read_situation(rules, {"contributions": spells}, on).derived
        for ident, fact in derived.items():
            value = fact.value if isinstance(fact.value, int | None) else None
            if ident in row and fact.between is None and isinstance(fact.value, int):
                assert row[ident] == value, (ident, on, spells)
            elif ident in row and fact.between is not None:
                assert row[ident] is None, (ident, on, spells)


def spell(since: int, until: int, base: str, status: str, schemes: list[str]) -> dict[str, Any]:
    return {
        "from": format_month(since),
        "to": format_month(until),
        "base": base,
        "status": status,
        "schemes": schemes,
    }


DAYS = [
    date(2022, 3, 31),  # the month before the deferral
    date(2022, 4, 1),  # its first month
    date(2023, 12, 31),  # its last
    date(2024, 1, 1),  # and the one after
    date(2024, 9, 15),
]


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize(("city", "version"), [("shanghai", "2018"), ("chengdu", "2020")])
def test_the_last_month_and_the_one_before(
    tmp_path: Path, city: str, version: str, on: date
) -> None:
    filing = to_month(on)
    people = []
    for status, schemes, back in product(STATUSES, SCHEMES, (0, 1, 2)):
        last = filing - back
        people.append(
            [
                spell(last - 30, last - 1, "20000", "paid", ["pension", "medical"]),
                spell(last, last, "20000", status, schemes),
            ]
        )
    same_as_plain(tmp_path, city, version, on, people)


@pytest.mark.parametrize("months", [12, 36, 48])
def test_the_first_month_of_a_window_and_the_one_before(tmp_path: Path, months: int) -> None:
    on = date(2025, 6, 15)
    over = to_month(on) - 1
    people = [
        [spell(first, until, base, "paid", ["pension", "medical"])]
        for first in range(over - months - 1, over - months + 3)
        for until in (first, first + 1, over, over + 1)
        for base in WAGES.values()
    ]
    same_as_plain(tmp_path, "shanghai", "2018", on, people)


def test_gaps_of_a_month_and_of_none(tmp_path: Path) -> None:
    on = date(2022, 6, 15)
    over = to_month(on) - 1
    people = [
        [
            spell(over - 40, over - gap_at - gap, "30000", "paid", schemes),
            spell(over - gap_at + 1, over - late, "9000.01", "paid", ["pension", "medical"]),
        ]
        for gap_at, gap, late, schemes in product((1, 12, 35, 36), (0, 1), (0, 1), SCHEMES)
        if gap_at > late
    ]
    for city, version in (("chengdu", "2020"), ("shanghai", "2018")):
        same_as_plain(tmp_path, city, version, on, people)


def permits_same_as_plain(folder: Path, on: date, permits: list[dict[str, Any]]) -> None:
    rules = load("chengdu", "2024").rules_on(on)
    rows = [
        {
            "person": number,
            "permit_issued_on": permit["issued_on"],
            "permit_valid_until": permit["valid_until"],
            "permit_endorsements": permit["endorsements"],
        }
        for number, permit in enumerate(permits)
    ]
    schema = pa.schema(
        [
            ("person", pa.int64()),
            ("permit_issued_on", pa.date32()),
            ("permit_valid_until", pa.date32()),
            ("permit_endorsements", pa.list_(pa.date32())),
        ]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "people.parquet")
    month = to_month(on) - 1
    one_month = {"person": 0} | spell(month, month, "9000", "paid", [])
    contributions = pa.Table.from_pylist([one_month | {"schemes": "pension,medical"}])
    pq.write_table(contributions, folder / "c.parquet")
    done = derive_registers(
        rules,
        on,
        [folder / "c.parquet"],
        folder / "facts.parquet",
        people=folder / "people.parquet",
    )
    for row, permit in zip(pq.read_table(done.target).to_pylist(), permits, strict=True):
        given = {part: value for part, value in permit.items() if value is not None}
        derived = read_situation(rules, {"permit": given}, on).derived
        for ident in ("permit_valid", "permit_months"):
            value = derived[ident].value
            plain = value if isinstance(value, int) else None
            assert row[ident] == plain, (ident, on, permit)


def test_a_permit_at_the_ends_of_its_years(tmp_path: Path) -> None:
    on = date(2025, 6, 15)
    day = timedelta(days=1)
    permits = []
    for years, off in product((0, 1, 2), (-1, 0, 1)):
        issued = subtract_months(on, 12 * years) + off * day
        if issued > on:
            continue
        for until, late in product((on - day, on, on + day, None), (-1, 0, 1)):
            due = subtract_months(issued, -12)
            endorsed = [due + late * day] if issued <= due + late * day <= on else []
            permits += [
                {"issued_on": issued, "valid_until": until, "endorsements": given}
                for given in (endorsed, [], None)
                if until is None or until >= issued
            ]
    permits_same_as_plain(tmp_path, on, permits)
