"""Fairness for programs, for files, and in lines for a terminal."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from jifen.lab.classes import format_range
from jifen.lab.fairness.groups import FairGrouping, Ratio
from jifen.lab.fairness.inequality import TENTHS, Spread
from jifen.lab.fairness.measure import FairnessResult
from jifen.lab.fairness.places import PlacesNeeded
from jifen.lab.fairness.shown import Figure, ShownGroup, list_shown
from jifen.lab.small_counts import FEWEST
from jifen.lab.weights import to_count
from jifen.lab.words import say
from jifen.policy.text import Lang, Text, display_width, pad_to_width

SCHEMA = "jifen.fairness.v1"
_SIDES = ("before", "after")


def to_dict(result: FairnessResult) -> dict[str, Any]:
    """For a program (`jifen.fairness.v1`). A count of real people below 5, and what would give it
    away, is null."""
    return {
        "schema": SCHEMA,
        "people": result.people,
        "faulty": result.faulty,
        "reform": _to_words(result.reform) if result.reform else None,
        "groups": {
            grouping.name: {
                "reference": grouping.reference.id if grouping.reference else None,
                "groups": [
                    _group_to_row(shown)
                    for shown in list_shown(grouping, is_register=result.is_register)
                ],
            }
            for grouping in result.groupings
        },
        "points": {
            side: _spread_to_dict(spread)
            for side, spread in zip(_SIDES, result.spreads, strict=True)
        },
        "places": [_places_to_row(needed) for needed in result.places],
        "left_out": [_to_words(text) for text in result.left_out],
    }


def to_tables(result: FairnessResult) -> dict[str, pa.Table]:
    """`groups`; `lorenz`: the share of all points that the lowest tenths of the people hold; and
    `places` where they are counted."""
    groups = [
        {"by": grouping.name, **_group_to_row(shown)}
        for grouping in result.groupings
        for shown in list_shown(grouping, is_register=result.is_register)
    ]
    curves = [spread.lorenz or (None,) * len(TENTHS) for spread in result.spreads]
    lorenz = [
        {"people": tenth, "points_before": before, "points_after": after}
        for tenth, before, after in zip(TENTHS, *curves, strict=True)
    ]
    tables = {
        "groups": groups,
        "lorenz": lorenz,
        "places": [_places_to_row(needed) for needed in result.places],
    }
    return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _to_words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _group_to_row(shown: ShownGroup) -> dict[str, Any]:
    row: dict[str, Any] = {
        "group_id": shown.group.id,
        "group": shown.group.label.en,
        "group_zh": shown.group.label.zh,
        "people": shown.counts["people"],
    }
    for side in _SIDES:
        ratio = shown.ratios[side]
        row |= {
            f"reached_{side}": shown.counts[side],
            f"open_{side}": shown.counts[f"open_{side}"],
            f"share_{side}": _round(shown.shares[side]),
            f"ratio_{side}": _round(ratio.value) if ratio else None,
            f"ratio_{side}_least": _round(ratio.least) if ratio else None,
            f"ratio_{side}_most": _round(ratio.most) if ratio else None,
        }
    return row | {name: shown.counts[name] for name in ("gains", "loses")}


def _spread_to_dict(spread: Spread) -> dict[str, Any]:
    return {
        "people": spread.people,
        "gini": _round(spread.gini),
        "lorenz": [_round(share) for share in spread.lorenz],
    }


def _places_to_row(needed: PlacesNeeded) -> dict[str, Any]:
    stage = needed.stage
    row: dict[str, Any] = {
        "stage": stage.id,
        "stage_zh": stage.label.zh,
        "stage_en": stage.label.en,
        "yearly_cost": stage.yearly_cost,
        "places": stage.places,
        "confidence": stage.confidence,
    }
    for side, (surely, most) in zip(_SIDES, (needed.before, needed.after), strict=True):
        row |= {
            f"children_{side}": to_count(surely),
            f"children_{side}_most": to_count(most),
            f"cost_{side}": round(needed.cost(surely), 2),
            f"cost_{side}_most": round(needed.cost(most), 2),
            f"lacking_{side}": needed.lacking(surely),
        }
    return row


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def format_fairness(result: FairnessResult, lang: Lang) -> str:
    """Groups, the spread of points, places at school."""
    lines = list[str]()
    for grouping in result.groupings:
        lines += [*_format_grouping(result, grouping, lang), ""]
    lines += _format_spreads(result, lang)
    if result.places:
        lines += ["", *_format_places(result, lang)]
    return "\n".join([*lines, *(text(lang) for text in result.left_out)])


_HEADS = (
    say("fairness.serialization.head_people"),
    say("fairness.serialization.head_today"),
    say("fairness.serialization.head_ratio"),
    say("fairness.serialization.head_reform"),
    say("fairness.serialization.head_ratio"),
    say("fairness.serialization.head_gain"),
    say("fairness.serialization.head_lose"),
)


def _format_grouping(result: FairnessResult, grouping: FairGrouping, lang: Lang) -> Iterator[str]:
    heads = [head(lang) for head in (_HEADS if result.reform else _HEADS[:3])]
    widths = (10, 10, 20, 10, 20, 9, 9)
    reference = grouping.reference
    words = f"{grouping.label(lang)}"
    if reference is not None:
        beside = reference.label(lang)
        words += say("fairness.serialization.grouping", beside=beside)(lang)
    cells = "".join(_align(head, width) for head, width in zip(heads, widths, strict=False))
    yield f"{pad_to_width(words, 36)}{cells}"
    for shown in list_shown(grouping, is_register=result.is_register):
        row = [format_count(shown.counts["people"], shown, "people")]
        row += [format_percent(shown.shares["before"]), format_ratio(shown.ratios["before"])]
        if result.reform:
            row += [format_percent(shown.shares["after"]), format_ratio(shown.ratios["after"])]
            row += [format_count(shown.counts[name], shown, name) for name in ("gains", "loses")]
        cells = "".join(_align(cell, width) for cell, width in zip(row, widths, strict=False))
        yield f"{pad_to_width(shown.group.label(lang), 36)}{cells}"


def _align(text: str, columns: int) -> str:
    return " " * max(columns - display_width(text), 1) + text


def format_count(count: Figure, shown: ShownGroup, name: str) -> str:
    """A count, or that it is hidden."""
    if count is not None:
        return f"{count:,}"
    return f"<{FEWEST}" if name in shown.hidden else "—"


def format_percent(share: float | None) -> str:
    """A share in per cent; a dash where it is hidden."""
    return "—" if share is None else f"{share:.1%}"


def format_ratio(ratio: Ratio | None) -> str:
    """A ratio with its interval, marked where it is below four fifths."""
    if ratio is None:
        return "—"
    ends = "" if ratio.least is None else f" ({ratio.least:.2f}–{ratio.most:.2f})"
    return f"{ratio.value:.2f}{ends}{' ▼' if ratio.is_low else ''}"


def format_gini(spread: Spread) -> str:
    """The Gini coefficient; a dash where nobody has points."""
    return "—" if spread.gini is None else f"{spread.gini:.3f}"


def _format_spreads(result: FairnessResult, lang: Lang) -> Iterator[str]:
    before, after = result.spreads
    gini = format_gini(before)
    if result.reform:
        gini += f" → {format_gini(after)}"
    known = f"{before.people:,}"
    yield (
        say("fairness.serialization.gini_coefficient_of_points_people", known=known, gini=gini)(
            lang
        )
    )
    for spread, name in zip(result.spreads, describe_sides(result), strict=False):
        if spread.lorenz:
            half = f"{spread.lorenz[5]:.1%}"
            yield say("fairness.serialization.the_lower_half_of_them", name=name, half=half)(lang)


def describe_sides(result: FairnessResult) -> tuple[Text, ...]:
    """What is compared: today's rules, and the reform where there is one."""
    today = say("fairness.serialization.today")
    return (today, result.reform) if result.reform else (today,)


def _format_places(result: FairnessResult, lang: Lang) -> Iterator[str]:
    yield say("fairness.serialization.places_at_school_and_their")(lang)
    for needed in result.places:
        sides = (needed.before, needed.after) if result.reform else (needed.before,)
        children = " → ".join(format_range(round(low), round(most)) for low, most in sides)
        costs = " → ".join(
            f"{format_millions(needed.cost(low))}–{format_millions(needed.cost(most))}"
            for low, most in sides
        )
        unit = say("fairness.serialization.million_yuan")(lang)
        yield f"  {pad_to_width(needed.stage.label(lang), 34)} {children:>20}   {costs} {unit}"


def format_millions(yuan: float) -> str:
    """Millions with one place."""
    return f"{yuan / 1e6:,.1f}"
