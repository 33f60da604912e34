"""People surely at the line as a range: over unknown facts, the readings of the policy, the margins
of synthetic people, and the sample. Everybody is scored once; what is only a matter of weights is
counted again, not scored again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.lab.classes import count_reached
from jifen.lab.people.margins_file import Margins
from jifen.lab.people.raking import RakedMargin, code_margins, fit_weights
from jifen.lab.population.further_columns import describe_column
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.uncertainty.readings import ReadingCount, count_readings
from jifen.lab.weights import Count, Weights, to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.program import build_program

CONFIDENT = 1.959964
"""Standard errors on either side of a 95 % interval."""
MOST_DRAWN = 100_000
"""People among whom margins are drawn again; drawn alike, any stretch of them is a sample."""
_CLOSE = 1e-6
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class UncertainPart:
    """One thing that is not sure: the people at the line at its two ends, all else as it is.
    `combines` says how it goes into the whole: `added` (an end that may be so) or `squared` (an
    error that partly cancels against others)."""

    id: str
    label: Text
    least: Count
    most: Count
    combines: str
    note: Text

    @property
    def width(self) -> Count:
        """The people between its two ends."""
        return to_count(self.most - self.least)


@dataclass(frozen=True, slots=True)
class HeadlineRange:
    """People surely at the line as it stands (`base`) and with all that is not sure."""

    base: Count
    people: Count
    parts: tuple[UncertainPart, ...]
    readings: tuple[ReadingCount, ...]
    left_out: tuple[Text, ...]

    @property
    def least(self) -> Count:
        """The lower end of the whole, in whole people: it is an estimate."""
        below = combine_distances(self.parts, [self.base - part.least for part in self.parts])
        return max(round(self.base - below), 0)

    @property
    def most(self) -> Count:
        """The upper end of the whole."""
        above = combine_distances(self.parts, [part.most - self.base for part in self.parts])
        return min(round(self.base + above), self.people)

    def share_of_width(self, part: UncertainPart) -> float:
        """How much of the widths of all parts together is of one part."""
        widths = sum(other.width for other in self.parts)
        return float(part.width / widths) if widths else 0.0


def combine_distances(parts: Sequence[UncertainPart], distances: Sequence[Count]) -> float:
    """How far the whole reaches: ends that may be so are added, errors that partly cancel by the
    root of their squares."""
    added, squared = 0.0, 0.0
    for part, distance in zip(parts, distances, strict=True):
        if part.combines == "added":
            added += max(distance, 0)
        else:
            squared += max(distance, 0) ** 2
    return added + float(np.sqrt(squared))


def measure_uncertainty(
    people: People,
    policy: Policy,
    on: date,
    *,
    margins: Margins | None = None,
    spread: float = 0.1,
    draws: int = 100,
    seed: int = 7,
    threads: int | None = None,
) -> HeadlineRange:
    """The range. `margins`: those from which synthetic people were drawn; each share that rests on
    an assumption is drawn `draws` times within ± `spread` of itself. Raises TableError."""
    program = build_program(policy.rules_on(on))
    scored = score_people(people, [program], on, threads=threads)[0]
    classes = count_reached(scored)
    readings, missing = count_readings(people, policy, on, threads=threads)
    left_out = [
        say("uncertainty.headline.a_column_that_it_needs", label=label) for label in missing
    ]
    parts = [
        UncertainPart(
            "unknown",
            say("uncertainty.headline.unknown_facts"),
            classes.surely,
            classes.at_most,
            "added",
            say("uncertainty.headline.at_their_worst_and_best"),
        ),
        _range_readings(classes.surely, readings),
        _range_sample(people, scored, classes.surely),
    ]
    if margins is not None:
        part, unused = _range_margins(people, scored, margins, classes.surely, spread, draws, seed)
        parts.append(part)
        if unused:
            left_out.append(_describe_unused(policy.vocabulary, unused))
    parts.sort(key=lambda part: (-part.width, part.id))
    return HeadlineRange(
        classes.surely, classes.people, tuple(parts), tuple(readings), tuple(left_out)
    )


def _range_readings(base: Count, readings: Sequence[ReadingCount]) -> UncertainPart:
    counts = [base, *(reading.reached for reading in readings)]
    return UncertainPart(
        "readings",
        say("uncertainty.headline.readings_of_the_policy"),
        min(counts),
        max(counts),
        "added",
        say(
            "uncertainty.headline.other_readings_one_by_one",
            readings=sum(not r.together for r in readings),
        ),
    )


def _range_sample(people: People, scored: ScoredPeople, base: Count) -> UncertainPart:
    """95 % of a sample of so many rows. The rows of a register are everybody: no sample."""
    label = say("uncertainty.headline.sampling")
    if not people.synthetic and people.weights is None:
        whole = say("uncertainty.headline.a_register_is_everybody")
        return UncertainPart("sample", label, base, base, "squared", whole)
    usable = scored.everybody
    weights = np.ones(len(usable)) if scored.weights is None else np.asarray(scored.weights)
    held, reached = weights[usable], scored.reached[usable]
    total = held.sum()
    share = float(held[reached].sum() / total) if total else 0.0
    error = float(np.sqrt((held**2) @ (reached - share) ** 2))
    return UncertainPart(
        "sample",
        label,
        max(round(base - CONFIDENT * error), 0),
        round(base + CONFIDENT * error),
        "squared",
        say("uncertainty.headline.rows_a_95_interval", held_count=len(held)),
    )


def _range_margins(
    people: People,
    scored: ScoredPeople,
    margins: Margins,
    base: Count,
    spread: float,
    draws: int,
    seed: int,
) -> tuple[UncertainPart, list[str]]:
    """The middle 95 % of the people at the line when every assumed share is drawn again."""
    first = slice(0, MOST_DRAWN)
    varied, left_out = choose_varied(people, margins, first)
    usable, reached = scored.everybody[first], scored.reached[first]
    start = np.ones(len(usable)) if scored.weights is None else np.array(scored.weights[first])
    start[~usable] = 0
    here = start @ reached
    generator = np.random.Generator(np.random.Philox(key=[seed, 0]))
    low, high = 1.0, 1.0
    if varied and here:
        drawn = [draw_weights(varied, start, spread, generator) @ reached for _ in range(draws)]
        low, high = np.quantile(np.array(drawn) / here, [0.025, 0.975])
    note = say(
        "uncertainty.headline.assumed_margins_each_share_within",
        varied_count=len(varied),
        spread=spread,
        draws=draws,
    )
    part = UncertainPart(
        "margins",
        say("uncertainty.headline.margins_of_the_synthetic_people"),
        round(base * low),
        round(base * high),
        "squared",
        note,
    )
    return part, [name for name in left_out if name in people.vocabulary]


def choose_varied(
    people: People, margins: Margins, rows: slice
) -> tuple[list[RakedMargin], list[str]]:
    """The margins that rest on an assumption, for some rows; and those that cannot be moved by
    weights."""
    raked, left_out = code_margins(people, margins)
    assumed = {margin.id for margin in margins.margins if margin.confidence == "unsure"}
    varied = [replace(m, codes=m.codes[rows]) for m in raked if m.id in assumed]
    return varied, left_out


def draw_weights(
    varied: Sequence[RakedMargin], start: Weights, spread: float, generator: np.random.Generator
) -> Weights:
    """Weights with which the people have other shares: each within ± spread of what they have."""
    drawn = []
    for margin in varied:
        held = np.bincount(margin.codes, start, len(margin.parts))
        shares = held * (1 + generator.uniform(-spread, spread, len(held)))
        drawn.append(replace(margin, asked=shares / shares.sum()))
    return fit_weights(drawn, start, _CLOSE)[0]


def _describe_unused(vocabulary: Vocabulary, names: Sequence[str]) -> Text:
    facts = [(vocabulary.get(name), name) for name in names]
    labels = [fact.label if fact else describe_column(name).label for fact, name in facts]
    listed = Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
    return say("uncertainty.headline.margins_not_drawn_again_they", listed=listed)
