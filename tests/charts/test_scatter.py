"""A scatter shows every row of its table, and names those that are marked."""

from xml.etree import ElementTree as ET

from jifen.charts import Scatter, draw_svg, tabulate_chart
from jifen.policy.text import Text

SVG = "{http://www.w3.org/2000/svg}"
CHOICES = Scatter(
    Text("取舍", "Trade-offs"),
    (Text("现行", "today"), Text("方案 1", "proposal 1"), Text("其他 <3>", "other <3>")),
    (0.0, 4.0, 9.0),
    (92_496.0, 87_879.0, 80_000.0),
    Text("改动", "change"),
    Text("人数", "people"),
    (False, True, False),
    Text("方案", "choice"),
)


def test_every_row_is_a_mark_and_only_marked_rows_are_named_beside_it() -> None:
    drawing = ET.fromstring(draw_svg(CHOICES, "en"))
    assert len(drawing.findall(f"{SVG}circle")) == 2
    [square] = [r for r in drawing.findall(f"{SVG}rect") if r.find(f"{SVG}title") is not None]
    assert square.find(f"{SVG}title").text == "proposal 1: 4, 87,879"  # type: ignore[union-attr]
    names = [text.text for text in drawing.findall(f"{SVG}text")]
    assert "proposal 1" in names
    assert "today" not in names


def test_the_higher_figure_stands_higher_and_the_larger_one_to_the_right() -> None:
    today, other = ET.fromstring(draw_svg(CHOICES, "zh")).findall(f"{SVG}circle")
    assert float(today.attrib["cy"]) < float(other.attrib["cy"])
    assert float(today.attrib["cx"]) < float(other.attrib["cx"])


def test_its_table_has_the_figures_of_every_row() -> None:
    assert tabulate_chart(CHOICES, "en").headings == ("choice", "change", "people")
    assert tabulate_chart(CHOICES, "zh").rows[1] == ("方案 1", "4", "87,879")


def test_no_rows_make_an_empty_drawing() -> None:
    empty = Scatter(*([Text("空", "Empty")] + [()] * 3 + [Text("x", "x")] * 2 + [(), Text("", "")]))  # type: ignore[arg-type]
    assert not ET.fromstring(draw_svg(empty, "en")).findall(f"{SVG}circle")


def test_names_cover_neither_each_other_nor_a_mark_and_the_base_case_is_outlined() -> None:
    near = Scatter(
        Text("取舍", "Trade-offs"),
        tuple(Text(f"方案 {n}", f"proposal {n}") for n in range(6)),
        (4.0, 4.1, 4.2, 4.3, 9.0, 0.0),
        (500.0, 501.0, 500.0, 502.0, 900.0, 100.0),
        Text("改动", "change"),
        Text("人数", "people"),
        (True, True, True, True, False, False),
        Text("方案", "choice"),
        (True, False, False, False, False, False),
        Text("建议", "proposals"),
        5,
        Text("现行（基准）", "today (the base case)"),
    )
    drawing = ET.fromstring(draw_svg(near, "en"))
    texts = {text.text or "": text for text in drawing.findall(f"{SVG}text")}
    names = [texts[f"proposal {n}"] for n in range(4)]
    places = [(float(name.attrib["x"]), float(name.attrib["y"])) for name in names]
    wide = 7.2 * len("proposal 0")
    for place, (x, y) in enumerate(places):
        for other_x, other_y in places[place + 1 :]:
            assert abs(y - other_y) >= 12 or abs(x - other_x) >= wide
    [mark, legend] = [r for r in drawing.findall(f"{SVG}rect") if r.get("stroke-width") == "3"]
    assert float(mark.attrib["x"]) < float(legend.attrib["x"])
    assert "today (the base case)" in texts
    assert "proposals" in texts
    without = ET.fromstring(draw_svg(CHOICES, "en"))
    assert not [r for r in without.findall(f"{SVG}rect") if r.get("stroke-width") == "3"]
