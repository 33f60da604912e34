"""`jifen lists …`: a run made again, two compared, lists verified; what is wrong told in words."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.audit.triggers import without_triggers
from jifen.office.casework.models import Decision
from jifen.office.lists.actions.runs import open_run, publish_run
from jifen.office.lists.models import PublicList, Run
from tests.world.town import Town, facts_of

FILED = date(2019, 6, 15)


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("jifen.office.site.command.set_up_django", lambda: None)
    for case, who in (("52", "P"), ("52", "Q")):
        town.decided(facts_of("2018", case, who), FILED)
    return open_run(town.lead, "chengdu", 2019, date(2019, 9, 16))


def _jifen(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lists", *words])
    return done.exit_code, done.output


def test_a_run_is_made_again_to_the_same_bytes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    code, said = _jifen("recompute", "ch2019-1", "--score", "-o", str(file))
    assert code == 0
    assert "CH2019-1: the same bytes, 2 people, sha256 " in said
    assert run.digest in said
    assert json.loads(file.read_text("utf-8"))["run"] == "CH2019-1"
    code, said = _jifen("recompute", run.name, "--json")
    assert json.loads(said)["same"] is True


def test_a_changed_decision_ends_with_status_1_and_names_it(run: Run) -> None:
    first = Decision.objects.order_by("pk")[0]
    Decision.objects.filter(pk=first.pk).update(total=first.total + 1)
    code, said = _jifen("recompute", run.name)
    assert code == 1
    assert "DIFFERS" in said
    assert f"{first.application.number} stands differently" in said


def test_two_runs_are_compared_person_by_person(town: Town, run: Run) -> None:
    town.decided(facts_of("2018", "47"), FILED)
    open_run(town.lead, "chengdu", 2019, date(2019, 9, 17))
    code, said = _jifen("diff", "CH2019-1", "CH2019-2", "--json")
    assert code == 0
    first, *others = json.loads(said)
    assert (first["what"]["zh"], first["before"]) == ("新进入", None)
    assert [row["what"]["zh"] for row in others] == ["名次变化", "名次变化"]
    assert "— → #1 (138)" in _jifen("diff", "CH2019-1", "CH2019-2")[1]


def test_an_unknown_run_is_told_with_those_that_there_are(run: Run) -> None:
    code, said = _jifen("recompute", "CH1999-9")
    assert code == 2
    assert "there is no run 'CH1999-9'; there are: CH2019-1" in said


def test_published_lists_are_verified(town: Town, run: Run) -> None:
    publish_run(town.lead2, run, date(2019, 9, 25))
    assert _jifen("verify") == (0, "1 list, 0 broken\n")
    with without_triggers(connection, ("lists_publiclist",)):
        PublicList.objects.update(document="{}")
    code, said = _jifen("verify")
    assert code == 1
    assert "CH-L00001: its bytes are not those that were signed" in said
