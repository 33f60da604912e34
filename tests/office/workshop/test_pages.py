"""The pages of the studio, without JavaScript: an official drafts, sees what follows, goes back."""

import csv
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.accounts.models import User
from jifen.office.workshop.models import Draft, Population, Run
from jifen.office.workshop.revisions import findings_of, measure_at
from jifen.policy.editing import load_change
from jifen.policy.source import parse_yaml
from tests.world.office import staff
from tests.world.studio import BACHELOR, DOCTOR, MASTER, Studio, simulated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def _cells(page: str) -> dict[str, str]:
    """The fields of the table as a browser would post them."""
    found = dict(re.findall(r'<input [^>]*name="(c:[^"]+)" value="([^"]*)"', page))
    found |= re.findall(r'<textarea [^>]*name="(c:[^"]+)"[^>]*>(.*?)</textarea>', page)
    for name, options in re.findall(r'<select [^>]*name="(c:[^"]+)"[^>]*>(.*?)</select>', page):
        found[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return found


def _address(studio: Studio, name: str = "studio_draft", *args: Any) -> str:
    return reverse(name, args=[studio.key, *args])


def _save(client: Client, studio: Studio, act: str = "save", **changes: str) -> str:
    """Post the whole table as the page shows it, with some cells typed into."""
    page = _page(client, _address(studio))
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    cells = _cells(page) | {f"c:{path}": text for path, text in changes.items()}
    answer = client.post(_address(studio), cells | {"seen": seen, "act": act}, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_draft_is_begun_from_a_version_of_any_city() -> None:
    drafter = staff("drafter", "policy_drafter")
    client = _client(drafter)
    assert "成都 2024" in _page(client, "/studio/")
    form = {
        "title": "参照成都",
        "city": "shanghai",
        "start": "chengdu@2024",
        "on": "2026年11月30日",
    }
    answer = client.post("/studio/", form)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("studio_draft", args=[draft.key])
    assert (draft.base_city, draft.base_version, f"{draft.on}") == ("chengdu", "2024", "2026-11-30")
    assert "参照成都" in _page(client, "/studio/")


def test_a_day_that_is_none_is_refused_in_words() -> None:
    client = _client(staff("drafter", "policy_drafter"))
    form = {"title": "稿", "city": "shanghai", "start": "shanghai@2018", "on": "明年"}
    answer = client.post(
        "/studio/", form, follow=True, headers={"Referer": "http://testserver/studio/"}
    )
    assert "日期无法识别" in answer.content.decode()
    assert not Draft.objects.exists()


def test_posting_the_table_as_it_is_changes_nothing() -> None:
    studio = Studio()
    _save(_client(studio.drafter), studio)
    assert studio.head().number == 1


def test_a_raised_indicator_is_saved_marked_and_changes_worked_cases() -> None:
    studio = Studio()
    page = _save(_client(studio.drafter), studio, **{BACHELOR: "９５"})
    assert load_change(studio.head().change) == {BACHELOR: "95"}
    assert "原：90" in page
    assert "已改" in page
    assert "个算例改变" in page
    assert "第 2 稿" in page


def test_a_fault_stands_at_its_cell_in_the_language_of_the_reader() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    page = _save(client, studio, **{MASTER: "一百零五"})
    place = page.index('id="f-c-indicators-education-choice-points-master"')
    assert "现为：文字“一百零五”；应为：数" in page[place : place + 400]
    assert "1 处错误" in page
    english = _page(client, f"{_address(studio)}?lang=en")
    place = english.index('id="f-c-indicators-education-choice-points-master"')
    assert "expected: a number" in english[place : place + 400]
    assert _cells(page)[f"c:{MASTER}"] == "一百零五"
    mended = _save(client, studio, **{MASTER: "105"})
    assert "处错误" not in mended


def test_last_figures_are_greyed_with_their_revision() -> None:
    studio = Studio()
    studio.population()
    client = _client(studio.drafter)
    _save(client, studio, **{BACHELOR: "80"})
    simulated(Run.objects.get())
    assert 'class="effect-body"' in _page(client, _address(studio))
    broken = _save(client, studio, **{BACHELOR: "x"})
    assert "effect-body old" in broken
    assert "以下是第 2 稿的数字，不是现在这一稿的" in broken
    assert "第 3 稿还不能计分" in broken
    assert Run.objects.count() == 1


def test_the_effect_names_its_revision_its_people_and_its_command() -> None:
    studio = Studio()
    population = studio.population()
    client = _client(studio.drafter)
    pending = _save(client, studio, **{BACHELOR: "80"})
    address = _address(studio, "studio_effect", 2)
    assert f'data-poll="{address}?population={population.key}"' in pending
    assert "正在计算第 2 稿" in _page(client, address)
    simulated(Run.objects.get())
    done = _page(client, address)
    assert "合成人口，非真实数据" in done
    assert "data-poll" not in done
    assert "按教育背景" in done.replace(" ", "") or "按学历" in done.replace(" ", "")
    file = f"draft-{studio.key.hex[:8]}-2-reform.yaml"
    command = "jifen lab reform shanghai PEOPLE --on 2026-11-30 --version 2018"
    assert f"{command} --reform {file}" in done
    reform = client.get(_address(studio, "studio_reform", 2))
    assert file in reform["Content-Disposition"]
    assert "--by education" in done
    assert "jifen lab people shanghai -n 2000 --seed 7" in done


def test_a_state_has_a_link_and_stays() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    _save(client, studio, **{BACHELOR: "80"})
    _save(client, studio, **{BACHELOR: "70"})
    page = _page(client, _address(studio, "studio_revision", 2))
    assert "这是第 2 稿的原样" in page
    assert _cells(page) == {}
    assert client.get(_address(studio, "studio_revision", 9)).status_code == 404


def test_an_older_state_is_computed_when_somebody_asks() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    _save(client, studio, **{BACHELOR: "80"})
    _save(client, studio, **{BACHELOR: "70"})
    population = studio.population()
    assert "计算这一稿" in _page(client, _address(studio, "studio_revision", 2))
    answer = client.post(
        _address(studio, "studio_simulate", 2), {"population": str(population.key)}
    )
    assert answer.headers["Location"].startswith(_address(studio, "studio_revision", 2))
    assert Run.objects.get().revision.number == 2


def test_an_indicator_is_retired_and_brought_back() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    page = _save(client, studio, "retire:indicators.award")
    assert "草案中已停用" in page
    assert load_change(studio.head().change) == {"indicators.award": None}
    page = _save(client, studio, "back:indicators.award")
    assert "草案中已停用" not in page
    assert load_change(studio.head().change) == {}


def test_rows_are_added_and_taken_away_with_what_was_typed() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    bands = "indicators.age.scale.bands"
    page = _save(client, studio, f"add:{bands}", **{MASTER: "105"})
    assert f"c:{bands}.3.points" in _cells(page)
    assert load_change(studio.head().change)[MASTER] == "105"
    page = _save(client, studio, f"remove:{bands}.3")
    assert f"c:{bands}.3.points" not in _cells(page)
    assert load_change(studio.head().change) == {MASTER: "105"}
    answer = client.post(
        _address(studio),
        {"seen": "9", "act": "add:nowhere.at.all"},
        follow=True,
        headers={"Referer": f"http://testserver{_address(studio)}"},
    )
    assert "已不在草案中" in answer.content.decode()


def test_what_another_browser_changed_is_told() -> None:
    studio = Studio()
    mine, theirs = _client(studio.drafter), _client(studio.drafter2)
    cells = _cells(_page(mine, _address(studio)))
    _save(theirs, studio, **{MASTER: "105", DOCTOR: "115"})
    answer = mine.post(
        _address(studio),
        cells | {"seen": "1", f"c:{MASTER}": "110", f"c:{BACHELOR}": "95"},
        follow=True,
    )
    page = unescape(answer.content.decode())
    assert "drafter2 改为“105”，保留了对方的修改；您写的是“110”" in page
    assert load_change(studio.head().change) == {MASTER: "105", DOCTOR: "115", BACHELOR: "95"}


def test_a_case_is_judged_on_the_page() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    page = _save(client, studio, **{BACHELOR: "80"})
    case = re.findall(r'name="case" value="([^"]+)"', page)[0]
    outcome = re.findall(r'name="outcome" value="([^"]+)"', page)[0]
    form = {"revision": "2", "case": case, "outcome": outcome, "intended": "yes"}
    client.post(_address(studio, "studio_case"), form)
    assert "已判断：符合意图" in _page(client, _address(studio))
    refused = client.post(
        _address(studio, "studio_case"),
        form | {"intended": "perhaps"},
        follow=True,
        headers={"Referer": f"http://testserver{_address(studio)}?lang=en"},
    )
    assert "JF-I014" not in refused.content.decode()
    assert "请选择“符合意图”或“不符合意图”" in refused.content.decode()


def test_all_open_cases_are_accepted_at_once_and_a_finding_stays() -> None:
    studio = Studio()
    studio.save({BACHELOR: "95"})
    client, address = _client(studio.reviewer), _address(studio)
    changed = measure_at(studio.draft, studio.head()).changed_cases
    assert len(changed) > 2
    refused = changed[0]
    outcome = refused.after.describe_outcome().en
    judge = _address(studio, "studio_case")
    sent = {"revision": "2", "case": refused.id, "outcome": outcome, "intended": "no"}
    client.post(judge, sent)
    words = f"看过了，其余 {len(changed) - 1} 个都符合意图"
    assert words in _page(client, address)
    page = client.post(judge, {"revision": "2", "intended": "all"}, follow=True).content.decode()
    assert f"已判断 {len(changed) - 1} 个算例符合意图。" in page
    assert "看过了" not in page
    findings = findings_of(studio.draft)
    assert findings.pop((refused.id, outcome)) is False  # what somebody said is not said over
    assert set(findings.values()) == {True}
    studio.save({BACHELOR: "96"})  # other outcomes: they wait again
    assert f"其余 {len(changed)} 个都符合意图" in _page(client, address)


def test_the_history_compares_and_restores() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    _save(client, studio, **{BACHELOR: "80"})
    _save(client, studio, **{BACHELOR: "many"})
    assert "第 3 稿" in _page(client, _address(studio, "studio_history"))
    words = _page(client, _address(studio, "studio_compare", 0, 2))
    assert "教育背景" in words
    assert BACHELOR in words
    chosen = client.get(_address(studio, "studio_compare_two"), {"old": "1", "new": "x"})
    assert chosen.headers["Location"] == _address(studio, "studio_compare", 1, 3)
    assert client.get(_address(studio, "studio_compare", 1, 99)).status_code == 404
    assert "只能逐格对照" in _page(client, _address(studio, "studio_compare", 2, 3))
    answer = client.post(_address(studio, "studio_restore", 2), follow=True)
    assert "已恢复第 2 稿" in answer.content.decode()
    assert load_change(studio.head().change) == {BACHELOR: "80"}


def test_the_text_is_edited_and_a_broken_one_is_kept() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    page = _page(client, _address(studio, "studio_text"))
    text = re.findall(r"<textarea[^>]*>\n(.*)</textarea>", page, re.DOTALL)[0]
    edited = text.replace("master: 100", "master: 105").replace("\n", "\r\n")
    client.post(_address(studio, "studio_text"), {"seen": "1", "text": edited})
    assert load_change(studio.head().change) == {MASTER: "105"}
    broken = text.replace("master: 100", "master: [")
    answer = client.post(
        _address(studio, "studio_text"), {"seen": "2", "text": broken}, follow=True
    )
    shown = unescape(answer.content.decode())
    assert "JF-P001" in shown
    assert "master: [" in shown
    assert "草案文本无法读取" in _page(client, _address(studio))


def test_a_broken_text_on_an_older_state_stays_in_the_form() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    studio.save({DOCTOR: "120"}, studio.drafter2)
    answer = client.post(_address(studio, "studio_text"), {"seen": "1", "text": "a: [mine"})
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert "a: [mine" in page
    assert "他人保存了新的一稿" in page
    assert studio.head().number == 2


def test_the_files_are_read_by_the_lab_and_by_spreadsheets() -> None:
    studio = Studio()
    studio.population()
    client = _client(studio.drafter)
    _save(client, studio, **{BACHELOR: "80"})
    assert client.get(_address(studio, "studio_figures", 2)).status_code == 404
    simulated(Run.objects.get())
    table = client.get(_address(studio, "studio_figures", 2)).content.decode("utf-8-sig")
    heads, first, *groups = csv.reader(StringIO(table))
    assert heads[:4] == ["稿次", "人口", "人口性质", "规则日期"]
    assert first[0] == "2"
    assert first[2] == "合成人口，非真实数据"
    assert first[6] == "2,000"
    assert {row[4] for row in groups} >= {"年龄"}
    assert not [cell for row in groups for cell in row[6:11] if cell in ("1", "2", "3", "4")]
    difference = client.get(_address(studio, "studio_difference", 2)).content.decode("utf-8-sig")
    assert BACHELOR in difference
    reform = client.get(_address(studio, "studio_reform", 2))
    assert "draft-" in reform.headers["Content-Disposition"]
    read = parse_yaml(reform.content.decode()).to_plain()
    assert read["change"] == {BACHELOR: "80"}
    assert read["policy"] == "shanghai-points"


def test_a_sample_person_is_scored_under_both() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    new = _address(studio, "studio_person_new")
    assert "护士" in _page(client, new)
    form = {
        "name": "工程师",
        "education": "bachelor_with_degree",
        "study_mode": "full_time",
        "title": "none",
    }
    shown = client.post(new, form | {"act": "score"})
    assert "工程师" in shown.content.decode()
    assert not studio.draft.sample_persons.exists()
    client.post(new, form | {"act": "done"})
    person = studio.draft.sample_persons.get()
    page = _save(client, studio, **{BACHELOR: "80"})
    assert "工程师" in page
    change = re.findall(
        r"工程师</a></p><p class=\"case-change\">0–(\d+) · .*? → <b>0–(\d+) ·", page
    )
    [(before, after)] = change
    assert int(before) - int(after) == 10
    own = reverse("studio_person", args=[studio.key, person.pk])
    assert 'value="工程师"' in _page(client, own)
    client.post(own, {"act": "remove"})
    assert not studio.draft.sample_persons.exists()


def test_somebody_is_begun_from_a_worked_case_and_has_a_route_under_both() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    new = _address(studio, "studio_person_new")
    examples = re.findall(r'\?example=([^"]+)"', _page(client, new))
    assert len(examples) > 5
    begun = _page(client, f"{new}?example={examples[0]}")
    (name,) = re.findall(r'name="name"[^>]*value="([^"]+)"', begun)
    assert "checked" in begun
    assert 'value=""' in _page(client, f"{new}?example=no-such-case")
    form = {"name": name, "birth_date": "1990-05-01", "education": "bachelor_with_degree"}
    form |= {"study_mode": "full_time", "title": "none", "permit_valid": "true"}
    client.post(new, form | {"employed_and_insured": "true", "act": "done"})
    person = studio.draft.sample_persons.get()
    _save(client, studio, **{BACHELOR: "80"})
    own = reverse("studio_person", args=[studio.key, person.pk])
    assert "原版本和草案下的路线" in _page(client, own)
    shown = _page(client, f"{own}?route=yes")
    before, after = shown.split("<h3>原版本下</h3>")[1].split("<h3>草案下</h3>")
    sentences = [re.findall(r"<p><b>([^<]+)</b></p>", part)[0] for part in (before, after)]
    assert sentences[0] != sentences[1]
    english = _page(client, f"{own}?route=yes&lang=en")
    assert "Under the version" in english
    assert "Under the draft" in english


def test_populations_are_ordered_on_their_page() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    form = {"city": "shanghai", "people_of": "shanghai", "people": "1,000", "seed": "3"}
    answer = client.post("/studio/populations", form, follow=True)
    assert "正在生成" in answer.content.decode()
    assert "排队生成" in answer.content.decode()
    population = Population.objects.get()
    assert (population.wanted, population.seed, population.city) == (1_000, 3, "shanghai")


def test_a_draft_is_put_aside_and_taken_up() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    client.post(_address(studio, "studio_state"), {"act": "close"})
    page = _page(client, _address(studio))
    assert "这份草案已搁置" in page
    assert _cells(page) == {}
    refused = client.post(_address(studio), {"seen": "1", f"c:{MASTER}": "105"}, follow=True)
    assert studio.head().number == 1
    assert refused.status_code in (200, 404)
    client.post(_address(studio, "studio_state"), {"act": "reopen"})
    assert _cells(_page(client, _address(studio)))


def test_a_page_that_is_typed_into_is_answered_with_itself() -> None:
    studio = Studio()
    client = _client(studio.drafter)
    answer = client.post(
        _address(studio), {"seen": "1", f"c:{MASTER}": "105"}, headers={"X-Studio": "live"}
    )
    assert answer.status_code == 200
    assert "已保存为第 2 稿" in answer.content.decode()


def test_reviewers_read_and_judge_and_do_not_write() -> None:
    studio = Studio()
    studio.save({BACHELOR: "80"})
    page = _page(_client(studio.reviewer), _address(studio))
    assert _cells(page) == {}
    assert "符合意图" in page
    assert "符合意图" not in _page(_client(studio.approver), _address(studio))


def test_other_offices_find_nothing() -> None:
    studio = Studio()
    client = _client(staff("elsewhere", "policy_drafter", city="chengdu"))
    assert "2027 年调整" not in _page(client, "/studio/")
    for name, *args in (
        ("studio_draft",),
        ("studio_history",),
        ("studio_text",),
        ("studio_reform", 1),
    ):
        assert client.get(_address(studio, name, *args)).status_code == 404
    assert client.post(_address(studio), {"seen": "1", f"c:{MASTER}": "1"}).status_code == 404
    assert _client(staff("a clerk", "clerk")).get("/studio/").status_code == 404
