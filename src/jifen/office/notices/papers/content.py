"""The content of a paper: everything that is printed on it, as plain words and tables."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from jifen import cities
from jifen.office.casework.case_policy import policy_of, process_of
from jifen.office.casework.models import Application
from jifen.office.notices.papers.words import named, papers
from jifen.office.vault.masks import mask_name
from jifen.policy.quantity import plain

SYSTEM = "居住证积分办理系统"


def paper(
    kind: str,
    application: Application,
    on: date,
    *,
    holding: Iterable[str] = (),
    rows: Iterable[tuple[str, str]] = (),
    table: dict[str, Any] | None = None,
    values: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A paper of a case. `holding`: which paragraphs hold; `values`: what stands in them; `rows`:
    more lines of the head; `table`: caption, heads, rows, foot."""
    words = papers()[kind]
    city = cities.index()[application.city].label.zh
    name, identity = named(application.city, application.person.name, application.person.identity)
    said = {"name": name, "number": application.number or "", "city": city} | dict(values or {})
    head = [("持有人", name), ("公民身份号码", identity), *_of_case(application), *rows]
    return {
        "kind": kind,
        "city": f"{city}市",
        "title": f"{city}市{words.title.zh}",
        "subtitle": words.title.en,
        "on": day(on),
        "date": on.isoformat(),
        "office": office_of(application),
        "head": [[label, value] for label, value in head if value],
        "table": table,
        "paragraphs": words.said(holding, said),
        "masked": mask_name(application.person.name),
        "line": said.get("line", ""),
        "by": SYSTEM,
        "sandbox": settings.JIFEN_MODE == "sandbox",
    }


def office_of(application: Application) -> str:
    """The office that has the case, in words."""
    district = process_of(application).district(application.district)
    return district.label.zh if district else application.district


def _of_case(application: Application) -> list[tuple[str, str]]:
    policy = policy_of(application)
    return [
        ("用人单位", application.unit.name if application.unit else ""),
        ("申请编号", application.number or ""),
        ("受理部门", office_of(application)),
        ("适用办法", f"{policy.title.zh}（{policy.version} 年版）"),
    ]


def day(on: date | None) -> str:
    """2026 年 11 月 25 日."""
    return f"{on.year} 年 {on.month} 月 {on.day} 日" if on else ""


def figure(points: Any) -> str:
    """Points as they are printed; a minus that cannot be taken for a dash."""
    said = plain(Decimal(str(points)))
    return f"−{said[1:]}" if said.startswith("-") else said
