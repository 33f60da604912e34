"""What the program of an employer is answered, in the language that it asks for."""

import socket
from typing import Any

import pytest
from django.conf import settings

from jifen.office.api import webhooks
from jifen.office.api.models import Webhook
from jifen.office.casework.models import Application
from tests.world.faults import refused
from tests.world.office import Office, identity
from tests.world.program import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return Office()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "游标无效。请原样使用上一页的 next，或不写 after 从头读取。"),
        (
            "en",
            "This is no cursor of a page. Use 'next' of the page before as it is, or leave 'after' "
            "out.",
        ),
    ],
)
@pytest.mark.parametrize("cursor", ["abc", "-1", "9" * 19, "１"])
def test_a_cursor_that_is_none_says_where_one_comes_from(
    office: Office, cursor: str, lang: str, words: str
) -> None:
    asked = {"Accept-Language": lang}
    answer = Program(office).call("get", f"/applications?after={cursor}", **asked)
    told = answer.json()
    assert (answer.status_code, told["code"], told["place"]) == (422, "JF-A002", "after")
    assert told["title"] == words


@pytest.mark.parametrize(
    ("lang", "fact", "words"),
    [
        ("zh", "educaton", "没有“educaton”这个事实。是否应为“education”？"),
        ("en", "educaton", "There is no fact 'educaton'. Write 'education'."),
        ("zh", "shoe", "没有“shoe”这个事实。请去掉。"),
        ("en", "shoe", "There is no fact 'shoe'. Leave it out."),
    ],
)
def test_a_fact_that_there_is_not_is_named_with_the_nearest(
    office: Office, lang: str, fact: str, words: str
) -> None:
    body: dict[str, Any] = {"name": "李雷", "identity_number": identity(5), "facts": {fact: "x"}}
    asked = {"Accept-Language": lang}
    told = Program(office).call("post", "/applications", body, **asked).json()
    assert (told["code"], told["place"], told["title"]) == ("JF-A003", fact, words)
    assert not Application.objects.exists()


# --------------------------------------------------------------------------------------- webhooks


def _unknown_host(*_: Any, **__: Any) -> Any:
    raise socket.gaierror


def _inside(*_: Any, **__: Any) -> Any:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 443))]


@pytest.mark.parametrize(
    ("url", "look_up", "code", "zh", "en"),
    [
        (
            "http://hr.example/hook",
            _unknown_host,
            "JF-A010",
            "应为以 https:// 开头的完整地址，请核对。",
            "Write a whole address that begins with https://.",
        ),
        (
            "https://hr.example/hook",
            _unknown_host,
            "JF-A011",
            "找不到这个地址的主机，请核对域名。",
            "The host of this address cannot be found: check its name.",
        ),
        (
            "https://hr.example/hook",
            _inside,
            "JF-A012",
            "不能使用内部网络的地址或 443 以外的端口。请填写从互联网可以访问的 https 地址。",
            "This address is of an inner network, or names a port other than 443. Give one that "
            "the internet reaches by https.",
        ),
    ],
    ids=["JF-A010", "JF-A011", "JF-A012"],
)
def test_an_address_that_is_not_told_says_which_is(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    look_up: Any,
    code: str,
    zh: str,
    en: str,
) -> None:
    monkeypatch.setattr(settings, "JIFEN_MODE", "production")
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with refused(code, zh, en, "url"):
        webhooks.add_webhook(office.admin, office.unit, url)
    assert not Webhook.objects.exists()
