"""Ranges of several figures at once. Everybody is scored once for each set of readings, under
today's rules and the reform in the same pass; margins and the sample are a matter of weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.lab.people.margins_file import Margins
from jifen.lab.people.raking import RakedMargin
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.uncertainty.headline import (
    CONFIDENT,
    MOST_DRAWN,
    UncertainPart,
    choose_varied,
    combine_distances,
    draw_weights,
)
from jifen.lab.uncertainty.ranged_figures import EVERYBODY, RangedFigure
from jifen.lab.uncertainty.readings import Chosen, list_alternatives
from jifen.lab.weights import Weights
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.program import build_programs

_AT_ONCE = 8
"""Programs of one pass."""
_PLACES = {"people": 0, "points": 2, "share": 4, "ratio": 4}


@dataclass(frozen=True, slots=True)
class FigureRange:
    """A figure as it stands and its range, with what widens it, the widest first."""

    id: str
    label: Text
    unit: str
    base: float
    parts: tuple[UncertainPart, ...]

    @property
    def least(self) -> float:
        """The lower end of the whole."""
        below = combine_distances(self.parts, [self.base - part.least for part in self.parts])
        return self._round(max(self.base - below, self._lowest))

    @property
    def most(self) -> float:
        """The upper end of the whole."""
        above = combine_distances(self.parts, [part.most - self.base for part in self.parts])
        return self._round(min(self.base + above, 1.0 if self.unit == "share" else np.inf))

    @property
    def widest(self) -> UncertainPart:
        """What widens it most."""
        return self.parts[0]

    def share_of_width(self, part: UncertainPart) -> float:
        """How much of the widths of all parts together is of one part."""
        widths = sum(other.width for other in self.parts)
        return float(part.width / widths) if widths else 0.0

    @property
    def _lowest(self) -> float:
        return -np.inf if self.unit in ("points", "people") and self.id == "net" else 0.0

    def _round(self, value: float) -> float:
        places = _PLACES[self.unit]
        return round(value, places) if places else round(value)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How draws are made: of the first rows only, and scaled to everybody."""

    people: People
    scored: Sequence[ScoredPeople]
    rows: slice
    start: Weights
    whole: float

    def find_drawn(
        self, figures: Sequence[RangedFigure], drawn: Sequence[Weights]
    ) -> list[tuple[float, NDArray[np.float64]]]:
        """For each figure what it is with the weights at the start, and with each drawn; counts as
        if of everybody."""
        factor = self.whole / float(self.start.sum() or 1.0)
        found = []
        for figure in figures:
            estimate = figure.prepare_estimate(self.scored, self.rows)
            times = factor if figure.unit == "people" else 1.0
            values = np.array([estimate(weights) for weights in drawn]) * times
            found.append((estimate(self.start) * times, values))
        return found


def range_figures(
    people: People,
    policy: Policy,
    on: date,
    figures: Sequence[RangedFigure],
    *,
    reform: Policy | None = None,
    margins: Margins | None = None,
    spread: float = 0.1,
    draws: int = 100,
    seed: int = 7,
    threads: int | None = None,
) -> list[FigureRange]:
    """The ranges, in the order of the figures. Raises TableError."""
    policies = [policy, *([reform] if reform else [])]
    alternatives, _ = list_alternatives(people, policy, on)
    scored, others = _score_readings(
        people, policies, on, [chosen for chosen, _ in alternatives], figures, threads
    )
    everybody = scored[0].everybody
    weights = np.ones(people.count) if people.weights is None else np.asarray(people.weights)
    weights = np.where(everybody, weights, 0.0)
    bases = [figure.prepare_estimate(scored, EVERYBODY)(weights) for figure in figures]
    rows = slice(0, MOST_DRAWN)
    drawing = _Drawing(people, scored, rows, weights[rows], float(weights.sum()))
    switches = [next(iter(chosen)) for chosen, _ in alternatives]
    parts: list[list[UncertainPart]] = [
        [
            _range_unknown(figure, scored, weights, base),
            _range_readings(base, switches, [values[place] for values in others]),
        ]
        for place, (figure, base) in enumerate(zip(figures, bases, strict=True))
    ]
    samples = _range_sample(drawing, figures, bases, draws, seed)
    varied = choose_varied(people, margins, rows)[0] if margins is not None else []
    moved = _range_margins(drawing, figures, bases, varied, spread, draws, seed) if varied else []
    for place, listed in enumerate(parts):
        listed.append(samples[place])
        listed.extend(moved[place : place + 1])
        listed.sort(key=lambda part: (-part.width, part.id))
    return [
        FigureRange(figure.id, figure.label, figure.unit, base, tuple(listed))
        for figure, base, listed in zip(figures, bases, parts, strict=True)
    ]


def _score_readings(
    people: People,
    policies: Sequence[Policy],
    on: date,
    alternatives: Sequence[Chosen],
    figures: Sequence[RangedFigure],
    threads: int | None,
) -> tuple[list[ScoredPeople], list[list[float]]]:
    """Everybody as the rules are usually read, and each figure under each other reading."""
    found, first = list[list[float]](), list[ScoredPeople]()
    step = max(_AT_ONCE // len(policies), 1)
    asked: list[Chosen] = [{}, *alternatives]
    for start in range(0, len(asked), step):
        some = asked[start : start + step]
        rules = tuple(policy.rules_on(on, chosen) for chosen in some for policy in policies)
        scored = score_people(people, build_programs(rules), on, threads=threads)
        for number in range(len(some)):
            sides = scored[number * len(policies) : (number + 1) * len(policies)]
            first = first or sides
            weights = np.ones(people.count) if people.weights is None else people.weights
            found.append([figure.prepare_estimate(sides, EVERYBODY)(weights) for figure in figures])
    return first, found[1:]


def _range_unknown(
    figure: RangedFigure, scored: Sequence[ScoredPeople], weights: Weights, base: float
) -> UncertainPart:
    least, most = figure.find_ends(scored, weights)
    return UncertainPart(
        "unknown",
        say("uncertainty.headline.unknown_facts"),
        min(least, base),
        max(most, base),
        "added",
        say("uncertainty.headline.at_their_worst_and_best"),
    )


def _range_readings(base: float, switches: Sequence[str], values: Sequence[float]) -> UncertainPart:
    """Of each question the reading that moves the figure most, down and up; their sums."""
    down, up = dict[str, float](), dict[str, float]()
    for switch, value in zip(switches, values, strict=True):
        down[switch] = max(down.get(switch, 0.0), base - value)
        up[switch] = max(up.get(switch, 0.0), value - base)
    return UncertainPart(
        "readings",
        say("uncertainty.headline.readings_of_the_policy"),
        base - sum(down.values()),
        base + sum(up.values()),
        "added",
        say("uncertainty.figure_ranges.added_up", readings=len(values)),
    )


def _range_sample(
    drawing: _Drawing,
    figures: Sequence[RangedFigure],
    bases: Sequence[float],
    draws: int,
    seed: int,
) -> list[UncertainPart]:
    """95 % of samples of so many rows, each row drawn as often as chance has it; the rows of a
    register are everybody."""
    people, label = drawing.people, say("uncertainty.headline.sampling")
    if not people.synthetic and people.weights is None:
        whole = say("uncertainty.headline.a_register_is_everybody")
        return [UncertainPart("sample", label, base, base, "squared", whole) for base in bases]
    generator = np.random.Generator(np.random.Philox(key=[seed, 1]))
    times = (drawing.start * generator.poisson(1.0, len(drawing.start)) for _ in range(draws))
    # shares of everybody: the sum of the weights drawn is no part of the error
    drawn = [weights * (drawing.start.sum() / (weights.sum() or 1.0)) for weights in times]
    rows = int(np.count_nonzero(drawing.start))
    narrower = float(np.sqrt(len(drawing.start) / max(people.count, 1)))
    note = say("uncertainty.figure_ranges.resampled", rows=people.count, draws=draws)
    parts = []
    for base, (_, values) in zip(bases, drawing.find_drawn(figures, drawn), strict=True):
        error = CONFIDENT * narrower * float(values.std()) if rows else 0.0
        parts.append(UncertainPart("sample", label, base - error, base + error, "squared", note))
    return parts


def _range_margins(
    drawing: _Drawing,
    figures: Sequence[RangedFigure],
    bases: Sequence[float],
    varied: Sequence[RakedMargin],
    spread: float,
    draws: int,
    seed: int,
) -> list[UncertainPart]:
    """The middle 95 % of each figure when every assumed share is drawn again."""
    generator = np.random.Generator(np.random.Philox(key=[seed, 0]))
    drawn = [draw_weights(varied, drawing.start, spread, generator) for _ in range(draws)]
    note = say(
        "uncertainty.headline.assumed_margins_each_share_within",
        varied_count=len(varied),
        spread=spread,
        draws=draws,
    )
    label = say("uncertainty.headline.margins_of_the_synthetic_people")
    parts = []
    for base, (here, values) in zip(bases, drawing.find_drawn(figures, drawn), strict=True):
        low, high = np.quantile(values - here, [0.025, 0.975])
        ends = base + min(float(low), 0.0), base + max(float(high), 0.0)
        parts.append(UncertainPart("margins", label, *ends, "squared", note))
    return parts
