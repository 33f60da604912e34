"""The words for papers on pages."""

from typing import Any

from jifen.office.casework.models import Application
from jifen.office.notices.content.templates import load_templates
from jifen.office.notices.lookup import get_state_on
from jifen.office.notices.models import Notice
from jifen.policy.text import Lang, Text

STATES = {
    "valid": Text("有效", "Valid"),
    "not_yet": Text("有效期尚未开始", "Not valid yet"),
    "expired": Text("已过期", "Expired"),
    "revoked": Text("已作废", "Revoked"),
    "unknown": Text("查无此件", "Unknown"),
}
WHYS = {
    "replaced": Text("已由新的文书替代", "replaced by a newer paper"),
    "revoked": Text("原决定已撤销", "the decision was revoked"),
    "ended": Text("积分已终止", "the points have ended"),
    "permit": Text("居住证已注销", "the residence permit was cancelled"),
    "list": Text("已不在入户名单上", "no longer on the list for settlement"),
    "": Text("", ""),
}


def kind_of(kind: str) -> Text:
    """What a paper is."""
    return load_templates()[kind].title


def papers_of(application: Application, lang: Lang, on: Any) -> list[dict[str, Any]]:
    """The papers of a case, newest first, for whoever sees the case."""
    rows = Notice.objects.filter(application=application).order_by("-id")
    rows = rows.select_related("sheet", "revocation", "printing")
    return [_row(notice, lang, on) for notice in rows]


def _row(notice: Notice, lang: Lang, on: Any) -> dict[str, Any]:
    state = get_state_on(notice, on)
    printing = getattr(notice, "printing", None)
    return {
        "key": notice.key,
        "number": notice.number,
        "kind": kind_of(notice.kind)(lang),
        "issued_on": notice.issued_on,
        "since": notice.since if state == "not_yet" else None,
        "until": notice.until,
        "state": state,
        "state_words": STATES[state](lang),
        "there": hasattr(notice, "sheet"),
        "stuck": printing.stuck.get(lang, "") if printing else "",
    }
