"""What the API says of a request that it cannot take, with a code, in the language that it asks."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jifen.office.api.request_faults import describe_misshapen_part
from jifen.office.casework.models import Application
from jifen.office.notices.checkers import admit_checker
from tests.world.office import Office, identity, staff
from tests.world.program import Program

pytestmark = pytest.mark.django_db
NO_CASE = "/applications/1b87eb3d-19d6-4702-8149-464e1fa8b845"


@pytest.fixture
def program(db: None) -> Program:
    del db
    return Program(Office())


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "没有这个案件、文书或积分"), ("en", "There is no such case, paper")]
)
def test_what_is_not_there_is_told_with_a_code(program: Program, lang: str, words: str) -> None:
    answer = program.call("get", NO_CASE, **{"Accept-Language": lang})
    assert (answer.status_code, answer.json()["code"]) == (404, "JF-A009")
    assert answer.json()["title"].startswith(words)


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有有效的令牌"), ("en", "No valid token")])
def test_no_token_is_told_with_a_code(db: None, lang: str, words: str) -> None:
    del db
    answer = Client().get("/api/v1/applications", headers={"Accept-Language": lang})
    assert (answer.status_code, answer.json()["code"]) == (401, "JF-A008")
    assert answer.json()["title"].startswith(words)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["缺少此项，请补上。", "太长，最多 20 个字符。", "应为对象 {…}。"]),
        (
            "en",
            [
                "It is missing: send it.",
                "Too long: at most 20 characters.",
                "An object {…} is expected.",
            ],
        ),
    ],
)
def test_every_part_that_is_not_as_documented_is_told(
    program: Program, lang: str, words: list[str]
) -> None:
    body = {"identity_number": identity(1), "phone": "1" * 21, "facts": []}
    answer = program.call("post", "/applications", body, **{"Accept-Language": lang}).json()
    assert answer["code"] == "JF-A006"
    assert [fault["place"] for fault in answer["faults"]] == [
        "body.name",
        "body.phone",
        "body.facts",
    ]
    assert [fault["title"] for fault in answer["faults"]] == words
    assert Application.objects.count() == 0


def test_a_shape_that_has_no_words_of_its_own_points_to_the_document() -> None:
    fault = describe_misshapen_part({"type": "frozen_set", "loc": ("body", "x")})
    assert (fault.code, fault.place) == ("JF-A006", "x")
    assert fault.words.en == "Not as documented in openapi.json: compare and correct it."
    assert fault.words.zh == "与接口文档（openapi.json）不符，请对照改正。"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "请求内容不是可以读取的 JSON"), ("en", "The body of the request is")]
)
def test_a_body_that_is_no_json_is_told(program: Program, lang: str, words: str) -> None:
    answer = program.client.post(
        "/api/v1/applications",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}", "Accept-Language": lang},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "JF-A007")
    assert answer.json()["title"].startswith(words)


def test_a_number_that_no_field_holds_is_told(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(_: Any) -> Any:
        raise OverflowError

    monkeypatch.setattr("jifen.office.api.routes.list_unit_cases", overflow)
    answer = program.call("get", "/applications", **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (422, "JF-A013")
    assert answer.json()["title"].startswith("A text or a number is longer than its field")


def test_whoever_asks_about_too_many_codes_is_told_to_wait(monkeypatch: Any) -> None:
    cache.clear()
    monkeypatch.setattr("jifen.office.api.verify.must_wait", lambda *_: True)
    _, secret = admit_checker(staff("chief", "city_admin"), "shanghai", "实验小学")
    body = {"purpose": "入学审核", "items": [{"code": "7K3M-9QXD-2V0R"}]}
    answer = Client().post(
        "/api/v1/verify",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "JF-A016")
    assert answer.json()["title"] == "查询了过多不存在的编号，请一分钟后再试。"
