"""Faulty rows: told in a side table with the words of the plain path; the rest is derived."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.facts import examine_facts
from jifen.facts.registers import DerivationSummary, RegisterError, derive_registers

ON = date(2025, 6, 15)
RULES = load("shanghai", "2018").rules_on(ON)
SOUND = {"from": "2024-01", "to": "2024-12", "base": "12000", "status": "paid"}
BOTH = "pension,medical"


def extract(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "contributions.parquet"
    filled = [{"person": "A", "schemes": BOTH, **SOUND, **row} for row in rows]
    pq.write_table(pa.Table.from_pylist(filled), path)
    return path


def run(folder: Path, rows: list[dict[str, Any]], **more: Any) -> DerivationSummary:
    return derive_registers(RULES, ON, [extract(folder, rows)], folder / "facts.parquet", **more)


def faults_of(done: DerivationSummary) -> list[dict[str, Any]]:
    return list(pq.read_table(done.faults_table).to_pylist())


def months_of(done: DerivationSummary, fact: str = "insured_months") -> dict[Any, Any]:
    table = pq.read_table(done.target).to_pylist()
    return {row["person"]: row[fact] for row in table}


def people(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "people.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


BAD_ROWS = [
    ({"from": "2024-13"}, "JF-F021", "from"),
    ({"from": "24-01"}, "JF-F012", "from"),
    ({"from": "至今"}, "JF-F021", "from"),
    ({"to": None}, "JF-F021", "to"),
    ({"to": ""}, "JF-F021", "to"),
    ({"from": "2025-02", "to": "2025-01"}, "JF-F025", "to"),
    ({"base": "-1"}, "JF-F022", "base"),
    ({"base": "viel"}, "JF-F022", "base"),
    ({"base": "12.345"}, "JF-F022", "base"),
    ({"base": "10000000.01"}, "JF-F022", "base"),
    ({"status": "payed"}, "JF-F023", "status"),
    ({"status": None}, "JF-F023", "status"),
    ({"schemes": "housing"}, "JF-F024", "schemes"),
    ({"schemes": ""}, "JF-F024", "schemes"),
    ({"schemes": None}, "JF-F024", "schemes"),
    ({"to": "2025-07"}, "JF-F009", "to"),
]


@pytest.mark.parametrize(("wrong", "code", "column"), BAD_ROWS)
def test_a_bad_row_is_told_in_the_words_of_the_plain_path(
    tmp_path: Path, wrong: dict[str, Any], code: str, column: str
) -> None:
    done = run(tmp_path, [{"person": "B"}, wrong, {"person": "C"}])
    told = faults_of(done)
    assert [(f["person"], f["row"], f["column"], f["code"]) for f in told] == [
        ("A", 2, column, code)
    ]
    assert months_of(done) == {"A": None, "B": 12, "C": 12}
    assert (done.persons, done.faulty_persons) == (3, 1)
    spell = {**SOUND, **wrong}
    if isinstance(spell.get("schemes"), str):
        spell["schemes"] = spell["schemes"].split(",")
    by_plain = examine_facts(RULES, {"contributions": [spell]}, ON)[1]
    assert [(f.code, f.to_sentence("zh"), f.to_sentence("en")) for f in by_plain] == [
        (told[0]["code"], told[0]["reason_zh"], told[0]["reason_en"])
    ]


@pytest.mark.parametrize(
    "base", ["+5000", " 5000 ", "5000.00", "0", "0.00", "10000000", "5000.5", "5000.500", ""]
)
def test_odd_but_readable_amounts_are_read_as_the_plain_path_reads_them(
    tmp_path: Path, base: str
) -> None:
    done = run(tmp_path, [{"base": base}])
    assert done.faults == 0
    spell = {**SOUND, "base": base}
    expected = examine_facts(RULES, {"contributions": [spell]}, ON)[0].derived[
        "base_08x_months_last_48"
    ]
    shown = months_of(done, "base_08x_months_last_48")["A"]
    assert shown == (expected.value if isinstance(expected.value, int) else None)


@pytest.mark.parametrize(
    ("kind", "value", "sound"),
    [
        (pa.int32(), 12183, True),
        (pa.float64(), 9746.40, True),
        (pa.float64(), 9746.401, False),
        (pa.float64(), float("nan"), False),
        (pa.float32(), 12183.0, True),
        (pa.decimal128(12, 2), "9746.40", True),
        (pa.decimal128(12, 4), "9746.4000", True),
        (pa.decimal128(12, 4), "9746.4001", False),
        (pa.uint64(), 2**63, False),
        (pa.bool_(), True, False),
    ],
)
def test_bases_of_any_number_type_are_exact(
    tmp_path: Path, kind: pa.DataType, value: Any, sound: bool
) -> None:
    from decimal import Decimal

    table = pa.table(
        {
            "person": ["A"],
            "from": ["2024-01"],
            "to": ["2024-06"],
            "base": pa.array([Decimal(value) if isinstance(value, str) else value], kind),
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    done = derive_registers(RULES, ON, [tmp_path / "c.parquet"], tmp_path / "facts.parquet")
    assert (done.faults == 0) is sound
    # 0.8 × 12,183 = 9,746.40 exactly
    assert months_of(done, "base_08x_months_last_48")["A"] == (6 if sound else None)


def test_overlapping_spells_name_both_and_the_later_row(tmp_path: Path) -> None:
    done = run(tmp_path, [{"from": "2024-06", "to": "2025-01"}, {"from": "2024-01"}])
    told = faults_of(done)
    assert {(f["code"], f["row"]) for f in told} == {("JF-F026", 1)}
    assert "2024-01 – 2024-12" in told[0]["reason_en"]
    assert "2024-06 至 2025-01" in told[0]["reason_zh"]
    assert months_of(done) == {"A": None}


def test_spells_of_different_schemes_may_cover_the_same_months(tmp_path: Path) -> None:
    done = run(tmp_path, [{"schemes": "pension"}, {"schemes": "medical"}])
    assert (done.faults, months_of(done)) == (0, {"A": 12})


def test_more_months_than_a_life_holds_are_told(tmp_path: Path) -> None:
    done = run(tmp_path, [{"from": "1950-01"}, {"person": "B"}])
    assert [f["code"] for f in faults_of(done)][:1] == ["JF-F041"]
    assert months_of(done) == {"A": None, "B": 12}


def test_more_spells_than_a_life_holds_are_told(tmp_path: Path) -> None:
    months = [{"from": f"{1960 + n // 12}-{n % 12 + 1:02d}"} for n in range(601)]
    done = run(tmp_path, [{**m, "to": m["from"]} for m in months] + [{"person": "B"}])
    assert {f["code"] for f in faults_of(done)} == {"JF-F020"}
    assert months_of(done) == {"A": None, "B": 12}


def test_a_row_without_a_person_counts_for_nobody(tmp_path: Path) -> None:
    done = run(tmp_path, [{"person": None}, {"person": ""}, {"person": "B"}])
    assert [(f["person"], f["row"], f["code"]) for f in faults_of(done)] == [
        (None, 1, "JF-F060"),
        (None, 2, "JF-F060"),
    ]
    assert months_of(done) == {"B": 12}


def test_a_person_with_two_rows_in_people_is_told(tmp_path: Path) -> None:
    twice = people(tmp_path, [{"person": p, "sex": s} for p, s in ("Ax", "By", "Az")])
    done = run(tmp_path, [{}, {"person": "B"}], people=twice)
    assert [(f["person"], f["row"], f["code"]) for f in faults_of(done)] == [("A", 3, "JF-F061")]
    assert months_of(done) == {"A": None, "B": 12}
    assert months_of(done, "sex") == {"A": "x", "B": "y"}


BORN, ISSUED = date(1990, 5, 1), date(2023, 3, 1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"birth_date": date(2025, 6, 16)}, "JF-F009"),
        ({"birth_date": date(1880, 1, 1)}, "JF-F041"),
        ({"permit_issued_on": date(2025, 6, 16), "permit_endorsements": None}, "JF-F009"),
        ({"permit_valid_until": date(2023, 2, 28)}, "JF-F031"),
        ({"permit_endorsements": [date(2023, 2, 1)]}, "JF-F032"),
        ({"permit_endorsements": [date(2025, 6, 16)]}, "JF-F009"),
        ({"permit_endorsements": [date(2024, 2, 1), None]}, "JF-F007"),
    ],
)
def test_a_bad_date_of_a_person_is_told(tmp_path: Path, wrong: dict[str, Any], code: str) -> None:
    good = {
        "birth_date": BORN,
        "permit_issued_on": ISSUED,
        "permit_valid_until": date(2026, 1, 1),
        "permit_endorsements": [date(2024, 2, 1)],
    }
    rows = [{"person": "A", **good, **wrong}, {"person": "B", **good}]
    done = run(tmp_path, [{}, {"person": "B"}], people=people(tmp_path, rows))
    assert [(f["person"], f["row"], f["code"]) for f in faults_of(done)] == [("A", 1, code)]
    assert months_of(done, "age") == {"A": None, "B": 35}
    assert months_of(done, "permit_valid")["A"] is None
    assert months_of(done) == {"A": None, "B": 12}


def test_an_unknown_area_brings_the_nearest_one(tmp_path: Path) -> None:
    rules = load("chengdu", "2024").rules_on(ON)
    rows = [
        {"person": p, "permit_issued_on": ISSUED, "permit_area": area}
        for p, area in (("A", "wuhuo"), ("B", "wuhou"))
    ]
    path = extract(tmp_path, [{}, {"person": "B"}])
    target = tmp_path / "facts.parquet"
    done = derive_registers(rules, ON, [path], target, people=people(tmp_path, rows))
    told = faults_of(done)
    assert [(f["code"], f["column"]) for f in told] == [("JF-F002", "permit_area")]
    assert "wuhou" in told[0]["reason_en"]
    assert months_of(done, "permit_area") == {"A": None, "B": "wuhou"}


def dated(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "records.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"fact": "detentions"}, "JF-F001"),
        ({"fact": "age"}, "JF-F001"),
        ({"date": date(2025, 6, 16)}, "JF-F009"),
        ({"date": None}, "JF-F007"),
    ],
)
def test_a_bad_record_is_told(tmp_path: Path, wrong: dict[str, Any], code: str) -> None:
    good = {"person": "B", "fact": "detention_dates", "date": date(2024, 1, 1)}
    path = dated(tmp_path, [good, {**good, "person": "A", **wrong}])
    done = run(tmp_path, [{}, {"person": "B"}, {"person": "C"}], records=path)
    assert [(f["person"], f["row"], f["code"]) for f in faults_of(done)] == [("A", 2, code)]
    assert months_of(done, "detention_count_5y") == {"A": None, "B": 1, "C": 0}


def test_more_records_than_a_list_holds_are_told(tmp_path: Path) -> None:
    good = {"fact": "detention_dates", "date": date(2024, 1, 1)}
    rows = [{"person": "A", **good}] * 21 + [{"person": "B", **good}] * 20
    done = run(tmp_path, [{}, {"person": "B"}], records=dated(tmp_path, rows))
    assert [(f["person"], f["code"]) for f in faults_of(done)] == [("A", "JF-F004")]
    assert months_of(done, "detention_count_5y") == {"A": None, "B": 20}


def test_a_list_that_records_do_not_name_stays_unknown_unless_it_is_said_to_be_covered(
    tmp_path: Path,
) -> None:
    good = {"person": "A", "fact": "detention_dates", "date": date(2024, 1, 1)}
    path = dated(tmp_path, [good])
    done = run(tmp_path, [{}], records=path)
    assert "ordinary_crime_count_5y" not in pq.read_schema(done.target).names
    assert done.unrecorded == ("false_material_dates", "ordinary_crime_dates")
    covered = ["detention_dates", "ordinary_crime_dates"]
    done = run(tmp_path, [{}], records=path, record_facts=covered)
    assert months_of(done, "ordinary_crime_count_5y") == {"A": 0}


def test_an_identity_number_in_the_wrong_column_is_masked(tmp_path: Path) -> None:
    done = run(tmp_path, [{"status": "110101199003078515"}])
    told = faults_of(done)[0]
    for words in (told["value"], told["reason_zh"], told["reason_en"]):
        assert "199003078" not in words
    assert told["value"].startswith("110***")


def test_strict_refuses_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="row 2, status: JF-F023"):
        run(tmp_path, [{"person": "B"}, {"status": "payed"}], strict=True)
    assert [path.name for path in tmp_path.iterdir()] == ["contributions.parquet"]


def test_a_file_of_which_no_row_can_be_used_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="none can be used") as error:
        run(tmp_path, [{"from": "13/2024"}] * 2000)
    assert "'13/2024' in the column 'from'" in str(error.value)
    assert "JF-F066 error" in str(error.value)
    assert "check that the column is what its name says" in str(error.value)
