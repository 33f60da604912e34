"""What every report says of its people and its rules."""

from collections.abc import Iterable, Sequence
from datetime import date

from jifen.charts import ChartTable
from jifen.charts.figure_formats import format_figure
from jifen.lab.population.people import People
from jifen.lab.report.model import TwoTables
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.scoring.population.machine_code import ENGINE

SYNTHETIC = Text(
    "合成人口：以下数字不是任何城市的真实统计，只用于试算。",
    "Synthetic people: these figures are no city's statistics and serve only to try rules.",
)


def list_warnings(people: People) -> tuple[Text, ...]:
    """What must be read before the figures."""
    return (SYNTHETIC,) if people.synthetic else ()


def list_provenance(
    people: People, policies: Iterable[Policy], on: date
) -> tuple[tuple[Text, str], ...]:
    """What the figures rest on."""
    rows = [
        (Text("测算日期", "day"), on.isoformat()),
        (Text("人口", "people"), f"{people.name}: {people.count:,}"),
    ]
    for policy in policies:
        name = f"{policy.id} {policy.version}"
        for reform in policy.reforms:
            name += f" + {reform.id}"
        rows.append((Text("规则", "rules"), f"{name} ({policy.hash})"))
    rows.append((Text("引擎", "engine"), f"jifen engine {ENGINE}"))
    for key, value in sorted(people.labels.items()):
        rows.append((_LABELS.get(key) or Text(key, key), value))
    return tuple(rows)


_LABELS = {
    "jifen.margins": Text("人口边际", "margins of the people"),
    "jifen.people_engine": Text("合成人口的引擎", "engine of synthetic people"),
    "jifen.seed": Text("随机种子", "seed of the draws"),
    "jifen.synthetic": Text("合成人口", "synthetic people"),
}
"""What the labels of a file of people are called."""


def two_tables(
    title: Text, heads: Sequence[Text], rows: Sequence[tuple[Text, Sequence[float | str | Text]]]
) -> TwoTables:
    """A table from labels, figures and words."""

    def make_table(lang: Lang) -> ChartTable:
        cells = tuple(
            (label(lang), *(_format_cell(value, lang) for value in values))
            for label, values in rows
        )
        return ChartTable(tuple(head(lang) for head in heads), cells)

    return TwoTables(title, make_table("zh"), make_table("en"))


def _format_cell(value: float | str | Text, lang: Lang) -> str:
    if isinstance(value, Text):
        return value(lang)
    return value if isinstance(value, str) else format_figure(value)


def make_plain_text(words: str) -> Text:
    """A figure or a name that is the same in both languages."""
    return Text(words, words)
