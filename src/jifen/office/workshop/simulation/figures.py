"""The figures of a revision: those of `jifen lab reform`, with the names of the groups in both
languages beside them."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from jifen.lab.reforms.serialization import reform_to_dict
from jifen.office.workshop.faults import run_failed
from jifen.office.workshop.measure import Measure
from jifen.policy.text import Text
from jifen.scoring.population.program import build_programs

if TYPE_CHECKING:
    from jifen.lab.population.people import People
    from jifen.lab.warm import WarmPeople

MOST_GROUPINGS, MOST_OPTIONS = 5, 12
WIDEST = 50_000
"""Smallest units of points between the least and the most total."""
_WIDE = Text(
    "总分的范围过大，请检查是否多写了零。",
    "totals lie too far apart; look whether a cell has a zero too many.",
)


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
    return json.dumps({"lab": reform_to_dict(result), "labels": labels}, ensure_ascii=False)


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
