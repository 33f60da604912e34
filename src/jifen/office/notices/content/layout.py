"""The content of a notice: everything that is printed on it, as plain words and tables."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from jifen import cities
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.models import Application
from jifen.office.notices.content.templates import load_templates, mask_person
from jifen.office.vault.masks import mask_name
from jifen.policy.quantity import format_number

SYSTEM = "居住证积分办理系统"


def build_content(
    kind: str,
    application: Application,
    on: date,
    *,
    holding: Iterable[str] = (),
    rows: Iterable[tuple[str, str]] = (),
    table: dict[str, Any] | None = None,
    values: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A notice of a case. `holding`: which paragraphs hold; `values`: what stands in them; `rows`:
    more lines of the head; `table`: caption, heads, rows, foot."""
    template = load_templates()[kind]
    city = cities.index()[application.city].label.zh
    name, identity = mask_person(
        application.city, application.person.name, application.person.identity
    )
    placeholders = {"name": name, "number": application.number or "", "city": city} | dict(
        values or {}
    )
    head = [("持有人", name), ("公民身份号码", identity), *_list_case_rows(application), *rows]
    return {
        "kind": kind,
        "city": f"{city}市",
        "title": f"{city}市{template.title.zh}",
        "subtitle": template.title.en,
        "on": format_day(on),
        "date": on.isoformat(),
        "office": get_office_name(application),
        "head": [[label, value] for label, value in head if value],
        "table": table,
        "paragraphs": template.fill_paragraphs(holding, placeholders),
        "masked": mask_name(application.person.name),
        "line": placeholders.get("line", ""),
        "by": SYSTEM,
        "sandbox": settings.JIFEN_MODE == "sandbox",
    }


def get_office_name(application: Application) -> str:
    """The office that has the case, in words."""
    district = process_of(application).find_district(application.district)
    return district.label.zh if district else application.district


def _list_case_rows(application: Application) -> list[tuple[str, str]]:
    rules = rules_of(application)
    return [
        ("用人单位", application.unit.name if application.unit else ""),
        ("申请编号", application.number or ""),
        ("受理部门", get_office_name(application)),
        ("适用办法", f"{rules.title.zh}（{rules.version} 年版）"),
    ]


def format_day(on: date | None) -> str:
    """2026 年 11 月 25 日."""
    return f"{on.year} 年 {on.month} 月 {on.day} 日" if on else ""


def format_points(points: Any) -> str:
    """Points as they are printed; a minus that cannot be taken for a dash."""
    text = format_number(Decimal(str(points)))
    return f"−{text[1:]}" if text.startswith("-") else text
