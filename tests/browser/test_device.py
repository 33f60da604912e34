"""The module that scores in the page says what the plain evaluator says: in a real Chromium, on
people who answered in full, in part or wrongly, in both languages."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from playwright.sync_api import Page

from jifen.cities.worked_cases import load_cases
from jifen.facts.situation import Situation, examine_facts
from jifen.policy.model import Rules
from jifen.scoring.device import build_device_document, serialize_device_document
from jifen.scoring.evaluator import Evaluator, score_situation
from jifen.scoring.json_values import to_json_value
from jifen.scoring.question_order import order_questions
from tests.hypothesis_profiles import each, examples
from tests.people.device_people import (
    OWN_WORDS,
    VERSIONS,
    expected_result,
    generate_people,
    list_result_differences,
    load_rules,
    one_wrong_answer_each,
)
from tests.people.small_policies import ON, known_facts, small_rules
from tests.people.synthetic_measure import DECISIONS, synthetic_rules
from tests.world.page_states import wait_until

pytestmark = pytest.mark.browser

SCORE = """async ([document, people, own]) => {
  const { openPolicy } = await import("/static/web/score.js");
  const policy = openPolicy(JSON.parse(document));
  const told = ({ code, path, beside, words }) =>
    own.includes(code) ? [code, path, beside] : [code, path, beside, words.zh, words.en];
  return JSON.stringify(JSON.parse(people).map((given) => {
    const result = policy.score(given);
    if (result.ask) return { ask: result.ask };
    const said = { zh: policy.tell(result, "zh"), en: policy.tell(result, "en") };
    return { ...said, faults: result.faults.map(told) };
  }));
}"""
EACH = 250
"""People who are sent to the page at a time."""


@pytest.fixture
def blank(page: Page) -> Page:
    """A page of the site without a script of its own."""
    page.goto("/robots.txt")
    return page


def scored(page: Page, document: str, given: Iterable[Any]) -> list[dict[str, Any]]:
    """What the page says of people."""
    found: list[dict[str, Any]] = json.loads(
        page.evaluate(SCORE, [document, json.dumps(given), list(OWN_WORDS)])
    )
    return found


def as_json(value: Any) -> Any:
    """As a page receives it."""
    return json.loads(json.dumps(value))


def assert_equal(page: Page, rules: Rules, on: date, given: Iterable[dict[str, Any]]) -> int:
    """Everybody is scored as by the plain evaluator. Returns how many only the server can score."""
    document, asks, everybody = serialize_device_document(rules, on).decode(), 0, list(given)
    for start in range(0, len(everybody), EACH):
        some = everybody[start : start + EACH]
        for person, said in zip(some, scored(page, document, some), strict=True):
            if "ask" in said:
                assert said["ask"]["code"] == "JF-Z003"
                asks += 1
                continue
            wrong = list_result_differences(as_json(expected_result(rules, on, person)), said)
            assert not wrong, f"{person}\n" + "\n".join(wrong)
    return asks


@pytest.mark.parametrize(("city", "version", "on"), VERSIONS)
def test_the_page_scores_as_the_server_does(blank: Page, city: str, version: str, on: date) -> None:
    rules, count = load_rules(city, version, on), examples(120, 5_000)
    asks = assert_equal(blank, rules, on, generate_people(rules, on, count, seed=18))
    assert asks <= count // 20, "only odd spellings may need the server"


@pytest.mark.parametrize(("city", "version", "on"), [VERSIONS[2], VERSIONS[3]])
def test_every_wrong_answer_is_the_same_fault(
    blank: Page, city: str, version: str, on: date
) -> None:
    rules = load_rules(city, version, on)
    asks = assert_equal(blank, rules, on, one_wrong_answer_each(rules))
    assert asks <= 6, "of one answer, only more decimals than four need the server"


@given(data=st.data())
@each(25, 600, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bounds_of_any_measure_are_those_of_the_server(blank: Page, data: st.DataObject) -> None:
    """Small measures of every mechanism, shared facts among them, also beyond the limit up to which
    bounds are exact."""
    rules = data.draw(small_rules())
    most = data.draw(st.sampled_from([1, 4, 30, 10_000]))
    several = data.draw(st.lists(known_facts(rules), min_size=1, max_size=4))
    document = json.dumps(build_device_document(rules, ON, most))
    given_ = [{ident: to_json_value(value) for ident, value in known.items()} for known in several]
    scorer = Evaluator(rules, most)
    for known, said in zip(several, scored(blank, document, given_), strict=True):
        result = scorer.evaluate(Situation(ON, ON, values=known)).to_dict("en")
        assert {name: said["en"].get(name) for name in result} == as_json(result)
        assert ("exact" in said["en"]) == ("exact" in result)


REFERENCES: tuple[dict[str, Any], ...] = (
    {"kind": "on_the_day"},
    {"kind": "end_of_month_before"},
    {"kind": "yearly", "month": 8, "day": 1},
    {"kind": "yearly", "month": 8, "day": 2},
)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_measure_with_everything_is_scored_as_by_the_server(blank: Page, decision: str) -> None:
    """Points with two decimals, values with four, negative values, every part of every mechanism,
    every counting day, and each way to decide."""
    for number, reference in enumerate(REFERENCES):
        rules = synthetic_rules(decision, reference, floor=None if number % 2 else -2)
        count = examples(40, 2_000)
        assert_equal(blank, rules, ON, generate_people(rules, ON, count, seed=number))


OPEN = """async ([document, given]) => {
  const { openPolicy } = await import("/static/web/score.js");
  const policy = openPolicy(document);
  const result = policy.score(given);
  return [policy.ask, result.ask, Object.keys(result)];
}"""
NOT_CARRIED = {"code": "JF-Z001", "words": {"zh": "请提交", "en": "Send"}}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"format": "jifen.device.v2"}, "JF-Z002"),
        ({}, "JF-Z002"),
        (None, "JF-Z002"),
        ({"format": "jifen.device.v1", "ask": NOT_CARRIED}, "JF-Z001"),
    ],
)
def test_a_document_that_cannot_be_scored_sends_to_the_server(
    blank: Page, document: Any, code: str
) -> None:
    of_policy, of_result, parts = blank.evaluate(OPEN, [document, {"permit_valid": True}])
    assert of_policy["code"] == of_result["code"] == code
    assert all(of_result["words"][lang] for lang in ("zh", "en"))
    assert parts == ["ask"]


@pytest.mark.parametrize(
    ("given_", "facts", "words"),
    [
        (
            {"contributions": [{"from": "2024-01", "to": "2025-05", "status": "lost"}]},
            ["contributions"],
            "Contribution records: the site works this out.",
        ),
        ({"permit": None, "age": 200}, ["permit"], "Residence permit: the site works this out."),
        (
            {"average_local_staff": "1.23456"},
            ["average_local_staff"],
            "Average local staff of the last 3 years: only the site reads this spelling; digits "
            "alone can be worked out on the device.",
        ),
        (
            {"charity_yuan_last_36": 5, "birth_date": "1990-05-01"},
            ["charity_yuan_last_36"],
            "There are facts that this page does not have (charity_yuan_last_36). Load them on the "
            "site.",
        ),
    ],
)
def test_what_only_the_server_can_answer_is_named_and_nothing_else_said(
    blank: Page, given_: dict[str, Any], facts: list[str], words: str
) -> None:
    city, version, on = VERSIONS[2]
    document = build_device_document(load_rules(city, version, on), on)
    _, ask, parts = blank.evaluate(OPEN, [document, given_])
    assert (ask["code"], ask["facts"], ask["words"]["en"]) == ("JF-Z003", facts, words)
    assert parts == ["ask"]


TELLING = """async ([document, people]) => {
  const { openPolicy } = await import("/static/web/score.js");
  const policy = openPolicy(document);
  return people.map((given) => {
    const result = policy.score(given);
    const told = ({ id, gain: { above, below } }) => [id, above / below / 10 ** policy.precision];
    return result.ask ? null : policy.telling(result, result.missing).map(told);
  });
}"""


@pytest.mark.parametrize(("city", "version", "on"), VERSIONS)
def test_the_most_telling_questions_are_those_of_the_server(
    blank: Page, city: str, version: str, on: date
) -> None:
    rules = load_rules(city, version, on)
    everybody = list(generate_people(rules, on, examples(25, 1_000), seed=29))
    found = blank.evaluate(TELLING, [build_device_document(rules, on), everybody])
    for given_, said in zip(everybody, found, strict=True):
        if said is None:
            continue
        assessment = score_situation(rules, examine_facts(rules, given_, on)[0])
        expected_ = [
            (one.fact, float(one.gain)) for one in order_questions(assessment, assessment.missing)
        ]
        assert [ident for ident, _ in said] == [ident for ident, _ in expected_], given_
        assert [gain for _, gain in said] == pytest.approx([gain for _, gain in expected_])


FORM = """async (address) => {
  const { openPolicy } = await import("/static/web/score.js");
  const policy = openPolicy(await (await fetch(address)).json());
  const answers = policy.answersOf(document.getElementById("facts"));
  const result = policy.score(answers);
  return result.ask ? { asks: result.ask.facts, answers }
    : { spoken: policy.tell(result, "zh").standing.words.spoken, answers };
}"""
SHOWN = [
    pytest.param(city, version, case.id, case.on, id=f"{city}-{version}-{case.id}")
    for city, version, _ in (VERSIONS[2], VERSIONS[5])
    for case in load_cases(city, version)[: examples(9, 1_000)]
]


@pytest.mark.parametrize(("city", "version", "example", "on"), SHOWN)
def test_the_form_of_a_page_is_scored_as_the_page_says(
    page: Page, city: str, version: str, example: str, on: date
) -> None:
    """The worked cases, each as its page shows it: the strip says the same as the module."""
    page.goto(f"/{city}/all/?on={on}&example={example}")
    found = page.evaluate(FORM, f"/{city}/device.json?on={on}")
    facts = next(case for case in load_cases(city, version) if case.id == example).facts
    if found.get("asks"):
        assert set(found["asks"]) & {"contributions", "other"}
        assert {"contributions", "permit", "identity_number"} & facts.keys()
        return
    assert found["spoken"] == page.locator("#live").text_content()
    assert len(found["answers"]) >= len(facts)


def test_a_form_that_is_being_filled_in_is_read_as_the_server_reads_it(page: Page) -> None:
    """Typed text, what does not apply, dates in rows, rows that are empty, and no answer at all."""
    page.goto("/shanghai/all/?on=2025-06-01")
    empty = page.evaluate(FORM, "/shanghai/device.json?on=2025-06-01")
    assert (empty["answers"], empty["spoken"]) == ({}, page.locator("#live").text_content())
    with page.expect_response("**/assess"):
        page.fill("#f-insured_months", "5年3个月")
    with page.expect_response("**/assess"):
        page.check("input[name=na][value=spouse_local_months]")
    with page.expect_response("**/assess"):
        page.check("input[name=detention_dates][value=some]")
    with page.expect_response("**/assess"):
        page.fill("#r-detention_dates-0", "2024-03-01")
    wait_until(page, "() => document.querySelectorAll('.htmx-request').length === 0")
    found = page.evaluate(FORM, "/shanghai/device.json?on=2025-06-01")
    assert found["answers"] == {
        "insured_months": "5年3个月",
        "spouse_local_months": None,
        "detention_dates": ["2024-03-01"],
    }
    assert found["spoken"] == page.locator("#live").text_content()
