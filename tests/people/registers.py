"""Random people with records, as files of registers and as the plain path reads them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jifen.cities import load
from jifen.facts import ABSENT, examine_facts
from jifen.facts.registers import DerivationSummary, derive_registers
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month

ROUNDS = [
    ("shanghai", "2018", date(2025, 6, 15)),
    ("shanghai", "2018", date(2024, 2, 29)),
    ("shanghai", "2015", date(2016, 12, 31)),
    ("chengdu", "2024", date(2025, 6, 30)),
    ("chengdu", "2020", date(2022, 6, 15)),
    ("chengdu", "2018", date(2019, 8, 1)),
    ("chengdu", "2018", date(2019, 5, 31)),  # the counting day itself: May is under way
]
BASES = (None, 0, "4692", "9845.60", "9845.59", 12307, 24614, "36921.00", "36920.99", 7310.5, 30000)
STATUSES = ("paid", "paid", "paid", "paid", "deferred", "back_paid", "mismatched")


@dataclass
class Person:
    """Somebody's records; `permit` None: there is no such record."""

    spells: list[dict[str, Any]] = field(default_factory=list)
    birth_date: date | None = None
    permit: dict[str, Any] | None = None
    has_no_permit: bool = False
    dates: dict[str, list[date]] = field(default_factory=dict)


def with_wages(rules: Rules) -> Rules:
    """Rules with a recorded wage series, so that ratios can be counted in Chengdu too."""
    wages = load("shanghai", "2018").series
    contributions = replace(rules.contributions, series=wages[0].id)
    return replace(rules, series=wages, contributions=contributions)


def random_spells(chance: random.Random, on: date, most: int = 8) -> list[dict[str, Any]]:
    """Spells backwards from about the month of filing: adjacent, with gaps, of one scheme only."""
    spells: list[dict[str, Any]] = []
    for schemes in chance.choice(
        ([["pension", "medical"]], [["pension", "medical"]], [["pension"], ["medical"]])
    ):
        until = to_month(on) - chance.choice((0, 0, 1, 1, 1, 2, 5, 30))
        for _ in range(chance.randint(0, most)):
            since = until - chance.choice((0, 0, 1, 2, 5, 11, 23, 47, 90))
            spells.append(
                {
                    "from": format_month(since),
                    "to": format_month(until),
                    "base": chance.choice(BASES[chance.randint(0, 1) :]),
                    "status": chance.choice(STATUSES),
                    "schemes": schemes,
                }
            )
            until = since - 1 - chance.choice((0, 0, 0, 0, 1, 4, 20))
    return spells


def steady_spells(chance: random.Random, on: date) -> list[dict[str, Any]]:
    """A long unbroken run whose base changes now and then."""
    until, spells = to_month(on), []
    for _ in range(chance.randint(1, 5)):
        since = until - chance.randint(3, 30)
        base = f"{chance.randint(400_000, 4_000_000) / 100:.2f}"
        months = {"from": format_month(since), "to": format_month(until)}
        spells.append({**months, "base": base, "status": "paid", "schemes": ["pension", "medical"]})
        until = since - 1
    return spells


def random_permit(chance: random.Random, on: date, area: Sequence[str]) -> dict[str, Any]:
    """A permit issued up to twelve years ago, endorsed in time, late, or not at all."""
    issued = on - timedelta(days=chance.choice((0, 1, 364, 365, 366, chance.randint(0, 4400))))
    permit: dict[str, Any] = {"issued_on": issued}
    if chance.random() < 0.9:
        valid = on + timedelta(days=chance.randint(-200, 900))
        permit["valid_until"] = max(valid, issued)
    if chance.random() < 0.85:
        days, day = [], issued
        while chance.random() < 0.93:
            day += timedelta(days=chance.choice((330, 350, 364, 365, 366, 370, 500)))
            if day > on:
                break
            days.append(day)
        chance.shuffle(days)
        permit["endorsements"] = days
    if chance.random() < 0.1:
        del permit["issued_on"]
        permit.pop("endorsements", None)
    if area and chance.random() < 0.9:
        permit["area"] = chance.choice(area)
    return permit


def random_person(chance: random.Random, rules: Rules, on: date) -> Person:
    """Anybody."""
    make = chance.choice((random_spells, random_spells, steady_spells))
    area = rules.vocabulary.get("permit_area")
    lists = [fact.id for fact in rules.vocabulary if fact.type == "dates"]
    person = Person(make(chance, on))
    if chance.random() < 0.95:
        person.birth_date = on - timedelta(days=chance.randint(0, 27_000))
    person.has_no_permit = chance.random() < 0.1
    if not person.has_no_permit:
        person.permit = random_permit(chance, on, area.ids if area else ())
    for name in lists:
        days = [chance.randint(0, 2400) for _ in range(chance.choice((0, 0, 0, 1, 3)))]
        days += [0, 365, 366, 1095, 1096, 1826, 1827][: chance.choice((0, 0, 0, 7))]
        person.dates[name] = [on - timedelta(days=n) for n in days]
    return person


def plain_facts(rules: Rules, person: Person, on: date) -> dict[str, Any]:
    """Every derived fact by the plain path."""
    given: dict[str, Any] = {"contributions": person.spells, **person.dates}
    if person.birth_date:
        given["birth_date"] = person.birth_date
    if person.has_no_permit:
        given["permit"] = None
    elif person.permit is not None:
        given["permit"] = person.permit
    situation, faults = examine_facts(rules, given, on)
    assert not faults, faults[0].to_sentence("en")
    return {ident: found.value for ident, found in situation.derived.items()}


def write_registers(folder: Path, people: Mapping[Any, Person]) -> dict[str, Path]:
    """The three registers as Parquet, with rows of a person far apart."""
    rows = [{"person": key, **spell} for key, p in people.items() for spell in p.spells]
    random.Random(3).shuffle(rows)
    for row in rows:
        row["base"] = None if row.get("base") is None else str(row["base"])
        row.setdefault("status", "paid")
        row.setdefault("schemes", ["pension", "medical"])
    key = pa.string() if isinstance(next(iter(people)), str) else pa.int64()
    text = [(name, pa.string()) for name in ("from", "to", "base", "status")]
    schema = pa.schema([("person", key), *text, ("schemes", pa.list_(pa.string()))])
    paths = {name: folder / f"{name}.parquet" for name in ("contributions", "people", "records")}
    pq.write_table(pa.Table.from_pylist(rows, schema), paths["contributions"])
    pq.write_table(
        pa.Table.from_pylist([_people_row(k, p) for k, p in people.items()]), paths["people"]
    )
    records = [
        {"person": key, "fact": name, "date": day}
        for key, p in people.items()
        for name, days in p.dates.items()
        for day in days
    ]
    kinds = pa.schema([("person", key), ("fact", pa.string()), ("date", pa.date32())])
    pq.write_table(pa.Table.from_pylist(records, kinds), paths["records"])
    return paths


def _people_row(key: Any, person: Person) -> dict[str, Any]:
    permit = person.permit or {}
    return {
        "person": key,
        "birth_date": person.birth_date,
        "permit_issued_on": permit.get("issued_on"),
        "permit_valid_until": permit.get("valid_until"),
        "permit_endorsements": permit.get("endorsements"),
        "permit_area": permit.get("area"),
        "permit_not_applicable": person.has_no_permit,
        "education": "bachelor",
    }


def derive_rows(
    rules: Rules, on: date, people: Mapping[Any, Person], folder: Path
) -> tuple[dict[Any, dict[str, Any]], DerivationSummary]:
    """Every person's row of the population table, by key."""
    paths = write_registers(folder, people)
    lists = [fact.id for fact in rules.vocabulary if fact.type == "dates"]
    done = derive_registers(
        rules,
        on,
        [paths["contributions"]],
        folder / "facts.parquet",
        people=paths["people"],
        records=paths["records"],
        record_facts=lists,
    )
    rows = pq.read_table(done.target).to_pylist()
    return {row["person"]: row for row in rows}, done


def list_row_differences(row: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Where a row of the table says something else than the plain path; nothing where equal."""
    wrong = []
    for ident, value in expected.items():
        given, apart = row[ident], row.get(f"{ident}_not_applicable", False)
        if value is ABSENT:
            same = given is None and not apart
        elif value is None:
            same = given is None and apart
        else:
            number = isinstance(value, Decimal)
            same = not apart and given == value and (number or type(given) is type(value))
        if not same:
            wrong.append(f"{ident}: table {given!r} (apart: {apart}), plain {value!r}")
    return wrong
