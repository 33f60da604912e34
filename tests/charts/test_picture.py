"""A chart as a notebook shows it and as a file."""

from pathlib import Path
from xml.etree import ElementTree as ET

from jifen.charts import Bars, ChartPicture, FigureSeries
from jifen.policy.text import Text

PEOPLE = Text("人", "people")
CHART = Bars(
    Text("人数 <1>", "People <1>"),
    (Text("甲", "first"), Text("乙", "second")),
    (FigureSeries(PEOPLE, (3.0, 7.0)),),
    PEOPLE,
    lying=True,
)


def test_a_picture_is_drawn_in_its_language_and_escaped() -> None:
    english, chinese = ChartPicture(CHART, "en"), ChartPicture(CHART)
    assert repr(english) == "<ChartPicture: People <1>>"
    assert chinese.title == "人数 <1>"
    html = english._repr_html_()
    assert html.startswith('<figure lang="en"')
    assert "<figcaption>People &lt;1&gt;</figcaption>" in html
    assert "甲" not in html
    assert "second" in html
    assert "乙" in chinese.to_svg()
    assert chinese.to_table().rows == (("甲", "3"), ("乙", "7"))


def test_a_saved_picture_is_a_whole_svg_file(tmp_path: Path) -> None:
    file = ChartPicture(CHART).save(tmp_path / "people.svg")
    root = ET.fromstring(file.read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["aria-label"] == "人数 <1>"
