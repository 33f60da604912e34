"""A sweep as rows: one per variant, with what it was, and the frontier among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.lab.sweeps.run import SweepResult
from jifen.lab.sweeps.spec import Sweep
from jifen.policy.text import Lang, Text


@dataclass(frozen=True, eq=False)
class Variant:
    """One variant: the values it takes, who reaches the line, the mean of the totals."""

    number: int
    values: tuple[str, ...]
    reached: int
    mean: float


def variants(sweep: Sweep, result: SweepResult) -> list[Variant]:
    """Every variant in the order of the sweep."""
    reached, mean = result.reached.sum(1), result.mean()
    return [
        Variant(
            number,
            tuple(one.words[place] for one, place in zip(sweep.vary, choice, strict=True)),
            int(reached[number]),
            float(mean[number]),
        )
        for number, choice in enumerate(sweep.choices())
    ]


def frontier(found: Sequence[Variant]) -> list[Variant]:
    """The variants that no other beats: fewer people at the line for a higher mean. From the
    fewest people on, each gives more points than every one with fewer people."""
    best, highest = [], -np.inf
    for variant in sorted(found, key=lambda v: (v.reached, -v.mean, v.number)):
        if variant.mean > highest:
            best.append(variant)
            highest = variant.mean
    return best


def grid(sweep: Sweep, found: Sequence[Variant]) -> NDArray[np.int64] | None:
    """People at the line by the first two figures (the others at their first value): the heat
    map. None where the sweep is no grid of two or more."""
    if not sweep.grid or len(sweep.vary) < 2:
        return None
    counts = [len(one.values) for one in sweep.vary]
    cube = np.array([variant.reached for variant in found]).reshape(counts)
    return np.asarray(cube.reshape(counts[0], counts[1], -1)[:, :, 0])


def table(sweep: Sweep, result: SweepResult) -> pa.Table:
    """One row per variant: its values, people at the line (in all and by group), mean points."""
    rows: list[dict[str, Any]] = []
    labels = result.grouping.labels if result.grouping else ()
    for variant in variants(sweep, result):
        row: dict[str, Any] = {"variant": variant.number}
        row |= {one.id: v for one, v in zip(sweep.vary, variant.values, strict=True)}
        row |= {"reached": variant.reached, "mean_points": variant.mean}
        row |= {
            f"reached: {label.en}": int(people)
            for label, people in zip(labels, result.reached[variant.number], strict=False)
        }
        rows.append(row)
    return pa.Table.from_pylist(rows)


_ADMISSIBLE = Text("人符合各方案共同的条件", "people meet the conditions that do not vary")
_UNSETTLED = Text("人情况不明，未计入", "are not settled and left out")
_FRONTIER = Text("前沿（同样人数下平均分最高）：", "frontier (highest mean for so many people):")
_REACHED, _MEAN = Text("达到人数", "reached"), Text("平均分", "mean")


def text(sweep: Sweep, result: SweepResult, lang: Lang) -> str:
    """The frontier in a few lines."""
    zh, found = lang == "zh", variants(sweep, result)
    best = frontier(found)
    heads = [*(one.label(lang) for one in sweep.vary), _REACHED(lang), _MEAN(lang)]
    lines = [
        f"{sweep.label(lang)}: {len(found):,} {'个方案' if zh else 'variants'} × "
        f"{result.people:,} {'人' if zh else 'people'}",
        f"{int(result.admissible.sum()):,} {_ADMISSIBLE(lang)}",
        f"{result.unsettled:,} {_UNSETTLED(lang)}",
        "",
        _FRONTIER(lang),
        "  " + " | ".join(heads),
    ]
    step = max(len(best) // 20, 1)
    for variant in best[::step]:
        figures = [*variant.values, f"{variant.reached:,}", f"{variant.mean:.2f}"]
        lines.append("  " + " | ".join(figures))
    return "\n".join(lines)
