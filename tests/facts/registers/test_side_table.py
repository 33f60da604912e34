"""The side table of a register with every kind of fault, row by row. The expected rows stand beside
it; whoever changes a wording changes them there, and reads them."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jifen.cities import load
from jifen.facts.registers import derive_registers

ON = date(2025, 6, 15)
EXPECTED = Path(__file__).parent / "side-table.txt"
SOUND = {"from": "2024-01", "to": "2024-12", "base": "12000", "status": "paid"}
BOTH = "pension,medical"
ISSUED = {"permit_issued_on": "2023-06-15", "permit_valid_until": "2025-06-15"}


def spell(person: str, **more: Any) -> dict[str, Any]:
    return {"person": person, **SOUND, "schemes": BOTH, **more}


SPELLS = [
    spell("sound"),
    spell("overlap"),
    spell("overlap", **{"from": "2024-12", "to": "2025-01"}),
    spell("overlap of one scheme", schemes="pension"),
    spell("overlap of one scheme", schemes="medical"),
    spell("overlap of one scheme", **{"from": "2024-06", "to": "2025-01"}, schemes="medical"),
    spell("a month that is none", **{"from": "2024-00"}),
    spell("too late", **{"from": "2025-05", "to": "2025-07"}),
    spell("backwards", **{"from": "2024-12", "to": "2024-11"}),
    spell("a base with three places", base="1.005"),
    spell("a base too high", base="10000000.01"),
    spell("the highest base", base="10000000.00"),
    spell("a status that is none", status="payed"),
    spell("a scheme that is none", schemes="pension,housing"),
    spell("more than a life", **{"from": "1950-01", "to": "1999-12"}),
    spell("more than a life", **{"from": "2000-01", "to": "2025-05"}),
    *(spell(f"birth {year}") for year in ("1899", "1900", "2199", "2200")),
]
PEOPLE = [
    {"person": "sound", "birth_date": "1985-06-15", **ISSUED},
    {"person": "birth 1899", "birth_date": "1899-12-31"},
    {"person": "birth 1900", "birth_date": "1900-01-01"},
    {"person": "birth 2199", "birth_date": "2199-12-31"},
    {"person": "birth 2200", "birth_date": "2200-01-01"},
    {"person": "a day that is none", "birth_date": "1985-02-30"},
    {"person": "a day to come", "birth_date": "2025-06-16"},
    {"person": "a permit to come", "permit_issued_on": "2025-06-16"},
    {"person": "a permit backwards", **ISSUED, "permit_valid_until": "2023-06-14"},
    {"person": "endorsed before", **ISSUED, "permit_endorsements": "2023-06-14"},
    {"person": "endorsed to come", **ISSUED, "permit_endorsements": "2024-06-15;2025-06-16"},
    {"person": "endorsed on no day", **ISSUED, "permit_endorsements": "2024-06-15,2024-02-30"},
    {"person": "no permit"},
]
RECORDS = [
    {"person": "sound", "fact": "detention_dates", "date": "2024-01-01"},
    {"person": "a record of nothing", "fact": "detentions", "date": "2024-01-01"},
    {"person": "a record to come", "fact": "detention_dates", "date": "2025-06-16"},
    {"person": "a record of no day", "fact": "detention_dates", "date": "2024-02-30"},
]
SHOWN = ("birth_date", "age", "permit_valid", "insured_months", "detention_count_5y")


def table(folder: Path) -> str:
    """Each fault of the side table, then some facts of everybody."""
    columns = sorted({name for row in PEOPLE for name in row}, key=("person",).__contains__)
    people = [{name: row.get(name) for name in columns} for row in PEOPLE]
    everybody = {row["person"] for row in PEOPLE}
    for row in (*SPELLS, *RECORDS):
        if row["person"] not in everybody:
            everybody.add(row["person"])
            people.append(dict.fromkeys(columns) | {"person": row["person"]})
    paths = {"contributions": SPELLS, "people": people, "records": RECORDS}
    for name, rows in paths.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    done = derive_registers(
        load("shanghai", "2018").rules_on(ON),
        ON,
        [folder / "contributions.parquet"],
        folder / "facts.parquet",
        people=folder / "people.parquet",
        records=folder / "records.parquet",
    )
    lines = []
    for row in pq.read_table(done.faults_table).to_pylist():
        lines.append(f"# {row['person']}: {row['file']} row {row['row']}, {row['column']}")
        lines += [
            f"  {row['code']} {row['value']}",
            f"  {row['reason_zh']}",
            f"  {row['reason_en']}",
        ]
    for row in pq.read_table(done.target).to_pylist():
        facts = " ".join(f"{name}={row[name]}" for name in SHOWN if name in row)
        lines.append(f"{row['person']}: {facts}")
    lines.append(
        f"{done.persons} people, {done.rows} rows, {done.faults} faults of {done.faulty_persons}"
    )
    return "\n".join(lines) + "\n"


def test_every_fault_stands_in_the_side_table(tmp_path: Path) -> None:
    assert table(tmp_path) == EXPECTED.read_text("utf-8")
