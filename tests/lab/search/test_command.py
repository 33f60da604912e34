"""`jifen lab propose` and `jifen lab sensitivity`, as they are typed."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from tests.lab.search.briefs import write
from tests.people.changed_policies import ON

FIGURES = ["master", "bachelor", "insurance", "line"]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.parquet"
    code, output = _run("people", "shanghai", "-n", 1_500, "-o", path)
    assert code == 0, output
    return path


def _run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["lab", *map(str, words)])
    return result.exit_code, result.output


def test_proposals_are_printed_and_kept_as_reforms(tmp_path: Path, people: Path) -> None:
    brief = write(tmp_path / "brief.yaml", FIGURES, {"share_of_today": 0.95, "within": 40})
    out, page = tmp_path / "out", tmp_path / "report.html"
    words = ["propose", "shanghai", people, brief, "--on", ON, "--lang", "en"]
    code, output = _run(*words, "-o", out, "--html", page)
    assert code == 0, output
    assert "proved: no choice that meets the brief has less of: steps of change" in output
    assert "proposal 1:" in output
    code, as_json = _run(*words, "--json")
    document = json.loads(as_json)
    assert document["schema"] == "jifen.lab.propose.v1"
    assert document["proved"]
    first = document["proposals"][0]
    code, reformed = _run(
        "reform", "shanghai", people, "--on", ON, "--reform", out / "proposal-1.yaml", "--json"
    )
    assert code == 0, reformed
    reached = json.loads(reformed)["reforms"][0]["everybody"]["reached_after"]["surely"]
    assert reached == first["reached"]["surely"]
    rows = pq.read_table(out / "proposals.parquet").to_pylist()
    assert rows[0]["reached_surely"] == reached
    assert "方案 1" in page.read_text(encoding="utf-8")


def test_a_brief_that_cannot_be_met_ends_with_status_1(tmp_path: Path, people: Path) -> None:
    brief = write(tmp_path / "brief.yaml", ["master"], {"people": 3})
    code, output = _run("propose", "shanghai", people, brief, "--on", ON)
    assert code == 1
    assert "没有符合要求的方案（已证明）" in output
    assert "最接近的" in output


def test_a_brief_with_faults_is_refused_with_its_line(tmp_path: Path, people: Path) -> None:
    brief = write(tmp_path / "brief.yaml", ["master"], {"people": 3, "share_of_today": 0.5})
    code, output = _run("propose", "shanghai", people, brief, "--on", ON, "--lang", "en")
    assert code == 2
    assert "brief.yaml:" in output
    assert "JF-L007" in output


def test_values_that_fail_the_static_checks_are_refused(tmp_path: Path, people: Path) -> None:
    brief = write(tmp_path / "brief.yaml", ["line"], {"people": 3})
    text = brief.read_text(encoding="utf-8").replace("- 130", "- 99999")
    brief.write_text(text, encoding="utf-8")
    code, output = _run("propose", "shanghai", people, brief, "--on", ON, "--lang", "en")
    assert code == 2
    assert "99999" in output


def test_sensitivity_is_printed(tmp_path: Path, people: Path) -> None:
    brief = write(tmp_path / "brief.yaml", FIGURES, {"people": 3})
    page = tmp_path / "report.html"
    words = ["sensitivity", "shanghai", people, "--on", ON, "--pairs", 3, "--brief", brief]
    code, output = _run(*words, "--html", page, "-o", tmp_path / "out", "--lang", "en")
    assert code == 0, output
    assert "the share of each indicator (Shapley value, 3 pairs of orders" in output
    assert "敏感性" in page.read_text(encoding="utf-8")
    code, as_json = _run(*words, "--json")
    assert len(json.loads(as_json)["swings"]) == len(FIGURES)
