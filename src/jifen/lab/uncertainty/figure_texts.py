"""Ranges of figures for programs, for files, in lines, and as a table of a report."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from jifen.lab.uncertainty.figure_ranges import FigureRange
from jifen.lab.words import say
from jifen.policy.text import Lang

_SIGNED = "net"


def figures_to_dicts(ranges: Sequence[FigureRange]) -> list[dict[str, Any]]:
    """For a program."""
    return [
        {
            "figure": figure.id,
            "label": {"zh": figure.label.zh, "en": figure.label.en},
            "unit": figure.unit,
            "value": round(figure.base, 6),
            "least": figure.least,
            "most": figure.most,
            "parts": _list_part_rows(figure),
        }
        for figure in ranges
    ]


def figures_to_tables(ranges: Sequence[FigureRange]) -> dict[str, pa.Table]:
    """`figures`: each with its range; `figure_parts`: what widens each, the widest first."""
    figures = [
        {
            "figure": figure.id,
            "figure_zh": figure.label.zh,
            "figure_en": figure.label.en,
            "unit": figure.unit,
            "value": round(figure.base, 6),
            "least": float(figure.least),
            "most": float(figure.most),
            "widest": figure.widest.id,
        }
        for figure in ranges
    ]
    parts = [{"figure": figure.id, **row} for figure in ranges for row in _list_part_rows(figure)]
    tables = {"figures": figures, "figure_parts": parts}
    return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _list_part_rows(figure: FigureRange) -> list[dict[str, Any]]:
    return [
        {
            "part": part.id,
            "least": round(float(part.least), 6),
            "most": round(float(part.most), 6),
            "share_of_width": round(figure.share_of_width(part), 4),
            "combines": part.combines,
        }
        for part in figure.parts
    ]


def format_figure_ranges(ranges: Sequence[FigureRange], lang: Lang) -> Iterator[str]:
    """A line for each figure: its range, and its parts with the widest first."""
    if ranges:
        yield say("uncertainty.figure_texts.figures")(lang)
    for figure in ranges:
        parts = ", ".join(
            f"{part.label(lang)} {figure.share_of_width(part):.0%}"
            for part in figure.parts
            if part.width
        )
        value, ends = format_value(figure, figure.base), format_ends(figure)
        yield f"  {figure.label(lang)}  {value}  [{ends}]" + (f"  ({parts})" if parts else "")


def format_ends(figure: FigureRange) -> str:
    """The range in words; one figure where it is sure."""
    least, most = (format_value(figure, end) for end in (figure.least, figure.most))
    return least if least == most else f"{least} … {most}"


def format_value(figure: FigureRange, value: float) -> str:
    """A figure in its unit."""
    if figure.unit == "share":
        return f"{value:.1%}"
    if figure.unit == "ratio":
        return f"{value:.2f}"
    if figure.unit == "points":
        return f"{value:g}"
    return f"{round(value):+,}" if figure.id == _SIGNED else f"{round(value):,}"
