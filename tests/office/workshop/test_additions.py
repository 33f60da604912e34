"""An indicator is added by a form, without writing the language: it stands in the table, is scored,
moved and retired."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.accounts.models import User
from jifen.office.workshop import element_faults
from jifen.office.workshop.indicator_forms import FORMS
from jifen.office.workshop.revisions import measure_at
from jifen.policy.editing import load_change, value_at
from jifen.policy.mechanisms import MECHANISMS
from jifen.scoring import assess
from tests.world.office import staff
from tests.world.studio import Studio

pytestmark = pytest.mark.django_db
NAMES = {"label-zh": "夜班工龄", "label-en": "Years of night shift", "group": "bonus"}
FIELDS: dict[str, dict[str, str]] = {
    "scale": {"fact": "age", "from-1": "0", "to-1": "30", "points-1": "7", "from-2": "31"},
    "choice": {"fact": "education"},
    "per_unit": {"fact": "insured_months", "each": "2", "most": "20"},
    "accrual": {"fact": "insured_months", "each": "2", "every": "12 months"},
    "condition": {"condition": "entrepreneur", "points": "15"},
    "first_of": {"when-1": "entrepreneur", "points-1": "9"},
    "each_record": {"fact": "detention_count_5y", "each": "-5"},
    "veto": {"condition": "entrepreneur", "group": "vetoes"},
    "tiers": {
        "fact": "insured_months",
        "count": "marginal",
        "from-1": "0",
        "each-1": "2",
        "from-2": "60",
        "each-2": "3",
    },
    "table": {"fact": "education", "fact2": "insured_months", "starts2": "36, 60"},
    "sum_of": {
        "fact-1": "insured_months",
        "each-1": "1",
        "fact-2": "age",
        "each-2": "0.0",
        "most": "10",
    },
    "multiplier": {"condition": "base_2x_months_last_36 >= 6", "by": "1.3"},
}


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _add(studio: Studio, kind: str, **typed: str) -> Any:
    address = reverse("studio_indicator", args=[studio.key])
    fields = {"kind": kind} | NAMES | FIELDS[kind] | typed
    return _client(studio.drafter).post(address, fields, follow=True)


def _measure(studio: Studio) -> Any:
    return measure_at(studio.draft, studio.head())


@pytest.mark.parametrize("kind", FORMS)
def test_an_indicator_of_each_mechanism_is_added_and_the_draft_is_scored(kind: str) -> None:
    studio = Studio()
    before = _measure(studio)
    page = unescape(_add(studio, kind).content.decode())
    assert "已添加指标“夜班工龄”" in page
    measure = _measure(studio)
    errors = [f.fault for f in measure.faults if f.fault.severity == "error"]
    assert errors == []
    assert measure.can_be_scored
    rules = measure.policy.rules_on(measure.on)
    added = next(i for i in rules.indicators if i.id == "years_of_night_shift")
    assert added.label.zh == "夜班工龄"
    others = [i.id for i in rules.indicators if i.id != added.id]
    assert others == [i.id for i in before.policy.rules_on(before.on).indicators]
    card = page[page.index('id="k-indicators-years_of_night_shift"') :]
    assert "新增" in card[:400]


def test_every_mechanism_has_a_form() -> None:
    assert set(FORMS) == set(MECHANISMS)


def test_the_points_of_a_table_are_typed_where_both_facts_meet() -> None:
    studio = Studio()
    page = unescape(_add(studio, "table").content.decode())
    path = "indicators.years_of_night_shift.table"
    card = page[page.index('id="k-indicators-years_of_night_shift"') :].split("</article>")[0]
    heads = re.findall(r'<th scope="(?:col|row)">([^<]+)</th>', card)
    assert heads[1:4] == ["0 起", "36 起", "60 起"]
    assert any("博士" in head for head in heads)
    assert f'name="c:{path}.points.5.2"' in card  # the last answer, the last place
    studio.save({f"{path}.points.5.2": "8"})
    measure = _measure(studio)
    facts = {"education": "doctor", "insured_months": 72, "study_mode": "full_time"}
    given = assess(measure.policy, facts, measure.on)
    line = next(one for one in given.lines if one.indicator.id == "years_of_night_shift")
    low, high = line.bounds
    assert low == high == 8


def test_rows_that_are_too_few_are_refused_in_words() -> None:
    studio = Studio()
    answer = _add(studio, "tiers", **{"from-2": "", "each-2": ""})
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert "至少要填 2 行，没有添加" in page
    assert 'value="marginal" selected' in page
    assert element_faults.too_few_rows(2).code == "JF-I044"
    english = element_faults.too_few_rows(2).words.en
    assert english.startswith("Fill in at least 2 rows; nothing was added.")
    refused = unescape(_add(studio, "sum_of", **{"fact-2": ""}).content.decode())
    assert "“（空）”不是这种计分方式可以依据的事实" in refused


def test_what_was_typed_is_what_the_draft_says() -> None:
    studio = Studio()
    _add(studio, "scale")
    document = _measure(studio).document
    bands = value_at(document, "indicators.years_of_night_shift.scale.bands")
    assert bands == [{"from": "0", "to": "30", "points": "7"}, {"from": "31", "points": "0"}]
    _add(studio, "choice")  # another with the same name has an id of its own
    points = value_at(_measure(studio).document, "indicators.years_of_night_shift_2.choice.points")
    assert set(points.values()) == {"0"}
    assert list(points) == [
        "none",
        "college",
        "bachelor",
        "bachelor_with_degree",
        "master",
        "doctor",
    ]


@pytest.mark.parametrize(
    ("holds", "written", "when"),
    [
        ("entrepreneur", "", "entrepreneur"),
        ("education = master", "", "education = master"),
        ("entrepreneur", "insured_months >= 36", "insured_months >= 36"),
    ],
)
def test_a_condition_is_chosen_or_written(holds: str, written: str, when: str) -> None:
    studio = Studio()
    page = _client(studio.drafter).get(
        reverse("studio_indicator", args=[studio.key]), {"kind": "condition"}
    )
    assert f'<option value="{holds}">' in page.content.decode()
    _add(studio, "condition", holds=holds, condition=written)
    measure = _measure(studio)
    assert value_at(measure.document, "indicators.years_of_night_shift.condition.when") == when
    assert measure.can_be_scored


def test_it_is_moved_to_another_group_and_retired_without_a_trace() -> None:
    studio = Studio()
    _add(studio, "condition")
    path = "indicators.years_of_night_shift"
    studio.save({f"{path}.group": "basic", f"{path}.condition.points": "25"})
    added = load_change(studio.head().change)[path]
    assert (added["group"], added["condition"]["points"]) == ("basic", "25")
    client = _client(studio.drafter)
    page = client.get(reverse("studio_draft", args=[studio.key])).content.decode()
    [seen] = re.findall(r'name="seen" value="(\d+)"', page)
    act = {"act": f"retire:{path}", "seen": seen}
    client.post(reverse("studio_draft", args=[studio.key]), act)
    assert load_change(studio.head().change) == {}


def test_a_number_that_is_none_stands_at_its_cell_in_the_language_of_the_reader() -> None:
    studio = Studio()
    answer = _add(studio, "condition", points="许多")
    cell = "f-c-indicators-years_of_night_shift-condition-points"
    page = unescape(answer.content.decode())
    assert "应为：数" in page[page.index(f'id="{cell}"') :][:300]
    address = reverse("studio_draft", args=[studio.key])
    english = unescape(_client(studio.drafter).get(f"{address}?lang=en").content.decode())
    assert "expected: a number" in english[english.index(f'id="{cell}"') :][:300]


@pytest.mark.parametrize(
    ("kind", "typed", "code", "words"),
    [
        ("scale", {"label-en": " "}, "JF-I038", "请填写中文和英文名称"),
        ("scale", {"group": "no-such-group"}, "JF-I039", "请从列出的计分方式"),
        ("scale", {"fact": "education"}, "JF-I040", "“education”不是这种计分方式可以依据的事实"),
        ("choice", {"fact": ""}, "JF-I040", "“（空）”不是"),
        ("veto", {"condition": ""}, "JF-I040", "“（空）”不是"),
        ("first_of", {"when-1": ""}, "JF-I040", "“（空）”不是"),
    ],
)
def test_what_lacks_something_comes_back_with_what_was_typed(
    kind: str, typed: dict[str, str], code: str, words: str
) -> None:
    studio = Studio()
    answer = _add(studio, kind, **typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words in page
    assert 'value="夜班工龄"' in page
    assert studio.hand().draft.head == 1
    faults = (
        element_faults.no_name(),
        element_faults.no_such_kind(),
        element_faults.no_such_fact("education"),
    )
    assert code in {fault.code for fault in faults}


def test_who_does_not_draft_adds_nothing() -> None:
    studio = Studio()
    address = reverse("studio_indicator", args=[studio.key])
    fields = {"kind": "scale"} | NAMES | FIELDS["scale"]
    assert _client(studio.reviewer).post(address, fields, follow=True).status_code != 422
    assert studio.hand().draft.head == 1
    stranger = _client(staff("x", "policy_drafter", city="beijing"))
    assert stranger.post(address, fields).status_code == 404
