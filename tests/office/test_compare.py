"""One person under several versions and cities."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jifen.cities import index
from tests.people.answers import SHANGHAI

FACTS = "birth_date: 1990-05-01\neducation: master\nstudy_mode: full_time\n"


def _compare(visitor: Client, facts: str, *picks: str, on: str = "2025-06-01") -> str:
    sent = {"picking": "1", "facts": facts, "pick": picks, "on": on, "as_of": "2025-05-01"}
    response = visitor.post("/compare/", sent)
    assert response.status_code == 200
    return response.content.decode()


def test_two_versions_stand_side_by_side(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2015", "shanghai:2018")
    assert text.count('class="versus-figure"') == 2
    assert "测算日期不在施行期内" in text


def test_a_fact_of_one_city_is_no_fault_beside_another(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2018", "chengdu:2024")
    assert "请更正" not in text


def test_a_self_assessment_goes_on_to_the_comparison(visitor: Client) -> None:
    text = visitor.post("/compare/", SHANGHAI | {"city": "shanghai"}).content.decode()
    assert "birth_date: 1990-05-01" in text
    assert ">129<" in text


def test_a_file_is_compared_as_well(visitor: Client) -> None:
    upload = SimpleUploadedFile("facts.yaml", FACTS.encode())
    sent = {"picking": "1", "pick": ["shanghai:2018"], "file": upload}
    assert "versus-figure" in visitor.post("/compare/", sent).content.decode()


@pytest.mark.parametrize(
    ("facts", "picks", "words"),
    [
        ("birth_date: [", ["shanghai:2018"], "JF-P001"),
        ("", ["shanghai:2018"], "没有找到资料"),
        (FACTS, [], "请至少选择一个版本"),
        ("no_such_fact: 1", ["shanghai:2018"], "no_such_fact"),
        ("birth_date: 1990-02-30", ["shanghai:2018"], "日历上没有 1990-02-30 这一天"),
    ],
)
def test_what_is_wrong_is_said(visitor: Client, facts: str, picks: list[str], words: str) -> None:
    assert words in _compare(visitor, facts, *picks)


def test_switching_the_language_of_an_empty_form_is_no_mistake(visitor: Client) -> None:
    response = visitor.post("/compare/?lang=en", {"picking": "1", "pick": ["shanghai:2018"]})
    assert b'role="alert"' not in response.content


@pytest.mark.parametrize("typed", ["2025-02-30", "soon", "1800-01-01"])
def test_a_day_that_does_not_exist_stays_as_typed_beside_its_fault(
    visitor: Client, typed: str
) -> None:
    text = _compare(visitor, FACTS, "shanghai:2018", on=typed)
    field = re.search(r'<input[^>]*id="on"[^>]*>', text)
    assert field
    assert f'value="{typed}"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert "仍按原来的日期计算" in text
    assert 'name="as_of" value="2025-05-01"' in text
    assert "测算日期 2025-05-01" in text


def test_a_day_that_exists_is_taken(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2018", on="2025年7月1日")
    assert 'name="as_of" value="2025-07-01"' in text
    assert "aria-invalid" not in text


def test_a_comparison_says_what_the_points_of_each_city_are_for(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2015", "shanghai:2018", "chengdu:2024")
    assert text.count(index()["shanghai"].about.zh) == 1
    assert index()["chengdu"].about.zh in text
    assert "积分不是落户" in text


def test_the_result_stands_before_the_form_and_the_text_is_folded(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2018")
    assert text.index("compared-title") < text.index('id="facts"')
    assert re.search(r'<details class="question advanced"><summary>高级：直接编辑资料', text)
    assert 'advanced" open' in _compare(visitor, "birth_date: [", "shanghai:2018")


def test_what_is_missing_is_answered_on_the_page_of_the_city(visitor: Client) -> None:
    facts = FACTS + "contributions: [{from: 2024-01, to: 2024-12, base: 9000}]\nsettled_at: x\n"
    text = _compare(visitor, facts, "shanghai:2018")
    form = re.search(
        r'<form method="post" action="/shanghai/" class="go-on">.*?</form>', text, re.DOTALL
    )
    assert form
    sent = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])
    shown = visitor.post("/shanghai/", dict(sent)).content.decode()
    assert 'value="1990-05-01"' in shown
    assert 'value="2024-12"' in shown
    assert "settled_at" in shown


def test_the_comparison_leads_to_the_self_assessments(visitor: Client) -> None:
    text = visitor.get("/compare/").content.decode()
    main = text[text.index("<main") :]
    for city in index():
        assert f'href="/{city}/"' in main


def test_points_below_nothing_have_a_minus_sign(visitor: Client) -> None:
    facts = FACTS + "false_material_dates: [2024-06-01]\n"
    text = _compare(visitor, facts, "shanghai:2018")
    assert ">−150<" in text
    assert ">-150<" not in text


def test_the_nearest_line_comes_first_whatever_was_picked_first(visitor: Client) -> None:
    picks = ("shanghai:2018", "chengdu:2024", "shanghai:2015")
    pages = [_compare(visitor, FACTS, *order) for order in (picks, picks[::-1])]
    heads = [re.findall(r'<th scope="col">(\S+ \d{4})', page) for page in pages]
    assert heads[0] == heads[1]
    assert len(heads[0]) == 3
    assert "最近的在前" in pages[0]
    assert "最近的在前" not in _compare(visitor, FACTS, "shanghai:2018", "shanghai:2015")
