"""Bad input: an error beside the field in words, the value kept, never a fault of ours."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.html import escape

from jifen.cities import index, load
from jifen.facts.form import list_asked_facts
from jifen.office.web.character_filter import CleanMiddleware

JUNK = ("3年", "-5", "2.5", "9" * 40, "<b>x</b>", "\x00\x07", "ＮａＮ", "2030-01-01")
POLICIES = [(c.id, v.version, v.since) for c in index().values() for v in c.versions]


@pytest.mark.parametrize(("city", "version", "day"), POLICIES)
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_every_field_is_answered_beside_the_field(
    visitor: Client, city: str, version: str, day: object, junk: str
) -> None:
    policy = load(city, version)
    rules = policy.rules_on(policy.since)
    facts = [rules.vocabulary[ident] for ident in list_asked_facts(rules)]
    sent = {fact.id: junk for fact in facts} | {"as_of": str(day)}
    page = visitor.post(f"/{city}/all/", sent)
    update = visitor.post(f"/{city}/assess", sent)
    assert page.status_code == update.status_code == 200
    text = page.content.decode()
    for fact in facts:
        error = re.search(rf'id="e-{fact.id}"[^>]*>(.*?)</div>', text, re.DOTALL)
        assert error, fact.id
        fits = fact.is_number and "<p>" not in error[1]
        assert fits or fact.type == "date" or "<p>" in error[1], f"{fact.id} took {junk!r}"
    kept = escape(junk.replace("\x00", ""))
    assert kept in text.replace("\x00", "") or not kept.strip()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"insured_months": "3年多"}, "“3年多”是约数或范围"),
        ({"title": "seniorr"}, "senior"),
        ({"birth_date": "1990-02-30"}, "日历上没有 1990-02-30 这一天"),
        ({"birth_date": "abc"}, "请按“1990-05-01”的格式填写出生日期。"),
        ({"birth_date": "2031-01-01"}, "晚于测算日期"),
        ({"detention_dates": "some", "row.detention_dates": "2024-13-01"}, "日历上没有 2024-13-01"),
    ],
)
def test_an_error_says_what_was_found_and_what_to_do(
    visitor: Client, given: dict[str, str], words: str
) -> None:
    text = visitor.post("/shanghai/assess", {"as_of": "2025-06-01", **given}).content.decode()
    ident = next(iter(given))
    assert ident in text
    page = visitor.post("/shanghai/all/", {"as_of": "2025-06-01", **given}).content.decode()
    error = re.search(rf'id="e-{ident}"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert error
    assert words in error[1]


def test_an_error_goes_once_it_is_corrected(visitor: Client) -> None:
    sent = {"insured_months": "36", "erring": "insured_months", "as_of": "2025-06-01"}
    text = visitor.post("/shanghai/assess", sent).content.decode()
    assert re.search(r'id="e-insured_months" hx-swap-oob="true"></div>', text)


@pytest.mark.parametrize(
    ("spell", "words"),
    [
        ({"spell.from": "2022-13"}, "第 1 段，起始月份"),
        ({"spell.to": "2020-01"}, "第 1 段"),
        ({"spell.base": "many"}, "第 1 段，每月金额"),
        ({"spell.status": "lost"}, "第 1 段，状态"),
        ({"spell.to": "2035-01"}, "第 1 段，终止月份"),
    ],
)
def test_a_faulty_spell_names_its_row_and_field(
    visitor: Client, spell: dict[str, str], words: str
) -> None:
    sent = {
        "as_of": "2025-06-01",
        "insurance_as": "spells",
        "spell.from": "2022-01",
        "spell.to": "2022-12",
        "spell.base": "12000",
        "spell.status": "paid",
        "spell.schemes": "pension+medical",
    } | spell
    text = visitor.post("/shanghai/assess", sent).content.decode()
    error = re.search(r'id="e-contributions"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert error
    assert words in error[1]


def _load(visitor: Client, raw: bytes, lang: str = "zh") -> str:
    upload = SimpleUploadedFile("facts.yaml", raw)
    response = visitor.post(f"/shanghai/load?lang={lang}", {"file": upload})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff\xfe\x00binary\x80", "UTF-8"),
        (b"birth_date: [1990", "JF-P001"),
        (b"[" * 5000, "JF-P004"),
        (b"{" * 100 + b"}" * 100, "JF-P0"),
        (b"- 1\n- 2\n", "没有找到资料"),
        (b"just words", "没有找到资料"),
        (b"a: &x 1\nb: *x", "JF-P006"),
        (b"birth_date: 1990-05-01\n" * 2, "JF-P005"),
        (b"x: " + b"y" * 1_050_000, "超过 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(visitor: Client, raw: bytes, words: str) -> None:
    assert words in _load(visitor, raw)


def test_a_large_file_is_let_pass_and_the_answers_stay(visitor: Client) -> None:
    upload = SimpleUploadedFile("facts.yaml", b"x" * 5_000_000)
    sent = {"file": upload, "birth_date": "1990-05-01", "as_of": "2025-06-01"}
    text = visitor.post("/shanghai/load", sent).content.decode()
    error = re.search(r'id="e-file" role="alert">(.*?)</p>', text)
    assert error
    assert "超过 1 MB" in error[1]
    assert 'value="1990-05-01"' in text
    assert 'name="as_of" value="2025-06-01"' in text


def test_a_body_beyond_all_measure_is_not_read(visitor: Client) -> None:
    response = visitor.post(
        "/shanghai/load",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="1000000000",
    )
    assert "超过 1 MB" in response.content.decode()


def test_a_bad_file_takes_no_answer_away(visitor: Client) -> None:
    upload = SimpleUploadedFile("facts.yaml", b"just words")
    sent = {"file": upload, "birth_date": "1990-05-01", "as_of": "2025-06-01"}
    text = visitor.post("/shanghai/load", sent).content.decode()
    assert 'value="1990-05-01"' in text
    assert re.search(r'id="file"[^>]*aria-invalid="true"', text)
    assert 'class="notice"' not in text


def test_no_file_at_all_is_said(visitor: Client) -> None:
    assert "没有收到文件" in visitor.post("/shanghai/load", {}).content.decode()
    assert visitor.get("/shanghai/load").status_code == 302


def test_an_unknown_key_of_a_file_is_named_with_the_nearest_known(visitor: Client) -> None:
    text = _load(visitor, b"insured_month: 36\nbirth_date: 1990-05-01\n")
    loose = re.search(r'id="loose"(.*?)</div>', text, re.DOTALL)
    assert loose
    assert "insured_month" in loose[1]
    assert "insured_months" in loose[1]
    assert 'value="1990-05-01"' in text, "what is sound is taken"


def test_an_identity_number_is_never_shown_whole(visitor: Client) -> None:
    text = _load(visitor, b"identity_number: '110101199003074514'\n")
    shown = text.replace("identity_number: '110101199003074514'", "")
    shown = re.sub(r"<textarea.*?</textarea>", "", shown, flags=re.DOTALL)
    assert "110101199003074514" not in shown


def test_an_oversized_form_gets_a_designed_page(shown_errors: Client) -> None:
    response = shown_errors.post("/shanghai/assess", {"birth_date": "x" * 1_100_000})
    assert response.status_code == 400
    assert "没有办法处理" in response.content.decode()
    many = shown_errors.post("/shanghai/assess", {"erring": [str(n) for n in range(5000)]})
    assert many.status_code == 400


def test_a_bad_day_is_named_and_the_former_one_kept(visitor: Client) -> None:
    for bad in ("2025-02-30", "soon", "0001-01-01", "9999-12-31"):
        text = visitor.post("/shanghai/all/", {"on": bad, "as_of": "2025-06-01"}).content.decode()
        assert "测算日期应为日历上存在的日期" in text
        assert f'value="{bad}"' in text
        assert 'name="as_of" value="2025-06-01"' in text


def test_spell_columns_of_unequal_length_are_not_guessed_at(visitor: Client) -> None:
    sent = {"insurance_as": "spells", "spell.from": ["2022-01", "2023-01"], "spell.to": "2022-12"}
    assert visitor.post("/shanghai/all/", sent).status_code == 200


def test_a_form_is_read_without_the_one_character_that_a_database_refuses(db: None) -> None:
    del db
    request = RequestFactory().post("/?q=a%00b&plain=c", {"name": "王\x00小明", "x\x00": "\x00"})
    seen: dict[str, Any] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(POST=request.POST.dict(), GET=request.GET.dict())
        return HttpResponse()

    CleanMiddleware(view)(request)
    assert seen == {"POST": {"name": "王小明", "x": ""}, "GET": {"q": "ab", "plain": "c"}}


def test_a_search_by_such_a_character_is_answered(visitor: Client, shown_errors: Client) -> None:
    del visitor
    assert shown_errors.get("/v/", {"code": "\x00"}).status_code == 200
    assert shown_errors.get("/v/a%00b").status_code == 404


def test_a_form_too_large_is_not_read_before_its_view_asks() -> None:
    request = RequestFactory().post("/", {"name": "x"})
    CleanMiddleware(lambda _: HttpResponse())(request)
    assert not hasattr(request, "_post")
