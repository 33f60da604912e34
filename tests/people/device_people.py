"""People for the module that scores in the page: answered in full, in part, or wrong, as the JSON
that a page hands over; and what the plain evaluator says of them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from jifen.cities import load
from jifen.facts.contributions import SCHEMES
from jifen.facts.fault import FactFault
from jifen.facts.form import is_from_spells
from jifen.facts.situation import examine_facts
from jifen.policy.break_points import (
    find_breaks,
    list_condition_representatives,
    list_representatives,
)
from jifen.policy.catalogue import LANGS
from jifen.policy.model import Rules
from jifen.policy.months import format_month, to_month
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.evaluator import score_situation
from jifen.scoring.json_values import to_json_value
from jifen.scoring.result_status import result_to_dict
from tests.people.strategies import asked_facts

VERSIONS = (
    ("shanghai", "2013", date(2014, 2, 28)),
    ("shanghai", "2015", date(2016, 2, 29)),
    ("shanghai", "2018", date(2025, 6, 1)),
    ("chengdu", "2018", date(2019, 6, 30)),
    ("chengdu", "2020", date(2022, 3, 31)),
    ("chengdu", "2024", date(2025, 3, 1)),
    ("guangzhou", "2014", date(2015, 6, 30)),
    ("dongguan", "2016", date(2018, 2, 28)),
)
"""Every shipped version that is carried, with a day in force, ends of months among them."""
NOT_REPRESENTABLE = (
    ("beijing", "2017", date(2018, 6, 1)),
    ("beijing", "2020", date(2025, 6, 1)),
    ("guangzhou", "2023", date(2025, 6, 1)),
    ("zhongshan", "2014", date(2016, 4, 1)),
)
"""Those in which a formula reckons numbers from records, or a total is multiplied: the server
scores them."""
SHARES_LEFT_OUT = (0.0, 0.0, 0.05, 0.2, 0.5, 0.85, 1.0)
"""How much a person may leave out."""
WRONG_VALUES: dict[str, tuple[Any, ...]] = {
    "bool": ("maybe", 1, 0, [], "是", "no", 2.5),
    "choice": ("nonesuch", 7, True, "constructor", ["none"]),
    "date": ("1990-02-30", "1899-12-31", "2200-01-01", "soon", 5.5, "01/02/1990", "1/2/90",
             "1990-05", "1990年5月1日", "19900501", 19900501, "2199-12-31"),
    "dates": ("soon", 5, True, ["2024-02-30"], ["2199-01-01"], ["x"], [[]], ["2020-01-01"] * 21,
              "2024-03-01、2024-04-01", "none", "无", "2024-03-01 2024-04-01", ["2024-03"]),
    "number": ("many", True, -1, "-0.5", 10**14, "9" * 15, "0.55555", "1e3", [], "+7", "007", 1e-7,
               "6.0", 6.5, "0.001", " 12 ", "12.50", "5年", "60个月", "10万", "3万元", "150%",
               "约5", "5,5", "1,200", "5天", "１２", "5年半", "半年", "5年3个月", "3个月5年", "2人",
               "10-12", "¥300", "36 months", "1,2345", "40岁", "2000毫升", "9999亿亿",
               "1.23456789012345万", "3 times", "1年 零 2个月", "\ufeff7\u200b",
               "12,000.55元", "5个月", "5年以上", "1" * 16),
}  # fmt: skip


@cache
def load_rules(city: str, version: str, on: date) -> Rules:
    """A shipped version on a day."""
    return load(city, version).rules_on(on)


def generate_people(rules: Rules, on: date, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many people, always the same ones for a seed."""
    random = Random(f"{rules.policy} {rules.version} {seed}")
    return (_generate_person(rules, on, random) for _ in range(count))


def _generate_person(rules: Rules, on: date, random: Random) -> dict[str, Any]:
    left_out, wrong = random.choice(SHARES_LEFT_OUT), random.choice((0.0, 0.0, 0.0, 0.1))
    given: dict[str, Any] = {}
    names = list(asked_facts(rules))
    if random.random() < 0.2:
        names += _not_asked(rules)
    for ident in names:
        fact = rules.vocabulary[ident]
        if random.random() < left_out or (ident not in rules.used and random.random() < 0.3):
            continue
        given[ident] = _wrong_value(fact, random) if random.random() < wrong else _random_value(
            rules, fact, on, random
        )  # fmt: skip
    if "contributions" in rules.vocabulary and random.random() < 0.35:
        beside = random.random() < 0.2  # totals beside the records, which may contradict them
        facts = rules.vocabulary
        given = {i: v for i, v in given.items() if beside or not is_from_spells(facts[i])}
        given |= {"contributions": generate_spells(on, random)}
    return given


_ODD_MONTHS = ("2022/1", "202203", "2021年7月", "07-2021", "2021-03-15", "至今", "now", "2031-01",
               "21-07", "1-2-2020", "soon", "2020-13", "1899-05", "２０２２０５")  # fmt: skip
_ODD_BASES = ("1.2万", "12,000", "12000元", "-5", "约5000", "many", "12,5", "0.005", "99999999999",
              "8千", "5天", "")  # fmt: skip


def generate_spells(on: date, random: Random) -> list[dict[str, Any]]:
    """Records of contributions: mostly in order and up to about the day, some overlap, have gaps,
    lack a base, or are oddly written."""
    spells, month = list[dict[str, Any]](), to_month(on) - random.randint(0, 90)
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        until = month + random.choice((0, 5, 11, 24, 40))
        if random.random() < 0.85:
            until = min(until, to_month(on))
        spell: dict[str, Any] = {"from": format_month(month), "to": format_month(until)}
        if random.random() < 0.9:
            spell["base"] = str(random.choice((4000, 7310, 9800, 12307, 24614, 36921, 12434.5)))
        spell["status"] = random.choice(("paid",) * 7 + ("deferred", "back_paid", "mismatched"))
        spell["schemes"] = random.choice((list(SCHEMES),) * 5 + (["pension"], ["medical"]))
        for part, odd in (("from", _ODD_MONTHS), ("to", _ODD_MONTHS), ("base", _ODD_BASES)):
            if random.random() < 0.05:
                spell[part] = random.choice(odd)
        spells.append(spell)
        month = until + random.choice((1, 1, 1, 0, 2, 4, -20))
    return spells


def one_wrong_answer_each(rules: Rules) -> Iterator[dict[str, Any]]:
    """Everybody has given a single answer, which is wrong or oddly written."""
    for fact in rules.vocabulary:
        if not fact.is_record:
            yield from ({fact.id: value} for value in WRONG_VALUES[_value_kind(fact)])
            yield {fact.id: None}
            for option in fact.options:
                yield from ({fact.id: text} for text in (option.label.zh, option.label.en.upper()))


def _value_kind(fact: Fact) -> str:
    return "number" if fact.is_number else fact.type


def _not_asked(rules: Rules) -> list[str]:
    """Facts that nobody is asked for: derived ones beside their source, those of other versions."""
    asked = set(asked_facts(rules))
    return [fact.id for fact in rules.vocabulary if not fact.is_record and fact.id not in asked]


def _wrong_value(fact: Fact, random: Random) -> Any:
    return random.choice(WRONG_VALUES[_value_kind(fact)])


def _random_value(rules: Rules, fact: Fact, on: date, random: Random) -> Any:
    if not fact.always_applies and random.random() < 0.15:
        return None
    if fact.type == "bool":
        return random.random() < 0.5
    if fact.type == "choice":
        return random.choice(fact.ids)
    if fact.type == "date":
        return _random_birth_date(on, random).isoformat()
    if fact.type == "dates":
        days = [_random_adverse_date(on, random) for _ in range(random.choice((0, 0, 1, 2, 5)))]
        return [day.isoformat() for day in days]
    return _random_number(rules, fact, random)


def _random_birth_date(on: date, random: Random) -> date:
    """Birthdays on the day, beside it, on leap days, and any other."""
    years = random.randint(0, 80)
    near = date(on.year - years, on.month, min(on.day, 28)) + timedelta(random.randint(-2, 3))
    leap = date(1996, 2, 29)
    return min(on, random.choice((near, leap, on - timedelta(random.randint(0, 30_000)))))


def _random_adverse_date(on: date, random: Random) -> date:
    """Days at the edges of the windows of 3 and 5 years, and any other."""
    years = random.choice((3, 5))
    edge = date(on.year - years, on.month, min(on.day, 28)) + timedelta(random.randint(-3, 34))
    return min(on, random.choice((edge, on - timedelta(random.randint(0, 3_000)))))


@cache
def _values_near_breaks(rules: Rules, fact: Fact) -> tuple[Any, ...]:
    breaks = {v for i in rules.indicators for v in find_breaks(i).get(fact.id, ())}
    found = set(list_representatives(fact, breaks))
    whens = [r.when for r in rules.requirements] + [c.when for c in rules.cautions]
    for when in whens:
        found |= set(list_condition_representatives(when, rules.vocabulary).get(fact.id, ()))
    return tuple(sorted(found))


def _random_number(rules: Rules, fact: Fact, random: Random) -> Any:
    """At the break points, at the ends of the range, and between; as numbers and as text."""
    most = min(int(fact.most), random.choice((60, 600, 300_000)))
    value: Any = random.randint(int(fact.least), most)
    if fact.type not in WHOLE_TYPES and random.random() < 0.5:
        places = 2 if fact.type == "yuan" else 4
        value = Decimal(random.randint(0, most * 10**places)).scaleb(-places)
    near = _values_near_breaks(rules, fact)
    if near and random.random() < 0.6:
        value = random.choice(near)
    return str(value) if random.random() < 0.3 else to_json_value(value)


def expected_result(rules: Rules, on: date, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the plain evaluator says, in the shape in which the page has it."""
    situation, faults = examine_facts(rules, given, on)
    assessment = score_situation(rules, situation)
    said: dict[str, Any] = {
        lang: result_to_dict(assessment, lang)
        | {"warnings": [words(lang) for words in assessment.warnings]}
        for lang in LANGS
    }
    return said | {"faults": [fault_to_list(fault) for fault in faults]}


def fault_to_list(fault: FactFault) -> list[str]:
    """A fault as the page has it: where and what, and its words where a form has the same."""
    told = [fault.code, fault.path, fault.beside]
    return (
        told if fault.code in OWN_WORDS else [*told, *(fault.to_sentence(lang) for lang in LANGS)]
    )


OWN_WORDS = ("JF-F002", "JF-F003", "JF-F004", "JF-F006", "JF-F008")
"""Faults that a form tells in its own words: by the labels of the answers, not by their ids."""


def list_result_differences(expected_: Mapping[str, Any], scored: Mapping[str, Any]) -> list[str]:
    """Where the page says something else, as readable lines."""
    found = []
    for part, of in expected_.items():
        if isinstance(of, dict):
            other = scored.get(part, {})
            names = of.keys() | other.keys()
            found += [
                f"{part}.{name}: expected {of.get(name)!r}, the page says {other.get(name)!r}"
                for name in sorted(names)
                if of.get(name) != other.get(name)
            ]
        elif scored.get(part) != of:
            found.append(f"{part}: expected {of!r}, the page says {scored.get(part)!r}")
    return found
