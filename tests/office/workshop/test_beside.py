"""Comparison is how measures are made: indicators side by side with their weight, one taken."""

import json
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jifen import cities
from jifen.office.workshop.element_faults import cannot_be_taken_over
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.models import Study
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.simulation.studies import study_due
from jifen.office.workshop.taking_over import take_over
from jifen.policy.editing import load_change
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring import assess
from tests.world.office import staff
from tests.world.studio import Studio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _versions() -> list[str]:
    return [f"{c.id}@{v.version}" for c in cities.index().values() for v in c.versions]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_indicators_stand_side_by_side_with_their_weight(lang: str) -> None:
    studio = Studio()
    address = reverse("studio_beside", args=[studio.key])
    sent = {"with": ["shanghai@2013", "zhongshan@" + _newest("zhongshan")], "lang": lang}
    page = unescape(_client(studio.reviewer).get(address, sent).content.decode())
    # a doctorate gives 110 of 120 points
    assert ("0–110 分 · 分数线的 92%" if lang == "zh" else "0–110 points · 92% of the line") in page
    assert page.count('<th scope="col">') == 3
    assert 'name="take"' not in page  # a reviewer takes nothing over


def _newest(city: str) -> str:
    return cities.index()[city].versions[-1].version


@pytest.mark.parametrize("start", _versions())
def test_every_indicator_of_every_version_is_taken_over_or_refused_in_words(start: str) -> None:
    studio = Studio()
    client, address = _client(studio.drafter), reverse("studio_beside", args=[studio.key])
    city, version = start.split("@")
    policy = cities.load(city, version)
    rules = policy.rules_on(min(studio.draft.on, policy.until or studio.draft.on))
    for indicator in rules.indicators[:4]:
        fields = {"take": f"{start}:{indicator.id}", "group": "bonus", "with": start}
        answer = client.post(address, fields)
        if answer.status_code == 422:
            assert "不能直接取用，草案没有改动" in answer.content.decode()
            continue
        assert answer.status_code == 302
        measure = measure_at(studio.draft, studio.head())
        errors = [f.fault for f in measure.faults if f.fault.severity == "error"]
        codes = {fault.code for fault in errors}
        assert codes <= {"JF-P019", "JF-P020", "JF-P011", "JF-P021", "JF-P028"}, errors


def test_what_the_city_does_not_know_comes_along() -> None:
    studio = Studio()
    client, address = _client(studio.drafter), reverse("studio_beside", args=[studio.key])
    other = cities.load("chengdu", _newest("chengdu"))
    rules = other.rules_on(studio.draft.on)
    known = measure_at(studio.draft, studio.head()).base.vocabulary
    new: list[str] = []
    for indicator in rules.indicators:
        new = [f for f in indicator.mechanism.list_facts() if f not in known]
        if len(new) != 1 or new[0] not in other.vocabulary or indicator.when is not None:
            continue
        take = f"chengdu@{_newest('chengdu')}:{indicator.id}"
        if client.post(address, {"take": take, "group": "bonus"}).status_code == 302:
            break
    change = load_change(studio.head().change)
    assert [fact["id"] for fact in change["facts"]] == new
    [taken] = [value for path, value in change.items() if path != "facts"]
    assert taken["label"]["zh"] == indicator.label.zh
    assert "成都" in taken["note"]["zh"]
    assert "sources" not in taken


def _measure_with_a_list() -> Policy:
    """Shanghai's measure with an indicator that names a list of titles, and a number that it
    reckons."""
    change = {
        "lists": "[{id: senior_titles, of: title, answers: [senior, level_1], "
        "confidence: certain, sources: [S9]}]",
        "derived": "[{id: longest_months, label: {zh: 较长月数, en: Longer months}, "
        "greatest: [insured_months, insured_months_last_12], confidence: certain}]",
        "indicators.listed": "{id: listed, label: {zh: 名单, en: Listed}, group: bonus, "
        "when: title in senior_titles, confidence: certain, "
        "per_unit: {of: longest_months, each: 1, every: 12 months}}",
    }
    nodes = {path: parse_yaml(text, "test") for path, text in change.items()}
    policy = cities.load("shanghai", "2018")
    return policy.apply_reform(Reform("test", Text("试", "test"), nodes))


def _take(studio: Studio, other: Policy, ident: str) -> dict[str, Any]:
    measure = measure_at(studio.draft, studio.head())
    assert measure.policy is not None
    facts = measure.policy.vocabulary
    return take_over(measure.document, facts, other, studio.draft.on, ident, "bonus")


def test_named_lists_and_reckoned_numbers_come_along_and_the_draft_is_scored() -> None:
    studio = Studio()
    cells = _take(studio, _measure_with_a_list(), "listed")
    assert list(cells) == ["indicators.listed", "lists", "derived"]
    assert "sources" not in cells["lists"][0]
    studio.save(cells)
    measure = measure_at(studio.draft, studio.head())
    assert measure.can_be_scored
    assert measure.policy is not None
    facts = {"title": "senior", "insured_months": 36, "insured_months_last_12": 12}
    lines = assess(measure.policy, facts, measure.on).lines
    low, high = next(line.bounds for line in lines if line.indicator.id == "listed")
    assert low == high == 3
    again = _take(studio, _measure_with_a_list(), "listed")
    assert list(again) == ["indicators.listed_2"]  # the draft has both already


def test_a_list_that_the_draft_has_with_another_content_is_not_overwritten() -> None:
    studio = Studio()
    cells = _take(studio, _measure_with_a_list(), "listed")
    cells["lists"][0]["answers"] = ["senior"]
    studio.save(cells)
    with pytest.raises(StudioFault, match="JF-I043"):
        _take(studio, _measure_with_a_list(), "listed")


def test_what_cannot_be_taken_over_is_refused_in_words() -> None:
    fault = cannot_be_taken_over("缴费年限")
    assert fault.code == "JF-I043"
    assert fault.words.zh.startswith("指标“缴费年限”依据多栏记录，或依据的名单、推算的数与草案中")
    assert "has under the same name with another content" in fault.words.en


def test_people_of_another_measure_are_counted_on_people_of_its_city() -> None:
    studio, other = Studio(), "shanghai@2015"
    client, address = _client(studio.drafter), reverse("studio_beside", args=[studio.key])
    page = unescape(client.get(address, {"with": [other, "dongguan@2016"]}).content.decode())
    assert "没有登记这座城市的人口，人数不详。" in page
    assert "计算人数" not in page
    population = studio.population(2_000)
    page = unescape(client.get(address, {"with": [other, "dongguan@2016"]}).content.decode())
    assert page.count("没有登记这座城市的人口，人数不详。") == 1
    assert page.count("计算人数") == 1
    weigh = reverse("studio_weigh_beside", args=[studio.key])
    sent = {"start": other, "with": [other, "dongguan@2016"]}
    assert client.post(weigh, sent).status_code == 302
    assert client.post(weigh, sent).status_code == 302
    [study] = Study.objects.all()  # asked once
    assert (study.population, study.brief) == (population, "measure: shanghai@2015")
    page = unescape(client.get(address, {"with": other}).content.decode())
    assert "人数计算中，稍后刷新。" in page
    while study_due(timezone.now()):
        pass
    page = unescape(client.get(address, {"with": other}).content.decode())
    study.refresh_from_db()
    figures = json.loads(study.figures)
    row = next(one for one in figures["indicators"] if one["indicator"] == "education")
    given, everybody = row["after"]["people"], figures["everybody"]
    assert 0 < given < everybody <= 2_000
    share = f"{given / everybody:.0%}"
    assert f"给分 {given:,} 人（{share}）" in page
    assert "人数：先在草案页计算“指标分量”。" in page  # the draft's own are another question
    english = unescape(client.get(address, {"with": other, "lang": "en"}).content.decode())
    assert f"{given:,} get points ({share});" in english


def test_people_of_one_city_are_not_counted_by_the_measure_of_another() -> None:
    studio = Studio()
    studio.population(2_000)
    client = _client(studio.drafter)
    weigh = reverse("studio_weigh_beside", args=[studio.key])
    client.post(weigh, {"start": "dongguan@2016", "with": "dongguan@2016"})
    client.post(weigh, {"start": "shanghai@1999", "with": "shanghai@1999"})
    assert not Study.objects.exists()
    stranger = _client(staff("stranger", "policy_drafter", city="beijing"))
    assert stranger.post(weigh, {"start": "shanghai@2015"}).status_code == 404
