"""The papers of a release agree with the package, and are what their readers can read."""

from pathlib import Path

import pytest
import yaml

import jifen
from tests.release.release import ROOT

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_the_citation_names_the_version_and_the_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == jifen.__version__
    assert citation["license"] == "Apache-2.0"
    assert {"cff-version", "title", "message", "authors"} <= citation.keys()


def test_outsiders_run_the_same_command() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make test"]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_in_both_languages(form: Path) -> None:
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    fields = [field for field in content.get("body", ()) if field["type"] != "markdown"]
    assert form.stem == "config" or fields
    assert all(" / " in field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)
