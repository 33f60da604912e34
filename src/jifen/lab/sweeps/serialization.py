"""A sweep as rows: one per variant, with what it was, and the frontier among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.lab.classes import describe_mean
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.lab.sweeps.sweeper import SweepResult
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.policy.text import Lang


@dataclass(frozen=True, eq=False)
class VariantResult:
    """One variant: the values it takes, who surely and who perhaps reaches the line, the mean of
    the totals of the people of whom every fact is known (nan without any)."""

    number: int
    values: tuple[str, ...]
    reached: Count
    perhaps: Count
    mean: float


def list_variant_results(sweep: Sweep, result: SweepResult) -> list[VariantResult]:
    """Every variant in the order of the sweep."""
    reached, perhaps, mean = result.count_reached(), result.count_perhaps(), result.mean_total()
    return [
        VariantResult(
            number,
            tuple(
                figure.value_texts[place] for figure, place in zip(sweep.vary, choice, strict=True)
            ),
            to_count(reached[number]),
            to_count(perhaps[number]),
            float(mean[number]),
        )
        for number, choice in enumerate(sweep.list_choices())
    ]


def find_frontier(variant_results: Sequence[VariantResult]) -> list[VariantResult]:
    """The variants that no other beats: fewer people surely at the line for a higher mean. From
    the fewest people on, each gives more points than every one with fewer people."""
    best, highest = [], -np.inf
    for variant in sorted(variant_results, key=lambda v: (v.reached, -v.mean, v.number)):
        if variant.mean > highest:
            best.append(variant)
            highest = variant.mean
    return best


def build_grid(sweep: Sweep, variant_results: Sequence[VariantResult]) -> NDArray[np.int64] | None:
    """People surely at the line by the first two figures (the others at their first value): the
    heat map. None where the sweep is no grid of two or more."""
    if not sweep.grid or len(sweep.vary) < 2:
        return None
    counts = [len(figure.values) for figure in sweep.vary]
    cube = np.array([variant.reached for variant in variant_results]).reshape(counts)
    return np.asarray(cube.reshape(counts[0], counts[1], -1)[:, :, 0])


def to_table(sweep: Sweep, result: SweepResult) -> pa.Table:
    """One row per variant: its values, people surely and perhaps at the line (in all and by group),
    mean points of the people of whom every fact is known, and how many those are."""
    rows: list[dict[str, Any]] = []
    for variant in list_variant_results(sweep, result):
        row: dict[str, Any] = {"variant": variant.number}
        row |= {figure.id: v for figure, v in zip(sweep.vary, variant.values, strict=True)}
        row |= {"reached_surely": variant.reached, "reached_perhaps": variant.perhaps}
        row |= {"mean_points": _mean_or_none(variant), "known": to_count(result.known.sum())}
        for n, label in enumerate(result.grouping.labels if result.grouping else ()):
            row[f"reached_surely: {label.en}"] = to_count(result.reached[variant.number, n])
            row[f"reached_perhaps: {label.en}"] = to_count(result.perhaps[variant.number, n])
        rows.append(row)
    return pa.Table.from_pylist(rows)


def sweep_to_dict(sweep: Sweep, result: SweepResult) -> dict[str, Any]:
    """A sweep for a program. `group_ids`: the value of the file for the label of each group."""
    grouping = result.grouping
    labels = grouping.labels if grouping else ()
    ids = grouping.list_ids() if grouping else ()
    return {
        "schema": "jifen.lab.sweep.v2",
        "sweep": sweep.id,
        "people": result.people,
        "faulty": result.faulty,
        "known": to_count(result.known.sum()),
        "mean_of": "known",
        "group_ids": {label.en: ident for label, ident in zip(labels, ids, strict=True)},
        "variants": [
            {
                "variant": variant_result.number,
                **{v.id: value for v, value in zip(sweep.vary, variant_result.values, strict=True)},
                "reached": {"surely": variant_result.reached, "perhaps": variant_result.perhaps},
                "mean_points": _mean_or_none(variant_result),
                "groups": {
                    label.en: {
                        "surely": to_count(result.reached[variant_result.number, n]),
                        "perhaps": to_count(result.perhaps[variant_result.number, n]),
                    }
                    for n, label in enumerate(labels)
                },
            }
            for variant_result in list_variant_results(sweep, result)
        ],
    }


def _mean_or_none(variant: VariantResult) -> float | None:
    return None if np.isnan(variant.mean) else variant.mean


_FAULTY = say("sweeps.serialization.faulty")
_FRONTIER = say("sweeps.serialization.frontier")
_REACHED, _PERHAPS = (
    say("sweeps.serialization.surely_reach"),
    say("sweeps.serialization.could_reach"),
)
_MEAN = say("sweeps.serialization.mean")


def format_sweep(sweep: Sweep, result: SweepResult, lang: Lang) -> str:
    """The frontier in a few lines."""
    variant_results = list_variant_results(sweep, result)
    best = find_frontier(variant_results)
    heads = [
        *(figure.label(lang) for figure in sweep.vary),
        _REACHED(lang),
        _PERHAPS(lang),
        _MEAN(lang),
    ]
    lines = [
        say(
            "sweeps.serialization.variants_and_people",
            label=sweep.label,
            variants=len(variant_results),
            people=result.people,
        )(lang),
        f"{_MEAN(lang)} = {describe_mean(to_count(result.known.sum()))(lang)}",
    ]
    if result.faulty:
        lines.append(f"{result.faulty:,} {_FAULTY(lang)}")
    lines += ["", _FRONTIER(lang), "  " + " | ".join(heads)]
    step = max(len(best) // 20, 1)
    for variant in best[::step]:
        mean = _mean_or_none(variant)
        shown = "—" if mean is None else f"{mean:.2f}"
        figures = [*variant.values, f"{variant.reached:,}", f"{variant.perhaps:,}", shown]
        lines.append("  " + " | ".join(figures))
    return "\n".join(lines)
