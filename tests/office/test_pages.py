"""Every page answers, in both languages and in the elder view."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from jifen.cities import index
from jifen.office.web.jinja import asset

PAGES = ["/", "/compare/"]
for _city in index().values():
    PAGES += [f"/{_city.id}/", f"/{_city.id}/policy/"]
    PAGES += [f"/{_city.id}/policy/{v.version}/" for v in _city.versions]
    PAGES += [f"/{_city.id}/?on={v.since}" for v in _city.versions]
    names = [v.version for v in _city.versions]
    PAGES += [f"/{_city.id}/policy/{a}/{b}/" for a, b in pairwise(names)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["standard", "elder"])
def test_every_page_answers_in_every_language_and_view(
    visitor: Client, page: str, lang: str, view: str
) -> None:
    visitor.cookies["lang"], visitor.cookies["view"] = lang, view
    response = visitor.get(page)
    text = response.content.decode()
    assert response.status_code == 200
    tag = re.search(r"<html[^>]*>", text)
    assert tag
    assert ('lang="en"' if lang == "en" else 'lang="zh-CN"') in tag[0]
    assert ('class="elder"' in tag[0]) == (view == "elder")
    assert text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"


def test_an_english_page_holds_no_chinese_of_the_frame(visitor: Client) -> None:
    text = visitor.get("/?lang=en").content.decode()
    body = re.sub(r'lang="zh-CN">[^<]*<', "<", text)
    assert not re.search(r"[\u4e00-\u9fff]", body)


def test_the_language_and_the_elder_view_stay_for_later_pages(visitor: Client) -> None:
    visitor.get("/?lang=en&view=elder")
    text = visitor.get("/shanghai/").content.decode()
    assert '<html lang="en" class="elder">' in text


def test_a_choice_that_does_not_exist_falls_back_to_the_default(visitor: Client) -> None:
    visitor.cookies["lang"] = "fr"
    assert 'lang="zh-CN"' in visitor.get("/?view=huge").content.decode()


def test_the_gap_between_two_measures_is_said_plainly(visitor: Client) -> None:
    text = visitor.get("/chengdu/?on=2015-01-01").content.decode()
    assert "2015-01-01 没有施行中的积分办法。" in text
    assert "下一个办法自 2018" in text


def test_shanghai_says_that_points_are_not_household_registration(visitor: Client) -> None:
    assert "积分不等于落户" in visitor.get("/shanghai/").content.decode()


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/shanghai/policy/1999/", "/shanghai/policy/2018/1999/", "/%00/"]
)
def test_an_unknown_address_gets_a_designed_page(shown_errors: Client, address: str) -> None:
    response = shown_errors.get(address)
    assert response.status_code == 404
    text = response.content.decode()
    assert "没有这个页面" in text
    assert "Traceback" not in text


def test_a_fault_of_ours_gets_a_designed_page(
    shown_errors: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("jifen.office.web.public.views.home.today", broken)
    response = shown_errors.get("/?lang=en")
    assert response.status_code == 500
    assert b"Something went wrong here" in response.content
    assert b"secret words" not in response.content


def test_the_site_says_that_it_is_well(visitor: Client) -> None:
    assert visitor.get("/healthz").content == b"ok\n"
    assert visitor.get("/robots.txt").status_code == 200


def test_a_static_file_is_addressed_by_its_content() -> None:
    assert re.fullmatch(r"/static/web/jifen\.css\?v=[0-9a-f]{12}", asset("web/jifen.css"))
    with pytest.raises(FileNotFoundError):
        asset("web/missing.css")
