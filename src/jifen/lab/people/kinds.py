"""The ways in which a fact is drawn: from a uniform number per person, and from what is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.people.margins_file import Margin
from jifen.policy.vocabulary import WHOLE_TYPES, Fact

Uniform = NDArray[np.float64]
GROWN_UP = 18
"""Months of work are counted from this age on."""
_PLACES = {"yuan": 0, "number": 1, "ratio": 4}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One fact of every person of a block: numbers, or numbers of answers; `aside`: to whom it
    does not apply."""

    values: NDArray[Any]
    answers: tuple[str, ...] = ()
    aside: NDArray[np.bool_] | None = None

    def is_one_of(self, answers: Sequence[str]) -> NDArray[np.bool_]:
        """Who gives one of the answers ('true' and 'false' for a yes or no)."""
        if self.answers:
            known = [self.answers.index(answer) for answer in answers]
            return np.isin(self.values, known)
        truth = {"true": 1, "false": 0}
        return np.isin(self.values, [truth.get(answer, answer) for answer in answers])


Known = Mapping[str, Drawn]
Draw = Callable[[Margin, Fact | None, Uniform, Known], Drawn]


def _find_share(shares: Sequence[Any], u: Uniform) -> tuple[NDArray[np.intp], Uniform]:
    """Which share a draw falls into, and how far into it (0 to 1)."""
    ends = np.cumsum([float(share) for share in shares])
    ends[-1] = 1.0
    place = np.searchsorted(ends, u, side="right").clip(0, len(ends) - 1)
    starts = np.concatenate([[0.0], ends[:-1]])
    return place, ((u - starts[place]) / (ends - starts)[place]).clip(0, 1 - 1e-9)


def _draw_bands(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    del known
    bands = margin.figures
    place, inside = _find_share([band["share"] for band in bands], u)
    low, high = (np.array([float(band[end]) for band in bands])[place] for end in ("from", "to"))
    if fact.type in WHOLE_TYPES if fact else margin.label is not None and margin.is_whole:
        return Drawn(low.astype(np.int64) + np.floor(inside * (high - low + 1)).astype(np.int64))
    places = _PLACES.get(fact.type, 4) if fact else 4
    return Drawn(np.round(low + inside * (high - low), places))


def _draw_options(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    del known
    named = tuple(margin.figures)
    place, _ = _find_share(list(margin.figures.values()), u)
    answers = fact.ids if fact else named
    numbers = np.array([answers.index(option) for option in named])
    return Drawn(numbers[place], tuple(answers))


def _draw_flag(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    del fact, known
    return Drawn(u > 1 - float(margin.figures))


def _draw_records(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    del fact, known
    share = float(margin.figures)
    return Drawn((u > 1 - share).astype(np.int64) + (u > 1 - share**2))


def working_months(known: Known) -> NDArray[np.int64]:
    """Months since the age of 18, at the middle of the present year of age."""
    return np.asarray(np.maximum(known["age"].values - GROWN_UP, 0) * 12 + 6)


def _part_of(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    figures = margin.figures
    whole_fact = figures["of"]
    limit = working_months(known) if whole_fact == "working_months" else known[whole_fact].values
    limit = limit * float(figures["times"] or 1)
    most = figures["most"] if figures["most"] is not None else (fact.most if fact else np.inf)
    place, inside = _find_share([band["share"] for band in figures["bands"]], u)
    low, high = (
        np.array([float(band[end]) for band in figures["bands"]])[place] for end in ("from", "to")
    )
    share = low + inside * (high - low)
    return Drawn(np.floor(np.minimum(limit * share, float(most))).astype(np.int64))


def _draw_recent(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    del fact
    window, whole_fact, whole = (margin.figures[key] for key in ("window", "of", "whole"))
    has_fact = known[whole_fact].values
    limit = has_fact if window is None else np.minimum(has_fact, window)
    gap = max(1 - float(whole), 1e-9)
    months = np.floor(limit * np.minimum(u / gap, 1)).astype(np.int64)
    if margin.figures["run"] is not None:
        months = np.maximum(months, np.minimum(known[margin.figures["run"]].values, limit))
    return Drawn(months)


def _at_base(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    """Months at so many times the wage: none well below it, all well above, some between. A higher
    multiple or a shorter window never gives more."""
    del fact, u
    figures = margin.figures
    pay = known[figures["pay"]].values
    share = ((pay / float(figures["multiple"]) - 0.9) / 0.2).clip(0, 1)
    has_fact = np.minimum(known[figures["of"]].values, figures["window"])
    return Drawn(np.floor(has_fact * share + 1e-9).astype(np.int64))


def _pay_ratio(margin: Margin, fact: Fact | None, u: Uniform, known: Known) -> Drawn:
    """The mean ratio of the base to the wage, which lies between 0.6 and 3 by law."""
    del fact, u
    pay = known[margin.figures["pay"]].values
    short = known[margin.figures["of"]].values < margin.figures["months"]
    return Drawn(np.round(pay.clip(0.6, 3), 4), aside=short)


DRAW: dict[str, Draw] = {
    "bands": _draw_bands,
    "options": _draw_options,
    "flag": _draw_flag,
    "records": _draw_records,
    "part_of": _part_of,
    "recent": _draw_recent,
    "at_base": _at_base,
    "pay_ratio": _pay_ratio,
}
