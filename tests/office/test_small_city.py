"""A city of which only facts and one measure are there: its public pages say what is not known."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.people.small_city import small_city_among_the_others

pytestmark = pytest.mark.django_db
FACTS = {
    "birth_date": "1985-03-14",
    "permit_valid": "true",
    "education": "college",
    "as_of": "2026-11-01",
}


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Client]:
    with small_city_among_the_others(tmp_path):
        yield Client()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/sample/",
        "/sample/opens/",
        "/sample/lists/",
        "/sample/policy/",
        "/sample/policy/2020/",
        "/sample/policy/2020/2020/",
        "/compare/",
        "/compare/?city=sample&city=shanghai",
        "/shanghai/",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_there(visitor: Client, address: str, lang: str) -> None:
    join = "&" if "?" in address else "?"
    response = visitor.get(f"{address}{join}lang={lang}")
    assert response.status_code == 200, response.content.decode()[:400]
    text = response.content.decode()
    if "sample" in address and "shanghai" not in address:
        assert "积分不是落户" not in text
        assert "Points are not household registration" not in text


def test_a_city_without_lists_says_so_and_nothing_else(visitor: Client) -> None:
    text = visitor.get("/sample/lists/").content.decode()
    assert "示例市没有按积分公布的入户名单。" in text
    assert "积分不是落户" in visitor.get("/shanghai/lists/").content.decode()


def test_a_city_without_entitlements_shows_the_national_part(visitor: Client) -> None:
    text = visitor.get("/sample/opens/").content.decode()
    assert "居住证持有人依法享有的权利" in text
    assert "义务教育" in text


def test_the_answers_are_worked_out(visitor: Client) -> None:
    for address in ("/sample/", "/sample/assess"):
        response = visitor.post(address, FACTS)
        assert response.status_code == 200, response.content.decode()[:400]


def test_a_city_without_moves_says_that_nothing_is_worked_out_ahead(visitor: Client) -> None:
    response = visitor.post("/sample/route", FACTS)
    assert response.status_code == 200
    assert "没有记录示例市可以做哪些事来加分" in response.content.decode()


def test_other_cities_are_planned_without_it(visitor: Client) -> None:
    response = visitor.post("/shanghai/route", {"birth_date": "1985-03-14", "others": "on"})
    assert response.status_code == 200
