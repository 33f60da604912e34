"""From a consultation to the signed PDF of its summary: the same bytes for the same answers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from jifen import cities
from jifen.office.consultation.models import Consultation, Verdict
from jifen.office.notices.content.layout import format_day
from jifen.office.notices.keys import NoticeKeys
from jifen.office.notices.pdf.fonts import list_families, list_font_files, replace_missing
from jifen.office.notices.pdf.qr_code import draw_qr_code
from jifen.office.notices.pdf.signature import seal_pdf
from jifen.office.notices.pdf.typesetting import (
    STANDARDS,
    compile_pdf,
    draw_seal,
    get_notice_moment,
)

_HERE = Path(__file__).parent
LONGEST_PRINTED = 600
"""Characters of a comment that are printed; the whole text is in the open data."""
VERDICTS: dict[str, str] = {str(value): str(label) for value, label in Verdict.choices}


def render_summary(
    row: Consultation,
    document: Mapping[str, Any],
    signed: tuple[str, str],
    on: date,
    keys: NoticeKeys,
) -> bytes:
    """The sealed PDF. `document`: the open data; `signed`: the statement and the SHA-256 of the
    open data."""
    content = replace_missing(build_content(row, document, signed, on))
    pdf = compile_pdf(_HERE, "summary", content, get_notice_moment(on), STANDARDS)
    office = _name_office(row.city)
    name = f"{office} 征求意见汇总电子签章"
    middle = "沙盒" if content["sandbox"] else "征求意见"
    picture = draw_seal(office, middle, "电子签章")
    return seal_pdf(pdf, keys.seal(), picture, get_notice_moment(on), name)


def build_content(
    row: Consultation, document: Mapping[str, Any], signed: tuple[str, str], on: date
) -> dict[str, Any]:
    """What is printed."""
    statement, digest = signed
    address = f"{settings.JIFEN_ADDRESS}/consultations/{row.key}/"
    comments = document["comments"]
    support = sum(comment["support"] for comment in comments)
    return {
        "title": f"{row.title}公开征求意见汇总",
        "subtitle": "Summary of a public consultation: comments, answers and reasons",
        "by": _name_office(row.city),
        "number": str(row.key),
        "sandbox": settings.JIFEN_MODE == "sandbox",
        "ymd": [on.year, on.month, on.day],
        "on": format_day(on),
        "fonts": list(list_families(list_font_files())),
        "head": [
            ["草案", f"{row.title}，第 {document['revision']} 稿"],
            ["对照版本", row.against],
            ["征求意见期", f"{format_day(row.opens_on)} 至 {format_day(row.last_day)}"],
            ["意见", f"{len(comments)} 条（含回复），支持 {support} 次"],
            ["处理情况", _count_verdicts(comments)],
        ],
        "paragraphs": [row.explanation],
        "hearings": [
            {
                "title": f"听证会：{hearing['on']} {hearing['at']}，{hearing['place']}",
                "minutes": (hearing["minutes"] or "没有记录。").splitlines(),
            }
            for hearing in document["hearings"]
        ],
        "articles": _sort_by_article(comments),
        "square": draw_qr_code(f"{address}#{statement}"),
        "address": address,
        "digest": digest,
    }


def _name_office(city: str) -> str:
    known = cities.index()
    return f"{known[city].label.zh if city in known else city}居住证积分"


def _count_verdicts(comments: list[Mapping[str, Any]]) -> str:
    counts = {value: sum(comment["verdict"] == value for comment in comments) for value in VERDICTS}
    return "，".join(f"{VERDICTS[value]} {count} 条" for value, count in counts.items())


def _sort_by_article(comments: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The comments under the parts that they are about, replies under their comments."""
    replies: dict[int, list[Mapping[str, Any]]] = {}
    articles: dict[str, list[list[str]]] = {}
    for comment in comments:
        if comment["reply_to"] is not None:
            replies.setdefault(comment["reply_to"], []).append(comment)
    for comment in comments:
        if comment["reply_to"] is None:
            rows = articles.setdefault(comment["place_zh"] or "整个草案", [])
            rows.append(_print_row(comment))
            rows.extend(_print_row(reply) for reply in replies.get(comment["number"], []))
    return [{"label": label, "rows": rows} for label, rows in articles.items()]


def _print_row(comment: Mapping[str, Any]) -> list[str]:
    number, words = str(comment["number"]), comment["words"]
    if comment["hidden"]:
        words = f"（已隐藏：{comment['hidden']}）"
    elif len(words) > LONGEST_PRINTED:
        words = f"{words[:LONGEST_PRINTED]}……（全文见公开数据）"
    if comment["reply_to"] is not None:
        number, words = f"{number}", f"（回复第 {comment['reply_to']} 条）{words}"
    name = f"\n——{comment['name']}" if comment["name"] else ""
    support = f"\n支持 {comment['support']}" if comment["support"] else ""
    revision = f"\n见第 {comment['revision']} 稿" if comment["revision"] else ""
    verdict = VERDICTS.get(comment["verdict"], "")
    return [number, f"{words}{name}{support}", f"{verdict}{revision}", comment["reason"]]
