"""The effect of a draft: the figures of the lab, whole or not at all, of the newest change."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.audit.models import Entry
from jifen.office.workshop.actions.effects import (
    judge_case,
    keep_person,
    order_population,
    register_population,
    remove_person,
    request_run,
)
from jifen.office.workshop.faults import (
    NoSuchDraft,
    StudioFault,
    population_is_gone,
    run_failed,
)
from jifen.office.workshop.models import CaseFinding, Population, Revision, Run
from jifen.office.workshop.revisions import findings_of, measure_at, reform_name
from jifen.office.workshop.simulation import due, process
from jifen.office.workshop.simulation.figures import stored_figures
from jifen.office.workshop.simulation.populations import folder_of
from jifen.policy.editing import load_change, write_reform
from jifen.policy.text import Text
from tests.world.kills import killed_at_every_call
from tests.world.office import staff
from tests.world.studio import BACHELOR, DOCTOR, MASTER, ON, Studio, simulated

pytestmark = pytest.mark.django_db


def _run(studio: Studio, revision: Revision, population: Population) -> Run:
    run = request_run(studio.hand(), revision, population)
    assert run is not None
    return run


def test_the_figures_are_those_that_the_lab_prints(tmp_path: Path) -> None:
    studio = Studio()
    population = studio.population()
    revision = studio.save({BACHELOR: "80", "indicators.award": None})
    run = simulated(_run(studio, revision, population))
    assert run.state == "done"
    figures = stored_figures(run.figures)["lab"]
    assert figures["everybody"]["loses"] > 0
    assert figures["people"] == 2_000

    ident, zh, en = reform_name(studio.draft, revision.number)
    reform = tmp_path / "draft.yaml"
    change = load_change(revision.change)
    reform.write_text(write_reform(ident, Text(zh, en), "shanghai-points", change), "utf-8")
    by = [part for group in run.groups for part in ("--by", group)]
    people = str(folder_of(population))
    command = ["lab", "reform", "shanghai", people, "--on", str(run.on), "--reform", str(reform)]
    printed = CliRunner().invoke(app, [*command, "--version", "2018", *by, "--json"])
    assert printed.exit_code == 0, printed.output
    [lab] = json.loads(printed.stdout)["reforms"]
    lab.pop("cases")
    assert figures == lab


def test_synthetic_people_are_registered_with_all_that_draws_them_again() -> None:
    studio = Studio()
    one, other = studio.population(500, seed=3), studio.population(500, seed=3)
    assert one.state == "ready"
    assert (one.label, one.seed, one.people, one.wanted) == ("synthetic", 3, 500, 500)
    assert one.margins.startswith("shanghai-applicants sha256:")
    assert one.hash == other.hash
    assert one.key != other.key
    assert studio.population(500, seed=4).hash != one.hash
    assert Entry.objects.filter(act="studio.population_ordered").count() == 3


@pytest.mark.parametrize(
    ("of", "people", "seed"),
    [
        ("shanghai", 99, 1),
        ("shanghai", 10_000_001, 1),
        ("shanghai", None, 1),
        ("shanghai", 100, None),
        ("beijing", 100, 1),
        ("nowhere", 100, 1),
    ],
)
def test_people_that_cannot_be_drawn_are_refused(of: str, people: Any, seed: Any) -> None:
    studio = Studio()
    with pytest.raises(StudioFault, match="JF-I010: Give the number of people"):
        order_population(studio.drafter, "shanghai", of, people, seed)
    assert not Population.objects.exists()


def test_only_drafters_of_the_office_have_people_drawn() -> None:
    studio = Studio()
    with pytest.raises(StudioFault, match="JF-I001"):
        order_population(studio.reviewer, "shanghai", "shanghai", 500, 1)
    with pytest.raises(NoSuchDraft):
        order_population(
            staff("x", "policy_drafter", city="beijing"), "shanghai", "shanghai", 500, 1
        )


def test_people_of_a_register_are_taken_in_with_their_label() -> None:
    studio = Studio()
    drawn = studio.population(500)
    taken = register_population(
        "shanghai", "shanghai", "2026 年申请人", "受理系统导出", ON, folder_of(drawn)
    )
    assert (taken.label, taken.people, taken.hash) == ("register", 500, drawn.hash)
    run = simulated(_run(studio, studio.save({BACHELOR: "80"}), taken))
    assert run.state == "done"


def test_a_population_whose_files_were_altered_gives_no_figures() -> None:
    studio = Studio()
    population = studio.population(500)
    column = min(folder_of(population).glob("*.column"))
    content = bytearray(column.read_bytes())
    content[-1] ^= 1
    column.write_bytes(bytes(content))
    run = simulated(_run(studio, studio.save({BACHELOR: "80"}), population))
    assert run.state == "failed"
    assert "人口" in run.fault
    assert "differ from what was registered" in run.fault
    assert run.figures == ""


def test_a_simulation_that_comes_to_no_end_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio()
    population = studio.population(500)

    def broken(*_: object) -> str:
        raise ValueError("no such column")

    run = _run(studio, studio.save({MASTER: "105"}), population)
    monkeypatch.setattr(due, "_figures", broken)
    ended = simulated(run)
    assert ended.state == "failed"
    assert ended.fault == "未能计算：no such column\nNot computed: no such column"
    assert run_failed(Text("因", "why")).code == "JF-I012"


def test_points_with_zeros_too_many_are_refused_before_they_take_all_memory() -> None:
    studio = Studio()
    population = studio.population(200)
    given = ("entrepreneur", "startup_intermediary", "shortage_major", "fresh_graduate")
    cells = {f"indicators.{one}.condition.points": "10000" for one in given}
    cells |= {MASTER: "10000", "indicators.award.choice.points.provincial": "10000"}
    run = simulated(_run(studio, studio.save(cells), population))
    assert run.state == "failed"
    assert "totals lie too far apart" in run.fault


def test_a_fault_of_the_program_is_told_and_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio = Studio()
    run = _run(studio, studio.save({MASTER: "105"}), studio.population(200))

    def broken(*_: object) -> str:
        raise TypeError

    monkeypatch.setattr(due, "_figures", broken)
    assert "程序出错" in simulated(run).fault


def test_a_run_that_ends_its_process_is_given_up() -> None:
    studio = Studio()
    run = _run(studio, studio.save({MASTER: "105"}), studio.population(200))
    at = timezone.now()
    for _ in range(due.MOST_TRIES):
        assert due.claim_newest(at) is not None
        at += due.LEASE + timedelta(seconds=1)
        due.release_expired(at)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "三次中途结束" in run.fault
    assert due.claim_newest(at) is None


def test_a_look_that_fails_is_logged_and_followed_by_another(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # of the test's own transaction
    assert process.look() == 0
    monkeypatch.setattr(process, "draw_due", _fails)
    assert process.look() is None
    assert "failed" in caplog.text


def _fails(at: object) -> int:
    raise OSError(at)


def test_people_of_an_altered_register_have_a_code_and_words() -> None:
    fault = population_is_gone("2026")
    assert fault.code == "JF-I011"
    assert fault.words.zh.startswith("人口“2026”的文件缺失或与登记时不同")


def test_a_draft_that_cannot_be_scored_is_not_simulated() -> None:
    studio = Studio()
    population = studio.population(500)
    assert request_run(studio.hand(), studio.save({MASTER: "many"}), population) is None
    assert not Run.objects.exists()


def test_the_same_state_is_computed_once() -> None:
    studio = Studio()
    population = studio.population(500)
    revision = studio.save({MASTER: "105"})
    first = simulated(_run(studio, revision, population))
    assert _run(studio, revision, population) == first
    assert Run.objects.count() == 1


def test_the_newest_change_wins() -> None:
    studio = Studio()
    population = studio.population(500)
    older = _run(studio, studio.save({MASTER: "105"}), population)
    newer = _run(studio, studio.save({MASTER: "110"}), population)
    older.refresh_from_db()
    assert older.state == "superseded"
    assert simulated(newer).state == "done"
    again = _run(studio, older.revision, population)
    assert simulated(again).state == "done"
    assert again.pk != older.pk


def test_an_older_state_that_is_asked_for_takes_no_place_of_a_newer_one() -> None:
    studio = Studio()
    population = studio.population(500)
    older, newer = studio.save({MASTER: "105"}), studio.save({MASTER: "110"})
    runs = [_run(studio, revision, population) for revision in (newer, older)]
    assert [simulated(run).state for run in runs] == ["done", "done"]


def test_a_newer_change_takes_the_place_of_one_that_is_being_computed() -> None:
    studio = Studio()
    population = studio.population(500)
    _run(studio, studio.save({MASTER: "105"}), population)
    taken = due.claim_newest(timezone.now())
    assert taken is not None
    _run(studio, studio.save({MASTER: "110"}), population)
    assert not due.finish(taken, '{"lab": {}}', timezone.now())
    taken.refresh_from_db()
    assert (taken.state, taken.figures) == ("superseded", "")


def test_two_processes_do_not_compute_one_run() -> None:
    studio = Studio()
    population = studio.population(500)
    _run(studio, studio.save({MASTER: "105"}), population)
    assert due.claim_newest(timezone.now()) is not None
    assert due.claim_newest(timezone.now()) is None


@pytest.mark.django_db(transaction=True)
def test_a_simulation_killed_anywhere_leaves_no_half_figures() -> None:
    """Whatever the process was doing, the run is done with all its figures, or waits again."""
    studio = Studio()
    population = studio.population(500)
    points = iter(range(101, 140))

    def work() -> None:
        due.simulate_due(timezone.now())

    calls = ((due, "claim_newest"), (due, "_figures"), (due, "measure_at"), (due, "finish"))
    revision = studio.save({MASTER: str(next(points))})
    run = _run(studio, revision, population)
    for _ in killed_at_every_call(work, *calls):
        run.refresh_from_db()
        assert (run.state == "done") == bool(run.figures)
        if run.state == "running":
            assert due.release_expired(timezone.now()) == 0
            later = timezone.now() + due.LEASE + timedelta(seconds=1)
            assert due.release_expired(later) == 1
        due.simulate_due(timezone.now())
        run.refresh_from_db()
        assert run.state == "done"
        assert stored_figures(run.figures)["lab"]["people"] == 500
        run = _run(studio, studio.save({MASTER: str(next(points))}), population)


def test_the_database_keeps_no_half_figures() -> None:
    studio = Studio()
    run = _run(studio, studio.save({MASTER: "105"}), studio.population(500))
    for wrong in ({"figures": "{}"}, {"state": "done"}, {"state": "running"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(**wrong)


def test_a_changed_case_is_judged_and_judged_again_when_it_changes() -> None:
    studio = Studio()
    revision = studio.save({BACHELOR: "80"})
    case = measure_at(studio.draft, revision).changed_cases[0]
    outcome = case.after.describe_outcome().en
    judge_case(studio.hand(studio.reviewer), revision, case.id, outcome, intended=True)
    assert findings_of(studio.draft) == {(case.id, outcome): True}
    judge_case(studio.hand(), revision, case.id, outcome, intended=False)
    assert findings_of(studio.draft) == {(case.id, outcome): False}
    later = studio.save({BACHELOR: "70"})
    with pytest.raises(StudioFault, match="JF-I009: The result of this worked case has changed"):
        judge_case(studio.hand(), later, case.id, outcome, intended=True)
    assert CaseFinding.objects.count() == 2


def test_sample_persons_are_few_and_have_names() -> None:
    studio = Studio()
    nurse = keep_person(studio.hand(), "护士", {"education": [{"text": "college"}, ["college"]]})
    keep_person(studio.hand(), "护士长", {}, nurse.pk)
    assert [p.name for p in studio.draft.sample_persons.all()] == ["护士长"]
    with pytest.raises(StudioFault, match="JF-I013: Give a name"):
        keep_person(studio.hand(), " ", {})
    for number in range(19):
        keep_person(studio.hand(), f"人{number}", {})
    with pytest.raises(StudioFault, match="JF-I013"):
        keep_person(studio.hand(), "第二十一", {})
    remove_person(studio.hand(), nurse.pk)
    assert studio.draft.sample_persons.count() == 19


def test_figures_are_of_the_day_of_the_draft() -> None:
    studio = Studio()
    population = studio.population(500)
    revision = studio.save({DOCTOR: "120"})
    run = simulated(_run(studio, revision, population))
    assert run.on == ON
