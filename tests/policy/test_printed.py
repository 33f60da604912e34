"""What is printed of a policy with one of everything, word for word: the table of a terminal, the
JSON, the book, and the difference to another policy. The expected texts stand in `printed`; whoever
changes a wording changes them there, and reads them."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest

from jifen.cities.worked_cases import read_cases
from jifen.policy import Lang, Policy
from jifen.policy.book import book_fragment, diff_fragment, timeline_fragment
from jifen.policy.book.contents import latest_day
from jifen.policy.book.plain import (
    fault_to_dict,
    list_header_facts,
    list_sections,
    to_dict,
    version_to_dict,
)
from jifen.policy.checks import check_policy
from jifen.policy.diff import find_difference
from jifen.policy.document import policy_json_schema
from tests.policy.faults import HERE, policy

PRINTED = HERE / "printed"
ON = date(2023, 8, 1)
LANGUAGES: list[Lang] = ["zh", "en"]


def full() -> Policy:
    return policy((PRINTED / "full.yaml").read_text("utf-8"))


def expected(name: str) -> str:
    return (PRINTED / name).read_text("utf-8")


def table(lang: Lang) -> str:
    lines = [f"{name} | {value}" for name, value in list_header_facts(full(), ON, lang)]
    for section in list_sections(full(), ON, lang):
        lines += ["", f"# {section.title}"]
        lines += [
            f"{line.id} | {line.label} | {line.rule} | {line.clause} | {line.confidence}"
            for line in section.lines
        ]
    return "\n".join(lines) + "\n"


def words_of(html: str) -> str:
    """The words of a page, a line for each element that has some."""
    lines = re.sub(r"<[^>]+>", "\n", html).splitlines()
    return "\n".join(unescape(line.strip()) for line in lines if line.strip()) + "\n"


def drawing_of(html: str) -> str:
    """The shapes of a drawing with their places, and its words."""
    shapes = re.findall(r"<(?:svg|rect|line|polygon|text)\b[^>]*>", html)
    return "\n".join(" ".join(shape.split()) for shape in shapes) + "\n" + words_of(html)


def printed_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_a_terminal(lang: Lang) -> None:
    assert table(lang) == expected(f"table.{lang}.txt")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_json_of_a_version(lang: Lang) -> None:
    shown = to_dict(full(), ON, lang)
    assert shown.pop("policy_hash") == full().hash
    version = version_to_dict(full())
    assert version.pop("policy_hash") == full().hash
    faults = [fault_to_dict(fault) for fault in check_policy(full())]
    shown |= {"as a version": version, "faults": faults}
    assert printed_json(shown) == expected(f"policy.{lang}.json")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_book(lang: Lang) -> None:
    cases = read_cases(PRINTED / "cases.yaml")
    assert words_of(str(book_fragment(full(), cases, lang))) == expected(f"book.{lang}.txt")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_difference_to_another_policy(lang: Lang) -> None:
    change = find_difference(policy(), full())
    assert change.to_text(lang) == expected(f"difference.{lang}.txt")
    assert printed_json(change.to_dict(lang)) == expected(f"difference.{lang}.json")
    page = words_of(str(diff_fragment(policy(), full(), lang)))
    assert page == expected(f"difference-page.{lang}.txt")


def test_the_schema_of_the_language() -> None:
    assert printed_json(policy_json_schema()) == expected("schema.json")


def test_the_timeline() -> None:
    drawn = drawing_of(str(timeline_fragment([full(), policy()], "en")))
    assert drawn == expected("timeline.en.txt")


def test_a_book_is_about_the_last_rules_unless_a_day_is_named() -> None:
    assert latest_day(full()) == date(2024, 1, 1)
    assert latest_day(policy()) == date(2022, 1, 1)
    text = (PRINTED / "full.yaml").read_text("utf-8")
    last = date(2023, 12, 31)
    ended = policy(
        text.replace("from: 2023-01-01, confidence", f"from: 2023-01-01, until: {last}, confidence")
    )
    assert latest_day(ended) == last
    book = words_of(str(book_fragment(full(), (), "en", on=ON)))
    assert "20 points" in book
    assert full().rules_on(last + timedelta(days=1)).overlays == ("lasting",)
