"""A measure that only ranks has no line: the lab counts its people and prints no figure for it."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from jifen.lab.analysis import analyse_people, compare_side_by_side
from jifen.lab.analysis.run_serialization import format_run, run_to_dict, run_to_tables
from jifen.lab.analysis.side_by_side_serialization import format_side_by_side, side_by_side_to_dict
from jifen.lab.population import open_packed, pack_people
from jifen.lab.reports.run import build_report
from tests.people.tables import build_table
from tests.policy.faults import changed

ON = date(2022, 6, 1)
LINE = (
    "\n    - {from: 2020-01-01, until: 2024-12-31, points: 60, confidence: certain, sources: [S1]}"
)


def test_no_figure_stands_for_the_line_that_there_is_not(tmp_path: Path) -> None:
    policy = changed((f"lines:{LINE}", "lines: []"), ("mode: threshold", "mode: rank"))
    file, folder = tmp_path / "people.parquet", tmp_path / "people.packed"
    pq.write_table(build_table(policy.rules_on(ON), 200, 3), file)
    day = policy.rules_on(ON).reference.day_for(ON)
    assert pack_people(policy.vocabulary, file, folder, counting_day=day) == []
    people = open_packed(folder, policy.vocabulary)
    result = analyse_people(people, policy, ON)
    assert run_to_dict(result)["line"] is None
    assert format_run(result, "zh").splitlines()[0].endswith("无分数线")
    said = [
        json.dumps(run_to_dict(result), ensure_ascii=False),
        format_run(result, "en"),
        str([table.to_pylist() for table in run_to_tables(result).values()]),
        str(build_report(people, policy, result, ON)),
    ]
    both = compare_side_by_side([people, people], [policy, policy], ON)
    said += [json.dumps(side_by_side_to_dict(both)), format_side_by_side(both, "zh")]
    for words in said:
        assert "1000000" not in words
        assert "1e+06" not in words
        assert "1,000,000" not in words
