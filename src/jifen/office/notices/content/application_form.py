"""The application form: what is claimed, filled in and ready to be signed and stamped."""

from datetime import date
from typing import Any

from jifen.facts.values import BadValue, coerce_value
from jifen.office.casework.case_policy import rules_of
from jifen.office.casework.models import Application
from jifen.office.notices.content.layout import build_content, format_day
from jifen.policy.vocabulary import Fact

APPLICATION_FORM = "application_form"
"""The document that Jifen makes itself, where the process of a city asks for it."""


def build_application_form(application: Application, on: date) -> dict[str, Any]:
    """积分申请表, as the draft is now. It is the applicant's own paper: the identity number is
    whole."""
    person, unit = application.person, application.unit
    rows = [
        ("联系电话", person.phone),
        ("单位代码", unit.credit_code if unit else ""),
        ("填表日期", format_day(on)),
    ]
    content = build_content(
        "application", application, on, rows=rows, table=_build_claims_table(application)
    )
    head = [[label, value] for label, value in content["head"] if label != "公民身份号码"]
    head[0] = ["申请人", person.name]
    head.insert(1, ["公民身份号码", person.identity])
    employer = ["用人单位（盖章）", "经办人：", "年　　月　　日"]
    return content | {
        "head": head,
        "sign": [["申请人（签名）", "", "年　　月　　日"], *([employer] if unit else [])],
    }


def _build_claims_table(application: Application) -> dict[str, Any]:
    rules = rules_of(application)
    claims = {item.fact: item.given[0] for item in application.items.all() if item.given}
    facts = [rules.vocabulary[fact_id] for fact_id in rules.vocabulary.ids if fact_id in claims]
    rows = [
        [fact.label.zh, words]
        for fact in facts
        if (words := _describe_claim(fact, claims[fact.id]))
    ]
    return {"caption": "申报内容", "heads": ["项目", "填报内容"], "rows": rows}


def _describe_claim(fact: Fact, value: Any) -> str:
    """A claim in words; records by their number and span; '' for what does not apply."""
    if value is None:
        return ""
    if fact.is_record:
        return _describe_spells(value) if isinstance(value, list) else "见附件"
    try:
        return fact.describe_value(coerce_value(fact, value)).zh
    except BadValue:
        return str(value)[:60]


def _describe_spells(spells: list[Any]) -> str:
    months = [
        str(spell.get(end) or "")
        for spell in spells
        for end in ("from", "to")
        if isinstance(spell, dict)
    ]
    known = sorted(month for month in months if month)
    span = f"，{known[0]} 至 {known[-1]}" if known else ""
    return f"{len(spells)} 段缴费记录{span}（明细见所附缴费记录）"
