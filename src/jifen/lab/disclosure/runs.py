"""A run of a register as it may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.analysis.near import FactStep, NearTheLine
from jifen.lab.analysis.point_parts import IndicatorCounts, PointParts
from jifen.lab.analysis.run import GroupCounts, RunResult
from jifen.lab.classes import ReachClasses
from jifen.lab.disclosure.figure_system import FigureSystem
from jifen.lab.disclosure.hidden_count import HIDDEN_COUNT, is_hidden
from jifen.lab.disclosure.total_bands import band_totals
from jifen.lab.small_counts import FEWEST
from jifen.lab.weights import Count, to_count

_PARTITIONS = ("reached", "admissible", "known")
"""Everybody, three times over: by the line, by the conditions, by whether all facts are known."""
_GROUP_FIGURES = ("people", "admissible", "reached", "perhaps", "not_reached", "known")
_ARRAYS = ("people", "admissible", "reached", "perhaps", "known")


@dataclass(frozen=True, slots=True)
class ShownClasses(ReachClasses):
    """Three classes of which some are hidden; everybody together is told all the same."""

    everybody: Count = 0

    @property
    def people(self) -> Count:
        """Everybody in the three classes."""
        return self.everybody


@dataclass(frozen=True, eq=False)
class ShownRun(RunResult):
    """A run of a register: the distribution in bands, figures that are not numbers where they are
    hidden; what the mean and the quantiles are of is counted exactly."""

    exact: RunResult

    @property
    def usable(self) -> Count:
        """Everybody in one of the three classes."""
        return self.exact.usable

    @property
    def known(self) -> Count:
        """The people of whom every fact is known, where that is shown."""
        return hide_few(self.exact.known)

    @property
    def mean(self) -> float | None:
        """Their mean; hidden where they are few."""
        return HIDDEN_COUNT if is_hidden(self.known) else self.exact.mean

    def find_quantile(self, share: float) -> int | None:
        """A quantile of theirs; none where they are few."""
        return None if is_hidden(self.known) else self.exact.find_quantile(share)


def hide_few(count: Count) -> Count:
    """A count by itself, hidden where it is small."""
    return HIDDEN_COUNT if 0 < abs(count) < FEWEST else count


def protect_run(result: RunResult) -> ShownRun:
    """A run of a register without its small counts and what would give them away."""
    shown = _show_everybody(result)
    return ShownRun(
        result.program,
        result.on,
        result.line,
        result.people,
        result.faulty,
        _show_classes(result.reached, "reached", shown),
        _show_classes(result.admissible, "admissible", shown),
        band_totals(result.known_totals),
        tuple(_show_group(result, group, shown) for group in result.groups),
        _show_parts(result),
        _show_near(result.near),
        result,
    )


def _show_classes(
    classes: ReachClasses, name: str, shown: Mapping[tuple[str, str], Count]
) -> ShownClasses:
    surely, perhaps, surely_not = (
        shown[name, part] for part in ("surely", "perhaps", "surely_not")
    )
    return ShownClasses(surely, perhaps, surely_not, classes.people)


def _show_everybody(result: RunResult) -> dict[tuple[str, str], Count]:
    """The figures of everybody by (partition, part)."""
    counts: dict[tuple[str, str], Count] = {
        (name, part): getattr(classes, part)
        for name, classes in (("reached", result.reached), ("admissible", result.admissible))
        for part in ("surely", "perhaps", "surely_not")
    }
    unknown = to_count(result.usable - result.known)
    counts |= {("known", "known"): result.known, ("known", "unknown"): unknown}
    system = FigureSystem()
    for key, people in counts.items():
        system.add_cell(key, people)
        if key != ("known", "unknown"):
            system.add_figure(key, [key])
    for partition in _PARTITIONS:
        system.add_known([key for key in counts if key[0] == partition])
    hidden = system.choose_hidden()
    return {key: HIDDEN_COUNT if key in hidden else count for key, count in counts.items()}


def _show_group(
    result: RunResult, group: GroupCounts, shown: Mapping[tuple[str, str], Count]
) -> GroupCounts:
    system = FigureSystem()
    numbers = range(len(group.people))
    for n in numbers:
        _add_group(system, group, n)
    for name in _GROUP_FIGURES:
        system.keep_small_sums_secret([(n, name) for n in numbers])
    everybody = {
        "admissible": ("admissible", "surely"),
        "reached": ("reached", "surely"),
        "perhaps": ("reached", "perhaps"),
        "not_reached": ("reached", "surely_not"),
        "known": ("known", "known"),
    }
    names = ["people", *(name for name, key in everybody.items() if not is_hidden(shown[key]))]
    for name in names:
        system.add_known({cell: 1.0 for n in numbers for cell in system.figures[n, name]})
    hidden = system.choose_hidden()
    arrays = {
        name: _hide_places(getattr(group, name), [(n, name) in hidden for n in numbers])
        for name in _ARRAYS
    }
    for n in numbers:  # of three classes that add up, "not reached" is counted from the others
        if (n, "not_reached") in hidden and not {(n, "reached"), (n, "perhaps")} & hidden:
            arrays["perhaps"] = _hide_places(arrays["perhaps"], [m == n for m in numbers])
    return GroupCounts(group.grouping, **arrays, sums=group.sums)


def _add_group(system: FigureSystem, group: GroupCounts, n: int) -> None:
    """The cells and figures of one group; all of a group of few is hidden."""
    people, reached, perhaps = group.people[n], group.reached[n], group.perhaps[n]
    parts = {
        "reached": reached,
        "perhaps": perhaps,
        "not_reached": people - reached - perhaps,
        "admissible": group.admissible[n],
        "not_admissible": people - group.admissible[n],
        "known": group.known[n],
        "unknown": people - group.known[n],
    }
    for name, count in parts.items():
        system.add_cell((n, name), count)
    line = [(n, "reached"), (n, "perhaps"), (n, "not_reached")]
    for name in _GROUP_FIGURES:
        system.add_figure((n, name), line if name == "people" else [(n, name)])
    for pair in (("admissible", "not_admissible"), ("known", "unknown")):
        system.add_known({**dict.fromkeys(line, 1.0), **{(n, name): -1.0 for name in pair}})
    if 0 < people < FEWEST:
        system.hidden |= {(n, name) for name in _GROUP_FIGURES}


def _hide_places(counts: NDArray[Any], hides: Sequence[bool]) -> NDArray[Any]:
    if not any(hides):
        return counts
    shown = counts.astype(object)
    for n in np.flatnonzero(hides):
        shown[n] = HIDDEN_COUNT
    return shown


def _show_parts(result: RunResult) -> PointParts:
    """Points of an indicator that few have would tell of these few; where it is one indicator
    alone, the total would tell of it."""
    parts = result.parts
    few = {i.id for i in parts.indicators if 0 < i.people < FEWEST}
    if len(few) == 1:
        others = [i for i in parts.indicators if i.people >= FEWEST]
        few |= {min(others, key=lambda i: i.people).id} if others else set()
    everything = 0 < result.known < FEWEST
    reached_few = 0 < parts.known_reached < FEWEST
    return PointParts(
        tuple(
            _show_indicator(i, hides=everything or i.id in few, reached_few=reached_few)
            for i in parts.indicators
        ),
        tuple(
            replace(cap, people=HIDDEN_COUNT, points=HIDDEN_COUNT)
            if 0 < cap.people < FEWEST
            else cap
            for cap in parts.caps
        ),
        tuple(
            replace(
                failed,
                people=hide_few(failed.people),
                perhaps=hide_few(failed.perhaps),
                alone=hide_few(failed.alone),
            )
            for failed in parts.failed
        ),
        hide_few(parts.known_reached),
    )


def _show_indicator(
    indicator: IndicatorCounts, *, hides: bool, reached_few: bool
) -> IndicatorCounts:
    if hides:
        hidden = HIDDEN_COUNT
        return IndicatorCounts(indicator.id, indicator.label, *(hidden for _ in range(5)))
    return replace(
        indicator,
        sum_of_reached=HIDDEN_COUNT if reached_few else indicator.sum_of_reached,
        people=hide_few(indicator.people),
        counted=hide_few(indicator.counted),
        at_most=hide_few(indicator.at_most),
    )


def _show_near(near: NearTheLine) -> NearTheLine:
    return NearTheLine(
        hide_few(near.loses_by_birthday),
        hide_few(near.gains_by_birthday),
        hide_few(near.within_one_step),
        tuple(FactStep(step.fact, step.label, hide_few(step.people)) for step in near.steps),
        near.gaps,
    )
