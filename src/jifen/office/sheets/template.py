"""The workbook that an employer fills in: made from the policy, with drop-downs and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from jifen.office.sheets.columns import (
    MARK,
    MAX_ROWS,
    NO_DATES,
    NOT_APPLICABLE,
    BatchColumn,
    list_columns,
)
from jifen.office.sheets.export import guard_formula
from jifen.office.sheets.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whose facts are known: fact id → value as in the contract."""

    name: str
    identity: str
    phone: str
    facts: Mapping[str, Any]


FIRST_PERSON_ROW = 2
"""Rows above the first person: machine ids (hidden), labels."""


def make_template(
    policy: Policy, on: date, lang: Lang = "zh", people: Sequence[KnownPerson] = ()
) -> bytes:
    """The workbook; the same bytes for the same policy, day and language. `people` are filled in
    already, so that only what changed is to be typed."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    columns = list_columns(policy.rules_on(on))
    sheet = book.add_worksheet(say("template.people")(lang))
    lists = book.add_worksheet("_lists")
    lists.hide()
    head = book.add_format({"bold": True, "bg_color": "#E2EEEC", "text_wrap": True, "border": 1})
    words = book.add_format({"num_format": "@"})
    sheet.write_row(0, 0, [f"{MARK} {policy.id} {policy.version}", *(c.id for c in columns[1:])])
    sheet.set_row(0, None, None, {"hidden": True})
    for number, column in enumerate(columns):
        sheet.write(1, number, column.label(lang), head)
        sheet.set_column(number, number, 16, words)
        _write_note(sheet, number, column, lang)
        _write_choices(sheet, lists, number, column, lang)
    for number, person in enumerate(people, FIRST_PERSON_ROW):
        for place, column in enumerate(columns):
            sheet.write_string(
                number, place, str(guard_formula(_format_known_cell(person, column, lang))), words
            )
    sheet.freeze_panes(FIRST_PERSON_ROW, 1)
    _write_guide(book, columns, policy, lang)
    book.close()
    return buffer.getvalue()


def _format_known_cell(person: KnownPerson, column: BatchColumn, lang: Lang) -> str:
    """What a cell says of somebody, so that reading it gives the same value."""
    person_cells = {"_name": person.name, "_identity": person.identity, "_phone": person.phone}
    if column.fact is None:
        return person_cells.get(column.id, "")
    if column.id not in person.facts:
        return ""
    value = person.facts[column.id]
    if value is None:
        return NOT_APPLICABLE(lang)
    if isinstance(value, list):
        return "、".join(map(str, value)) or NO_DATES(lang)
    value_text = str(value).lower() if isinstance(value, bool) else str(value)
    return next(
        (words(lang) for option_id, words in column.answers if option_id == value_text), value_text
    )


def _write_note(sheet: Any, number: int, column: BatchColumn, lang: Lang) -> None:
    if column.fact and (help_text := column.fact.help(lang) or column.fact.question(lang)):
        sheet.write_comment(1, number, help_text, {"x_scale": 2})


def _write_choices(sheet: Any, lists: Any, number: int, column: BatchColumn, lang: Lang) -> None:
    words = [text(lang) for _, text in column.answers]
    if not words:
        return
    if column.fact and not column.fact.always_applies and column.fact.type == "choice":
        words.append(NOT_APPLICABLE(lang))
    lists.write_column(0, number, words)
    letter = xlsxwriter.utility.xl_col_to_name(number)
    source = f"=_lists!${letter}$1:${letter}${len(words)}"
    sheet.data_validation(
        FIRST_PERSON_ROW,
        number,
        FIRST_PERSON_ROW + MAX_ROWS - 1,
        number,
        {"validate": "list", "source": source},
    )


def _write_guide(book: Any, columns: tuple[BatchColumn, ...], policy: Policy, lang: Lang) -> None:
    sheet = book.add_worksheet(say("template.how_to")(lang))
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 80)
    rows = [
        (policy.title(lang), ""),
        (
            say("template.one_person_a_row")(lang) + f" {MAX_ROWS}",
            say("template.leave_open_what")(lang),
        ),
    ]
    rows += [(c.label(lang), c.fact.help(lang) if c.fact else "") for c in columns]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
