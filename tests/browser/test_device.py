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

from jifen.facts.situation import Situation
from jifen.policy.model import Rules
from jifen.scoring.assess import Scorer
from jifen.scoring.device import device_bytes, device_document
from jifen.scoring.result import plain_value
from tests.hypothesis_profiles import each, examples
from tests.people.on_device import (
    OWN_WORDS,
    VERSIONS,
    differences,
    expected,
    one_wrong_answer_each,
    people,
    rules_of,
)
from tests.people.small_policies import ON, known_facts, small_rules

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
    document, asks, everybody = device_bytes(rules, on).decode(), 0, list(given)
    for start in range(0, len(everybody), EACH):
        some = everybody[start : start + EACH]
        for person, said in zip(some, scored(page, document, some), strict=True):
            if "ask" in said:
                assert said["ask"]["code"] == "JF-D003"
                asks += 1
                continue
            wrong = differences(as_json(expected(rules, on, person)), said)
            assert not wrong, f"{person}\n" + "\n".join(wrong)
    return asks


@pytest.mark.parametrize(("city", "version", "on"), VERSIONS)
def test_the_page_scores_as_the_server_does(blank: Page, city: str, version: str, on: date) -> None:
    rules, count = rules_of(city, version, on), examples(120, 5_000)
    asks = assert_equal(blank, rules, on, people(rules, on, count, seed=18))
    assert asks <= count // 20, "only odd spellings may need the server"


@pytest.mark.parametrize(("city", "version", "on"), [VERSIONS[2], VERSIONS[3]])
def test_every_wrong_answer_is_the_same_fault(
    blank: Page, city: str, version: str, on: date
) -> None:
    rules = rules_of(city, version, on)
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
    document = json.dumps(device_document(rules, ON, most))
    given_ = [{ident: plain_value(value) for ident, value in known.items()} for known in several]
    scorer = Scorer(rules, most)
    for known, said in zip(several, scored(blank, document, given_), strict=True):
        result = scorer.score(Situation(ON, ON, values=known)).to_dict("en")
        assert {name: said["en"].get(name) for name in result} == as_json(result)
        assert ("exact" in said["en"]) == ("exact" in result)
