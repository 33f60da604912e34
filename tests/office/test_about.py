"""What the site says of itself and of a city: questions from the data, statements, the map."""

import re
from datetime import date

import pytest
from django.test import Client

from jifen.cities import index
from jifen.office.web.preferences import LANGS
from jifen.office.web.public.catalogue import readable
from jifen.office.web.public.common_questions import common_questions, terms
from jifen.policy.text import Lang


def page_of(visitor: Client, address: str) -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_questions_are_answered_from_the_measure(visitor: Client) -> None:
    text = page_of(visitor, "/shanghai/questions/")
    assert "多少分够？" in text
    assert "120 分。" in text
    assert "20 个工作日" in text
    assert "持有有效的《上海市居住证》" in text or "居住证" in text
    english = page_of(visitor, "/chengdu/questions/?lang=en")
    assert "How many points are enough?" in english
    assert "100 points." in english


@pytest.mark.parametrize("lang", LANGS)
def test_every_city_in_force_has_answers_and_words(lang: Lang) -> None:
    on = date(2026, 11, 30)
    for city in index().values():
        policy = readable(city.version_on(on))
        if policy is None:
            continue
        rules = policy.rules_on(on)
        found = common_questions(city, rules, on, lang)
        assert {"line", "unknown"} <= {one.id for one in found}, city.id
        assert all(item.words for one in found for item in one.items), city.id
        assert all(term.words for term in terms(rules, lang)), city.id


def test_a_day_without_a_measure_says_so(visitor: Client) -> None:
    assert "没有" in visitor.get("/shanghai/questions/?on=1995-01-01").content.decode()


def test_privacy_names_who_scores_which_city(visitor: Client) -> None:
    text = page_of(visitor, "/privacy/")
    here, there = re.findall(r"<li>([^<]+)：(?:每一步在您的设备|办法里有设备)", text)
    assert "上海" in here
    assert "北京" in there
    assert "北京" not in here


def test_the_map_holds_pages_that_are_there(visitor: Client) -> None:
    text = page_of(visitor, "/sitemap.xml")
    places = re.findall(r"<loc>https?://[^/<]+(/[^<]*)</loc>", text)
    assert len(places) > 30
    assert {"/", "/shanghai/", "/shanghai/questions/", "/privacy/"} <= set(places)
    for place in places:
        assert visitor.get(place).status_code == 200, place
    assert re.search(r"Sitemap: http.*/sitemap.xml\n", page_of(visitor, "/robots.txt"))


def test_the_foot_leads_to_the_statements(visitor: Client) -> None:
    text = page_of(visitor, "/shanghai/")
    for place in ("/privacy/", "/accessibility/", "/shanghai/questions/"):
        assert f'href="{place}"' in text
