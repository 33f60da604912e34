"""The steps of a series from a table beside it."""

from decimal import Decimal
from pathlib import Path

import pytest

from jifen.policy.months import parse_month
from jifen.policy.series_file import read_series
from jifen.policy.series_tables import fill_series_tables
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.rulebook.schemas import build_schema

SERIES = """series:
  - id: average-wage
    label: {zh: 社平工资, en: Average wage}
    unit: yuan
    defaults: {confidence: certain, sources: [S1]}
    sources: [{id: S1, where: example.org}]
    steps: wages.csv
"""
TABLE = "from,to,value,confidence\n2020-01,2020-12,8000,\n2021-01,2021-12,9000.50,likely\n"


def _read(folder: Path, table: str | None, text: str = SERIES) -> Sink:
    sink = Sink(tuple(text.splitlines()))
    if table is not None:
        (folder / "wages.csv").write_text(table, encoding="utf-8")
    node = fill_series_tables(parse_yaml(text, "series.yaml"), folder, sink)
    if not sink.faults:
        read_series(node, sink)
    return sink


def test_a_table_gives_what_the_steps_would(tmp_path: Path) -> None:
    (tmp_path / "wages.csv").write_text(TABLE, encoding="utf-8-sig")
    sink = Sink()
    (wage,) = read_series(fill_series_tables(parse_yaml(SERIES), tmp_path, sink), sink)
    assert sink.faults == []
    assert wage.find_figure(parse_month("2021-03")) == Decimal("9000.50")
    assert wage.find_figure(parse_month("2019-12")) is None
    assert [step.basis.confidence for step in wage.steps] == ["certain", "likely"]
    assert {step.basis.sources for step in wage.steps} == {("S1",)}


@pytest.mark.parametrize(
    ("table", "code", "line", "found"),
    [
        (None, "JF-P094", 7, "no table 'wages.csv' beside series.yaml"),
        ("from,to\n2020-01,2020-12\n", "JF-P094", 1, "the columns from,to"),
        (TABLE + "2022-01,2022-12\n", "JF-P094", 4, "2 cells in a row"),
        (TABLE.replace("8000", "eight"), "JF-P014", 2, "the text 'eight'"),
        (TABLE.replace("2021-01", "2020-12"), "JF-P029", 3, ""),
        ("from,to,value\n" + "\n" * 3 + "2020-13,2020-12,1\n", "JF-P015", 5, "'2020-13'"),
    ],
)
def test_a_faulty_table_is_told_at_its_line(
    tmp_path: Path, table: str | None, code: str, line: int, found: str
) -> None:
    fault = _read(tmp_path, table).faults[0]
    assert (fault.code, fault.place.line) == (code, line)
    assert found in fault.found
    quoted = (table or SERIES).splitlines()[line - 1]
    assert fault.line_text == quoted
    assert fault.in_language("zh").expected


@pytest.mark.parametrize("name", ["../wages.csv", "tables/wages.csv", "wages.xlsx"])
def test_a_table_stands_beside_its_series(tmp_path: Path, name: str) -> None:
    sink = _read(tmp_path, TABLE, SERIES.replace("wages.csv", name))
    assert [fault.code for fault in sink.faults] == ["JF-P094"]


def test_an_editor_takes_a_table_for_the_steps() -> None:
    series = build_schema("series")["properties"]["series"]["items"]["properties"]
    kinds = [kind.get("type") for kind in series["steps"]["anyOf"]]
    assert "array" in kinds
    assert len(kinds) == 2
