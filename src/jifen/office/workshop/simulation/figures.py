"""The figures of a revision: those of `jifen lab reform`, with the names of the groups in both
languages beside them."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.reforms.serialization import reform_to_dict
from jifen.lab.weights import to_count
from jifen.office.workshop.faults import run_failed
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.words import say
from jifen.policy.text import Text
from jifen.scoring.population.program import build_programs

if TYPE_CHECKING:
    from jifen.lab.population.people import People
    from jifen.lab.reforms import ReformResult
    from jifen.lab.warm import WarmPeople

MOST_GROUPINGS, MOST_OPTIONS = 5, 12
WIDEST = 50_000
"""Smallest units of points between the least and the most total."""
_WIDE = say("simulation.figures.wide")


def groupings_of(people: "People") -> list[str]:
    """By which facts the figures are shown: age in tens, and choices with few answers, in the order
    of the city's facts."""
    by_age = ["age:10"] if "age" in people.codes else []
    choices = [
        ident
        for ident in people.codes
        if ident in people.vocabulary
        and people.vocabulary[ident].type == "choice"
        and len(people.vocabulary[ident].ids) <= MOST_OPTIONS
    ]
    return [*by_age, *choices][:MOST_GROUPINGS]


def figures_of(people: "WarmPeople", measure: Measure, on: date, groups: Sequence[str]) -> str:
    """The figures as they are stored. `lab` is what `jifen lab reform --json` gives of the same
    reform on the same people. Raises
    TableError, PolicyError, StudioFault."""
    if measure.policy is None:
        raise ValueError("a draft that cannot be read has no figures")
    _refuse_wide(measure, on)
    result = people.compare_reform(measure.base, measure.policy, on, groups=groups)
    labels = {
        grouping.name: {
            "label": _both(grouping.label),
            "groups": {group.label.en: _both(group.label) for group in results},
        }
        for grouping, results in result.groups
    }
    figures = {
        "lab": reform_to_dict(result),
        "labels": labels,
        "distribution": _distribution(result),
    }
    return json.dumps(figures, ensure_ascii=False)


def _distribution(result: "ReformResult") -> dict[str, Any]:
    """People of whom every fact is known by total, in bands of `step` points from `start` on."""
    scale = result.baseline.scale
    totals = np.floor_divide(np.arange(len(result.everybody.before)) + result.least, scale * STEP)
    bands = totals - totals[0]
    before, after = (
        count_by_band(bands, bins) for bins in (result.everybody.before, result.everybody.after)
    )
    there = np.flatnonzero(before + after)
    if not len(there):
        return {"start": 0, "step": STEP, "before": [], "after": []}
    first, last = int(there[0]), int(there[-1]) + 1
    return {
        "start": int(totals[0] + first) * STEP,
        "step": STEP,
        "before": [to_count(n) for n in before[first:last]],
        "after": [to_count(n) for n in after[first:last]],
    }


def count_by_band(bands: NDArray[Any], bins: NDArray[Any]) -> NDArray[Any]:
    """The people of some bins, by their band."""
    return np.asarray(np.bincount(bands, bins))


STEP = 10
"""Points of a band of the distribution."""


def _refuse_wide(measure: Measure, on: date) -> None:
    """People are counted by their totals: points of a million, mistyped, would take all memory."""
    if measure.policy is None:
        return
    programs = build_programs((measure.base.rules_on(on), measure.policy.rules_on(on)))
    ends = [end for program in programs for end in (program.least, program.most)]
    if max(ends) - min(ends) > WIDEST:
        raise run_failed(_WIDE)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def stored_figures(text: str) -> dict[str, Any]:
    """The figures of a run that is done."""
    figures: dict[str, Any] = json.loads(text)
    return figures
