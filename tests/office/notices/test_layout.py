"""How a paper is laid out: on one page where it can be, its seal beside the office, no doubts."""

from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import PdfDocument

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions import events, printing
from jifen.office.notices.content.decisions import build_notice, list_unmet_conditions, list_vetoes
from jifen.office.notices.content.templates import load_templates
from jifen.office.notices.models import Notice
from jifen.office.notices.pdf.qr_code import draw_qr_code
from jifen.office.notices.pdf.typesetting import count_pages, typeset_notice
from jifen.scoring.clause_words import select_sure_clause
from tests.office.notices.sheet_words import CONTENT, read_words
from tests.world.office import Office, today

DOUBTS = ("待核实", "未见", "本系统的规则", "较可能")


@pytest.fixture
def notice(db: None) -> Notice:
    del db
    office = Office()
    office.decided(office.submitted())
    events.issue_for_case_events()
    printing.print_due_notices()
    return Notice.objects.get(kind="notice")


def _content(rows: int) -> dict[str, Any]:
    rule = "最近 36 个月内基数达社平工资 0.8 倍的月数 48 个月 → 不少于 36 个月：25 分"
    table = {
        "caption": "积分明细",
        "heads": ["项目", "认定情况和规则", "分值"],
        "rows": [["缴纳职工社会保险费基数", rule, "25"]] * rows,
        "foot": ["合计", "", "166"],
        "note": "",
        "points": True,
    }
    square = draw_qr_code("https://jifen.example/v/7K3M9QXD2V0R#" + "x" * 300)
    return {"content": CONTENT | {"table": table}, "square": square}


def _typeset(rows: int) -> bytes:
    made = _content(rows)
    return typeset_notice(made["content"], number="N1", code="7K3M", square=made["square"])


def test_a_notice_is_one_page_where_it_can_be() -> None:
    """Some number of lines needs the tighter setting; far more need a second page."""
    pages = [count_pages(_typeset(rows)) for rows in (4, 14, 22, 60)]
    assert pages[:3] == [1, 1, 1]
    assert pages[3] > 1


def _find_words(pdf: bytes, words: str) -> tuple[float, float, float, float]:
    with PdfDocument(pdf) as document:
        text = document[len(document) - 1].get_textpage()
        index, count = text.search(words).get_next()
        boxes = [text.get_charbox(place) for place in range(index, index + count)]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def test_the_seal_stands_beside_the_name_of_the_office_and_covers_no_words(
    notice: Notice,
) -> None:
    pdf = printing.read_pdf(notice.sheet)
    (reference,) = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    field = reference.get_object()
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    office = _find_words(pdf, "上海市浦东新区")
    assert right <= office[0] <= right + 20, "beside it, to the left"
    assert bottom <= office[1] <= office[3] <= top, "at its height"
    beside = _find_words(pdf, "查验不用登录")
    assert beside[2] <= left or beside[3] <= bottom


def test_no_paper_says_how_sure_a_clause_is(notice: Notice) -> None:
    words = "".join(read_words(printing.read_pdf(notice.sheet)).split())
    assert not [doubt for doubt in DOUBTS if doubt in words]
    values = dict.fromkeys(
        [
            "number",
            "name",
            "line",
            "total",
            "until",
            "due",
            "days",
            "why",
            "on",
            "permit",
            "city",
            "settle_by",
            "recheck",
        ],
        "x",
    )
    for template in load_templates().values():
        for paragraph in template.paragraphs:
            said = paragraph.fill(values)
            assert not [doubt for doubt in DOUBTS if doubt in said], said


def test_a_clause_is_printed_where_its_number_is_certain_alone() -> None:
    assert select_sure_clause("第六条") == "第六条"
    assert select_sure_clause("第六条（条款序号待核实）") == ""
    assert select_sure_clause("第六条（条号较可能）") == ""  # as 0.1.0 kept it
    assert select_sure_clause("第六条（条号不确定）") == ""
    assert select_sure_clause(None) == ""
    conditions = [
        {"met": False, "label": "持证", "clause": "第三条"},
        {"met": False, "label": "参保", "clause": "第三条（条款序号待核实）"},
        {"met": False, "label": "年龄", "clause": None},
    ]
    assert list_unmet_conditions({"conditions": conditions}) == [
        "未满足“持证”（第三条）",
        "未满足“参保”",
        "未满足“年龄”",
    ]
    veto = {"group": "vetoes", "label": "刑事犯罪", "clause": None, "facts": {"x": True}}
    assert list_vetoes({"lines": [veto]}) == ["刑事犯罪"]


def test_a_notice_always_says_how_long_it_holds(notice: Notice) -> None:
    head = dict(map(tuple, notice.content["head"]))
    assert head["积分有效期"].endswith("起，与居住证有效期一致")
    PointsPeriod.objects.all().delete()
    decision = notice.decision
    assert decision is not None
    without_period = dict(map(tuple, build_notice(decision, today())["head"]))
    assert "未定截止日；是否有效以查验结果为准" in without_period["积分有效期"]
