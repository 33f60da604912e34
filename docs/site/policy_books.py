"""The policy book of every city and version, as pages of the site: `{policy-books}` lists them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

from jifen import cities
from jifen.cities.worked_cases import load_cases
from jifen.policy.book import book_page
from jifen.policy.policy import Policy
from jifen.policy.text import Lang

FOLDER: Final = "books"
LANGUAGES: Final[tuple[tuple[Lang, str], ...]] = (("zh", "中文"), ("en", "English"))


class PolicyBooks(Directive):
    """A list of the measures, each with a link to its book in Chinese and in English."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        books = nodes.bullet_list()
        for city, policy in _measures():
            line = nodes.paragraph("", f"{policy.title.zh} · {policy.title.en}: ")
            for lang, name in LANGUAGES:
                address = f"{FOLDER}/{_file_name(city, policy, lang)}"
                line += [nodes.reference("", name, refuri=address), nodes.Text(" ")]
            books += nodes.list_item("", line)
        return [books]


def write_books(app: Sphinx, fault: Exception | None) -> None:
    """Write the pages beside the site when it is complete."""
    if fault is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for city, policy in _measures():
        worked = load_cases(city, policy.version)
        for lang, _ in LANGUAGES:
            page = book_page(policy, worked, lang)
            (folder / _file_name(city, policy, lang)).write_text(page, encoding="utf-8")


def _measures() -> Iterator[tuple[str, Policy]]:
    """Every version of every city, oldest first."""
    for name, city in cities.index().items():
        for version in city.versions:
            yield name, cities.load(name, version.version)


def _file_name(city: str, policy: Policy, lang: Lang) -> str:
    return f"{city}-{policy.version}.{lang}.html"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the list and the pages."""
    app.add_directive("policy-books", PolicyBooks)
    app.connect("build-finished", write_books)
    return {"parallel_read_safe": True}
