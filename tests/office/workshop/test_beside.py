"""Comparison is how measures are made: indicators side by side with their weight, one taken."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jifen import cities
from jifen.office.workshop.element_faults import cannot_be_taken_over
from jifen.office.workshop.revisions import measure_at
from jifen.policy.editing import load_change
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


def test_what_only_the_other_measure_works_out_is_refused() -> None:
    fault = cannot_be_taken_over("缴费年限")
    assert fault.code == "JF-I043"
    assert fault.words.zh.startswith("指标“缴费年限”依据那份办法自己推算的数或名单")
