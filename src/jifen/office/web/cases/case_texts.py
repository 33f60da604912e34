"""A case in words for its pages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.actions.gates import gate_of, list_facts_to_review
from jifen.office.casework.actions.materials import list_wanted_materials
from jifen.office.casework.actions.request_papers import find_request_label
from jifen.office.casework.case_policy import policy_of, process_of, rules_of
from jifen.office.casework.models import FILLED, Application, Decision, Event, Material
from jifen.office.casework.renewal.difference import WHY
from jifen.office.messages.editions import render_message
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.cases.filled_marks import describe_source
from jifen.office.web.public.self_assessment import clauses
from jifen.policy.text import Lang, Text

ACTS = {
    "opened": Text("建立申请", "opened"),
    "consented": Text("本人同意", "the person agreed"),
    "uploaded": Text("上传材料", "uploaded"),
    "dropped": Text("撤回材料", "took an upload back"),
    "sorted": Text("材料归类", "sorted files"),
    "prefilled": Text("用登记信息填写", "filled in from registers"),
    "submitted": Text("提交申请", "submitted"),
    "register_answered": Text("登记信息核对", "a register answered"),
    "taken": Text("接手办理", "taken"),
    "released": Text("放回队列", "released"),
    "found": Text("认定事实", "found a fact"),
    "correction_asked": Text("要求补正", "asked for a correction"),
    "resubmitted": Text("补正后提交", "resubmitted"),
    "lapsed": Text("逾期失效", "lapsed"),
    "correction_missed": Text("补正逾期，按已有事实继续", "correction overdue, goes on as it is"),
    "lapse_reversed": Text("恢复办理", "taken up again"),
    "proposed": Text("提出决定", "proposed a decision"),
    "sent_back": Text("退回经办", "sent back"),
    "decided": Text("作出决定", "decided"),
    "withdrawn": Text("撤回申请", "withdrawn"),
    "employer_changed": Text("变更单位", "changed the employer"),
    "employer_named": Text("指定由另一单位续签", "named another employer for the renewal"),
    "recheck_asked": Text("申请复核", "asked for a recheck"),
    "recheck_decided": Text("复核完成", "recheck decided"),
    "false_found": Text("发现虚假材料", "false material found"),
    "finding_told": Text("告知本人，陈述期开始", "the person was told, the days to answer run"),
    "finding_delivered": Text("送达书面告知", "the letter was delivered"),
    "answer_taken_down": Text("登记本人陈述", "what the person answered was written down"),
    "false_answered": Text("提交陈述", "the person answered"),
    "false_decided": Text("虚假材料认定", "false material decided"),
    "expedite_asked": Text("申请加急", "asked for the expedited lane"),
    "expedite_decided": Text("加急审批", "the expedited lane decided"),
    "handed_over": Text("转交办理", "handed over"),
    "assigned": Text("分派办理", "assigned"),
    "unassigned": Text("取消分派", "assignment ended"),
    "noted": Text("内部备注", "internal note"),
    "item_asked": Text("就一项内容提问", "asked about an item"),
    "item_answered": Text("回复提问", "answered a question"),
    "renewal_opened": Text("开始续签", "renewal opened"),
    "renewal_chosen": Text("选择续签方式", "chose how it is renewed"),
    "renewal_waits": Text("续签等待处理", "the renewal waits"),
    "renewal_to_clerk": Text("续签转人工办理", "the renewal goes to a clerk"),
    "renewed": Text("自动续签", "renewed automatically"),
    "list_enter": Text("进入入户待公示名单", "waits for a list for settlement"),
    "list_publish": Text("列入公示名单", "on the public list"),
    "list_objected": Text("有人提出异议", "somebody objected"),
    "list_hold": Text("公示期满，异议核查", "publicity over, an objection is open"),
    "list_close": Text("列入正式名单", "on the formal list"),
    "list_notify": Text("发出入户通知", "settlement notice"),
    "list_settle": Text("办理入户", "settled"),
    "list_give_up": Text("本人放弃入户", "given up by the person"),
    "list_forfeit": Text("逾期视为放弃入户", "not settled in time"),
    "list_lapse": Text("名单条目失效", "the place on the list lapsed"),
    "list_remove": Text("移出名单", "taken off the list"),
    "list_delay": Text("入户通知单延迟发出，期限重新起算", "the slip came late, the days anew"),
    "list_recheck": Text("复核后名单位次保留", "the place on the list stays after the recheck"),
}
STATES = {
    "draft": Text("草稿", "draft"),
    "review": Text("审核中", "in review"),
    "correction": Text("待补正", "to be corrected"),
    "deciding": Text("待决定", "to be decided"),
    "countersign": Text("待签发", "to be signed"),
    "decided": Text("已决定", "decided"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "lapsed": Text("逾期失效", "lapsed"),
    "revoked": Text("已撤销", "revoked"),
}
FINDINGS = {
    "open": Text("待认定", "open"),
    "confirmed": Text("已确认", "confirmed"),
    "corrected": Text("已更正", "corrected"),
    "rejected": Text("不予认定", "rejected"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: str
    what: str
    who: str
    words: str


def history(application: Application, lang: Lang, *, staff: bool) -> list[Happened]:
    """What happened; inner steps are for the staff. Applicants see offices, not names."""
    rows = Event.objects.filter(application=application).select_related("by")
    shown = [row for row in rows if staff or not row.internal]
    principals = _name_principals(shown) if staff else {}
    return [_happened(row, lang, staff, principals) for row in shown]


def _name_principals(rows: Iterable[Event]) -> dict[int, str]:
    """The colleagues for whom something was done, by their accounts."""
    numbers = {row.words["instead_of"] for row in rows if "instead_of" in row.words}
    people = User.objects.filter(pk__in=numbers) if numbers else ()
    return {one.pk: one.get_full_name() for one in people}


def _happened(row: Event, lang: Lang, staff: bool, principals: Mapping[int, str]) -> Happened:
    what = ACTS.get(row.act, Text(row.act, row.act))(lang)
    who = row.by.get_full_name() if row.by and (staff or _is_applicant(row)) else _role(row, lang)
    if principal := principals.get(row.words.get("instead_of", 0)):
        who += Text(f"（代 {principal}）", f" (for {principal})")(lang)
    at = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M")
    return Happened(at, what, who, str(row.words.get(lang, "")))


def _is_applicant(row: Event) -> bool:
    return row.as_role in ("applicant", "person", "agency")


def _role(row: Event, lang: Lang) -> str:
    system = Text("系统", "system")
    return (system if row.as_role == "system" else Text("受理部门", "the office"))(lang)


def say_value(application: Application, fact: str, value: Any, lang: Lang) -> str:
    """A given value in words; what cannot be read as it was typed."""
    vocabulary = policy_of(application).vocabulary
    found = vocabulary.get(fact)
    if found is None or found.is_record:
        return _record(value, lang)
    from jifen.facts.values import BadValue, coerce_value  # noqa: PLC0415 - short names

    try:
        return found.describe_value(coerce_value(found, value))(lang)
    except BadValue:
        return str(value)[:60]


def _record(value: Any, lang: Lang) -> str:
    many = len(value) if isinstance(value, list) else 0
    return Text(f"{many} 段缴费记录", f"{many} spells of contributions")(lang)


def fact_rows(application: Application, lang: Lang) -> list[dict[str, Any]]:
    """Every fact to be found, in the order of the form, with claim, finding, source and gate."""
    rules, process = rules_of(application), process_of(application)
    items = {item.fact: item for item in application.items.select_related("found_by")}
    rows = []
    for fact in list_facts_to_review(application):
        item = items.get(fact)
        told = rules.vocabulary[fact]
        rows.append(
            {
                "fact": fact,
                "label": told.label(lang),
                "claimed": say_value(application, fact, item.given[0], lang)
                if item and item.given
                else "",
                "found": say_value(application, fact, item.found[0], lang)
                if item and item.found
                else "",
                "finding": item.finding if item else "open",
                "finding_words": FINDINGS[item.finding if item else "open"](lang),
                "source": _source(item, lang),
                "conflicts": [
                    {
                        "source": _register(c["source"], lang),
                        "value": say_value(application, fact, c["value"], lang),
                        "as_of": c["as_of"],
                    }
                    for c in (item.conflict if item else [])
                ],
                "reason": process.find_reason_label(item.reason)(lang)
                if item and item.reason
                else "",
                "words": item.words if item else "",
                "gate": gate_of(process, fact).id,
                "why": clauses(rules, fact, lang),
                "anew": _anew(item, lang),
                "last_year": _last_year(application, item, lang),
            }
        )
    return rows


def _anew(item: Any, lang: Lang) -> str:
    """In a renewal: why a fact is looked at again."""
    words = WHY.get(item.why) if item else None
    return words(lang) if words else ""


def _last_year(application: Application, item: Any, lang: Lang) -> str:
    """In a renewal: what the last decision found."""
    if application.renews_id is None or item is None:
        return ""
    found = _facts_before(application).get(item.fact)
    return "" if found is None else say_value(application, item.fact, found, lang)


def _facts_before(application: Application) -> dict[str, Any]:
    kept = application.__dict__.get("_facts_before")
    if kept is None and application.renews is not None:
        kept = application.__dict__["_facts_before"] = json.loads(application.renews.facts)
    found: dict[str, Any] = kept or {}
    return found


def messages_of(application: Application, lang: Lang) -> list[dict[str, Any]]:
    """What was told in this case, to whom and by which way."""
    rows = application.messages.select_related("user", "office_text").order_by("id")[:200]
    return [
        {
            "at": timezone.localtime(row.ended_at or row.made_at).strftime("%Y-%m-%d %H:%M"),
            "text": render_message(row, lang),
            "channel": row.get_channel_display() if lang == "zh" else row.channel,
            "state": row.get_state_display() if lang == "zh" else row.state,
        }
        for row in rows
    ]


def _source(item: Any, lang: Lang) -> str:
    if item is None or not item.source:
        return ""
    if item.carried_from_id:
        return Text("上期已认定，没有变化", "found last time, unchanged")(lang)
    if item.source.startswith(FILLED):
        return describe_source(item)(lang)
    if item.source.startswith("register:"):
        day = item.source_as_of or ""
        return f"{_register(item.source, lang)} {day}".strip()
    name = item.found_by.get_full_name() if item.found_by else ""
    return Text(f"经办人 {name}", f"clerk {name}")(lang)


def _register(source: str, lang: Lang) -> str:
    name = source.removeprefix("register:")
    return REGISTERS.get(name, Text(name, name))(lang)


def material_rows(application: Application, lang: Lang) -> list[dict[str, Any]]:
    """Documents wanted and uploaded, each with its reasons and its versions."""
    there = {
        m.kind: m
        for m in Material.objects.filter(application=application).prefetch_related(
            "versions__document"
        )
    }
    process = process_of(application)
    rows, shown = [], set()
    for want in list_wanted_materials(application):
        shown.add(want.material.id)
        rows.append(_material(want.material, want.why, there.get(want.material.id), lang))
    for kind, material in there.items():
        known = process.find_material(kind)
        if kind not in shown and known:
            rows.append(_material(known, (), material, lang))
        elif (label := find_request_label(kind)) is not None:
            rows.append(_request_papers(kind, label, material, lang))
    return rows


def _request_papers(kind: str, label: Text, row: Material, lang: Lang) -> dict[str, Any]:
    """Papers that prove a request: a document of no fact, to which nothing is added here."""
    return {
        "id": kind,
        "label": label(lang),
        "help": "",
        "why": [],
        "facts": (),
        "any_of": "",
        "cite": "",
        "confidence": "certain",
        "versions": [v for v in row.versions.all() if v.dropped_at is None],
        "carried": False,
        "of_request": True,
    }


def _material(material: Any, why: Any, row: Material | None, lang: Lang) -> dict[str, Any]:
    reasons = dict.fromkeys(
        f"{w.label(lang)}" + (f"（{w.cite(lang)}）" if w.cite(lang) and lang == "zh" else "")
        for w in why
    )
    versions = [v for v in row.versions.all() if v.dropped_at is None] if row else []
    return {
        "id": material.id,
        "label": material.label(lang),
        "help": material.help(lang),
        "why": list(reasons),
        "facts": material.facts,
        "any_of": material.any_of,
        "cite": material.provenance.cite,
        "confidence": material.provenance.confidence,
        "versions": versions,
        "carried": bool(versions) and all(v.carried_from_id for v in versions),
        "of_request": False,
    }


def decision_of(application: Application) -> Decision | None:
    """The standing decision."""
    rows = application.decisions.filter(void_at__isnull=True)
    return rows.select_related("proposed_by", "signed_by").order_by("-number").first()
