"""What every report says of its people and its rules."""

from collections.abc import Iterable, Sequence
from datetime import date

from jifen.charts import ChartTable
from jifen.charts.figure_formats import format_figure
from jifen.lab.disclosure.notes import describe_protection
from jifen.lab.population.people import People
from jifen.lab.report.model import TwoTables
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.scoring.population.machine_code import ENGINE

SYNTHETIC = say("reports.common.synthetic")


def list_warnings(people: People) -> tuple[Text, ...]:
    """What must be read before the figures."""
    note = describe_protection(people)
    return (SYNTHETIC,) if note is None else (note,)


def list_provenance(
    people: People, policies: Iterable[Policy], on: date
) -> tuple[tuple[Text, Text | str], ...]:
    """What the figures rest on."""
    rows: list[tuple[Text, Text | str]] = [
        (say("reports.common.day"), on.isoformat()),
        (say("reports.common.people"), ": ".join(filter(None, (people.name, f"{people.count:,}")))),
    ]
    for policy in policies:
        name = f"{policy.id} {policy.version}"
        for reform in policy.reforms:
            name += f" + {reform.id}"
        rows.append((say("reports.common.rules"), f"{name} ({policy.hash})"))
    rows.append((say("reports.common.engine"), f"jifen engine {ENGINE}"))
    for key, value in sorted(people.labels.items()):
        rows.append((_LABELS.get(key) or Text(key, key), _VALUES.get(value, value)))
    return tuple(rows)


_LABELS = {
    "jifen.margins": say("reports.common.margins_of_the_people"),
    "jifen.people_engine": say("reports.common.engine_of_synthetic_people"),
    "jifen.seed": say("reports.common.seed_of_the_draws"),
    "jifen.synthetic": say("reports.common.synthetic_people"),
}
"""What the labels of a file of people are called."""
_VALUES = {"true": say("reports.common.yes"), "false": say("reports.common.no")}


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
