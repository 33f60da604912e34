"""What became of a batch: the rows to be mended, as they were, each fault beside its cell."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

from jifen.office.sheets.batch_reader import BatchRow
from jifen.office.sheets.columns import MARK, BatchColumn, list_columns
from jifen.office.sheets.export import guard_formula
from jifen.office.sheets.words import say
from jifen.policy.model import Rules
from jifen.policy.text import Lang, Text


def make_report(
    rules: Rules, rows: Mapping[int, BatchRow], refused: Mapping[int, Text], lang: Lang
) -> bytes:
    """A workbook of the rows that were not taken, to be mended and uploaded again.

    `refused`: row number → why a row without a bad cell was not taken.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    columns, sheet = list_columns(rules), book.add_worksheet(say("report.to_mend")(lang))
    bad = book.add_format({"bg_color": "#F8E9E4", "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    sheet.write_row(0, 0, [f"{MARK} {rules.policy} {rules.version}", *(c.id for c in columns[1:])])
    sheet.set_row(0, None, None, {"hidden": True})
    problem = say("report.what_is_wrong")(lang)
    sheet.write_row(1, 0, [*(c.label(lang) for c in columns), problem])
    faulty_rows = [row for row in rows.values() if row.faults or row.number in refused]
    for number, row in enumerate(faulty_rows, 2):
        _write_row(sheet, number, row, columns, (plain, bad), lang)
        original = say("report.row_of_the_original", number=row.number)(lang)
        reasons = [original] + [
            f"{f.column(lang)}{say('report.report')(lang)}{f.words(lang)}" for f in row.faults
        ]
        if row.number in refused:
            reasons.append(refused[row.number](lang))
        sheet.write_string(number, len(columns), "\n".join(reasons))
    book.close()
    return buffer.getvalue()


def _write_row(
    sheet: Any,
    number: int,
    row: BatchRow,
    columns: tuple[BatchColumn, ...],
    formats: tuple[Any, Any],
    lang: Lang,
) -> None:
    person_cells = {"_name": row.name, "_identity": row.identity, "_phone": row.phone}
    faulty = {fault.column_id: fault.words(lang) for fault in row.faults}
    for place, column in enumerate(columns):
        text = person_cells.get(column.id, row.cells.get(column.id, ""))
        is_faulty = column.id in faulty
        sheet.write_string(number, place, str(guard_formula(text)), formats[is_faulty])
        if is_faulty:
            sheet.write_comment(number, place, faulty[column.id])
