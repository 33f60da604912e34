"""Notices of a decision: the notice with its points by line, the refusal, the revocation."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.timezone import localtime

from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Decision, Outcome, PointsPeriod
from jifen.office.notices.content.layout import build_content, format_day, format_points
from jifen.scoring.clause_words import select_sure_clause

HEADS = ["项目", "认定情况和规则", "分值", "依据"]


def find_points_period(decision: Decision) -> PointsPeriod | None:
    """How long the points of a decision hold."""
    return PointsPeriod.objects.filter(decision=decision).first()


def build_notice(decision: Decision, on: date) -> dict[str, Any]:
    """积分通知书: points by line, each with its clause."""
    result, application = json.loads(decision.result), decision.application
    period = find_points_period(decision)
    values = _collect_values(decision, result)
    holding = {decision.outcome, application.city, "recheck"}
    rows = [("评分日期", format_day(decision.on)), ("积分", f"{values['total']} 分")]
    if period:
        holding.add("renewed")
    rows.append(("积分有效期", _format_validity(period, on)))
    table = _build_points_table(result, values["total"])
    return build_content(
        "notice", application, on, holding=holding, rows=rows, table=table, values=values
    )


def build_refusal(decision: Decision, on: date) -> dict[str, Any]:
    """不予积分决定书, with its reasons and what can be done about it."""
    result = json.loads(decision.result)
    why = (
        list_unmet_conditions(result)
        if decision.outcome == Outcome.REFUSED
        else list_vetoes(result)
    )
    values = _collect_values(decision, result) | {
        "why": "；".join(why) or decision.words or "见办理记录"
    }
    holding = {decision.outcome, "recheck"}
    return build_content("refusal", decision.application, on, holding=holding, values=values)


def build_revocation(decision: Decision, on: date) -> dict[str, Any]:
    """撤销决定书. It says the day of the revocation, whenever it comes to be printed."""
    revoked = localtime(decision.revoked_at).date() if decision.revoked_at else on
    values = {"on": format_day(revoked), "why": decision.revoked_why or "见办理记录"}
    return build_content("revocation", decision.application, on, values=values)


def list_unmet_conditions(result: Mapping[str, Any]) -> list[str]:
    """The conditions that are not met, with their clauses."""
    rows = [c for c in result["conditions"] if c["met"] is False]
    return [f"未满足“{c['label']}”{_cite(c)}" for c in rows]


def list_vetoes(result: Mapping[str, Any]) -> list[str]:
    """The lines that veto."""
    rows = [line for line in result["lines"] if line["group"] == "vetoes" and _has_veto(line)]
    return [f"{line['label']}{_cite(line)}" for line in rows]


def _cite(element: Mapping[str, Any]) -> str:
    """The clause in brackets where its number is certain. How sure a number is does not belong on
    an official paper."""
    clause = select_sure_clause(element["clause"])
    return f"（{clause}）" if clause else ""


def _has_veto(line_item: Mapping[str, Any]) -> bool:
    return any(
        value is True or (value and value != "none") for value in line_item["facts"].values()
    )


def _collect_values(decision: Decision, result: Mapping[str, Any]) -> dict[str, str]:
    process = process_of(decision.application)
    return {
        "total": format_points(decision.total.normalize()),
        "line": "" if result["threshold"] is None else format_points(result["threshold"]),
        "recheck": str(process.recheck_days),
    }


def _format_validity(period: PointsPeriod | None, on: date) -> str:
    if period is None:
        return f"自 {format_day(on)}起，未定截止日；是否有效以查验结果为准"
    if period.until is None:
        return f"{format_day(period.since)} 起，与居住证有效期一致"
    return f"{format_day(period.since)} 至 {format_day(period.until)}"


def _build_points_table(result: Mapping[str, Any], total: str) -> dict[str, Any]:
    """Lines that give or take points, one by one; those without any are named below."""
    lines = result["lines"]
    scored = [line for line in lines if line["points"]]
    unscored = [line["label"] for line in lines if not line["points"]]
    rows = [_build_points_row(line) for line in scored]
    # without any clause there is no column for clauses
    columns = 4 if any(row[3] for row in rows) else 3
    return {
        "caption": "积分明细",
        "heads": HEADS[:columns],
        "rows": [row[:columns] for row in rows],
        "foot": ["合计", "", total, ""][:columns],
        "note": f"未得分的项目：{'、'.join(unscored)}。" if unscored else "",
        "points": True,
    }


def _build_points_row(line_item: Mapping[str, Any]) -> list[str]:
    counted = "" if line_item["counted"] else "（同组取高，不计入）"
    return [
        line_item["label"],
        line_item["rule"] + counted,
        format_points(line_item["points"]),
        select_sure_clause(line_item["clause"]),
    ]
