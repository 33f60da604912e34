"""A table as HTML for a notebook, readable by a screen reader too: a caption, and headings with
their scope. Every text is escaped."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any

_TO_LEFT = ' style="text-align:left"'


def build_html_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table; the first cell of a row is its heading. Words stand left, figures right."""
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(_build_cells(row))}</tr>" for row in rows)
    return (
        f"<table><caption{_TO_LEFT}>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _build_cells(row: Sequence[Any]) -> Iterable[str]:
    for number, value in enumerate(row):
        side = "" if isinstance(value, int | float | Decimal) else _TO_LEFT
        tag, scope = ("td", "") if number else ("th", ' scope="row"')
        yield f"<{tag}{scope}{side}>{_format_cell(value)}</{tag}>"


def _format_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return escape(", ".join(map(str, value)))
    return escape(str(value))
