"""Schools and offices check many papers with tokens of their own."""

import json
import re

import pytest
from django.test import Client

from jifen.office.audit.models import Entry
from jifen.office.notices import checkers, rate_limits
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.models import LookUp, Notice
from jifen.office.registry.models import Person
from jifen.statements.codes import format_code
from tests.world.clock import Clock
from tests.world.notice import NOBODYS, City, ask_about, said
from tests.world.office import staff


def test_a_school_checks_many_papers_and_every_look_up_is_kept(city: City) -> None:
    admin = staff("cityadmin", "city_admin")
    _, secret = checkers.admit_checker(admin, "shanghai", "第一小学")
    items = [
        {"code": format_code(city.notice.code), "name": "王小明"},
        {"code": city.notice.code, "name": "王大明"},
        {"code": NOBODYS[0]},
    ]
    first, second, third = ask_about(secret, items).json()["items"]
    assert (first["state"], first["name"], first["name_matches"]) == ("valid", "王**", True)
    assert (first["result"], first["line"]) == ("reached", "120")
    assert second["name_matches"] is False
    assert third == {"code": NOBODYS[0], "state": "unknown"} | dict.fromkeys(
        set(first) - {"code", "state"}
    )
    assert "166" not in json.dumps(first)
    rows = LookUp.objects.order_by("id").values_list("state", "purpose")
    assert list(rows) == [("valid", "入学审核"), ("valid", "入学审核"), ("unknown", "入学审核")]
    assert Entry.objects.filter(act="notice.looked_up").count() == 3
    told = said(city.mine.get(f"/papers/{city.notice.key}"))
    assert "第一小学" in told
    assert "入学审核" in told


@pytest.mark.parametrize("dot", ["·", "•", "・", "･", "．", "· ", " · ", "‧"])
def test_a_name_matches_however_its_dot_was_typed(city: City, dot: str) -> None:
    Person.objects.filter(pk=city.notice.person_id).update(name="阿卜杜拉·买买提")
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    asked = [f"阿卜杜拉{dot}买买提", "阿卜杜拉买买提", f"阿卜杜拉{dot}买提"]
    items = [{"code": city.notice.code, "name": name} for name in asked]
    found = [one["name_matches"] for one in ask_about(secret, items).json()["items"]]
    assert found == [True, False, False]


def test_a_name_in_latin_letters_matches_in_any_case_and_width(city: City) -> None:
    Person.objects.filter(pk=city.notice.person_id).update(name="John Smith")
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    asked = ["JOHN SMITH", "Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smyth"]
    items = [{"code": city.notice.code, "name": name} for name in asked]
    found = [one["name_matches"] for one in ask_about(secret, items).json()["items"]]
    assert found == [True, True, False]


def test_a_token_that_ended_and_a_school_of_another_city_learn_nothing(city: City) -> None:
    admin = staff("cityadmin", "city_admin")
    checker, secret = checkers.admit_checker(admin, "shanghai", "第一小学")
    checkers.dismiss_checker(admin, checker)
    assert ask_about(secret, [{"code": city.notice.code}]).status_code == 401
    assert ask_about("", [{"code": city.notice.code}]).status_code == 401
    _, other = checkers.admit_checker(admin, "chengdu", "成都小学")
    found = ask_about(other, [{"code": city.notice.code}]).json()["items"]
    assert found[0]["state"] == "unknown"


def test_a_school_that_guesses_has_to_wait_and_nobody_else_has(
    city: City, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    clock.stand_at(59, period=60)
    monkeypatch.setattr("jifen.office.api.verify.CHECKER", len(NOBODYS))
    monkeypatch.setattr(rate_limits, "ALL", len(NOBODYS))
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    assert ask_about(secret, [{"code": code} for code in NOBODYS]).status_code == 200
    assert ask_about(secret, [{"code": city.notice.code}]).status_code == 429
    assert Client().get(f"/v/{NOBODYS[0]}").status_code == 404  # visitors do not wait for it
    clock.go_on(1)  # the next minute
    assert ask_about(secret, [{"code": city.notice.code}]).status_code == 200


@pytest.mark.usefixtures("clock")
def test_a_school_waits_for_nobody_else(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "ALL", 1)
    for place, code in enumerate(NOBODYS[:3]):
        Client(REMOTE_ADDR=f"203.0.113.{place}").get(f"/v/{code}")
    admin = staff("cityadmin", "city_admin")
    _, guessing = checkers.admit_checker(admin, "shanghai", "第一小学")
    _, secret = checkers.admit_checker(admin, "shanghai", "第二小学")
    monkeypatch.setattr("jifen.office.api.verify.CHECKER", 2)
    asked = [{"code": code} for code in (city.notice.code, *NOBODYS[:1])]
    answers = [ask_about(guessing, asked).status_code for _ in range(3)]
    assert answers == [200, 200, 429]  # what exists is not counted, what does not is, each
    assert ask_about(secret, asked).status_code == 200


@pytest.mark.parametrize("odd", ["\x00", "\x1b", "\ud800"])
def test_a_character_that_cannot_be_kept_is_refused_in_words(city: City, odd: str) -> None:
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    items = [{"code": city.notice.code}]
    for refused in (
        ask_about(secret, items, purpose=f"ab{odd}c"),
        ask_about(secret, [{"code": city.notice.code, "name": f"王{odd}"}]),
    ):
        assert refused.status_code == 422
        assert refused.json()["code"] == "JF-A005"
        assert "U+0000" in refused.json()["title"]
    assert not LookUp.objects.exists()
    assert ask_about(secret, items, purpose="入学\n审核").status_code == 200


def test_a_batch_is_bounded_and_says_its_purpose(city: City) -> None:
    _, secret = checkers.admit_checker(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    many = [{"code": city.notice.code}] * (checkers.MOST + 1)
    assert ask_about(secret, many).status_code == 422
    assert ask_about(secret, [{"code": city.notice.code}], purpose="").status_code == 422
    with pytest.raises(NoticeFault) as caught:
        checkers.admit_checker(city.office.admin, "shanghai", "第一小学")
    assert caught.value.code == "JF-T006"


def test_the_city_admits_a_school_on_its_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    client = Client()
    client.force_login(staff("cityadmin", "city_admin"))
    client.post("/checkers/", {"act": "admit", "city": "shanghai", "name": "第二小学"})
    (secret,) = re.findall(r"jifen_check_[\w-]+", said(client.get("/checkers/")))
    assert ask_about(secret, [{"code": city.notice.code}]).json()["items"][0]["state"] == "valid"
    assert secret not in said(client.get("/checkers/"))


def test_a_refusal_is_checked_like_a_notice(city: City) -> None:
    del city
    paper = Notice.objects.get(kind="receipt")
    page = said(Client().get(f"/v/{paper.code}"))
    assert "受理回执" in page
    assert "结果</dt>" not in page
