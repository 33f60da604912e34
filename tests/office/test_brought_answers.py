"""Answers that a device keeps, brought into a new draft: only where that was ticked."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from jifen.office.casework.models import Application, Item
from tests.world.office import Office, identity, person, user

pytestmark = pytest.mark.django_db
SELF = {"for": "self", "district": "wuhou"}
ANSWERS = [("city", "chengdu"), ("walk.at", "result"), ("birth_date", "19900501")]


def _as(who: Any, lang: str = "zh") -> Client:
    client = Client()
    client.force_login(who)
    client.cookies["lang"] = lang
    return client


def _holder(lang: str = "zh") -> Client:
    holder = user("holder")
    person(8, "李雷", user=holder)
    return _as(holder, lang)


def _brought(answers: Any) -> dict[str, str]:
    return SELF | {"bring": "yes", "answers": urlencode(answers)}


def test_ticked_answers_are_kept_in_the_draft_as_typed() -> None:
    page = _holder()
    answer = page.post("/my/begin/chengdu", _brought(ANSWERS), follow=True)
    made = Application.objects.get()
    item = Item.objects.get(application=made, fact="birth_date")
    assert (item.typed, item.given) == ({"text": "19900501"}, ["1990-05-01"])
    shown = answer.content.decode()
    assert "已带入这台设备上的 1 项答案，请逐项核对。" in shown
    assert "19900501" in shown


def test_rows_of_insurance_are_brought_too() -> None:
    row = {"from": "2022-01", "to": "2023-12", "base": "12000", "status": "paid"}
    row |= {"schemes": "pension+medical", "employer": "甲公司", "amount_is": ""}
    spells = [(f"spell.{key}", text) for key, text in row.items()]
    office = Office()
    form = {"unit": office.unit.pk, "identity": identity(8), "name": "李雷", "bring": "yes"}
    answers = [("city", "shanghai"), ("insurance_as", "spells"), *spells]
    _as(office.operator).post("/my/begin/shanghai", form | {"answers": urlencode(answers)})
    item = Item.objects.get(fact="contributions")
    assert item.typed["spells"][0]["employer"] == "甲公司"
    assert item.given[0][0]["from"] == "2022-01"


def test_what_is_wrong_stays_as_it_was_typed_and_is_named_in_the_draft() -> None:
    wrong = [("city", "chengdu"), ("birth_date", "1990-13-45"), ("no_such_fact", "1")]
    answer = _holder().post("/my/begin/chengdu", _brought(wrong), follow=True)
    items = Item.objects.filter(application=Application.objects.get())
    assert [(item.fact, item.typed) for item in items] == [("birth_date", {"text": "1990-13-45"})]
    assert 'value="1990-13-45"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_character_that_no_database_keeps_is_taken_out() -> None:
    _holder().post("/my/begin/chengdu", _brought([("city", "chengdu"), ("birth_date", "1\0990")]))
    assert Item.objects.get().typed == {"text": "1990"}


def test_unticked_answers_are_not_read() -> None:
    form = SELF | {"answers": urlencode(ANSWERS)}
    answer = _holder().post("/my/begin/chengdu", form, follow=True)
    assert Application.objects.count() == 1
    # the date of birth follows from the number, whatever the device keeps
    assert not Item.objects.exclude(source="filled:identity_number").exists()
    assert "已带入" not in answer.content.decode()


REFUSED = {
    "JF-G033": ("", "没有收到这台设备上的答案", "No answers of this device arrived"),
    "JF-G034": (
        "city=shanghai&birth_date=19900501",
        "带入的是上海的答案，这里要成都的",
        "These answers are for Shanghai, not for Chengdu",
    ),
    "JF-G034 of no city": (
        "city=atlantis&birth_date=19900501",
        "带入的答案没有注明是哪个城市的",
        "The answers do not say for which city they are",
    ),
    "JF-G035": (
        "city=chengdu&birth_date=" + "9" * 300_000,
        "答案太多（最多 300,000 个字符、4,000 个字段）",
        "at most 300,000 characters and 4,000 fields",
    ),
    "JF-G035 of too many fields": (
        "city=chengdu" + "&row.x=1" * 4_100,
        "答案太多（最多 300,000 个字符、4,000 个字段）",
        "at most 300,000 characters and 4,000 fields",
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_brought_is_refused_in_words_and_nothing_is_begun(
    case: str, lang: str
) -> None:
    answers, *words = REFUSED[case]
    form = SELF | {"bring": "yes", "answers": answers}
    answer = _holder(lang).post("/my/begin/chengdu", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words[lang == "en"] in page
    assert "9999" not in page, "what was refused is not sent back"
    assert not Application.objects.exists()


def test_a_fault_elsewhere_begins_nothing_and_keeps_the_tick() -> None:
    answer = _holder().post("/my/begin/chengdu", _brought(ANSWERS) | {"district": "atlantis"})
    assert answer.status_code == 422
    assert 'aria-describedby="help-bring-own" checked' in answer.content.decode()
    assert not Application.objects.exists()


def test_the_box_is_unticked_and_hidden_until_a_script_finds_answers() -> None:
    page = _holder().get("/my/begin/chengdu").content.decode()
    assert '<div class="question" data-bring hidden>' in page
    assert "checked" not in page


def test_somebody_not_linked_yet_is_told_what_to_do_first() -> None:
    page = _as(user("newcomer")).get("/my/begin/chengdu").content.decode()
    assert "先绑定本人信息" in page
    assert 'href="/my/self"' in page


@pytest.mark.parametrize(
    ("city", "lang", "words", "others"),
    [
        ("chengdu", "zh", "本市由本人申报", "交给单位经办人"),
        ("chengdu", "en", "Here you file yourself", "whoever files at your employer"),
        ("shanghai", "zh", "本市由用人单位或它委托的代理机构申报", "本市由本人申报"),
        ("shanghai", "en", "or an agency for it; you cannot file yourself", "Here you file"),
        ("beijing", "zh", "本市由用人单位申报，您自己不能提交", "代理机构申报"),
    ],
)
def test_the_result_says_who_may_apply_and_leads_there(
    city: str, lang: str, words: str, others: str
) -> None:
    client = Client()
    client.cookies["lang"] = lang
    page = client.post(f"/{city}/", {"walk.at": "check", "go": "result"}).content.decode()
    section = page.partition('id="apply"')[2].partition("</section>")[0]
    assert words in section
    assert others not in section
    assert f'href="/my/begin/{city}"' in section
