"""An answer of the lab: words for a person, tables for a dataframe, a document for a program."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pyarrow as pa

from jifen.policy.text import Lang
from jifen.scoring.notebook_table import build_html_table

_MOST_ROWS = 20


class Result:
    """What a question found. `print(result)` gives the words that `jifen lab` prints, a notebook
    shows them with the first table; `to_dict()` is the JSON of the command, `tables` are all its
    tables by name, and the first of them goes through the Arrow interface."""

    def __init__(
        self,
        name: str,
        document: Mapping[str, Any],
        tables: Mapping[str, pa.Table],
        text: Callable[[Lang], str],
    ) -> None:
        self.name, self._document, self._text = name, dict(document), text
        self.tables: dict[str, pa.Table] = dict(tables)

    def to_text(self, lang: Lang = "zh") -> str:
        """In words."""
        return self._text(lang)

    def to_dict(self) -> dict[str, Any]:
        """For a program: what the command gives with `--json`."""
        return dict(self._document)

    def __getitem__(self, key: str) -> Any:
        """A part of the document: `result["reached"]["surely"]`."""
        return self._document[key]

    def to_arrow(self, table: str = "") -> pa.Table:
        """A table by its name; without one the first. Raises KeyError with those there are."""
        if not self.tables:
            return pa.table({})
        name = table or next(iter(self.tables))
        if name not in self.tables:
            raise KeyError(f"no table {name!r}; there are: {', '.join(self.tables)}")
        return self.tables[name]

    def to_pandas(self, table: str = "") -> Any:
        """The same as a pandas DataFrame."""
        return self.to_arrow(table).to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<{self.name}: {', '.join(self.tables)}>"

    def __str__(self) -> str:
        return self.to_text("zh")

    def _repr_html_(self) -> str:
        table = self.to_arrow()
        words = f"<pre>{escape(self.to_text('zh'))}</pre>"
        if not table.num_rows:
            return words
        name = next(iter(self.tables))
        shown = min(table.num_rows, _MOST_ROWS)
        caption = f"{name}: {shown:,} / {table.num_rows:,}"
        rows = [tuple(row.values()) for row in table.slice(0, _MOST_ROWS).to_pylist()]
        return words + build_html_table(caption, table.column_names, rows)
