"""What is shown of figures: counts below 5 are hidden, with enough beside them that they cannot be
worked out from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jifen.lab.small_counts import (
    COUNTS,
    FEWEST,
    HIDDEN,
    hidden_counts,
    hide_small,
    show_count,
)
from jifen.policy.text import Lang

__all__ = [
    "FEWEST",
    "HIDDEN",
    "ShownFigures",
    "ShownGrouping",
    "ShownRow",
    "hidden_counts",
    "hide_small",
    "show_count",
    "shown_figures",
]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A group as it is shown: texts by column; `mean_before` and `mean_after` too."""

    label: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownGrouping:
    """The groups by one fact."""

    label: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """All that is shown of a run."""

    everybody: ShownRow
    groupings: tuple[ShownGrouping, ...]
    lines: tuple[Any, Any]
    changed: tuple[str, ...]


def shown_figures(figures: Mapping[str, Any], everybody: str, lang: Lang) -> ShownFigures:
    """The figures of a run in a language; `everybody` is the label of the first row."""
    lab, labels = figures["lab"], figures["labels"]
    [whole] = _rows([lab["everybody"]], [everybody])
    groupings = [
        ShownGrouping(
            labels[name]["label"][lang],
            _rows(groups, [labels[name]["groups"][group["group"]][lang] for group in groups]),
        )
        for name, groups in lab["groups"].items()
    ]
    return ShownFigures(whole, tuple(groupings), tuple(lab["lines"]), tuple(lab["changed"]))


def _rows(groups: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> tuple[ShownRow, ...]:
    counts = [_counts(group) for group in groups]
    hidden = hidden_counts(counts)
    return tuple(
        ShownRow(label, _cells(group, count, hides))
        for group, label, count, hides in zip(groups, labels, counts, hidden, strict=True)
    )


def _counts(group: Mapping[str, Any]) -> dict[str, float]:
    return {
        "people": group["people"],
        "before": group["reached_before"]["surely"],
        "after": group["reached_after"]["surely"],
        "gains": group["gains"],
        "loses": group["loses"],
    }


def _cells(
    group: Mapping[str, Any], counts: Mapping[str, float], hides: frozenset[str]
) -> dict[str, str]:
    cells = {name: _count(counts[name], hidden=name in hides) for name in COUNTS}
    for name in ("mean_before", "mean_after"):
        mean = group[name]
        known = group["known"] >= FEWEST and "people" not in hides
        cells[name] = f"{mean:.2f}" if mean is not None and known else HIDDEN
    return cells


def _count(count: float, *, hidden: bool) -> str:
    if not hidden:
        return f"{count:,}"
    return f"<{FEWEST}" if 0 < count < FEWEST else HIDDEN
