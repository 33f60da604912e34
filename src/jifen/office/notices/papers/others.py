"""Papers on the way of a case: receipt, request for corrections, renewal, settlement, materials."""

from datetime import date
from typing import Any

from jifen.office.casework.actions.materials import list_wanted_materials
from jifen.office.casework.case_policy import policy_of, process_of
from jifen.office.casework.models import Application, Correction, CorrectionItem, PointsPeriod
from jifen.office.notices.papers.content import day, figure, paper


def receipt(application: Application, on: date) -> dict[str, Any]:
    """受理回执, with everything that was handed in."""
    due = application.due_on
    rows = [("收到日期", day(application.received_on))]
    holding = {"due"} if due else set()
    table = _materials(application, uploaded=True)
    return paper(
        "receipt",
        application,
        on,
        holding=holding,
        rows=rows,
        table=table,
        values={"due": day(due)},
    )


def correction(row: Correction, on: date) -> dict[str, Any]:
    """补正通知书: item by item, with reasons and one deadline."""
    application = row.application
    items = [_item(application, item) for item in row.items.all()]
    table = {"caption": "需要补正的内容", "heads": ["项目", "原因", "说明"], "rows": items}
    rows = [("补正期限", day(row.due_on))]
    return paper(
        "correction", application, on, rows=rows, table=table, values={"due": day(row.due_on)}
    )


def _item(application: Application, item: CorrectionItem) -> list[str]:
    process, vocabulary = process_of(application), policy_of(application).vocabulary
    if item.kind == "fact":
        label = vocabulary[item.key].label.zh if item.key in vocabulary else item.key
    else:
        material = process.material(item.key)
        label = material.label.zh if material else item.key
    return [label, process.reason(item.reason).zh, item.words]


def renewal(period: PointsPeriod, on: date) -> dict[str, Any]:
    """积分续签通知."""
    total = figure(period.decision.total.normalize())
    rows = [("积分有效期至", day(period.until))]
    application = period.decision.application
    return paper(
        "renewal", application, on, rows=rows, values={"total": total, "until": day(period.until)}
    )


def settlement(application: Application, total: str, settle_by: date, on: date) -> dict[str, Any]:
    """积分入户通知单 (Chengdu): for whoever is on the formal list."""
    rows = [("积分", f"{total} 分"), ("办理入户期限", day(settle_by))]
    values = {"total": total, "settle_by": day(settle_by)}
    return paper("settlement", application, on, holding={"settle_by"}, rows=rows, values=values)


def materials(application: Application, on: date) -> dict[str, Any]:
    """材料清单 of a draft, as it is now: neither numbered nor sealed."""
    return paper("materials", application, on, table=_materials(application, uploaded=False))


def _materials(application: Application, *, uploaded: bool) -> dict[str, Any]:
    there = set(
        application.materials.filter(versions__dropped_at__isnull=True).values_list(
            "kind", flat=True
        )
    )
    rows = [
        [
            one.material.label.zh,
            "必交" if one.material.required else "可不交",
            "已上传" if one.material.id in there else "未上传",
        ]
        for one in list_wanted_materials(application)
        if not uploaded or one.material.id in there
    ]
    caption = "已收到的材料" if uploaded else "需要的材料"
    return {"caption": caption, "heads": ["材料", "要求", "状态"], "rows": rows}
