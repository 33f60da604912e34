"""The log in words: acts, and the subjects and accounts that its rows name by their ids."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from jifen.office.accounts.models import User
from jifen.office.audit.models import Access, Entry
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person, Unit
from jifen.office.web.cases.case_texts import ACTS as CASE_ACTS
from jifen.office.web.numbers import whole_number
from jifen.policy.text import Lang, Text

LogRow = Entry | Access
OTHER_ACTS = {
    "read": Text("查看", "looked"),
    "access.refused": Text("请求被拒绝", "was refused"),
    "files.sealed": Text("密封旧文件", "sealed older files"),
    "read.revealed": Text("查看完整证件号码", "saw the whole identity number"),
    "delivery.tried_again": Text("手动重发", "tried a delivery again"),
    "office.written": Text("填写办公地点", "wrote the card of an office"),
    "calendar.proposed": Text("录入工作日历", "entered working days"),
    "calendar.confirmed": Text("确认工作日历", "confirmed working days"),
    "calendar.declined": Text("退回工作日历", "declined working days"),
    "district.proposed": Text("录入区的改动", "entered a change of a district"),
    "district.confirmed": Text("确认区的改动", "confirmed a change of a district"),
    "district.declined": Text("退回区的改动", "declined a change of a district"),
    "account.invited": Text("邀请工作人员", "invited somebody to the staff"),
    "account.locked": Text("锁定账号", "locked an account"),
    "account.unlocked": Text("解锁账号", "unlocked an account"),
    "account.signed_out": Text("强制下线", "signed somebody out everywhere"),
    "text.saved": Text("起草消息文本", "drafted the words of a message"),
    "text.proposed": Text("提交消息文本", "sent words of a message to be confirmed"),
    "text.tested": Text("发送测试消息", "sent a test message"),
    "text.confirmed": Text("确认消息文本", "confirmed the words of a message"),
    "text.declined": Text("退回消息文本", "returned the words of a message"),
    "text.withdrawn": Text("撤回消息文本", "took back the words of a message"),
    "sandbox.clock_sent": Text("拨动沙盒时钟", "moved the clock of the sandbox"),
    "desk.absent": Text("登记不在岗", "entered an absence"),
    "desk.back": Text("恢复在岗", "is back at work"),
    "desk.stands_in": Text("指定代办人", "named who stands in"),
    "desk.stands_in_no_more": Text("结束代办", "ended a standing in"),
    "desk.text_written": Text("添加常用语", "added a text"),
    "desk.text_ended": Text("停用常用语", "ended a text"),
    "keys.rotated": Text("更换密钥", "rotated keys"),
    "keys.forgotten": Text("弃用密钥", "forgot a key"),
    "notice.issued": Text("签发文书", "issued a paper"),
    "notice.opened": Text("打开文书", "opened a paper"),
    "notice.revoked": Text("撤销文书", "revoked a paper"),
    "notice.credential": Text("领取电子凭证", "fetched a credential"),
    "person.added": Text("登记人员", "added a person"),
    "person.tied": Text("账号与本人关联", "tied an account to a person"),
    "person.code_sent": Text("发出关联代码", "sent a code"),
    "person.tie_frozen": Text("冻结关联", "froze a tie"),
    "retention.removed": Text("到期清除", "removed after its years"),
    "scan.found": Text("发现有害文件", "found a harmful file"),
    "signin.password_reset": Text("重设密码", "reset a password"),
    "signin.second_factor_removed": Text("移除第二验证", "removed a second factor"),
}
_KINDS = {
    "application": Text("案件", "case"),
    "user": Text("账号", "account"),
    "person": Text("人员", "person"),
    "unit": Text("单位", "unit"),
}


def describe_act(act: str, lang: Lang) -> str:
    """An act in words; one that has none keeps its id."""
    words = CASE_ACTS.get(act.removeprefix("case.")) if act.startswith("case.") else None
    words = words or OTHER_ACTS.get(act)
    return words(lang) if words else act


def describe_rows(rows: Sequence[LogRow], lang: Lang) -> list[dict[str, Any]]:
    """Rows for a page: numbers of cases, names of accounts and units, masked numbers of persons
    instead of ids. Each kind is read at once."""
    whom = [getattr(row, "on_behalf_of", "") for row in rows]
    names = _read_names([*whom, *(name for row in rows for name in (row.actor, row.subject))])
    return [
        {
            "pk": row.pk,
            "at": row.at,
            "actor": _name(row.actor, names, lang),
            "on_behalf_of": _name_principal(getattr(row, "on_behalf_of", ""), names, lang),
            "source": getattr(row, "source", ""),
            "act": describe_act(row.act, lang),
            "act_id": row.act,
            "subject": _name(row.subject, names, lang),
            "subject_id": row.subject,
            "details": row.details,
        }
        for row in rows
    ]


def _read_names(texts: Iterable[str]) -> dict[str, str]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for text in texts:
        kind, _, written = text.partition(":")
        number = whole_number(written)
        if kind in _KINDS and number is not None:
            numbers[kind].add(number)
    names: dict[str, str] = {}
    for case in Application.objects.filter(pk__in=numbers["application"]).only("number"):
        names[f"application:{case.pk}"] = case.number or ""
    for user in User.objects.filter(pk__in=numbers["user"]):
        names[f"user:{user.pk}"] = f"{user.get_full_name()}（{user.username}）"
    for unit in Unit.objects.filter(pk__in=numbers["unit"]):
        names[f"unit:{unit.pk}"] = unit.name
    for person in Person.objects.filter(pk__in=numbers["person"]):
        names[f"person:{person.pk}"] = person.masked_identity
    return names


def _name_principal(text: str, names: dict[str, str], lang: Lang) -> str:
    """For whom an act was done, in words: a colleague who was away, a unit."""
    if text not in names:
        return text
    return Text(f"代 {names[text]}", f"for {names[text]}")(lang)


def _name(text: str, names: dict[str, str], lang: Lang) -> str:
    kind = text.partition(":")[0]
    if name := names.get(text):
        return f"{_KINDS[kind](lang)} {name}"
    return {"system": Text("系统", "the system")(lang)}.get(text, text)
