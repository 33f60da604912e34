"""A range for programs, for files, and in lines for a terminal."""

from typing import Any

import pyarrow as pa

from jifen.lab.classes import format_range, format_share
from jifen.lab.uncertainty.headline import HeadlineRange
from jifen.lab.words import say
from jifen.policy.text import Lang


def to_dict(result: HeadlineRange) -> dict[str, Any]:
    """For a program (`jifen.uncertainty.v1`)."""
    return {
        "schema": "jifen.uncertainty.v1",
        "people": result.people,
        "reached": {"surely": result.base, "least": result.least, "most": result.most},
        "parts": _part_rows(result),
        "readings": _reading_rows(result),
        "left_out": [{"zh": text.zh, "en": text.en} for text in result.left_out],
    }


def to_tables(result: HeadlineRange) -> dict[str, pa.Table]:
    """`parts`, the widest first, and `readings` where there are any."""
    tables = {"parts": _part_rows(result), "readings": _reading_rows(result)}
    return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _part_rows(result: HeadlineRange) -> list[dict[str, Any]]:
    return [
        {
            "part": part.id,
            "label_zh": part.label.zh,
            "label_en": part.label.en,
            "least": part.least,
            "most": part.most,
            "width": part.width,
            "share_of_width": round(result.share_of_width(part), 4),
            "combines": part.combines,
            "note_zh": part.note.zh,
            "note_en": part.note.en,
        }
        for part in result.parts
    ]


def _reading_rows(result: HeadlineRange) -> list[dict[str, Any]]:
    return [
        {
            "reading_zh": reading.label.zh,
            "reading_en": reading.label.en,
            "reached": reading.reached,
            "together": reading.together,
        }
        for reading in result.readings
    ]


def format_uncertainty(result: HeadlineRange, lang: Lang) -> str:
    """The range, then its parts with the widest first, then the readings that change anything."""
    whole = format_range(result.least, result.most)
    share = format_share(result.base, result.people, lang)
    lines = [
        say(
            "uncertainty.serialization.of_people_surely",
            people=result.people,
            base=result.base,
            share=share,
            whole=whole,
        )(lang),
        say("uncertainty.serialization.what_widens_it_the_widest")(lang),
    ]
    for part in result.parts:
        ends = format_range(part.least, part.most)
        of_all = f"{result.share_of_width(part):.0%}"
        lines.append(f"  {part.label(lang)}  {ends}  {of_all}  ({part.note(lang)})")
    changing = [reading for reading in result.readings if reading.reached != result.base]
    if changing:
        lines.append(say("uncertainty.serialization.readings_that_change_the_number")(lang))
        lines += [f"  {reading.reached:>12,}  {reading.label(lang)}" for reading in changing]
    lines += [text(lang) for text in result.left_out]
    return "\n".join(lines)
