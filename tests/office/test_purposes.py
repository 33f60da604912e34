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


def _step(visitor: Client, lang: str = "zh", **fields: str) -> str:
    sent = {"as_of": DAY.isoformat()} | fields
    response = visitor.post(f"/zhongshan/?lang={lang}", sent)
    assert response.status_code == 200
    return response.content.decode()


def test_the_purpose_is_asked_first_and_one_tap_answers_it(visitor: Client) -> None:
    first = visitor.get(f"/zhongshan/?on={DAY}").content.decode()
    assert '<h1 id="ask" tabindex="-1">积分用于什么？</h1>' in first
    assert re.findall(r'value="is:(\w+)"', first) == ["registration", "school", "housing"]
    assert 'value="skip"' not in first
    assert "data-measure=" not in first, "the site scores: it knows every purpose"
    after = _step(visitor, **{"walk.at": "purpose", "go": "is:school"})
    assert '<input type="hidden" name="reading.purpose" value="school">' in after
    assert "<b>中山 · 积分入学</b>" in after
    assert "积分用于什么？" not in after
    walk = dict(re.findall(r'name="(walk\.[^"]*)" value="([^"]*)"', after))
    assert walk["walk.past"] == "purpose"
    assert visitor.get(f"/zhongshan/screens.json?on={DAY}").status_code == 404


@pytest.mark.parametrize("pressed", ["is:palace", "next", "skip", "is:"])
def test_without_a_purpose_the_screen_stays(visitor: Client, pressed: str) -> None:
    text = _step(visitor, **{"walk.at": "purpose", "go": pressed})
    assert "积分用于什么？" in text
    assert "请先回答" in text


def test_the_purpose_is_kept_checked_and_changed(visitor: Client) -> None:
    said = {"reading.purpose": "housing", "education": "bachelor"}
    check = _step(visitor, "en", **said, **{"walk.at": "check"})
    assert 'value="edit:purpose"' in check
    assert "Public rental housing" in check
    asked = _step(visitor, "en", **said, **{"walk.at": "check", "go": "edit:purpose"})
    assert re.search(r'id="tap-housing" aria-pressed="true"', asked)
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', asked.split("</fieldset>")[0]))
    back = _step(visitor, "en", **{**fields, "go": "is:school"})
    assert fields["education"] == "bachelor"
    assert "School place" in back
    assert "Check your answers" in back


def test_a_city_of_one_purpose_knows_no_such_screen(visitor: Client) -> None:
    sent = {"as_of": "2025-05-01", "walk.at": "purpose", "go": "is:school"}
    text = visitor.post("/shanghai/", sent).content.decode()
    assert "积分用于什么" not in text
    assert "reading.purpose" not in text
