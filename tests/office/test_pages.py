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


@pytest.mark.parametrize("city", ["zhongshan", "dongguan"])
def test_a_day_after_the_last_measure_leads_to_it(visitor: Client, city: str) -> None:
    text = visitor.get(f"/{city}/?on=2030-01-01").content.decode()
    (address,) = re.findall(rf'href="(/{city}/\?on=[\d-]+)"', text)
    assert "上一个办法施行到 " in text
    answered = visitor.get(address).content.decode()
    assert "没有施行中的积分办法" not in answered
    assert 'id="facts"' in answered


def test_a_day_before_the_first_measure_leads_to_no_earlier_one(visitor: Client) -> None:
    assert "上一个办法" not in visitor.get("/shanghai/?on=2000-01-01").content.decode()


def test_shanghai_says_that_points_are_not_household_registration(visitor: Client) -> None:
    assert "积分不是落户" in visitor.get("/shanghai/").content.decode()
    assert "积分不等于落户" in visitor.get("/shanghai/all/").content.decode()


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


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "zh-CN"),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.5, zh;q=0.9", "zh-CN"),
        ("fr, en;q=0.3", "en"),
        ("fr, de", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=x, ;;,", "zh-CN"),
        ("en;q=nan,zh", "zh-CN"),
    ],
)
def test_the_browser_says_the_language_until_a_visitor_chooses(
    visitor: Client, header: str, lang: str
) -> None:
    response = visitor.get("/", headers={"Accept-Language": header})
    assert f'<html lang="{lang}"' in response.content.decode()
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_choice_outweighs_the_browser(visitor: Client) -> None:
    english = {"Accept-Language": "en"}
    assert b'lang="zh-CN"' in visitor.get("/?lang=zh", headers=english).content
    assert b'<html lang="zh-CN"' in visitor.get("/", headers=english).content


@pytest.mark.parametrize("address", ["/compare/", "/shanghai/"])
def test_a_method_that_an_address_does_not_take_gets_a_designed_page(
    visitor: Client, address: str
) -> None:
    response = visitor.delete(address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "这个地址不接受这种请求" in response.content.decode()
    response = visitor.get("/shanghai/save")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert b"<h1>" in response.content


@pytest.mark.parametrize("address", ["/", "/healthz", "/shanghai/", "/chengdu/policy/"])
def test_options_are_answered(visitor: Client, address: str) -> None:
    response = visitor.options(address)
    assert response.status_code == 204
    assert response.content == b""
    assert "GET" in response.headers["Allow"]


def test_a_browser_finds_the_mark(visitor: Client) -> None:
    response = visitor.get("/favicon.ico")
    assert response.status_code == 301
    assert response.headers["Location"] == asset("web/mark.svg")


def test_the_cards_name_the_line_and_have_chinese_punctuation(visitor: Client) -> None:
    text = visitor.get("/").content.decode()
    assert re.search(r'分数线 <span class="card-number">120</span> 分', text)
    assert '<span class="unseen">：上海' in text
