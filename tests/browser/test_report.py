"""A report in a real browser: accessible in both languages, no wider than a phone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from jifen.lab.analysis import analyse_people
from jifen.lab.people import draw_people, load_margins
from jifen.lab.population import open_packed, pack_people
from jifen.lab.report import render_report
from jifen.lab.reports.run import build_report
from jifen.scoring.files.outputs import ResultFile
from tests.people.changed_policies import ON, SHANGHAI

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    table = draw_people(load_margins("shanghai"), 3_000, 7)
    with ResultFile(folder / "p.parquet", table.schema) as target:
        target.write(table)
        target.finish()
        target.keep()
    pack_people(SHANGHAI.vocabulary, folder / "p.parquet", folder / "p.packed", counting_day=ON)
    packed = open_packed(folder / "p.packed", SHANGHAI.vocabulary)
    result = analyse_people(packed, SHANGHAI, ON, groups=["education"])
    text = render_report(build_report(packed, SHANGHAI, result, ON))
    assert text == render_report(build_report(packed, SHANGHAI, result, ON))
    (folder / "run.html").write_text(text, encoding="utf-8")
    return folder / "run.html"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_accessible(page: Page, html: Path, lang: str) -> None:
    page.goto(html.as_uri())
    if lang == "en":
        page.locator("label.en-tab").click()
        assert page.locator("div.en h1").is_visible()
        assert not page.locator("div.zh h1").is_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_report_is_no_wider_than_a_phone(page: Page, html: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(html.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_changes_the_language(page: Page, html: Path) -> None:
    page.goto(html.as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("div.en h1").is_visible()
