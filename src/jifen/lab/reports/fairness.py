"""A report of whom a measure reaches: groups, districts, the spread of points, places at school."""

from datetime import date

from jifen.charts import Bars, Chart, FigureSeries, Lines, TileMap
from jifen.lab.classes import format_range
from jifen.lab.fairness import FairGrouping, FairnessResult
from jifen.lab.fairness.district_tiles import DistrictTiles
from jifen.lab.fairness.inequality import TENTHS
from jifen.lab.fairness.places import PlacesNeeded
from jifen.lab.fairness.serialization import (
    describe_sides,
    format_count,
    format_gini,
    format_millions,
    format_percent,
    format_ratio,
)
from jifen.lab.fairness.shown import ShownGroup, list_shown
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section, TwoTables
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_SHARE = Text("确定达到的比例（%）", "surely at the line, %")
_PEOPLE = Text("人数", "people")
_SIDES = ("before", "after")
_HIDDEN = Text(
    "真实名册：少于 5 人的数字，以及可由其推算的数字，不显示。",
    "A register of real people: counts below 5, and what would give them away, are not shown.",
)


def build_report(
    people: People,
    policies: list[Policy],
    result: FairnessResult,
    on: date,
    tiles: DistrictTiles | None = None,
) -> Report:
    """A section for each grouping, with a map where its districts have tiles; then points and
    places. `policies`: today's rules, and the reform's where there is one."""
    groupings = [
        _show_grouping(result, grouping, tiles if tiles and tiles.column == grouping.name else None)
        for grouping in result.groupings
    ]
    sections = [_explain(result), *groupings, _show_points(result)]
    if result.places:
        sections.append(_show_places(result))
    title = policies[0].rules_on(on).title
    return Report(
        Text(f"{title.zh}：公平与成本", f"{title.en}: fairness and cost"),
        Text(
            f"{result.people:,} 人，规则以 {on} 为准", f"{result.people:,} people, rules as on {on}"
        ),
        list_warnings(people),
        tuple(sections),
        list_provenance(people, policies, on),
    )


def _explain(result: FairnessResult) -> Section:
    words = [
        Text(
            "比值：一组确定达到的比例，与现行规则下比例最高的一组（至少占全体 2 %）相比；"
            "低于 0.80 的标 ▼（“五分之四”规则）。它只说明差异，不说明原因。",
            "Ratio: a group's share surely at the line beside that of the group with the highest "
            "share today (of at least 2 % of the people); below 0.80 it is marked ▼ (the “four "
            "fifths” rule). It tells of a difference, not of its cause.",
        )
    ]
    if result.sampled:
        words.append(
            Text("括号内为 95 % 的抽样区间。", "In brackets: the 95 % interval of sampling.")
        )
    if result.is_register:
        words.append(_HIDDEN)
    return Section(Text("怎样读", "How to read this"), (*words, *result.left_out))


def _show_grouping(
    result: FairnessResult, grouping: FairGrouping, tiles: DistrictTiles | None
) -> Section:
    shown = list(list_shown(grouping, is_register=result.is_register))
    charts: tuple[Chart, ...] = ()
    if tiles:
        charts = _draw_maps(result, grouping, shown, tiles)
    if not charts:
        charts = (_chart_shares(result, grouping, shown),)
    heading = Text(f"按{grouping.label.zh}", f"By {grouping.label.en.lower()}")
    return Section(heading, (), charts, (_tabulate_groups(result, grouping, shown),))


def _chart_shares(result: FairnessResult, grouping: FairGrouping, shown: list[ShownGroup]) -> Bars:
    series = []
    for side, name in zip(_SIDES, describe_sides(result), strict=False):
        shares = [group.shares[side] for group in shown]
        hidden = tuple("" if share is not None else "—" for share in shares)
        values = tuple(round(100 * (share or 0), 2) for share in shares)
        series.append(FigureSeries(name, values, hidden if any(hidden) else ()))
    return Bars(
        Text(f"按{grouping.label.zh}：{_SHARE.zh}", f"By {grouping.label.en.lower()}: {_SHARE.en}"),
        tuple(group.group.label for group in shown),
        tuple(series),
        _SHARE,
        lying=True,
        label_heading=grouping.label,
    )


def _draw_maps(
    result: FairnessResult,
    grouping: FairGrouping,
    shown: list[ShownGroup],
    tiles: DistrictTiles,
) -> tuple[TileMap, ...]:
    """Today's rules, which are the base case, and the reform's in the same shades."""
    placed = [group for group in shown if group.group.id in tiles.places]
    if not placed:
        return ()
    names = describe_sides(result)
    shares = [
        tuple(_to_percent(group.shares[side]) for group in placed)
        for side, _ in zip(_SIDES, names, strict=False)
    ]
    known = [share for row in shares for share in row if share is not None]
    ends = (min(known), max(known)) if known else None
    bases = [Text("现行（基准）", "today (the base case)"), *names[1:]]
    return tuple(
        TileMap(
            Text(
                f"{grouping.label.zh}：{name.zh}，{_SHARE.zh}",
                f"{grouping.label.en}: {name.en}, {_SHARE.en}",
            ),
            tuple(group.group.label for group in placed),
            tuple(tiles.places[group.group.id] for group in placed),
            values,
            _SHARE,
            grouping.label,
            ends,
        )
        for name, values in zip(bases, shares, strict=True)
    )


def _to_percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _tabulate_groups(
    result: FairnessResult, grouping: FairGrouping, shown: list[ShownGroup]
) -> TwoTables:
    ratio = Text("比值", "ratio")
    heads = [grouping.label, _PEOPLE, Text("现行确定达到", "surely today"), ratio,
             Text("现行可能达到", "open today")]  # fmt: skip
    if result.reform:
        heads += [Text("改革后确定达到", "surely after"), ratio,
                  Text("新达到", "newly"), Text("不再达到", "no longer")]  # fmt: skip
    rows = [(group.group.label, _list_cells(result, group)) for group in shown]
    reference = grouping.reference
    title = Text("各组明细", "Group by group")
    if reference is not None:
        title = Text(
            f"各组明细（“{reference.label.zh}”为 1）", f"Group by group ({reference.label.en} = 1)"
        )
    return two_tables(title, heads, rows)


def _list_cells(result: FairnessResult, shown: ShownGroup) -> tuple[float | str | Text, ...]:
    counts = {name: format_count(count, shown, name) for name, count in shown.counts.items()}
    cells = [
        counts["people"],
        format_percent(shown.shares["before"]),
        format_ratio(shown.ratios["before"]),
        counts["open_before"],
    ]
    if result.reform:
        cells += [format_percent(shown.shares["after"]), format_ratio(shown.ratios["after"])]
        cells += [counts["gains"], counts["loses"]]
    return tuple(cells)


def _show_points(result: FairnessResult) -> Section:
    names = describe_sides(result)
    spreads = list(zip(names, result.spreads, strict=False))
    words = [
        Text(
            f"{name.zh}：基尼系数 {format_gini(spread)}（事实齐全的 {spread.people:,} 人；"
            "0 为人人一样多）。",
            f"{name.en}: Gini coefficient {format_gini(spread)} ({spread.people:,} people of whom "
            "every fact is known; 0: all have as many).",
        )
        for name, spread in spreads
    ]
    series = [
        FigureSeries(name, tuple(round(100 * share, 1) for share in spread.lorenz))
        for name, spread in spreads
        if spread.lorenz
    ]
    even = FigureSeries(Text("人人一样多", "all have as many"), tuple(100 * t for t in TENTHS))
    chart = Lines(
        Text("分数较低的人共占全部积分的多少（洛伦兹曲线）", "Of all points, what the lower part "
             "of the people hold (Lorenz curve)"),
        tuple(make_plain_text(f"{tenth:.0%}") for tenth in TENTHS),
        (even, *series),
        Text("占全部积分的 %", "% of all points"),
        Text("分数较低的人所占比例", "the lowest … of the people"),
    )  # fmt: skip
    return Section(Text("积分的差距", "How points are spread"), tuple(words), (chart,))


def _show_places(result: FairnessResult) -> Section:
    costs, names = result.costs, describe_sides(result)
    sources = [make_plain_text(f"{what} {where}") for where, what in costs.sources] if costs else []
    notes = [costs.label, costs.note, *sources] if costs else []
    series = tuple(
        FigureSeries(name, tuple(round(getattr(needed, side)[0]) for needed in result.places))
        for side, name in zip(_SIDES, names, strict=False)
    )
    chart = Bars(
        Text("确定达到者的子女所需学位", "Places for children of those surely at the line"),
        tuple(needed.stage.label for needed in result.places),
        series,
        Text("人", "children"),
        lying=True,
        label_heading=Text("学段", "stage"),
    )
    heads = [Text("学段", "stage"), Text("生均每年（元）", "yuan a year each")]
    for name in names:
        heads += [
            Text(f"学位：{name.zh}", f"places: {name.en}"),
            Text(f"百万元/年：{name.zh}", f"million yuan a year: {name.en}"),
            Text(f"缺：{name.zh}", f"lacking: {name.en}"),
        ]
    heads.append(Text("依据", "rests on"))
    rows = [(needed.stage.label, _list_places(result, needed)) for needed in result.places]
    table = two_tables(Text("学位与经费", "Places and cost"), heads, rows)
    return Section(
        Text("学位与成本", "Places at school and cost"), tuple(notes), (chart,), (table,)
    )


def _list_places(result: FairnessResult, needed: PlacesNeeded) -> tuple[float | str | Text, ...]:
    stage = needed.stage
    cells: list[float | str | Text] = [stage.yearly_cost]
    for side, _ in zip(_SIDES, describe_sides(result), strict=False):
        low, most = getattr(needed, side)
        lacking = needed.lacking(low)
        cells += [
            format_range(round(low), round(most)),
            f"{format_millions(needed.cost(low))}–{format_millions(needed.cost(most))}",
            "—" if lacking is None else float(round(lacking)),
        ]
    assumed = stage.confidence == "unsure"
    basis = Text("假设", "an assumption") if assumed else Text("有来源", "a source")
    if stage.note.zh:
        basis = Text(f"{basis.zh}：{stage.note.zh}", f"{basis.en}: {stage.note.en}")
    return (*cells, basis)
