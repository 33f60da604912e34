"""A measure of several purposes: every page that shows a total or a line says of which purpose."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from jifen import cities

SOURCES = Path(cities.__file__).parent.parent
DAY = date(2016, 4, 1)
ABOUT_A_VERSION = {
    "policy/book/terminal.py",
    "policy/book/plain.py",
    "policy/book/templates/page.html",
    "policy/book/timeline.py",
    "cli/policy.py",
    "office/consultation/places.py",
    "office/sheets/template.py",
    "office/web/studio/adoption.py",
    "office/web/templates/public/book.html",
    "office/web/templates/public/questions.html",
    "office/web/templates/public/versions.html",
}
"""These name a version as a whole (its book, list, draft, empty sheet) and show no total."""


def test_only_what_shows_no_total_names_a_measure_without_its_purpose() -> None:
    found = {
        file.relative_to(SOURCES).as_posix()
        for pattern in ("*.py", "*.html")
        for file in SOURCES.rglob(pattern)
        if re.search(r"\bpolic(?:y|ies\[0\])\.title\b", file.read_text(encoding="utf-8"))
    }
    assert found == ABOUT_A_VERSION


@pytest.mark.parametrize("purpose", ["registration", "school", "housing"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_of_a_person_name_the_purpose(visitor: Client, lang: str, purpose: str) -> None:
    policy = cities.load("zhongshan", "2014")
    title = policy.rules_on(DAY, {"purpose": purpose}).title("en" if lang == "en" else "zh")
    form = {"as_of": DAY.isoformat(), "education": "bachelor", "reading.purpose": purpose}
    for page in ("zhongshan/all/", "zhongshan/route"):
        response = visitor.post(f"/{page}?lang={lang}", form)
        assert response.status_code == 200
        assert title in response.content.decode()


def test_the_columns_of_a_comparison_name_the_purpose(visitor: Client) -> None:
    sent = {"picking": "1", "facts": "education: bachelor", "on": DAY.isoformat()}
    sent["pick"] = "zhongshan:2014"
    text = visitor.post("/compare/", sent).content.decode()
    policy = cities.load("zhongshan", "2014")
    assert f"用途：{policy.purposes[0].label.zh}</span>" in text
