"""The site of the documentation, opened from a folder: its search finds both languages."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "site"
    command = [sys.executable, str(ROOT / "tools" / "docs.py"), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("居住证", "Words of the field"),
        ("一票否决", "Words of the field"),
        ("签发", "办理一件申请"),
        ("countersign", "Words of the field"),
        ("score_population", "Jifen as a Python library"),
    ],
)
def test_the_search_finds_words_of_both_languages(
    chromium: Browser, site: Path, query: str, page: str
) -> None:
    with chromium.new_page() as opened:
        opened.goto(f"{site.as_uri()}/search.html?q={query}")
        results = opened.locator("#search-results li a")
        expect(results.filter(has_text=page).first).to_be_visible()


def test_what_is_nowhere_is_not_found(chromium: Browser, site: Path) -> None:
    with chromium.new_page() as opened:
        opened.goto(f"{site.as_uri()}/search.html?q=长颈鹿")
        expect(opened.locator("#search-results .search-summary")).to_contain_text("did not match")
