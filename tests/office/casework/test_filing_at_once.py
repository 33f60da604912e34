"""Filling and filing a draft quickly: files sorted by a guess and a word, facts from registers."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from jifen.office.audit.models import Access, Entry
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    drafts,
    expedited_lane,
    post_decision,
    prefill,
    request_papers,
    sorting,
    submission,
)
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.material_guess import guess_material, guess_material_by_text
from jifen.office.casework.models import Application, Item
from jifen.office.registry.models import RegisterEntry
from jifen.office.registry.registers import EmbeddedTables, RegisterDown
from jifen.office.web.cases.case_texts import material_rows
from jifen.process import find_process
from jifen.reader.faults import RefusalReason, RefusedFile
from tests.world.office import Office, identity, photo
from tests.world.text_pdf import make_text_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return Office()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("居民身份证正面.jpg", "identity_card"),
        ("王小明身份证.pdf", "identity_card"),
        ("户口本.pdf", "household_register"),
        ("毕业证书扫描件.jpg", "diploma"),
        ("学位证.png", "degree"),
        ("学信网验证报告.pdf", "education_report"),
        ("劳动合同（2024）.pdf", "contract"),
        ("个税完税证明2025.pdf", "tax_certificate"),
        ("结婚证.jpg", "marriage_certificate"),
        ("上海居住证.jpg", "permit"),
        ("盖章申请表.pdf", "application_form"),
        ("IMG_2041.jpg", ""),
        ("扫描0001.pdf", ""),
    ],
)
def test_the_document_is_guessed_from_the_name_of_the_file(name: str, kind: str) -> None:
    rules = find_process("shanghai", date(2026, 3, 2)).materials
    assert guess_material(name, rules) == kind


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("普通高等学校", "毕业证书", "学生 王小明"), "diploma"),
        (("毕 业 证 书",), "diploma"),
        (("学 位 证 书", "理学学士"), "degree"),
        (("教育部学历证书电子注册备案表",), "education_report"),
        (("劳动合同书", "甲方：某公司", "身份证号码：31010119900101001X"), "contract"),
        (("中华人民共和国居民身份证",), ""),
        (("居民身份证",), "identity_card"),
        (("上海市居住证",), "permit"),
        (("个人所得税纳税证明", "2025年"), "tax_certificate"),
        (("身份证号码", "310101199001010010"), ""),
        (("姓名：王小明", "学历证书、学位证书、结婚证、户口簿均已收到。"), ""),
        (("关于本人的说明，附身份证、户口簿复印件",), ""),
        ((), ""),
    ],
)
def test_the_document_is_guessed_from_a_title_on_its_pages(
    lines: tuple[str, ...], kind: str
) -> None:
    rules = find_process("shanghai", date(2026, 3, 2)).materials
    assert guess_material_by_text("\n".join(lines), rules) == kind


@given(text=st.text(max_size=400), repeat=st.integers(1, 50))
def test_whatever_stands_on_a_page_gives_a_document_that_there_is_or_none(
    text: str, repeat: int
) -> None:
    rules = find_process("shanghai", date(2026, 3, 2)).materials
    assert guess_material_by_text(text * repeat, rules) in {"", *(rule.id for rule in rules)}


def test_a_name_that_says_nothing_leaves_the_word_to_the_pages(office: Office) -> None:
    case = office.draft()
    report = make_text_pdf("劳动合同", "甲方：某公司")
    files = [
        ("扫描0001.pdf", report),
        ("学位证.pdf", make_text_pdf("毕业证书")),
        ("扫描0002.pdf", make_text_pdf("")),
        ("IMG_1.jpg", photo()),
    ]
    sorting.upload_unsorted(case, files)
    by_text, by_name, scan, picture = sorting.list_unsorted_files(case.application)
    assert (by_text.guess, by_text.by_text) == ("contract", True)
    assert (by_name.guess, by_name.by_text) == ("degree", False), "what somebody named it"
    assert (scan.guess, picture.guess) == ("", "")
    sorting.sort_files(case, {by_text.version.pk: "degree"})
    (kept,) = case.application.materials.get(kind="degree").versions.all()
    assert kept.document == by_text.version.document, "the word of a person"
    client = Client()
    client.force_login(office.operator)
    sorting.upload_unsorted(case, [("扫描0003.pdf", make_text_pdf("学历证书"))])
    page = client.get(reverse("case", args=[case.application.key])).content.decode()
    assert "按页面文字猜的" in page


def test_a_file_whose_text_cannot_be_read_in_time_is_kept_without_a_guess(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: bytes) -> str:
        raise RefusedFile(RefusalReason.TOO_SLOW)

    monkeypatch.setattr(sorting, "read_first_text", refuse)
    case = office.draft()
    sorting.upload_unsorted(case, [("扫描0001.pdf", make_text_pdf("劳动合同"))])
    (file,) = sorting.list_unsorted_files(case.application)
    assert file.guess == ""


def test_files_dropped_at_once_are_sorted_by_a_word(office: Office) -> None:
    case = office.draft()
    sorting.upload_unsorted(case, [("毕业证.jpg", photo()), ("IMG_1.jpg", photo("red"))])
    diploma, other = sorting.list_unsorted_files(case.application)
    assert (diploma.guess, other.guess) == ("diploma", "")
    assert sorting.sort_files(case, {diploma.version.pk: "diploma", other.version.pk: ""}) == 1
    (left,) = sorting.list_unsorted_files(case.application)
    assert left.version == other.version
    assert case.application.materials.get(kind="diploma").versions.get().document == (
        diploma.version.document
    )
    assert sorting.sort_files(case, {other.version.pk: "drop"}) == 1
    assert sorting.list_unsorted_files(case.application) == []


def test_a_file_that_is_not_sorted_stands_in_the_way_of_filing(office: Office) -> None:
    case = office.with_documents(office.draft())
    sorting.upload_unsorted(case, [("x.jpg", photo("blue"))])
    application = case.application
    (fault,) = submission.list_filing_faults(application, process_of(application))
    assert (fault.code, fault.place) == ("JF-K028", "unsorted")
    assert fault.words.zh.startswith("还有 1 个文件没有归类，受理部门看不到。")
    assert fault.words.en.startswith("1 file(s) are not sorted")


def test_too_many_files_at_once_are_refused_and_none_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "MOST_AT_ONCE", 1)
    case = office.draft()
    with pytest.raises(CaseFault) as refused:
        sorting.upload_unsorted(case, [("a.jpg", photo()), ("b.jpg", photo("red"))])
    assert refused.value.code == "JF-K015"
    assert refused.value.words.zh == "未归类的文件最多 60 个。请先归类，再上传其余的。"
    assert refused.value.words.en.startswith("At most 60 files wait to be sorted")
    assert sorting.list_unsorted_files(case.application) == []


def test_a_document_that_there_is_not_is_refused(office: Office) -> None:
    case = office.draft()
    (version,) = sorting.upload_unsorted(case, [("a.jpg", photo())])
    with pytest.raises(CaseFault) as refused:
        sorting.sort_files(case, {version.pk: "shoe"})
    assert refused.value.code == "JF-K011"
    assert len(sorting.list_unsorted_files(case.application)) == 1


def _open(office: Office) -> Any:
    return drafts.open_draft(
        office.operator, "shanghai", office.person, unit=office.unit, district="pudong"
    )


def test_the_date_of_birth_comes_from_the_number(office: Office) -> None:
    case = _open(office)
    assert prefill.fill_from_number(case) == ("birth_date",)
    item = Item.objects.get(fact="birth_date")
    assert (item.given, item.source) == (["1990-01-01"], "filled:identity_number")
    drafts.save_draft(case, {"birth_date": drafts.FieldInput({"text": "1990-01-02"}, ["x"])}, 9)
    assert Item.objects.get(fact="birth_date").source == ""


def _agree(office: Office, case: Any) -> Any:
    """The person agrees; the employer's case as it is then."""
    drafts.give_consent(access_case(office.person_user, case.application.key))
    return access_case(office.operator, case.application.key)


def _tell(office: Office, name: str, **facts: Any) -> None:
    RegisterEntry.objects.create(
        register=name,
        city="shanghai",
        key_index=office.person.identity_index,
        facts=facts,
        as_of=date(2026, 2, 1),
    )


def test_registers_fill_what_is_empty_once_the_person_agreed(office: Office) -> None:
    _tell(office, "insurance", insured_months=84, employed_and_insured=True)
    _tell(office, "education", education="master", shoe="x")
    _tell(office, "police", serious_crime=False)
    case = _open(office)
    with pytest.raises(CaseFault) as refused:
        prefill.fill_from_registers(case)
    assert refused.value.code == "JF-K023"
    case = _agree(office, case)
    typed = {"education": drafts.FieldInput({"text": "college"}, ["college"])}
    drafts.save_draft(case, typed, 0)
    result = prefill.fill_from_registers(case)
    assert set(result.facts) == {"insured_months", "employed_and_insured"}
    items = {item.fact: item for item in case.application.items.all()}
    assert items["education"].given == ["college"], "what was typed stays"
    assert items["insured_months"].given == [84]
    assert items["insured_months"].finding == "open", "a claim, not a finding"
    assert (items["insured_months"].source, str(items["insured_months"].source_as_of)) == (
        "filled:insurance",
        "2026-02-01",
    )
    assert "serious_crime" not in items, "the police find theirs at their own gate"
    entry = Entry.objects.get(act="case.prefilled")
    assert entry.details["registers"] == ["education", "insurance"]


def test_a_register_that_is_down_is_told_and_the_others_fill(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tell(office, "insurance", insured_months=84)
    tables = EmbeddedTables()

    class TaxIsDown:
        def ask(self, name: str, city: str, person: Any) -> Any:
            if name == "tax":
                raise RegisterDown
            return tables.ask(name, city, person)

    monkeypatch.setattr(prefill, "find_register", lambda _: TaxIsDown())
    case = _open(office)
    case = _agree(office, case)
    result = prefill.fill_from_registers(case)
    assert (result.facts, result.silent_registers) == (("insured_months",), ("tax",))


def test_the_form_posts_records_from_a_register_back_as_they_are(office: Office) -> None:
    spell = {"from": "2020-01", "to": "2024-12", "base": "9000", "status": "paid"}
    _tell(office, "insurance", contributions=[spell])
    case = _open(office)
    case = _agree(office, case)
    assert prefill.fill_from_registers(case).facts == ("contributions",)
    item = Item.objects.get(fact="contributions")
    assert item.typed["spells"] == [
        spell | {"schemes": "pension+medical", "employer": "", "amount_is": ""}
    ]


def test_requests_take_papers_while_they_wait(office: Office) -> None:
    application = office.submitted()
    case = access_case(office.operator, application.key)
    row = expedited_lane.ask_expedite(case, "school_enrolment", "九月入学")
    (version,) = request_papers.add_request_papers(case, row, [("通知.jpg", photo("green"))])
    assert version.material.kind == f"expedite-{row.pk}"
    supervisor = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(supervisor, row, approve=True, words="同意")
    with pytest.raises(CaseFault) as refused:
        request_papers.add_request_papers(case, row, [("再来.jpg", photo("red"))])
    assert refused.value.code == "JF-K074"
    assert refused.value.words.zh == "这项申请已经有结果，不能再加证明材料。"
    assert refused.value.words.en.startswith("This request was decided already")
    office.decided(application)
    recheck = post_decision.ask_recheck(
        access_case(office.operator, application.key), [{"line": "education", "words": "x"}]
    )
    asked = access_case(office.operator, application.key)
    request_papers.add_request_papers(asked, recheck, [("学位.jpg", photo("blue"))])
    kinds = set(application.materials.values_list("kind", flat=True))
    assert {f"expedite-{row.pk}", f"recheck-{recheck.pk}"} <= kinds


def test_papers_of_a_request_are_shown_to_both_sides(office: Office) -> None:
    application = office.submitted()
    client = Client()
    client.force_login(office.operator)
    address = reverse("ask_expedite", args=[application.key])
    file = SimpleUploadedFile("入学通知.jpg", photo("green"))
    client.post(address, {"ground": "school_enrolment", "words": "九月入学", "files": file})
    page = client.get(reverse("case", args=[application.key])).content.decode()
    assert "加急申请的证明" in page
    assert "入学通知.jpg" in page
    (row,) = [row for row in material_rows(application, "zh") if row["of_request"]]
    assert row["label"] == "加急申请的证明", "the desk reads the same rows"


def test_a_request_whose_paper_cannot_be_taken_is_not_kept(office: Office) -> None:
    application = office.submitted()
    client = Client()
    client.force_login(office.operator)
    file = SimpleUploadedFile("x.jpg", b"GIF89a no picture")
    answer = client.post(
        reverse("ask_expedite", args=[application.key]),
        {"ground": "school_enrolment", "words": "九月入学", "files": file},
        follow=True,
    )
    assert "JPEG" in answer.content.decode()
    assert not application.expedites.exists()


def test_the_application_form_is_made_filled_in_with_room_for_a_stamp(office: Office) -> None:
    case = office.draft()
    client = Client()
    client.force_login(office.operator)
    page = client.get(reverse("case", args=[case.application.key])).content.decode()
    address = reverse("application_form", args=[case.application.key])
    assert address in page
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    words = "".join(_read_words(answer.content).split())
    for expected in ("积分申请表", "王小明", identity(1), "学历学位", "单位1", "用人单位（盖章）"):
        assert expected in words, expected
    look = Access.objects.get(act="read.revealed")
    assert look.details["why"] == "application form"


def _read_words(pdf: bytes) -> str:
    with PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_the_pages_begin_with_the_date_of_birth_and_mark_what_was_filled(office: Office) -> None:
    _tell(office, "insurance", insured_months=84)
    client = Client()
    client.force_login(office.operator)
    posted = {"unit": office.unit.pk, "identity": identity(1), "name": "王小明"}
    client.post(reverse("begin", args=["shanghai"]), posted)
    application = Application.objects.get()
    draft = client.get(reverse("draft", args=[application.key])).content.decode()
    assert "由公民身份号码得出，请核对" in draft
    assert (
        "用登记信息填写空项"
        not in client.get(reverse("case", args=[application.key])).content.decode()
    ), "not before the person agreed"
    drafts.give_consent(access_case(office.person_user, application.key))
    assert (
        "用登记信息填写空项" in client.get(reverse("case", args=[application.key])).content.decode()
    )
    filled = client.post(reverse("prefill", args=[application.key]), follow=True)
    page = filled.content.decode()
    assert "由社会保险登记填入（数据截至 2026-02-01），请核对" in page
    assert "已填入：" in page


def test_a_script_is_answered_for_each_file(office: Office) -> None:
    case = office.draft()
    client = Client()
    client.force_login(office.operator)
    address = reverse("upload_files", args=[case.application.key])
    good = client.post(address, {"by": "one", "files": SimpleUploadedFile("身份证.jpg", photo())})
    assert (good.status_code, json.loads(good.content)) == (200, {"words": ""})
    bad = client.post(address, {"by": "one", "files": SimpleUploadedFile("x.jpg", b"nothing")})
    assert bad.status_code == 422
    assert "PDF、JPEG、PNG" in json.loads(bad.content)["words"]
    page = client.get(reverse("case", args=[case.application.key])).content.decode()
    assert "还没有归类的文件" in page
    (file,) = sorting.list_unsorted_files(case.application)
    client.post(
        reverse("sort_files", args=[case.application.key]),
        {f"kind.{file.version.pk}": "identity_card"},
    )
    assert case.application.materials.filter(kind="identity_card").exists()
