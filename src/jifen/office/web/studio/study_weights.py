"""What indicators weigh, and who is close to the line, as a page shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from jifen.charts import Bars, ChartTable, FigureSeries
from jifen.office.web.studio.study_parts import (
    INDICATOR,
    PEOPLE,
    ShownStudy,
    ShownTable,
    make_series,
    read_text,
    show_chart,
)
from jifen.office.workshop.simulation.disclosure import hide_small, show_count
from jifen.policy.text import Lang, Text

_BEFORE, _AFTER = Text("原版本", "version"), Text("草案", "draft")


def show_weights(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
    shown = ShownStudy([_WEIGHTS(lang)])
    rows = figures["indicators"]
    labels = tuple(read_text(row["label"]) for row in rows)
    for title, key in ((_MEANS, "mean"), (_NEEDED, "needed")):
        values = [[row[side][key] if row[side] else 0 for row in rows] for side in _SIDES]
        series = (
            tuple(
                FigureSeries(name, tuple(map(float, of_side)))
                for name, of_side in zip((_BEFORE, _AFTER), values, strict=True)
            )
            if key == "mean"
            else tuple(
                make_series(name, of_side)
                for name, of_side in zip((_BEFORE, _AFTER), values, strict=True)
            )
        )
        unit = Text("平均分", "mean points") if key == "mean" else PEOPLE
        chart = Bars(title, labels, series, unit, lying=True, label_heading=INDICATOR)
        shown.charts.append(show_chart(chart, lang))
    people = [[row[side]["people"] if row[side] else 0 for side in _SIDES] for row in rows]
    hidden = [hide_small([row[n] for row in people]) for n in range(2)]
    cells = tuple(
        (label(lang), *(hidden[n][row] or f"{people[row][n]:,}" for n in range(2)))
        for row, label in enumerate(labels)
    )
    heads = (INDICATOR(lang), _BEFORE(lang), _AFTER(lang))
    shown.tables.append(ShownTable(_GIVEN(lang), ChartTable(heads, cells)))
    shown.charts.append(show_chart(_chart_close(figures["close"]), lang))
    if figures["readings"]:
        shown.tables.append(_table_readings(figures["readings"], lang))
    return shown


_SIDES = ("before", "after")


def _chart_close(rows: Sequence[Mapping[str, Any]]) -> Bars:
    labels = tuple(Text(f"{row['distance']:+d}", f"{row['distance']:+d}") for row in rows)
    series = tuple(
        make_series(name, [row[side] for row in rows])
        for name, side in ((_BEFORE, "before"), (_AFTER, "after"))
    )
    at_line = next(n for n, row in enumerate(rows) if row["distance"] == 0)
    marker = (at_line - 0.5, Text("分数线", "line"))
    return Bars(_CLOSE, labels, series, PEOPLE, marker=marker, label_heading=_DISTANCE)


def _table_readings(rows: Sequence[Mapping[str, Any]], lang: Lang) -> ShownTable:
    cells = []
    for row in rows:
        shown = ["–" if row[side] is None else show_count(row[side]) for side in _SIDES]
        label = read_text(row["label"])(lang)
        label += Text("（默认）", " (default)")(lang) if row["default"] else ""
        cells.append((read_text(row["question"])(lang), label, *shown))
    heads = (_CLAUSE(lang), _READING(lang), _BEFORE(lang), _AFTER(lang))
    spans = []
    for name, side in ((_BEFORE, "before"), (_AFTER, "after")):
        counts = [row[side] for row in rows if row[side] is not None]
        if counts:
            least, most = (show_count(end) for end in (min(counts), max(counts)))
            spans.append(f"{name(lang)} {least}–{most}")
    note = Text("达到分数线的人数范围：", "People at the line, from least to most: ")(lang)
    return ShownTable(_READINGS(lang), ChartTable(heads, tuple(cells)), note + "; ".join(spans))


_MEANS = Text("各指标的平均分", "Mean points of the indicators")
_NEEDED = Text("没有该指标就达不到的人数", "People who would not reach the line without it")
_GIVEN = Text("该指标给分的人数", "People to whom an indicator gives points")
_WEIGHTS = Text(
    "平均分和人数按事实齐全的人计算。",
    "Means and people are those of whom every fact is known.",
)
_CLOSE = Text("离分数线的距离", "Distance from the line")
_DISTANCE = Text("距离（分）", "distance in points")
_CLAUSE, _READING = Text("有争议的条款", "Unsure clause"), Text("读法", "Reading")
_READINGS = Text("有争议条款的各种读法", "Readings of unsure clauses")
