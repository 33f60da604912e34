"""What decides who reaches the line, as a page shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from jifen.charts import Bars, ChartTable, FigureSeries
from jifen.office.web.studio.study_parts import (
    CHANGED,
    INDICATOR,
    PEOPLE,
    ShownStudy,
    ShownTable,
    show_chart,
)
from jifen.office.workshop.simulation.disclosure import show_count
from jifen.policy.text import Lang, Text


def show_sensitivity(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
    lab, labels = figures["lab"], figures["labels"]
    words = Text(
        f"{lab['people']:,} 人中 {show_count(lab['reached'])} 人确定达到。各指标按随机次序逐一计入"
        f"（{lab['pairs']} 对次序），份额是它平均带来的达到人数，各项之和等于达到人数。",
        f"{show_count(lab['reached'])} of {lab['people']:,} people are surely at the line. "
        f"Indicators are counted in one after another in {lab['pairs']} pairs of random orders; "
        "a share is what one brings on the average, and the shares add up to the people.",
    )
    shown = ShownStudy([words(lang)])
    shares = lab["shares"]
    names = tuple(Text(row["label_zh"], row["label_en"]) for row in shares)
    chart = Bars(
        _SHARES,
        names,
        (FigureSeries(PEOPLE, tuple(float(round(row["people"])) for row in shares)),),
        PEOPLE,
        lying=True,
        label_heading=INDICATOR,
    )
    shown.charts.append(show_chart(chart, lang))
    rows = tuple(
        (name(lang), f"{row['people']:,.0f}", f"± {row['error']:,.0f}")
        for name, row in zip(names, shares, strict=True)
    )
    heads = (INDICATOR(lang), PEOPLE(lang), Text("标准误", "standard error")(lang))
    shown.tables.append(ShownTable(_ERRORS(lang), ChartTable(heads, rows)))
    if lab["swings"]:
        shown.charts.append(show_chart(_chart_swings(lab["swings"], labels), lang))
    return shown


def _chart_swings(swings: Sequence[Mapping[str, Any]], labels: Mapping[str, Any]) -> Bars:
    names = tuple(
        Text(*(f"{labels[s['figure']][lang]} {s['first']}…{s['last']}" for lang in ("zh", "en")))
        for s in swings
    )
    series = tuple(
        FigureSeries(name, tuple(float(s[key] - s["reached_today"]) for s in swings))
        for name, key in (
            (Text("取第一个值", "at its first value"), "reached_first"),
            (Text("取最后一个值", "at its last value"), "reached_last"),
        )
    )
    return Bars(_SWINGS, names, series, PEOPLE, lying=True, label_heading=CHANGED)


_SHARES = Text("各指标的份额", "Shares of the indicators")
_ERRORS = Text("份额与误差", "Shares and their errors")
_SWINGS = Text("单独改动一个数值时人数的增减", "People more or fewer when one figure changes")
