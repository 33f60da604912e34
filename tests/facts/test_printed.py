"""What is said of facts, word for word: of each fault, and of each month that counts or does not.
The expected texts stand in `printed`; whoever changes a wording changes them there, and reads
them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import FactsError, Situation, read_situation
from jifen.policy.source import parse_yaml
from jifen.policy.text import Lang

PRINTED = Path(__file__).parent / "printed"
ON = date(2025, 6, 15)
LANGUAGES: list[Lang] = ["zh", "en"]


def known(city: str, version: str, facts: dict[str, Any], on: date) -> Situation:
    return read_situation(load(city, version).rules_on(on), facts, on)


def faults(lang: Lang) -> str:
    parts = []
    text = (PRINTED / "faulty.yaml").read_text("utf-8")
    for name, node in parse_yaml(text).mapping.items():
        with pytest.raises(FactsError) as error:
            known("shanghai", "2018", node.to_plain(), ON)
        parts.append(f"# {name}")
        for fault in error.value.fact_faults:
            parts.append(f"{fault.code} {fault.path}")
            said = (fault.found, fault.expected, fault.remedy)
            parts += [f"  {words(lang)}" for words in said]
            parts.append(f"  = {fault.to_sentence(lang)}")
    return "\n".join(parts) + "\n"


def spell(since: str, until: str, **more: Any) -> dict[str, Any]:
    return {"from": since, "to": until, **more}


RECORDS = [
    spell("2021-11", "2022-02", base=20000),
    spell("2022-03", "2022-05", base=20000, status="deferred"),
    spell("2023-12", "2024-01", base="30000.50", status="deferred"),
    spell("2024-02", "2024-03", base=12183, status="back_paid"),
    spell("2024-04", "2024-05", base=12183, status="mismatched"),
    spell("2024-06", "2024-06", base=12183),
    spell("2024-07", "2024-08", base="12306.99"),
    spell("2024-09", "2024-10", base=12307),
    spell("2024-11", "2024-11"),
    spell("2024-12", "2025-01", base=40000, schemes=["pension"]),
    spell("2025-02", "2025-02", base=40000, schemes="medical"),
    spell("2025-03", "2025-06", base=40000),
]
UNBROKEN = [
    spell("2019-04", "2019-12", base=9000),
    spell("2020-01", "2021-12", base="21000.25"),
    spell("2022-01", "2022-05", base=8000),
]


def account(person: str, lang: Lang) -> str:
    """Every derived fact: value, reason, range, and month by month."""
    lines = []
    for ident, derived in known(*PEOPLE[person]).derived.items():
        between = "" if derived.between is None else f" between {derived.between}"
        lines.append(f"{ident} = {derived.value}{between} {derived.reason(lang)}".rstrip())
        lines += [
            f"  {m.month} {'counts' if m.counts else '-'} {m.base} {m.wage} {m.why(lang)}"
            for m in derived.months
        ]
    return "\n".join(lines) + "\n"


PERMIT = {"issued_on": "2022-06-15", "valid_until": "2026-06-14", "endorsements": ["2023-06-15"]}
PEOPLE: dict[str, tuple[str, str, dict[str, Any], date]] = {
    "shanghai": (
        "shanghai",
        "2018",
        {
            "birth_date": "1985-06-15",
            "contributions": RECORDS,
            "detention_dates": ["2020-06-15", "2020-06-16", "2025-06-15"],
            "permit": PERMIT,
        },
        ON,
    ),
    "chengdu": (
        "chengdu",
        "2020",
        {"birth_date": "1985-06-01", "contributions": UNBROKEN, "permit": None},
        date(2022, 6, 15),
    ),
}


def expected(name: str) -> str:
    return (PRINTED / name).read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_every_fault(lang: Lang) -> None:
    assert faults(lang) == expected(f"faults.{lang}.txt")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", PEOPLE)
def test_the_account_of_what_records_give(person: str, lang: Lang) -> None:
    assert account(person, lang) == expected(f"account-{person}.{lang}.txt")
