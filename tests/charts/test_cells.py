"""Maps in cells: a legend says what the shades mean, the base case is outlined, tiles lie apart."""

import re
import xml.etree.ElementTree as ET

import pytest

from jifen.charts import HeatMap, TileMap, draw_svg, tabulate_chart
from jifen.policy.text import Text

SVG = "{http://www.w3.org/2000/svg}"
UNIT, NAME = Text("比例（%）", "share, %"), Text("区", "district")
LABELS = tuple(Text(f"区{n}", f"district {n}") for n in range(3))
PLACES = ((0, 1), (1, 0), (1, 1))


def build_tiles(*values: float | None, ends: tuple[float, float] | None = None) -> TileMap:
    return TileMap(Text("图", "map"), LABELS, PLACES, values, UNIT, NAME, ends)


def list_titles(svg: str) -> list[str]:
    return [title.text or "" for title in ET.fromstring(svg).iter(f"{SVG}title")][1:]


def find_lightness(svg: str, tile: str) -> float:
    found = re.search(rf'hsl\(212 62% (\d+)%\)"><title>{tile}', svg)
    assert found is not None
    return float(found[1])


def test_a_tile_map_has_a_tile_for_each_place_and_a_table_with_the_same_figures() -> None:
    chart = build_tiles(10.0, 20.5, None)
    svg = draw_svg(chart, "en")
    assert list_titles(svg) == ["district 0: 10.0", "district 1: 20.5", "district 2: —"]
    assert tabulate_chart(chart, "en").rows == (
        ("district 0", "10.0"),
        ("district 1", "20.5"),
        ("district 2", "—"),
    )
    assert tabulate_chart(chart, "zh").headings == ("区", "比例（%）")
    tiles = [
        (rect.get("x"), rect.get("y"))
        for rect in ET.fromstring(svg).iter(f"{SVG}rect")
        if rect.get("rx")
    ]
    assert len(set(tiles)) == 3
    assert tiles[1][1] == tiles[2][1] != tiles[0][1]
    assert tiles[0][0] == tiles[2][0]


def test_a_darker_tile_has_more_and_two_maps_with_the_same_ends_have_the_same_shades() -> None:
    svg = draw_svg(build_tiles(1, 2, 3), "en")
    shades = [find_lightness(svg, f"district {n}") for n in range(3)]
    assert shades[0] > shades[1] > shades[2]
    other = draw_svg(build_tiles(2, 2, 2, ends=(1, 3)), "en")
    assert find_lightness(other, "district 0") == shades[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_names_both_ends_and_the_unit(lang: str) -> None:
    words = [
        text.text or ""
        for text in ET.fromstring(draw_svg(build_tiles(10, 20, 40), lang)).iter(f"{SVG}text")  # type: ignore[arg-type]
    ]
    assert words[-2:] == ["10", f"40   {UNIT('en' if lang == 'en' else 'zh')}"]


def test_the_base_case_of_a_heat_map_is_outlined_and_named() -> None:
    values = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    base = Text("现行", "today")
    parts = (Text("图", "map"), NAME, UNIT, LABELS[:2], LABELS, values, UNIT)
    with_base = ET.fromstring(draw_svg(HeatMap(*parts, base=(1, 2), base_name=base), "en"))
    outlined = [r for r in with_base.iter(f"{SVG}rect") if r.get("stroke-width") == "3"]
    assert len(outlined) == 2  # the cell, and its mark in the legend
    cell = next(r for r in with_base.iter(f"{SVG}rect") if (r.findtext(f"{SVG}title") == "6"))
    x, y = (float(outlined[0].get(axis, "0")) for axis in "xy")
    assert (x - 1, y - 1) == pytest.approx((float(cell.get("x", "0")), float(cell.get("y", "0"))))
    assert "today" in [text.text for text in with_base.iter(f"{SVG}text")]
    without = draw_svg(HeatMap(*parts), "en")
    assert 'stroke-width="3"' not in without


def test_the_base_case_of_a_wide_legend_stands_on_a_line_of_its_own() -> None:
    def draw(unit: str) -> ET.Element:
        name = Text("数", unit)
        chart = HeatMap(
            Text("图", "map"), NAME, NAME, LABELS[:1], LABELS, ((7610.0, 8069.0, 12.0),), name,
            (0, 1), Text("现行（基准）", "today (the base case)"),
        )  # fmt: skip
        return ET.fromstring(draw_svg(chart, "en"))

    short, long = draw("people"), draw("people surely at the line, of all whose facts are known")
    height = {
        name: float(svg.attrib["viewBox"].split()[3]) for name, svg in (("s", short), ("l", long))
    }
    assert height["l"] == height["s"] + 24
    for svg in (short, long):
        [base] = [text for text in svg.iter(f"{SVG}text") if text.text == "today (the base case)"]
        assert float(base.attrib["x"]) + 7.2 * len("today (the base case)") <= 640
        assert "7,610" in [text.text for text in svg.iter(f"{SVG}text")]
