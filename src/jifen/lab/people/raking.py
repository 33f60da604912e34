"""Weights with which people have the shares of a margins file (raking, iterative proportional
fitting): the weights of one margin after another are scaled until all of them fit at once.

Each weight is the weight at the start times one factor for each margin, so nothing but the margins
is changed: people who are alike in them keep their proportions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.people.margins_file import Margin, Margins
from jifen.lab.population.people import People
from jifen.lab.weights import Weights
from jifen.lab.words import say
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.columns import TableError

MOST_ROUNDS = 200
CLOSE = 1e-9
"""The largest difference of a share at which the fit is exact for every use."""
Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FittedShare:
    """One part of a margin: the share asked for, and found before and after."""

    margin: str
    part: str
    asked: float
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class RakingResult:
    """`weights` of all people (0: a value that cannot be used). `factors` by margin: what each part
    was multiplied by. `rounds`: how often all margins were gone through."""

    weights: Weights
    factors: dict[str, NDArray[np.float64]]
    shares: tuple[FittedShare, ...]
    rounds: int
    left_out: tuple[str, ...]
    """Margins of the file that were not used: no column here, or not of everybody."""

    @property
    def largest(self) -> float:
        """The largest difference between a share asked for and found."""
        return max(abs(share.asked - share.after) for share in self.shares)

    @property
    def effective(self) -> float:
        """The number of people drawn evenly that would tell as much (Kish)."""
        weights = self.weights
        return float(weights.sum() ** 2 / (weights @ weights))

    def to_dict(self) -> dict[str, Any]:
        """For a program."""
        held = self.weights[self.weights > 0]
        return {
            "schema": "jifen.rake.v1",
            "rounds": self.rounds,
            "largest_difference": self.largest,
            "people": round(float(self.weights.sum()), 6),
            "rows": len(self.weights),
            "effective_rows": round(self.effective, 1),
            "weights": {"least": float(held.min()), "most": float(held.max())},
            "left_out": list(self.left_out),
            "shares": [
                {
                    "margin": share.margin,
                    "part": share.part,
                    "asked": share.asked,
                    "before": round(share.before, 6),
                    "after": round(share.after, 6),
                }
                for share in self.shares
            ],
        }


@dataclass(frozen=True, eq=False)
class RakedMargin:
    """A margin as codes: the part of each person, and the share of each part."""

    id: str
    parts: tuple[str, ...]
    asked: NDArray[np.float64]
    codes: Codes


def rake_people(people: People, margins: Margins) -> RakingResult:
    """Weights for people, from those that they have (or one each). Margins of facts and columns
    that are there are used, of answers, bands and yes or no; not those of some people only. The
    number of people stays. Raises TableError where nothing fits."""
    usable = np.ones(people.count, bool) if people.faulty is None else ~np.asarray(people.faulty)
    start = np.ones(people.count) if people.weights is None else np.array(people.weights)
    start[~usable] = 0
    raked, left_out = code_margins(people, margins)
    if not raked:
        raise TableError([_describe_no_margin(margins)])
    _refuse_empty_parts(raked, start)
    weights, factors, rounds = fit_weights(raked, start)
    return RakingResult(
        weights, factors, tuple(_list_shares(raked, start, weights)), rounds, tuple(left_out)
    )


def fit_weights(
    raked: Sequence[RakedMargin], start: Weights, close: float = CLOSE
) -> tuple[Weights, dict[str, NDArray[np.float64]], int]:
    """The weights, the factors of each margin, and the rounds. Raises TableError where the margins
    contradict one another."""
    factors = {margin.id: np.ones(len(margin.parts)) for margin in raked}
    rounds, weights, total = 0, start.copy(), start.sum()
    while rounds < MOST_ROUNDS:
        rounds += 1
        for margin in raked:
            sums = np.bincount(margin.codes, weights, len(margin.parts))
            scale = np.divide(margin.asked * total, sums, out=np.zeros_like(sums), where=sums > 0)
            factors[margin.id] *= scale
            weights *= scale[margin.codes]
        if _find_largest_gap(raked, weights) < close:
            return weights, factors, rounds
    raise TableError([_describe_no_fit(raked, weights)])


def code_margins(people: People, margins: Margins) -> tuple[list[RakedMargin], list[str]]:
    """The margins that people have a column for, and the names of the others."""
    raked, left_out = list[RakedMargin](), list[str]()
    for margin in margins.columns:
        coded = None if margin.only_if else _code_margin(people, margin)
        if coded is None:
            left_out.append(margin.id)
        else:
            raked.append(coded)
    return raked, left_out


def _code_margin(people: People, margin: Margin) -> RakedMargin | None:
    fact = people.vocabulary.get(margin.id)
    if fact is not None and margin.id in people.codes:
        return _code_fact(people, margin, fact)
    if margin.id in people.other and margin.kind == "options":
        codes, labels = people.other[margin.id]
        return _match_answers(people, margin, labels, codes)
    return None


def _code_fact(people: People, margin: Margin, fact: Fact) -> RakedMargin | None:
    axis, codes = Axis(fact), people.codes[margin.id]
    if margin.kind == "options":
        labels = [""] * (axis.absent + 1)
        for answer in fact.ids:
            labels[axis.encode(answer)] = answer
        return _match_answers(people, margin, labels, codes)
    if margin.kind == "flag":
        table = np.full(axis.absent + 1, 2, np.uint8)
        table[axis.encode(False)], table[axis.encode(True)] = 0, 1
        share = float(margin.figures)
        parts = ("false", "true")
        return _build_margin(people, margin.id, parts, [1 - share, share], table[codes])
    if margin.kind == "bands" and fact.type in WHOLE_TYPES:
        table = np.full(axis.absent + 1, len(margin.figures), np.uint8)
        for number, band in enumerate(margin.figures):
            table[axis.encode(int(band["from"])) : axis.encode(int(band["to"])) + 1] = number
        bands = tuple(f"{band['from']}–{band['to']}" for band in margin.figures)
        shares = [float(band["share"]) for band in margin.figures]
        return _build_margin(people, margin.id, bands, shares, table[codes])
    return None


def _match_answers(
    people: People, margin: Margin, labels: Sequence[str], codes: NDArray[Any]
) -> RakedMargin:
    answers = list(margin.figures)
    table = np.full(len(labels), len(answers), np.uint8)
    for code, label in enumerate(labels):
        if label in answers:
            table[code] = answers.index(label)
    shares = [float(share) for share in margin.figures.values()]
    return _build_margin(people, margin.id, tuple(answers), shares, table[codes])


def _build_margin(
    people: People, ident: str, parts: tuple[str, ...], shares: Sequence[float], codes: Codes
) -> RakedMargin:
    """With a last part for people of whom the fact is unknown or lies in no part: it keeps the
    share that it has."""
    start = np.ones(people.count) if people.weights is None else np.asarray(people.weights)
    usable = True if people.faulty is None else ~np.asarray(people.faulty)
    outside = float((start * (codes == len(parts)) * usable).sum() / max((start * usable).sum(), 1))
    asked = np.array([*(share * (1 - outside) for share in shares), outside])
    return RakedMargin(ident, (*parts, "—"), asked / asked.sum(), codes)


def _refuse_empty_parts(raked: Sequence[RakedMargin], weights: Weights) -> None:
    """A share that is asked for and that nobody has cannot be reached by any weights."""
    faults = []
    for margin in raked:
        sums = np.bincount(margin.codes, weights, len(margin.parts))
        faults += [
            _describe_empty_part(margin.id, part, share)
            for part, share, people in zip(margin.parts, margin.asked, sums, strict=True)
            if share > 0 and not people
        ]
    if faults:
        raise TableError(faults)


def _find_largest_gap(raked: Sequence[RakedMargin], weights: Weights) -> float:
    total = weights.sum()
    return max(
        float(np.abs(np.bincount(m.codes, weights, len(m.parts)) / total - m.asked).max())
        for m in raked
    )


def _list_shares(
    raked: Sequence[RakedMargin], start: Weights, weights: Weights
) -> list[FittedShare]:
    shares = []
    for margin in raked:
        before, after = (
            np.bincount(margin.codes, held, len(margin.parts)) / held.sum()
            for held in (start, weights)
        )
        rows = zip(margin.parts, margin.asked, before, after, strict=True)
        shares += [
            FittedShare(margin.id, part, float(asked), float(was), float(now))
            for part, asked, was, now in rows
            if asked or was
        ]
    return shares


def _describe_no_margin(margins: Margins) -> Text:
    names = ", ".join(margin.id for margin in margins.columns if not margin.only_if)
    return say("people.raking.the_people_have_no_column", margins_id=margins.id, names=names)


def _describe_empty_part(margin: str, part: str, share: float) -> Text:
    return say("people.raking.of_should", margin=margin, part=part, share=share)


def _describe_no_fit(raked: Sequence[RakedMargin], weights: Weights) -> Text:
    gap = _find_largest_gap(raked, weights)
    return say("people.raking.after_rounds_the_shares_still", most_rounds=MOST_ROUNDS, gap=gap)


_HEADS = (
    say("people.raking.asked"),
    say("people.raking.before"),
    say("people.raking.after"),
)


def format_fit(result: RakingResult, lang: Lang) -> str:
    """The fit in lines for a terminal."""
    document = result.to_dict()
    weights = document["weights"]
    head = say(
        "people.raking.rows_stand_for_people_after",
        document=document["rows"],
        document_2=document["people"],
        rounds=result.rounds,
        largest=result.largest,
        effective=result.effective,
        weights=weights["least"],
        weights_2=weights["most"],
    )(lang)
    heads = [head(lang) for head in _HEADS]
    lines = [head, f"{'':<48}{heads[0]:>9} {heads[1]:>9} {heads[2]:>9}"]
    lines += [
        f"{s.margin:<26} {s.part:<20} {s.asked:9.4f} {s.before:9.4f} {s.after:9.4f}"
        for s in result.shares
    ]
    if result.left_out:
        names = ", ".join(result.left_out)
        lines.append(say("people.raking.margins_not_used", names=names)(lang))
    return "\n".join(lines)
