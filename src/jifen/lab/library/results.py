"""An answer of the lab: words for a person, tables for a dataframe, a document for a program."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen.charts import Chart, ChartPicture
from jifen.lab.report import Report, render_report
from jifen.lab.words import say
from jifen.policy.text import Lang
from jifen.scoring.notebook_table import build_html_table

_MOST_ROWS = 20


class Result:
    """What a question found. `print(result)` gives the words that `jifen lab` prints, a notebook
    shows them with the first table; `to_dict()` is the JSON of the command, `tables` are all its
    tables by name, and the first of them goes through the Arrow interface. `plot()` draws it,
    `save_report` writes the page of `--html`."""

    def __init__(
        self,
        name: str,
        document: Mapping[str, Any],
        tables: Mapping[str, pa.Table],
        text: Callable[[Lang], str],
        *,
        report: Callable[[], Report] | None = None,
        charts: Callable[[], Sequence[Chart]] | None = None,
    ) -> None:
        """`report` and `charts` are built when they are asked for; charts left out are those of the
        report."""
        self.name, self._document, self._text = name, dict(document), text
        self.tables: dict[str, pa.Table] = dict(tables)
        self._build_report, self._build_charts = report, charts

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

    @property
    def plots(self) -> tuple[str, ...]:
        """The titles of what `plot` draws, in their order."""
        return tuple(chart.title.en for chart in self._charts)

    def plot(self, which: int | str = 0, lang: Lang = "zh") -> ChartPicture:
        """A drawing of the answer, by its number or its title in either language (`plots` has
        them). Raises KeyError with those there are."""
        for number, chart in enumerate(self._charts):
            if which in (number, chart.title.zh, chart.title.en):
                return ChartPicture(chart, lang)
        there = "; ".join(f"{n}: {title}" for n, title in enumerate(self.plots)) or "none"
        raise KeyError(f"no plot {which!r}; there are: {there}")

    def to_html(self, lang: Lang = "zh") -> str:
        """The report as one page in both languages that opens in this one: what the command writes
        with `--html`. Raises ValueError for an answer that has no report."""
        if self._report is None:
            raise ValueError(say("library.results.there_is_no_report", name=self.name)(lang))
        return render_report(self._report, lang)

    def save_report(self, path: str | Path, lang: Lang = "zh") -> Path:
        """Write the report as a file, replacing one that is there. Raises as `to_html`, OSError."""
        file = Path(path)
        file.write_text(self.to_html(lang), encoding="utf-8")
        return file

    @cached_property
    def _report(self) -> Report | None:
        return None if self._build_report is None else self._build_report()

    @cached_property
    def _charts(self) -> tuple[Chart, ...]:
        if self._build_charts is not None:
            return tuple(self._build_charts())
        sections = self._report.sections if self._report else ()
        return tuple(chart for section in sections for chart in section.charts)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<{self.name}: {', '.join(self.tables)}>"

    def __str__(self) -> str:
        return self.to_text("zh")

    def _repr_html_(self) -> str:
        table = self.to_arrow()
        words = f"<pre>{escape(self.to_text('zh'))}</pre>"
        if self._charts:
            words += self.plot()._repr_html_()
        if not table.num_rows:
            return words
        name = next(iter(self.tables))
        shown = min(table.num_rows, _MOST_ROWS)
        caption = f"{name}: {shown:,} / {table.num_rows:,}"
        rows = [tuple(row.values()) for row in table.slice(0, _MOST_ROWS).to_pylist()]
        return words + build_html_table(caption, table.column_names, rows)
