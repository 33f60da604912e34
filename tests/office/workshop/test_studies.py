"""The longer questions: asked on a page, answered by the simulation process, one press from a
revision."""

import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jifen.lab.search import propose_changes
from jifen.lab.search.files import read_brief_text
from jifen.lab.search.serialization import to_dict
from jifen.office.web.studio.commands import build_effect_command, build_study_command
from jifen.office.workshop.actions.drafts import save_text
from jifen.office.workshop.actions.effects import request_run
from jifen.office.workshop.actions.studies import request_study
from jifen.office.workshop.faults import (
    StudioFault,
    brief_is_faulty,
    cannot_be_studied,
    no_such_proposal,
)
from jifen.office.workshop.models import Population, Revision, Run, Study, StudyKind
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.simulation import due, studies
from jifen.office.workshop.simulation.disclosure import hide_small, show_count
from jifen.office.workshop.simulation.populations import mapped
from jifen.policy.editing import load_change
from tests.world.office import staff
from tests.world.studio import BACHELOR, MASTER, Studio

pytestmark = pytest.mark.django_db
FORM = {
    "figure-1": BACHELOR,
    "from-1": "70",
    "to-1": "100",
    "step-1": "10",
    "figure-2": MASTER,
    "from-2": "90",
    "to-2": "120",
    "step-2": "10",
    "admit-by": "share",
    "admit": "95",
    "within": "40",
    "changed": "2",
    "order": "2 > 1",
    "by-1": "education",
    "loss-1": "60",
    "prefer-1": "change",
    "prefer-2": "worst_loss",
    "seconds": "20",
    "act": "propose",
}


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _answered(study: Study) -> Study:
    while studies.study_due(timezone.now()):
        pass
    return Study.objects.get(pk=study.pk)


def _ask(studio: Studio, population: Population, kind: StudyKind, brief: str = "") -> Study:
    return request_study(studio.hand(), studio.head(), population, kind, brief, 20)


def test_a_proposal_asked_by_the_form_is_one_of_the_lab_and_becomes_a_revision() -> None:
    studio = Studio()
    population = studio.population(3_000)
    client = _client(studio.drafter)
    address = reverse("studio_propose", args=[studio.key, 1])
    page = unescape(client.get(address).content.decode())
    assert BACHELOR in page
    answer = client.post(address, FORM)
    assert answer.status_code == 302
    study = _answered(Study.objects.get())
    assert study.state == "done", study.fault

    measure = measure_at(studio.draft, study.revision)
    assert measure.policy is not None
    brief = read_brief_text(study.brief, "brief.yaml", measure.policy)
    found = propose_changes(mapped(population).people, measure.policy, brief, study.on)
    figures = json.loads(study.figures)
    assert figures["lab"] == json.loads(json.dumps(to_dict(found)))
    assert figures["lab"]["proved"]
    [first, *_] = figures["changes"]

    shown = unescape(client.get(answer["Location"]).content.decode())
    assert "方案 1" in shown
    assert "<svg" in shown
    assert "brief.yaml" in shown
    command = "jifen lab propose shanghai PEOPLE brief.yaml --on 2026-11-30 --version 2018"
    assert f"<code>{command} --seconds 20</code>" in shown
    taken = client.post(reverse("studio_take", args=[study.key]), {"proposal": "1"}, follow=True)
    assert "方案 1 已成为第 2 稿" in taken.content.decode()
    assert load_change(studio.head().change) == first
    assert Run.objects.filter(revision=studio.head()).exists()
    older = unescape(client.get(answer["Location"]).content.decode())
    assert "草案现为第 2 稿，以下是第 1 稿的结果" in older
    assert 'class="effect-body old"' in older


def test_a_command_is_printed_only_where_it_gives_the_same_answer() -> None:
    studio = Studio()
    population = studio.population(500)
    client = _client(studio.drafter)
    brief = "figures: []"
    of_version = Study(
        draft=studio.draft,
        revision=studio.head(),
        population=population,
        kind=StudyKind.SENSITIVITY,
        on=studio.draft.on,
        brief=brief,
    )
    assert build_study_command(of_version) == (
        "jifen lab sensitivity shanghai PEOPLE --brief brief.yaml --on 2026-11-30 --version 2018 "
        "--pairs 32"
    )
    studio.save({MASTER: "105"})
    client.post(reverse("studio_propose", args=[studio.key, 2]), FORM)
    changed = Study.objects.get()
    assert build_study_command(changed) == ""
    page = unescape(client.get(reverse("studio_study", args=[changed.key])).content.decode())
    assert "jifen lab" not in page
    assert "没有重算这一稿的命令" in page
    whole = Revision(draft=studio.draft, number=3, text_id=1)
    run = Run(draft=studio.draft, revision=whole, on=studio.draft.on, groups=["education"])
    assert build_effect_command(studio.draft, whole, run) == ""


def test_a_proposal_that_was_not_found_changes_nothing() -> None:
    studio = Studio()
    client, population = _client(studio.drafter), studio.population(500)
    study = _ask(studio, population, StudyKind.SENSITIVITY)
    answer = client.post(reverse("studio_take", args=[study.key]), {"proposal": "1"}, follow=True)
    assert no_such_proposal().code == "JF-I037"
    assert "没有这个方案，草案没有改动" in answer.content.decode()
    assert studio.hand().draft.head == 1


def test_a_brief_with_faults_says_where_and_keeps_what_was_typed() -> None:
    studio = Studio()
    studio.population(500)
    client = _client(studio.drafter)
    address = reverse("studio_propose", args=[studio.key, 1])
    answer = client.post(address, FORM | {"step-1": "zero"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "寻找方案的要求有误，没有开始" in page
    assert 'value="zero"' in page
    answer = client.post(address, FORM | {"file": "language: '1'\nwrong: 1"})
    assert answer.status_code == 422
    assert "wrong" in unescape(answer.content.decode())
    assert not Study.objects.exists()
    assert brief_is_faulty(["3: x"], ["3: x"]).code == "JF-I036"


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("大专、高职", ["大专、高职"]),
        ("大专、高职，master;doctor", ["大专、高职", "master", "doctor"]),
        ("college、master", ["college", "master"]),
        ("College or higher vocational, college,", ["College or higher vocational", "college"]),
    ],
)
def test_groups_are_typed_by_label_or_answer(typed: str, groups: list[str]) -> None:
    studio = Studio()
    studio.population(500)
    address = reverse("studio_propose", args=[studio.key, 1])
    client = _client(studio.drafter)
    assert '<option value="大专、高职">' in client.get(address).content.decode()
    client.post(address, FORM | {"only-1": typed})
    measure = measure_at(studio.draft, studio.head())
    assert measure.policy is not None
    brief = read_brief_text(Study.objects.get().brief, "brief.yaml", measure.policy)
    assert [list(limit.only) for limit in brief.groups] == [groups]


def test_a_brief_for_a_text_that_cannot_be_read_is_refused_in_words() -> None:
    studio = Studio()
    studio.population(500)
    save_text(studio.hand(), "policy: [", 1)
    address = reverse("studio_propose", args=[studio.key, 2])
    answer = _client(studio.drafter).post(address, FORM)
    assert answer.status_code == 422
    assert "第 2 稿还不能计分" in answer.content.decode()
    assert not Study.objects.exists()


def test_a_draft_that_cannot_be_scored_is_not_studied() -> None:
    studio = Studio()
    population = studio.population(500)
    studio.save({MASTER: "many"})
    with pytest.raises(StudioFault, match="JF-I035: Revision 2 cannot be scored yet"):
        _ask(studio, population, StudyKind.WEIGHTS)
    assert cannot_be_studied(2).words.zh.startswith("第 2 稿还不能计分")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_weights_in_points_and_in_people_with_every_reading(lang: str) -> None:
    studio = Studio()
    studio.population(2_000)
    studio.save({BACHELOR: "80", "indicators.award": None})
    client = _client(studio.reviewer)
    answer = client.post(reverse("studio_weigh", args=[studio.key, 2]))
    study = _answered(Study.objects.get())
    assert study.state == "done", study.fault
    figures = json.loads(study.figures)
    by_id = {one["indicator"]: one for one in figures["indicators"]}
    assert by_id["award"]["after"] is None
    assert by_id["education"]["before"]["mean"] > by_id["education"]["after"]["mean"] > 0
    assert by_id["education"]["before"]["needed"] > 0
    assert sum(one["before"] for one in figures["close"]) > 0
    assert {one["default"] for one in figures["readings"]} == {True, False}
    client.cookies["django_language"] = lang
    page = unescape(client.get(f"{answer['Location']}?lang={lang}").content.decode())
    assert "<svg" in page


def test_sensitivity_adds_up_to_the_people_at_the_line() -> None:
    studio = Studio()
    study = _answered(_ask(studio, studio.population(500), StudyKind.SENSITIVITY))
    assert study.state == "done", study.fault
    lab = json.loads(study.figures)["lab"]
    whole = sum(share["people"] for share in lab["shares"])
    assert whole == pytest.approx(lab["reached"] - lab["reached_without_points"], abs=0.1)


def test_the_same_question_is_answered_once_and_an_older_one_gives_way() -> None:
    studio = Studio()
    population = studio.population(500)
    first = _ask(studio, population, StudyKind.WEIGHTS)
    assert _ask(studio, population, StudyKind.WEIGHTS) == first
    studio.save({MASTER: "105"})
    second = _ask(studio, population, StudyKind.WEIGHTS)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert _answered(second).state == "done"


def test_who_types_is_served_in_the_middle_of_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "_SAYS_EVERY", 0.0)
    studio = Studio()
    population = studio.population(500)
    study = _ask(studio, population, StudyKind.WEIGHTS)

    run = request_run(studio.hand(), studio.head(), population)
    assert run is not None
    done_at = []
    whole = due.finish

    def finish(row: Any, figures: str, at: Any) -> bool:
        done_at.append(type(row).__name__)
        return whole(row, figures, at)

    monkeypatch.setattr(due, "finish", finish)
    assert _answered(study).state == "done"
    assert done_at == ["Run", "Study"]


def test_a_study_that_is_taken_out_of_its_hands_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(studies, "_SAYS_EVERY", 0.0)
    studio = Studio()
    study = _ask(studio, studio.population(500), StudyKind.WEIGHTS)
    assert due.claim_row(study, timezone.now())
    Study.objects.filter(pk=study.pk).update(state="superseded", claim="", lease_until=None)
    with pytest.raises(studies.Superseded):
        studies.Teller(study).tell(1, 2)
    assert not due.finish(study, "{}", timezone.now())


def test_a_study_whose_process_ended_waits_again_and_is_given_up_at_last() -> None:
    studio = Studio()
    study = _ask(studio, studio.population(500), StudyKind.WEIGHTS)
    at = timezone.now()
    for _ in range(due.MOST_TRIES):
        study.refresh_from_db()
        assert due.claim_row(study, at)
        at += due.LEASE + timedelta(seconds=1)
        due.release_expired(at, Study)
    study.refresh_from_db()
    assert study.state == "failed"
    assert "三次中途结束" in study.fault


def test_the_database_keeps_no_half_answer() -> None:
    studio = Studio()
    study = _ask(studio, studio.population(500), StudyKind.WEIGHTS)
    for wrong in ({"figures": "{}"}, {"state": "done"}, {"kind": "other"}, {"kind": "proposals"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=study.pk).update(**wrong)


def test_a_study_of_another_office_is_none() -> None:
    studio = Studio()
    study = _ask(studio, studio.population(500), StudyKind.WEIGHTS)
    stranger = _client(staff("x", "policy_drafter", city="beijing"))
    assert stranger.get(reverse("studio_study", args=[study.key])).status_code == 404


def test_small_counts_cannot_be_worked_out_from_the_others() -> None:
    assert hide_small([10, 3, 7, 0]) == ["", "<5", "–", ""]
    assert hide_small([10, 3, 2, 0]) == ["", "<5", "<5", ""]
    assert hide_small([10, 20]) == ["", ""]
    assert show_count(-3, sign=True) == "<5"
    assert show_count(-30, sign=True) == "-30"


def test_a_fault_that_only_the_search_finds_is_told_whole_in_both_languages() -> None:
    """The first line of such a fault names its place only: the page showed nothing else."""
    studio = Studio()
    studio.population(500)
    address = reverse("studio_propose", args=[studio.key, 1])
    _client(studio.drafter).post(address, FORM | {"only-1": "no-such-group"})
    study = _answered(Study.objects.get())
    assert study.state == "failed"
    zh, en = study.fault.split("\n")
    assert "no-such-group" in zh
    assert "no-such-group" in en
    assert "未能计算" in zh
