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
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text, capitalize_text

_SHARE = say("reports.fairness.share")
_PEOPLE = say("reports.fairness.people")
_SIDES = ("before", "after")
_HIDDEN = say("reports.fairness.hidden")


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
        say("reports.fairness.fairness_and_cost", title=title),
        say("reports.fairness.people_rules", people=result.people, on=on),
        list_warnings(people),
        tuple(sections),
        list_provenance(people, policies, on),
    )


def _explain(result: FairnessResult) -> Section:
    words = [say("reports.fairness.ratio_a_groups_share_surely")]
    if result.sampled:
        words.append(say("reports.fairness.in_brackets_the_95_interval"))
    if result.is_register:
        words.append(_HIDDEN)
    return Section(say("reports.fairness.how_to_read"), (*words, *result.left_out))


def _show_grouping(
    result: FairnessResult, grouping: FairGrouping, tiles: DistrictTiles | None
) -> Section:
    shown = list(list_shown(grouping, is_register=result.is_register))
    charts: tuple[Chart, ...] = ()
    if tiles:
        charts = _draw_maps(result, grouping, shown, tiles)
    if not charts:
        charts = (_chart_shares(result, grouping, shown),)
    heading = say(
        "reports.fairness.by", grouping_label=Text(grouping.label.zh, grouping.label.en.lower())
    )
    return Section(heading, (), charts, (_tabulate_groups(result, grouping, shown),))


def _chart_shares(result: FairnessResult, grouping: FairGrouping, shown: list[ShownGroup]) -> Bars:
    series = []
    for side, name in zip(_SIDES, describe_sides(result), strict=False):
        shares = [group.shares[side] for group in shown]
        hidden = tuple("" if share is not None else "—" for share in shares)
        values = tuple(round(100 * (share or 0), 2) for share in shares)
        series.append(FigureSeries(name, values, hidden if any(hidden) else ()))
    return Bars(
        say(
            "reports.fairness.chart_shares_by",
            share=_SHARE,
            grouping_label=Text(grouping.label.zh, grouping.label.en.lower()),
        ),
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
    bases = [say("reports.fairness.today_the_base_case"), *names[1:]]
    return tuple(
        TileMap(
            say(
                "reports.fairness.draw_maps", grouping_label=grouping.label, name=name, share=_SHARE
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
    ratio = say("reports.fairness.ratio")
    heads = [grouping.label, _PEOPLE, say('reports.fairness.surely_today'), ratio,
             say('reports.fairness.open_today')]  # fmt: skip
    if result.reform:
        heads += [say('reports.fairness.surely_after'), ratio,
                  say('reports.fairness.newly'), say('reports.fairness.no_longer')]  # fmt: skip
    rows = [(group.group.label, _list_cells(result, group)) for group in shown]
    reference = grouping.reference
    title = say("reports.fairness.group_by_group")
    if reference is not None:
        title = say("reports.fairness.group_by_group_1", reference_label=reference.label)
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
        say(
            "reports.fairness.gini_coefficient_people_of_whom",
            name=name,
            gini=format_gini(spread),
            people=spread.people,
        )
        for name, spread in spreads
    ]
    series = [
        FigureSeries(name, tuple(round(100 * share, 1) for share in spread.lorenz))
        for name, spread in spreads
        if spread.lorenz
    ]
    even = FigureSeries(say("reports.fairness.all_have_as_many"), tuple(100 * t for t in TENTHS))
    chart = Lines(
        say('reports.fairness.of_all_points_what'),
        tuple(make_plain_text(f"{tenth:.0%}") for tenth in TENTHS),
        (even, *series),
        say('reports.fairness.of_all_points'),
        say('reports.fairness.the_lowest_of_the_people'),
    )  # fmt: skip
    return Section(
        say("reports.fairness.how_points_are_spread"), tuple(map(capitalize_text, words)), (chart,)
    )


def _show_places(result: FairnessResult) -> Section:
    costs, names = result.costs, describe_sides(result)
    sources = [make_plain_text(f"{what} {where}") for where, what in costs.sources] if costs else []
    notes = [costs.label, costs.note, *sources] if costs else []
    series = tuple(
        FigureSeries(name, tuple(round(getattr(needed, side)[0]) for needed in result.places))
        for side, name in zip(_SIDES, names, strict=False)
    )
    chart = Bars(
        say("reports.fairness.places_for_children_of_those"),
        tuple(needed.stage.label for needed in result.places),
        series,
        say("reports.fairness.children"),
        lying=True,
        label_heading=say("reports.fairness.stage"),
    )
    heads = [say("reports.fairness.stage"), say("reports.fairness.yuan_a_year_each")]
    for name in names:
        heads += [
            say("reports.fairness.places", name=name),
            say("reports.fairness.million_yuan_a_year", name=name),
            say("reports.fairness.lacking", name=name),
        ]
    heads.append(say("reports.fairness.rests_on"))
    rows = [(needed.stage.label, _list_places(result, needed)) for needed in result.places]
    table = two_tables(say("reports.fairness.places_and_cost"), heads, rows)
    return Section(
        say("reports.fairness.places_at_school_and_cost"), tuple(notes), (chart,), (table,)
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
    basis = say("reports.fairness.an_assumption") if assumed else say("reports.fairness.a_source")
    if stage.note.zh:
        basis = say("reports.fairness.places_places", basis=basis, note=stage.note)
    return (*cells, basis)
