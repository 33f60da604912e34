"""The site of the documentation builds without a warning, and every link leads somewhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"


class Page(HTMLParser):
    """The links of a page and the places in it that a link may name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if place := values.get("id"):
            self.places.add(place)
        for attribute in ("href", "src"):
            if link := values.get(attribute):
                self.links.append(link)


def run_builder(*arguments: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "docs.py"), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "site"
    built = run_builder(folder)
    assert built.returncode == 0, built.stderr
    return folder


def test_every_link_leads_to_a_page_and_a_place_in_it(site: Path) -> None:
    pages = {
        path: Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    assert len(pages) > 30
    broken = [
        f"{path.relative_to(site)}: {link}"
        for path, page in pages.items()
        for link in page.links
        if not _leads_somewhere(path, link, pages)
    ]
    assert broken == []


def _leads_somewhere(path: Path, link: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme:  # another site, or data inside the page
        return True
    target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
    if not target.is_file():
        return False
    page = pages.get(target)
    return page is None or not parts.fragment or unquote(parts.fragment) in page.places


def test_a_broken_link_fails_the_build(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser"]\n', encoding="utf-8")
    (source / "index.md").write_text("# Begin\n\n[nowhere](missing.md)\n", encoding="utf-8")
    built = run_builder(tmp_path / "site", source)
    assert built.returncode == 1
    assert "missing.md" in built.stderr


def test_every_measure_has_its_book_in_both_languages(site: Path) -> None:
    listed = Page((site / "books.html").read_text(encoding="utf-8")).links
    books = sorted(link for link in listed if link.startswith("books/"))
    assert books == sorted(f"books/{path.name}" for path in (site / "books").iterdir())
    assert "books/shanghai-2018.zh.html" in books
    assert "books/shanghai-2018.en.html" in books


def test_every_document_of_the_repository_is_on_the_site(site: Path) -> None:
    command = ["git", "ls-files", "docs/*.md", "docs/**/*.md"]
    tracked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    documents = {Path(name).relative_to("docs").with_suffix(".html") for name in tracked.split()}
    assert len(documents) > 30
    assert documents - {path.relative_to(site) for path in site.rglob("*.html")} == set()


def _names_of_glossary() -> list[str]:
    rows = [row for row in GLOSSARY.read_text(encoding="utf-8").splitlines() if row[:2] == "| "]
    names = [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[3])]
    return [name for name in names if name.isidentifier()]


@pytest.mark.parametrize("name", _names_of_glossary())
def test_a_name_of_the_glossary_is_in_the_source(name: str) -> None:
    word = re.compile(rf"(?:\b|_){re.escape(name)}(?:\b|_|s\b)")
    source = (ROOT / "src" / "jifen").rglob("*")
    assert any(
        word.search(path.read_text(encoding="utf-8"))
        for path in source
        if path.suffix in (".py", ".yaml")
    )
