"""One person under several versions and cities."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.office.answers import SHANGHAI

FACTS = "birth_date: 1990-05-01\neducation: master\nstudy_mode: full_time\n"


def _compare(visitor: Client, facts: str, *picks: str) -> str:
    sent = {"picking": "1", "facts": facts, "pick": picks, "on": "2025-06-01"}
    response = visitor.post("/compare/", sent)
    assert response.status_code == 200
    return response.content.decode()


def test_two_versions_stand_side_by_side(visitor: Client) -> None:
    text = _compare(visitor, FACTS, "shanghai:2015", "shanghai:2018")
    assert text.count('class="versus-figure"') == 2
    assert "评估日不在施行期内" in text


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
        ("birth_date: 1990-02-30", ["shanghai:2018"], "日历上存在的日期"),
    ],
)
def test_what_is_wrong_is_said(visitor: Client, facts: str, picks: list[str], words: str) -> None:
    assert words in _compare(visitor, facts, *picks)


def test_switching_the_language_of_an_empty_form_is_no_mistake(visitor: Client) -> None:
    response = visitor.post("/compare/?lang=en", {"picking": "1", "pick": ["shanghai:2018"]})
    assert b'role="alert"' not in response.content
