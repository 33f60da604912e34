"""Several policies on the same people as plain values and as lines of text."""

from decimal import Decimal
from typing import Any

from jifen.lab.analysis.side_by_side import SideBySide
from jifen.lab.classes import format_range, format_share
from jifen.lab.weights import to_count
from jifen.lab.words import say
from jifen.policy.text import Lang
from jifen.scoring.json_values import to_json_number


def side_by_side_to_dict(result: SideBySide) -> dict[str, Any]:
    """Several policies on the same people, for a program."""
    return {
        "schema": "jifen.lab.compare.v2",
        "people": result.people,
        "policies": [
            {
                "policy": column.program.rules.policy,
                "version": column.program.rules.version,
                "on": column.on.isoformat(),
                "line": _threshold_or_none(
                    column.program.threshold_points(column.program.threshold_on(column.on))
                ),
                "faulty": to_count(result.people - column.reached.people),
                "reached": column.reached.to_dict(),
                "not_reached": column.reached.surely_not,
                "admissible": column.admissible.to_dict(),
            }
            for column in result.columns
        ],
        "reach_both": result.both.to_dict(),
        "reach_only_row": result.only.to_dict(),
        "reach_none": result.none.to_dict(),
    }


_PEOPLE = say("analysis.side_by_side_serialization.people")
_HEAD = say("analysis.side_by_side_serialization.head")
_ONLY = say("analysis.side_by_side_serialization.only")
_NONE = say("analysis.side_by_side_serialization.none")


def format_side_by_side(result: SideBySide, lang: Lang) -> str:
    """Several policies on the same people in some lines."""
    lines = [f"{result.people:,} {_PEOPLE(lang)}", _HEAD(lang)]
    for column in result.columns:
        reached = column.reached
        share = format_share(reached.surely, reached.people, lang)
        people = f"{reached.surely:>12,} ({share})  {reached.perhaps:>12,}"
        lines.append(f"  {column.name:<20} {column.on}  {people}")
    lines += ["", _ONLY(lang)]
    for column, least, most in zip(
        result.columns, result.only.least, result.only.most, strict=True
    ):
        cells = (
            format_range(to_count(low), to_count(high)).rjust(17)
            for low, high in zip(least, most, strict=True)
        )
        lines.append(f"  {column.name:<20} " + " ".join(cells))
    lines.append(f"{_NONE(lang)}: {format_range(result.none.least, result.none.most)}")
    return "\n".join(lines)


def _threshold_or_none(points: Decimal | None) -> int | float | None:
    return None if points is None else to_json_number(points)
