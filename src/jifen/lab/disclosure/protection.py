"""The one place that decides what of a result may be shown: of synthetic people everything, of real
people no count below five, nor what such a count could be worked out from."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from jifen.lab.analysis.quota import QuotaResult
from jifen.lab.analysis.run import RunResult
from jifen.lab.analysis.side_by_side import SideBySide
from jifen.lab.disclosure.reforms import protect_reforms
from jifen.lab.disclosure.rounding import (
    protect_comparison,
    protect_fairness,
    protect_headline,
    protect_quota,
    protect_sweep,
    protect_years,
    protect_years_range,
    round_figure,
)
from jifen.lab.disclosure.runs import protect_run
from jifen.lab.fairness.measure import FairnessResult
from jifen.lab.population.people import People
from jifen.lab.reforms.compare import ReformResult
from jifen.lab.sweeps.sweeper import SweepResult
from jifen.lab.uncertainty.figure_ranges import FigureRange
from jifen.lab.uncertainty.headline import HeadlineRange
from jifen.lab.uncertainty.years_range import YearsRange
from jifen.lab.years.results import YearsResult

Result_ = TypeVar("Result_")
_DOORS: dict[type, Callable[[Any], Any]] = {
    RunResult: protect_run,
    QuotaResult: protect_quota,
    SideBySide: protect_comparison,
    SweepResult: protect_sweep,
    YearsResult: protect_years,
    FairnessResult: protect_fairness,
    HeadlineRange: protect_headline,
    YearsRange: protect_years_range,
}


def protect_result(result: Result_, people: People) -> Result_:
    """A result over people as it may leave the lab. Raises KeyError for a kind of result for which
    nothing is decided."""
    if people.synthetic or people.exact:
        return result
    shown: Result_ = _DOORS[type(result)](result)
    return shown


def protect_figures(ranges: Sequence[FigureRange], people: People) -> list[FigureRange]:
    """Ranges of figures: numbers of real people are rounded. Groups that are too small were left
    out when the figures were chosen."""
    if people.synthetic or people.exact:
        return list(ranges)
    return [round_figure(figure) if figure.unit == "people" else figure for figure in ranges]


def protect_comparisons(results: Sequence[ReformResult], people: People) -> list[ReformResult]:
    """Reforms over one population, as they may leave the lab together."""
    return list(results) if people.synthetic or people.exact else protect_reforms(results)
