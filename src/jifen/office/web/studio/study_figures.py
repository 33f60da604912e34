"""The answer to a longer question as a page shows it: words, charts with their tables, tables.
Small counts are hidden here, in the office; the stored figures are those of the lab."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from jifen.charts import Bars, Chart, ChartTable, FigureSeries, Scatter, draw_svg, tabulate_chart
from jifen.office.workshop.models import Study, StudyKind
from jifen.office.workshop.simulation.disclosure import hide_small, show_count
from jifen.policy.text import Lang, Text

_PEOPLE = Text("人数", "people")
_BEFORE, _AFTER = Text("原版本", "version"), Text("草案", "draft")


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart, drawn, and its table."""

    title: str
    drawn: Markup
    table: ChartTable


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of its own. `note`: how to read it."""

    title: str
    table: ChartTable
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal: what it does in words, and what each of its changes brings."""

    number: int
    words: str
    effects: ChartTable
    losses: ChartTable | None


@dataclass(slots=True)
class ShownStudy:
    """All that a page shows. `changes`: for each proposal the cells that it changes."""

    words: list[str] = field(default_factory=list)
    charts: list[ShownChart] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    proposals: list[ShownProposal] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


def show_study(study: Study, lang: Lang) -> ShownStudy:
    """The answer of a study that is done."""
    figures = json.loads(study.figures)
    return _SHOWN[StudyKind(study.kind)](figures, lang)


def show_chart(chart: Chart, lang: Lang) -> ShownChart:
    """A chart with its table."""
    drawn = Markup(draw_svg(chart, lang))
    return ShownChart(chart.title(lang), drawn, tabulate_chart(chart, lang))


def make_series(name: Text, counts: Sequence[float]) -> FigureSeries:
    """A series of people, small counts hidden."""
    hidden = hide_small(counts)
    values = tuple(0.0 if words else float(n) for n, words in zip(counts, hidden, strict=True))
    return FigureSeries(name, values, tuple(hidden))


def _show_weights(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
    shown = ShownStudy([_WEIGHTS(lang)])
    rows = figures["indicators"]
    labels = tuple(_text(row["label"]) for row in rows)
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
        unit = Text("平均分", "mean points") if key == "mean" else _PEOPLE
        chart = Bars(title, labels, series, unit, lying=True, label_heading=_INDICATOR)
        shown.charts.append(show_chart(chart, lang))
    people = [[row[side]["people"] if row[side] else 0 for side in _SIDES] for row in rows]
    hidden = [hide_small([row[n] for row in people]) for n in range(2)]
    cells = tuple(
        (label(lang), *(hidden[n][row] or f"{people[row][n]:,}" for n in range(2)))
        for row, label in enumerate(labels)
    )
    heads = (_INDICATOR(lang), _BEFORE(lang), _AFTER(lang))
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
    return Bars(_CLOSE, labels, series, _PEOPLE, marker=marker, label_heading=_DISTANCE)


def _table_readings(rows: Sequence[Mapping[str, Any]], lang: Lang) -> ShownTable:
    cells = []
    for row in rows:
        shown = ["–" if row[side] is None else show_count(row[side]) for side in _SIDES]
        label = _text(row["label"])(lang)
        label += Text("（默认）", " (default)")(lang) if row["default"] else ""
        cells.append((_text(row["question"])(lang), label, *shown))
    heads = (_CLAUSE(lang), _READING(lang), _BEFORE(lang), _AFTER(lang))
    spans = []
    for name, side in ((_BEFORE, "before"), (_AFTER, "after")):
        counts = [row[side] for row in rows if row[side] is not None]
        if counts:
            least, most = (show_count(end) for end in (min(counts), max(counts)))
            spans.append(f"{name(lang)} {least}–{most}")
    note = Text("达到分数线的人数范围：", "People at the line, from least to most: ")(lang)
    return ShownTable(_READINGS(lang), ChartTable(heads, tuple(cells)), note + "; ".join(spans))


def _show_proposals(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
    lab, labels = figures["lab"], figures["labels"]
    lines = figures["words"][lang]
    end = lines.index("") if "" in lines else len(lines)
    shown = ShownStudy(lines[:end], changes=figures["changes"])
    if not lab["proposals"]:
        shown.words += [line for line in lines[end:] if line]
    shown.proposals = [_show_proposal(one, labels, lang) for one in lab["proposals"]]
    front = _list_front(lab)
    if front:
        shown.charts.append(show_chart(_chart_front(front), lang))
        shown.tables.append(_table_front(lab, labels, lang))
    return shown


def _list_front(lab: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The trade-offs, and the proposals, which are called so where they are among them."""
    proposed = [one["values"] for one in lab["proposals"]]
    others = [score for score in lab["front"] if score["values"] not in proposed]
    return sorted([*others, *lab["proposals"]], key=lambda score: int(score["change"]))


def _show_proposal(
    proposal: Mapping[str, Any], labels: Mapping[str, Any], lang: Lang
) -> ShownProposal:
    reached, counts = proposal["reached"]["surely"], proposal
    words = Text(
        f"确定达到 {show_count(reached)} 人：新达到 {show_count(counts['gained'])} 人，失去 "
        f"{show_count(counts['lost'])} 人；改动 {counts['cells']} 个数值、{counts['change']} 档。",
        f"{show_count(reached)} people surely at the line: {show_count(counts['gained'])} gain it, "
        f"{show_count(counts['lost'])} lose it; {counts['cells']} figures, {counts['change']} "
        "steps.",
    )
    effects = tuple(
        (
            _text(labels[effect["figure"]])(lang),
            f"{effect['from']} → {effect['to']}",
            show_count(effect["people_in_proposal"], sign=True),
            show_count(effect["people_alone"], sign=True),
        )
        for effect in proposal["effects"]
    )
    heads = (_CHANGED(lang), _FROM_TO(lang), _BRINGS(lang), _ALONE(lang))
    losses = [loss for loss in proposal["groups"] if loss["today"] >= _FEWEST_GROUP]
    table = ChartTable(
        (_GROUP(lang), _NOW(lang), _LOST(lang), _SHARE(lang)),
        tuple(
            (
                f"{loss['by']}: {loss['group']}",
                show_count(loss["today"]),
                show_count(loss["lost"]),
                "–" if 0 < loss["lost"] < _FEWEST_GROUP else f"{loss['share']:.1%}",
            )
            for loss in sorted(losses, key=lambda loss: -loss["share"])
        ),
    )
    effect_table = ChartTable(heads, effects)
    return ShownProposal(proposal["proposal"], words(lang), effect_table, table if losses else None)


_FEWEST_GROUP = 5


def _chart_front(scores: Sequence[Mapping[str, Any]]) -> Scatter:
    labels = tuple(_name_choice(number, score) for number, score in enumerate(scores, start=1))
    return Scatter(
        Text("改动与达到人数", "Change and people at the line"),
        labels,
        tuple(float(score["change"]) for score in scores),
        tuple(float(score["reached"]["surely"]) for score in scores),
        Text("改动的档数", "steps of change"),
        Text("确定达到人数", "people surely at the line"),
        tuple("proposal" in score for score in scores),
        Text("方案", "choice"),
    )


def _name_choice(number: int, score: Mapping[str, Any]) -> Text:
    if "proposal" in score:
        return Text(f"方案 {score['proposal']}", f"proposal {score['proposal']}")
    return Text(f"({number})", f"({number})")


def _table_front(lab: Mapping[str, Any], labels: Mapping[str, Any], lang: Lang) -> ShownTable:
    today = lab["today"]["values"]
    rows = []
    for number, score in enumerate(_list_front(lab), start=1):
        moved = [
            f"{_text(labels[name])(lang)} {value}"
            for name, value in score["values"].items()
            if value != today[name]
        ]
        rows.append(
            (
                _name_choice(number, score)(lang),
                str(score["change"]),
                show_count(score["reached"]["surely"]),
                f"{score['worst_loss']:.1%}" if score["groups"] else "–",
                "; ".join(moved) or Text("不改动", "no change")(lang),
            )
        )
    heads = Text("方案 档数 达到人数 最大损失 取值", "choice steps reached worst_loss values")
    table = ChartTable(tuple(h.replace("_", " ") for h in heads(lang).split()), tuple(rows))
    return ShownTable(_TRADE_OFFS(lang), table, _FRONT_NOTE(lang))


def _show_sensitivity(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
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
        (FigureSeries(_PEOPLE, tuple(float(round(row["people"])) for row in shares)),),
        _PEOPLE,
        lying=True,
        label_heading=_INDICATOR,
    )
    shown.charts.append(show_chart(chart, lang))
    rows = tuple(
        (name(lang), f"{row['people']:,.0f}", f"± {row['error']:,.0f}")
        for name, row in zip(names, shares, strict=True)
    )
    heads = (_INDICATOR(lang), _PEOPLE(lang), Text("标准误", "standard error")(lang))
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
    return Bars(_SWINGS, names, series, _PEOPLE, lying=True, label_heading=_CHANGED)


def _text(both: Mapping[str, str]) -> Text:
    return Text(both["zh"], both["en"])


_SHOWN = {
    StudyKind.WEIGHTS: _show_weights,
    StudyKind.PROPOSALS: _show_proposals,
    StudyKind.SENSITIVITY: _show_sensitivity,
}
_INDICATOR = Text("指标", "indicator")
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
_CHANGED, _FROM_TO = Text("数值", "figure"), Text("改动", "change")
_BRINGS = Text("在方案中带来的人数", "people it brings in the proposal")
_ALONE = Text("单独改动时", "changed alone")
_GROUP, _NOW = Text("组", "group"), Text("现在达到", "at the line now")
_LOST, _SHARE = Text("失去", "lose it"), Text("比例", "share")
_TRADE_OFFS = Text("取舍", "Trade-offs")
_FRONT_NOTE = Text(
    "每一行都没有别的方案在改动、与目标的差、最大损失三方面都不差而有一方面更好。",
    "No other choice scored is at least as good in change, distance from the target and worst "
    "loss, and better in one of them.",
)
_SHARES = Text("各指标的份额", "Shares of the indicators")
_ERRORS = Text("份额与误差", "Shares and their errors")
_SWINGS = Text("单独改动一个数值时人数的增减", "People more or fewer when one figure changes")
