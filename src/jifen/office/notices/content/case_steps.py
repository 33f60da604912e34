"""Notices for the steps of a case: receipt, correction, renewal, settlement, list of materials."""

from datetime import date
from typing import Any

from jifen.office.casework.actions.materials import list_wanted_materials
from jifen.office.casework.case_policy import policy_of, process_of
from jifen.office.casework.models import Application, Correction, CorrectionItem, PointsPeriod
from jifen.office.notices.content.layout import build_content, format_day, format_points


def build_receipt(application: Application, on: date) -> dict[str, Any]:
    """受理回执, with everything that was handed in."""
    due = application.due_on
    rows = [("收到日期", format_day(application.received_on))]
    holding = {"due"} if due else set()
    table = _build_material_table(application, uploaded=True)
    return build_content(
        "receipt",
        application,
        on,
        holding=holding,
        rows=rows,
        table=table,
        values={"due": format_day(due)},
    )


def build_correction(correction: Correction, on: date) -> dict[str, Any]:
    """补正通知书: item by item, with reasons and one deadline."""
    application = correction.application
    items = [_build_correction_row(application, item) for item in correction.items.all()]
    table = {"caption": "需要补正的内容", "heads": ["项目", "原因", "说明"], "rows": items}
    rows = [("补正期限", format_day(correction.due_on))]
    return build_content(
        "correction",
        application,
        on,
        rows=rows,
        table=table,
        values={"due": format_day(correction.due_on)},
    )


def _build_correction_row(application: Application, item: CorrectionItem) -> list[str]:
    process, vocabulary = process_of(application), policy_of(application).vocabulary
    if item.kind == "fact":
        label = vocabulary[item.key].label.zh if item.key in vocabulary else item.key
    else:
        material = process.find_material(item.key)
        label = material.label.zh if material else item.key
    return [label, process.find_reason_label(item.reason).zh, item.words]


def build_renewal(period: PointsPeriod, on: date) -> dict[str, Any]:
    """积分续签通知."""
    total = format_points(period.decision.total.normalize())
    rows = [("积分有效期至", format_day(period.until))]
    application = period.decision.application
    return build_content(
        "renewal",
        application,
        on,
        rows=rows,
        values={"total": total, "until": format_day(period.until)},
    )


def build_settlement(
    application: Application, total: str, settle_by: date, on: date
) -> dict[str, Any]:
    """积分入户通知单 (Chengdu): for whoever is on the formal list."""
    rows = [("积分", f"{total} 分"), ("办理入户期限", format_day(settle_by))]
    values = {"total": total, "settle_by": format_day(settle_by)}
    return build_content(
        "settlement", application, on, holding={"settle_by"}, rows=rows, values=values
    )


def build_material_list(application: Application, on: date) -> dict[str, Any]:
    """材料清单 of a draft, as it is now: neither numbered nor sealed."""
    return build_content(
        "materials", application, on, table=_build_material_table(application, uploaded=False)
    )


def _build_material_table(application: Application, *, uploaded: bool) -> dict[str, Any]:
    uploaded_kinds = set(
        application.materials.filter(versions__dropped_at__isnull=True).values_list(
            "kind", flat=True
        )
    )
    rows = [
        [
            wanted_material.material.label.zh,
            "必交" if wanted_material.material.required else "可不交",
            "已上传" if wanted_material.material.id in uploaded_kinds else "未上传",
        ]
        for wanted_material in list_wanted_materials(application)
        if not uploaded or wanted_material.material.id in uploaded_kinds
    ]
    caption = "已收到的材料" if uploaded else "需要的材料"
    return {"caption": caption, "heads": ["材料", "要求", "状态"], "rows": rows}
