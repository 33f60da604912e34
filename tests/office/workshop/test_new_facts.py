"""A draft asks for something that the city did not know: a fact is added by a form, an
indicator goes by it, and both come with the version that is put in force."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jifen import cities
from jifen.office.accounts.models import User
from jifen.office.workshop import element_faults
from jifen.office.workshop.actions.effects import request_run
from jifen.office.workshop.revisions import measure_at
from jifen.policy.editing import load_change
from jifen.scoring import assess
from tests.world.studio import Studio, simulated

pytestmark = pytest.mark.django_db
NURSE: dict[str, str] = {
    "label-zh": "护理岗位",
    "label-en": "Nursing post",
    "type": "choice",
    "section": "bonus",
    "answer-zh-1": "没有",
    "answer-en-1": "None",
    "answer-zh-2": "社区护士",
    "answer-en-2": "Community nurse",
}
INDICATOR = {
    "kind": "choice",
    "fact": "nursing_post",
    "label-zh": "社区护理",
    "label-en": "Community nursing",
    "group": "bonus",
}


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(studio: Studio, name: str, fields: dict[str, str]) -> Any:
    address = reverse(name, args=[studio.key])
    return _client(studio.drafter).post(address, fields, follow=True)


def _with_nurses() -> Studio:
    """A draft in which community nurses get 40 points."""
    studio = Studio()
    _post(studio, "studio_fact", NURSE)
    _post(studio, "studio_indicator", INDICATOR)
    studio.save({"indicators.community_nursing.choice.points.community_nurse": "40"})
    return studio


def _act(studio: Studio, act: str) -> str:
    client, address = _client(studio.drafter), reverse("studio_draft", args=[studio.key])
    page = client.get(address).content.decode()
    [seen] = re.findall(r'name="seen" value="(\d+)"', page)
    answer = client.post(address, {"act": act, "seen": seen}, follow=True)
    return unescape(answer.content.decode())


def test_a_fact_is_added_and_an_indicator_goes_by_it() -> None:
    studio = Studio()
    page = unescape(_post(studio, "studio_fact", NURSE).content.decode())
    assert "已添加事实“护理岗位”" in page
    assert "本办法自己的事实" in page
    assert "社区护士" in page
    page = unescape(_post(studio, "studio_indicator", INDICATOR).content.decode())
    assert "已添加指标“社区护理”" in page
    assert load_change(studio.head().change)["indicators.community_nursing"]["choice"] == {
        "of": "nursing_post",
        "points": {"none": "0", "community_nurse": "0"},
    }
    assert "c:facts.nursing_post.choices.1.label.zh" in page


def test_a_person_is_asked_for_it_and_scored_by_it() -> None:
    measure = measure_at((studio := _with_nurses()).draft, studio.head())
    assert measure.can_be_scored
    assert measure.policy is not None
    assert "nursing_post" in measure.policy.vocabulary
    assert "nursing_post" not in measure.base.vocabulary
    on = date(2026, 11, 30)
    least, more = (
        assess(measure.policy, {"nursing_post": answer}, on).bounds[1]
        for answer in ("none", "community_nurse")
    )
    assert more - least == 40


def test_the_effect_on_people_of_whom_it_is_not_known_is_open() -> None:
    studio = _with_nurses()
    run = request_run(studio.hand(), studio.head(), studio.population(300))
    assert run is not None
    run = simulated(run)
    assert run.state == "done", run.fault


def test_a_version_is_exported_with_its_facts_and_is_checked(
    tmp_path: Path,
) -> None:
    studio = _with_nurses()
    studio.accept_cases()
    row = studio.propose()
    (tmp_path / "measure.yaml").write_text(row.text, encoding="utf-8")
    folder = cities.find_city("shanghai").folder
    for name in ("facts.yaml", "series.yaml", "sources.yaml", "city.yaml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    policy = cities.load_policy_file(tmp_path / "measure.yaml")
    assert policy.vocabulary["nursing_post"].label.zh == "护理岗位"
    assert policy.rules_on(date(2027, 1, 1)).vocabulary["nursing_post"].ids == (
        "none",
        "community_nurse",
    )


def test_a_fact_that_is_read_stays_and_another_goes_without_a_trace() -> None:
    studio = _with_nurses()
    page = _act(studio, "drop:facts.nursing_post")
    assert "指标“社区护理”还依据事实“护理岗位”，没有删除" in page
    assert element_faults.is_used("a", "b").code == "JF-I042"
    _act(studio, "retire:indicators.community_nursing")
    _act(studio, "drop:facts.nursing_post")
    assert load_change(studio.head().change) == {}


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ({"label-zh": ""}, "JF-I038", "请填写中文和英文名称"),
        ({"answer-en-2": ""}, "JF-I038", "请填写中文和英文名称"),
        ({"type": "contributions"}, "JF-I039", "请从列出的计分方式、类别和栏目中选择"),
        ({"section": "none"}, "JF-I039", "请从列出的计分方式、类别和栏目中选择"),
        ({"answer-zh-2": "", "answer-en-2": ""}, "JF-I041", "选择题至少要有 2 个选项"),
    ],
)
def test_a_fact_that_lacks_something_comes_back(
    typed: dict[str, str], code: str, words: str
) -> None:
    studio = Studio()
    answer = _post(studio, "studio_fact", NURSE | typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words in page
    assert 'value="没有"' in page
    assert studio.hand().draft.head == 1
    faults = (
        element_faults.no_name(),
        element_faults.no_such_kind(),
        element_faults.too_few_answers(2),
    )
    assert code in {fault.code for fault in faults}
