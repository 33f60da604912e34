"""Charts draw what their tables say, in both languages, whatever the figures."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from jifen.charts import Bars, Chart, FigureSeries, HeatMap, Lines, Steps, draw_svg, tabulate_chart
from jifen.charts.figure_formats import format_axis_figure, format_figure, round_ticks
from jifen.policy.text import Lang, Text

SVG = "{http://www.w3.org/2000/svg}"
PEOPLE = Text("人数", "people")
LABELS = tuple(Text(f"组{n}", f"group {n}") for n in range(4))


def _bars(*values: float, lying: bool = False) -> Bars:
    names = LABELS[: len(values)]
    return Bars(Text("图", "A chart"), names, (FigureSeries(PEOPLE, values),), PEOPLE, lying=lying)


DAYS = (date(2025, 6, 1), date(2028, 2, 29))
MARKS = ((date(2028, 2, 29), Text("达到", "reached")), (date(2030, 12, 31), Text("失去", "lost")))
ODD: list[Chart] = [
    _bars(),
    _bars(5),
    _bars(0, 0, 0),
    _bars(-3, 4, -1.5),
    _bars(1e9, 1, 2, 3),
    _bars(-3, 4, lying=True),
    _bars(lying=True),
    Lines(Text("线", "Lines"), LABELS[:1], (FigureSeries(PEOPLE, (3,)),), PEOPLE),
    Lines(
        Text("线", "Lines"),
        LABELS,
        tuple(FigureSeries(LABELS[n], (1, 2, 3, n)) for n in range(4)),
        PEOPLE,
    ),
    HeatMap(Text("热", "Heat"), PEOPLE, PEOPLE, LABELS[:1], LABELS[:2], ((1, 1),), PEOPLE),
    Steps(Text("阶", "Steps"), DAYS[:1], DAYS[0], (0,), (0,), (0,), PEOPLE, PEOPLE),
    Steps(
        Text("阶", "Steps"),
        DAYS,
        date(2031, 1, 1),
        (-5, 2),
        (9, 2),
        (140, 120),
        PEOPLE,
        PEOPLE,
        MARKS,
    ),
]


@pytest.mark.parametrize("chart", ODD)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_is_sound_and_named(chart: Chart, lang: Lang) -> None:
    root = ET.fromstring(draw_svg(chart, lang))
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.title(lang)
    text = draw_svg(chart, lang)
    assert "nan" not in text
    assert "inf" not in text
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', text)]
    assert all(size >= 12 for size in sizes)
    assert all(float(r.get("width", "0").rstrip("%")) >= 0 for r in root.iter(f"{SVG}rect"))


def test_words_are_escaped() -> None:
    evil = Text('<script>"&', "<b>'&")
    chart = Bars(
        evil, (evil,), (FigureSeries(evil, (1,)), FigureSeries(evil, (2,))), evil, lying=True
    )
    drawn = draw_svg(chart, "zh")
    assert "<script" not in drawn
    ET.fromstring(drawn)


def test_lying_bars_are_as_long_as_the_table_says() -> None:
    chart = _bars(10, 20, 5, 0, lying=True)
    root = ET.fromstring(draw_svg(chart, "en"))
    lengths = [float(r.get("width", "0")) for r in root if r.tag == f"{SVG}rect"]
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=0.02)
    assert lengths[2] == pytest.approx(lengths[0] / 2, abs=0.02)
    assert tabulate_chart(chart, "en").rows[1] == ("group 1", "20")


def test_standing_bars_are_as_tall_as_the_table_says() -> None:
    root = ET.fromstring(draw_svg(_bars(100, 50, 25), "en"))
    tall = [float(r.get("height", "0")) for r in root if r.tag == f"{SVG}rect"]
    assert tall[0] == pytest.approx(2 * tall[1], abs=0.02)
    assert tall[0] == pytest.approx(4 * tall[2], abs=0.02)


def test_the_patterns_of_the_two_languages_do_not_meet_on_a_page() -> None:
    """A pattern of a hidden half draws nothing, so each half fills by its own."""
    chart = Bars(
        PEOPLE, LABELS, tuple(FigureSeries(LABELS[n], (1, 2, 3, 4)) for n in range(4)), PEOPLE
    )
    patterns, fills = list[set[str]](), list[set[str]]()
    for svg in (draw_svg(chart, "zh"), draw_svg(chart, "en")):
        patterns.append(set(re.findall(r'<pattern id="([^"]+)"', svg)))
        fills.append(set(re.findall(r"url\(#([^)]+)\)", svg)))
    assert patterns == fills
    assert not patterns[0] & patterns[1]


def test_series_differ_in_more_than_colour() -> None:
    chart = Bars(
        PEOPLE, LABELS, tuple(FigureSeries(LABELS[n], (1, 2, 3, 4)) for n in range(2)), PEOPLE
    )
    fills = {r.get("fill") for r in ET.fromstring(draw_svg(chart, "en")).iter(f"{SVG}rect")}
    assert "url(#hatch-en)" in fills
    lines = draw_svg(ODD[8], "en")
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', lines))) == 4


def test_a_heat_map_has_a_cell_for_each_figure() -> None:
    values = tuple(tuple(float(r * 10 + c) for c in range(4)) for r in range(3))
    chart = HeatMap(PEOPLE, PEOPLE, PEOPLE, LABELS[:3], LABELS, values, PEOPLE)
    cells = [t.text for t in ET.fromstring(draw_svg(chart, "zh")).iter(f"{SVG}title")][1:]
    assert cells == [format_figure(v) for row in values for v in row]
    assert tabulate_chart(chart, "zh").rows[2][1:] == tuple(format_figure(v) for v in values[2])


def test_numbers_are_short_on_axes_and_whole_in_tables() -> None:
    assert [format_axis_figure(v, "zh") for v in (0, 9_999, 20_000, 1.2e6, 3e8)] == [
        "0",
        "9999",
        "2万",
        "120万",
        "3亿",
    ]
    assert [format_axis_figure(v, "en") for v in (1_500, 1.2e6, -2e9)] == ["1.5k", "1.2M", "−2B"]
    assert format_figure(1234567) == "1,234,567"
    assert format_figure(-0.5) == "−0.50"


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 7), (-3, 12), (0, 1e9), (0.1, 0.2)])
def test_ticks_are_round_and_cover_the_range(low: float, high: float) -> None:
    found = round_ticks(low, high)
    assert found[0] <= low + 1e-9
    assert found[-1] >= high - 1e-9
    assert 2 <= len(found) <= 9


def test_lines_that_end_together_are_named_in_a_legend_and_others_at_their_ends() -> None:
    together, apart = (
        Lines(
            Text("线", "Lines"),
            LABELS,
            (
                FigureSeries(Text("甲", "first"), (1, 2, 100)),
                FigureSeries(Text("乙", "second"), (1, 3, last)),
            ),
            PEOPLE,
        )
        for last in (100, 10)
    )
    svg = draw_svg(together, "en")
    legend = [y for y, name in re.findall(r'y="([\d.]+)"[^>]*>(first|second)<', svg)]
    assert legend == ["334.0", "334.0"]
    ends = {
        name: float(y)
        for y, name in re.findall(r'y="([\d.]+)"[^>]*>(first|second)<', draw_svg(apart, "en"))
    }
    assert ends["first"] < ends["second"] < 300


@pytest.mark.parametrize(("after", "sides"), [(1.2, ("start", "end")), (1.8, ("end", "start"))])
def test_the_words_of_two_lines_across_stand_away_from_each_other(
    after: float, sides: tuple[str, str]
) -> None:
    chart = Bars(
        Text("图", "chart"),
        LABELS,
        (FigureSeries(PEOPLE, (1, 2, 3)),),
        PEOPLE,
        marker=(1.5, Text("现行线", "line today")),
        other_marker=(after, Text("改革后线", "line after")),
    )
    svg = draw_svg(chart, "en")
    for words, side in zip(("line today", "line after"), sides, strict=True):
        assert re.search(rf'text-anchor="{side}"[^>]*>{words}<', svg)
    assert len(set(re.findall(r'stroke-width="1.6" stroke-dasharray="([^"]+)"', svg))) == 2
