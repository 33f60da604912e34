"""What a notebook shows, read as a browser reads it."""

from html.parser import HTMLParser


class NotebookTables(HTMLParser):
    """The cells of every table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            assert tag == "td" or dict(attrs).get("scope") in ("col", "row")
            self.tables[-1][-1].append("")
        self._in_cell = tag in ("th", "td")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def read_html_tables(html: str) -> list[list[list[str]]]:
    """The tables of a piece of HTML; each heading must say of what it is one."""
    page = NotebookTables()
    page.feed(html)
    return page.tables
