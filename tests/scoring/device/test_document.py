"""A measure written out for a device: exact figures, what cannot be carried, words, its size."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import jifen
from jifen.cities import index
from jifen.policy.catalogue import LANGS
from jifen.policy.model import Rules
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring.device import (
    DEVICE,
    NotRepresentable,
    build_device_document,
    serialize_device_document,
    write_fault_sentences,
)
from tests.people.device_people import NOT_REPRESENTABLE, VERSIONS, load_rules
from tests.people.small_policies import build_rules as small_rules_of

STATIC = Path(jifen.__file__).parent / "office" / "web" / "static" / "web"
ON = date(2025, 6, 1)
LARGEST = 60 * 1024
FACTS = """
city: sample
sections: [{id: person, label: {zh: 本人, en: You}}]
facts:
  - {id: months, type: months, label: {zh: 月数, en: Months}}
  - {id: tax, type: yuan, label: {zh: 税额, en: Tax}}
  - {id: rate, type: ratio, most: 10, label: {zh: 倍数, en: Rate}}
  - {id: born, type: date, always_applies: true, label: {zh: 生日, en: Born}}
  - id: age
    type: years
    label: {zh: 年龄, en: Age}
    derive: {from: born, measure: completed_years}
"""


def rules_with(mechanism: str, facts: str = FACTS, **other: Any) -> Rules:
    """A made-up measure of one indicator; `other` are parts of its document."""
    sink = Sink()
    vocabulary = read_vocabulary(parse_yaml(facts, "facts.yaml"), sink)
    assert not sink.faults
    basis = {"confidence": "unsure"}
    groups = [{"id": "all", "label": {"zh": "全", "en": "All"}, **basis}]
    label = {"zh": "一", "en": "One"}
    indicator = {"id": "one", "label": label, "group": "all", **basis, **json.loads(mechanism)}
    return small_rules_of(groups, [indicator], facts=vocabulary, **{"precision": 1, **other})


def written(mechanism: str) -> dict[str, Any]:
    """The mechanism as the document has it."""
    found: dict[str, Any] = build_device_document(rules_with(mechanism), ON)["indicators"][0][
        "mechanism"
    ]
    return found


def test_points_and_values_are_integers_of_their_smallest_unit() -> None:
    text = '{"per_unit": {"of": "tax", "each": 1.5, "every": "0.25 yuan", "most": 12}}'
    assert written(text) == {
        "kind": "per_unit",
        "of": "tax",
        "each": 15,
        "every": 25,
        "start": 25,
        "most": 120,
        "first": [0, 0],
        "half": None,
    }


@pytest.mark.parametrize(
    ("mechanism", "what"),
    [
        ('{"condition": {"when": "rate >= 1.00001", "points": 5}}', "rate"),
        ('{"condition": {"when": "months >= 6.5", "points": 5}}', "months"),
        ('{"per_unit": {"of": "tax", "each": 9999, "every": "0.01 yuan"}}', "one"),
        (
            '{"per_unit": {"of": "rate", "each": 1, "every": "1 times", "starts_at": "1 times",'
            ' "first": {"amount": "2 times", "points": 1}}}',
            "one",
        ),
    ],
)
def test_what_has_no_exact_place_is_refused(mechanism: str, what: str) -> None:
    """A figure finer than a value, half a whole number, points beyond a double, a negative rest."""
    with pytest.raises(NotRepresentable, match=f"^{what}$"):
        build_device_document(rules_with(mechanism), ON)


def test_a_range_beyond_a_double_is_refused() -> None:
    plain = '{"condition": {"when": "months >= 6", "points": 5}}'
    wide = FACTS.replace("type: yuan,", "type: yuan, most: 100000000000000,")
    with pytest.raises(NotRepresentable, match=r"^tax$"):
        build_device_document(rules_with(plain, wide), ON)
    assert build_device_document(rules_with(plain), ON)


def test_an_age_of_somebody_without_a_birthday_is_refused() -> None:
    """'Does not apply' has no years: a city that allows it needs the server."""
    facts = FACTS.replace("always_applies: true, ", "")
    with pytest.raises(NotRepresentable, match=r"^age$"):
        build_device_document(
            rules_with('{"condition": {"when": "age >= 6", "points": 5}}', facts), ON
        )


@pytest.mark.parametrize(("city", "version", "on"), VERSIONS)
def test_a_shipped_measure_is_carried_in_whole_numbers(city: str, version: str, on: date) -> None:
    document = build_device_document(load_rules(city, version, on), on)
    assert (document["city"], document["version"], document["on"]) == (city, version, str(on))
    assert not [n for n in _numbers(document) if not isinstance(n, int) or abs(n) >= 2**53]


def _numbers(part: Any) -> Iterator[Any]:
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _numbers(inner)
    elif part is not None and not isinstance(part, str | bool):
        yield part


def test_the_versions_of_the_tests_are_all_there_are() -> None:
    shipped = {(city.id, v.version) for city in index().values() for v in city.versions}
    assert {(city, version) for city, version, _ in VERSIONS + NOT_REPRESENTABLE} == shipped


@pytest.mark.parametrize(("city", "version", "on"), NOT_REPRESENTABLE)
def test_a_measure_with_derived_numbers_is_refused(city: str, version: str, on: date) -> None:
    rules = load_rules(city, version, on)
    with pytest.raises(NotRepresentable, match=f"^{rules.derived[0].fact.id}$"):
        build_device_document(rules, on)


def test_the_day_decides_what_is_written() -> None:
    """An overlay, the counting day and the line are those of the day."""
    before = build_device_document(
        load_rules("shanghai", "2018", date(2021, 7, 19)), date(2021, 7, 19)
    )
    after = build_device_document(
        load_rules("shanghai", "2018", date(2021, 7, 20)), date(2021, 7, 20)
    )

    def refuses(document: dict[str, Any]) -> bool:
        found = [i["mechanism"] for i in document["indicators"] if i["id"] == "family_planning"]
        return bool(found[0]["refuses"])

    assert (refuses(before), refuses(after)) == (True, False)
    chengdu = build_device_document(
        load_rules("chengdu", "2024", date(2025, 3, 1)), date(2025, 3, 1)
    )
    assert (chengdu["counting_day"], chengdu["whole_months"]) == ("2025-02-28", True)


@pytest.mark.parametrize("city", index())
def test_module_and_measure_are_below_the_budget_of_a_page(city: str) -> None:
    """What a page loads to score on the device, packed as it is sent."""
    modules = [STATIC / "score.js", *sorted((STATIC / "score").glob("*.js"))]
    size = sum(len(gzip.compress(path.read_bytes())) for path in modules)
    for name, version, on in VERSIONS:
        if name == city:
            document = gzip.compress(serialize_device_document(load_rules(name, version, on), on))
            assert size + len(document) < LARGEST, f"{name} {version}: {size + len(document)} bytes"


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_the_phrases_say_the_same_in_both_languages() -> None:
    chinese, english = (DEVICE.list_phrases(lang) for lang in LANGS)
    assert chinese.keys() == english.keys()
    # a list of many is counted in Chinese and its rest named in English
    differing = [n for n in chinese if _fields(chinese[n]) != _fields(english[n])]
    assert differing == ["and_more"]
    assert not [n for n, words in english.items() if re.search(r"[\u4e00-\u9fff]", words)]


def test_every_phrase_is_used_by_the_module() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "score").glob("*.js"))
    made = {  # put together from a state
        *("vetoed", "refused", "next_vetoed", "next_below", "fault", "veto", "condition"),
        *(f"{state}_headline{end}" for state in ("vetoed", "refused") for end in ("", "_named")),
        *(f"{kind}_named" for kind in ("veto", "condition")),
        *(f"{sure}_question{s}" for sure in ("sure", "open") for s in ("", "s")),
        *("open_question_line", "open_questions_line"),
    }
    unused = [n for n in DEVICE.list_phrases("zh") if n not in made and f'"{n}"' not in source]
    assert unused == []


def test_the_faults_that_only_a_page_tells_have_words_in_both_languages() -> None:
    """JF-Z001 to JF-Z004; the module knows JF-Z002 by heart, since it has no document then."""
    told = write_fault_sentences()
    assert told["JF-Z001"]["not_carried"][1].startswith("A part of this version of the measure")
    by_heart = (STATIC / "score.js").read_text(encoding="utf-8")
    assert all(words in by_heart for words in told["JF-Z002"]["format"])
    assert told["JF-Z003"]["records"] == [
        "{facts}要由网站计算。",
        "{facts}: the site works this out.",
    ]
    assert told["JF-Z004"]["day"] == [
        "现为“{day}”，应为日历上存在的日期，如 2025-06-01。请改正日期。",
        "Found '{day}'; expected an existing date such as 2025-06-01. Correct the date.",
    ]
