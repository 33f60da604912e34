"""A rule row by row, and the row that decides for somebody."""

from datetime import date

import pytest

from jifen.cities import index, load
from jifen.policy.text import Lang
from jifen.scoring import assess
from jifen.scoring.result import describe_rule
from jifen.scoring.rule_rows import find_own_row, split_rule

ON = date(2025, 6, 1)
VERSIONS = [(city.id, v.version) for city in index().values() for v in city.versions]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_the_rows_of_a_rule_are_all_of_its_words(city: str, version: str, lang: Lang) -> None:
    policy = load(city, version)
    rules = policy.rules_on(policy.since)
    for indicator in rules.indicators:
        table = split_rule(rules, indicator, lang)
        rest = describe_rule(rules, indicator, lang)
        for words in (table.lead, *table.rows, table.end):
            assert words in rest, indicator.id
            rest = rest.replace(words, "", 1)
        assert rest.strip("；; ") == "", indicator.id


def _own_words(facts: dict[str, object], indicator_id: str) -> str | None:
    result = assess(load("shanghai", "2018"), facts, ON)
    line = next(one for one in result.lines if one.indicator.id == indicator_id)
    own = find_own_row(line)
    return None if own is None else split_rule(result.rules, line.indicator, "zh").rows[own]


def test_the_own_row_is_that_of_the_answer() -> None:
    assert _own_words({"education": "bachelor_with_degree"}, "education") == (
        "大学本科学历和学士学位：90 分"
    )
    assert _own_words({"education": "college"}, "education") == "大专、高职：50 分"


def test_nobody_has_a_row_without_an_answer() -> None:
    assert _own_words({}, "education") is None
