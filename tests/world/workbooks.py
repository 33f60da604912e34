"""Workbooks of an employer with many people."""

from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from jifen.cities import load
from jifen.office.casework.actions import workbooks
from jifen.office.casework.models import Workbook
from jifen.office.sheets.columns import list_columns
from tests.world.office import GOOD, Office, identity, policy_today, today

MANY = workbooks.ROWS_AT_ONCE + 5
POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)


def filled(rows: list[dict[str, Any]], policy: Any = POLICY, on: date = ON) -> bytes:
    """A workbook as somebody fills it in."""
    columns = list_columns(policy.rules_on(on))
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    mark = f"jifen-batch-1 {policy.id} {policy.version}"
    sheet.write_row(0, 0, [mark, *(c.id for c in columns[1:])])
    sheet.write_row(1, 0, [c.label.zh for c in columns])
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(columns):
            if column.id in row:
                sheet.write(number, place, row[column.id])
    book.close()
    return made.getvalue()


def someone(number: int, **facts: Any) -> dict[str, Any]:
    """A row."""
    said = {"_name": f"员工{number}", "_identity": identity(number), "_phone": "13800000000"}
    return said | {k: word_for(v) for k, v in (GOOD | facts).items()}


def handed_in(office: Office, people: int = 2, **facts: Any) -> Workbook:
    """A workbook of so many people; the second has something in a cell that cannot be."""
    rows = [someone(n) for n in range(people)]
    rows[1] |= {"insured_months": "三年"} | facts
    content = filled(rows, policy_today(), today())
    return workbooks.accept_workbook(office.admin, office.unit, None, content)


def word_for(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value == [] else value
