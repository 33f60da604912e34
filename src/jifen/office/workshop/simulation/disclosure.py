"""What is shown of figures: counts below 5 are hidden, with enough beside them that they cannot be
worked out from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jifen.policy.text import Lang

FEWEST = 5
"""Counts below this could tell of a person."""
COUNTS = ("people", "before", "after", "gains", "loses")
_FLOW = ("before", "after", "gains", "loses")
HIDDEN = "–"


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


def hidden_counts(rows: Sequence[Mapping[str, float]]) -> list[frozenset[str]]:
    """The counts of each row that are not shown.

    A small count is hidden; so is all of a group that is small itself. Before, after, gains and
    losses add up in each row, and each column adds up to that of everybody: where only one of them
    is hidden a second one is hidden with it, the next smallest.
    """
    hidden = [{name for name in COUNTS if 0 < row[name] < FEWEST} for row in rows]
    for row, hides in zip(rows, hidden, strict=True):
        if 0 < row["people"] < FEWEST:
            hides |= set(COUNTS)
    while _hide_more(rows, hidden):
        pass
    return [frozenset(hides) for hides in hidden]


def _hide_more(rows: Sequence[Mapping[str, float]], hidden: list[set[str]]) -> bool:
    """Hide one more count where one could be worked out; whether any was."""
    for hides in hidden:
        flow = hides & set(_FLOW)
        if len(flow) == 1:
            hides.add("before" if "after" in flow else "after")
            return True
    if len(rows) == 1:
        return False
    for name in COUNTS:
        if sum(name in hides for hides in hidden) != 1:
            continue
        others = [n for n, hides in enumerate(hidden) if name not in hides and rows[n][name]]
        if others:
            hidden[min(others, key=lambda n: rows[n][name])].add(name)
            return True
    return False


def show_count(count: float, *, sign: bool = False) -> str:
    """A count by itself, hidden where it is small."""
    if 0 < abs(count) < FEWEST:
        return f"<{FEWEST}"
    return f"{count:+,}" if sign else f"{count:,}"


def hide_small(counts: Sequence[float]) -> list[str]:
    """For a row of counts that may be added up: what stands instead of each that is hidden, empty
    where it is shown. Where one alone would be hidden, the next smallest is hidden too."""
    small = {n for n, count in enumerate(counts) if 0 < count < FEWEST}
    if len(small) == 1:
        others = [n for n, count in enumerate(counts) if count >= FEWEST]
        small |= {min(others, key=lambda n: counts[n])} if others else set()
    return [
        "" if n not in small else f"<{FEWEST}" if count < FEWEST else HIDDEN
        for n, count in enumerate(counts)
    ]
