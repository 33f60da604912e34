"""What a report holds: words, charts (each with its table beside it), tables."""

from dataclasses import dataclass

from jifen.charts import Chart, ChartTable
from jifen.policy.text import Lang, Text


@dataclass(frozen=True, slots=True)
class TwoTables:
    """A table of its own, in both languages."""

    title: Text
    zh: ChartTable
    en: ChartTable

    def to_language(self, lang: Lang) -> ChartTable:
        """The table in a language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: what it says, then what it shows."""

    heading: Text
    paragraphs: tuple[Text, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[TwoTables, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`labels` stand in a banner at the top (synthetic people); `provenance` at the end: what the
    figures rest on, so that they can be made again."""

    title: Text
    subtitle: Text
    labels: tuple[Text, ...]
    sections: tuple[Section, ...]
    provenance: tuple[tuple[Text, Text | str], ...]
