"""People as the lab uses them: a column for every fact, whatever the policy.

Facts with few values are columns of codes that no policy changes. Wide numbers (yuan, ratios) are
kept as float64 (nan: absent, -inf: does not apply) and coded by the cuts of the programs that are
run, once for each set of cuts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.further_columns import describe_answer, describe_column
from jifen.lab.weights import Count, count_mask, to_count
from jifen.lab.words import say
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis, Cut
from jifen.scoring.population.columns import TableError, describe_missing_column
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.number_codes import NumberColumn, encode_by_cuts
from jifen.scoring.population.program import Program

Column = NDArray[Any]
NOT_APPLICABLE_NUMBER = -np.inf
MOST_GROUPS = 32


@dataclass(frozen=True, slots=True)
class Grouping:
    """A group for each person: uint8 codes, and the label of each code. `answers`: what a file
    calls the first groups, where they are the answers of a fact (`college`); not applicable and
    unknown have labels only."""

    name: str
    label: Text
    codes: NDArray[np.uint8]
    labels: tuple[Text, ...]
    answers: tuple[str, ...] = ()

    def list_ids(self) -> tuple[str, ...]:
        """What a program calls each group: its answer; its label where it has none."""
        answers = (*self.answers, *("" for _ in self.labels[len(self.answers) :]))
        return tuple(answer or label.en for label, answer in zip(self.labels, answers, strict=True))

    def list_names(self) -> tuple[frozenset[str], ...]:
        """What each group may be called: its label in both languages, and its answer."""
        answers = (*self.answers, *("" for _ in self.labels[len(self.answers) :]))
        return tuple(
            frozenset({label.zh, label.en, answer} - {""})
            for label, answer in zip(self.labels, answers, strict=True)
        )


@dataclass(eq=False)
class People:
    """`count` people of a city. `codes` and `numbers` hold arrays of that length by fact; `other`
    further columns (a district, an employer) as (codes, labels), by which to group."""

    vocabulary: Vocabulary
    count: int
    codes: Mapping[str, Column]
    numbers: Mapping[str, Column] = field(default_factory=dict)
    faulty: NDArray[np.bool_] | None = None
    other: Mapping[str, tuple[Column, tuple[str, ...]]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the file says of itself: `jifen.synthetic`, `jifen.margins`…"""
    name: str = ""
    weights: NDArray[np.float64] | None = None
    """How many people each stands for; None: one."""
    weight: str = ""
    """The column of the weights."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Rows of the file that are nobody: `blank`, `totals`, `ragged`."""
    exact: bool = False
    """Of real people: whether counts below five may be shown, for a check of one's own."""
    _coded: dict[tuple[str, tuple[Cut, ...]], Column] = field(default_factory=dict, repr=False)

    @property
    def all_people(self) -> Count:
        """How many people there are, by their weights."""
        return self.count if self.weights is None else to_count(self.weights.sum())

    @property
    def faulty_people(self) -> Count:
        """How many of them have values that cannot be used."""
        return 0 if self.faulty is None else count_mask(np.asarray(self.faulty), self.weights)

    @property
    def synthetic(self) -> bool:
        """Whether these people are made up."""
        return self.labels.get("jifen.synthetic") == "true"

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that are there, in the order of the vocabulary."""
        return tuple(i for i in self.vocabulary.ids if i in self.codes or i in self.numbers)

    def with_own_facts(self, vocabulary: Vocabulary) -> "People":
        """These people, of whom what a measure asks beside the facts of its city is not known."""
        unknown = [
            fact
            for fact in vocabulary
            if fact.id not in vocabulary.of_city
            and fact.id not in self.codes
            and fact.id not in self.numbers
        ]
        if not unknown:
            return self
        numbers = [fact for fact in unknown if fact.is_number or fact.type == "date"]
        coded = [fact for fact in unknown if fact not in numbers or Axis(fact).size <= _MOST_CODES]
        absent = {
            axis.fact.id: np.full(self.count, axis.absent, axis.dtype) for axis in map(Axis, coded)
        }
        unknown_numbers = {fact.id: np.full(self.count, np.nan) for fact in numbers}
        return replace(
            self,
            vocabulary=vocabulary,
            codes={**self.codes, **absent},
            numbers={**self.numbers, **unknown_numbers},
        )

    def get_columns(self, program: Program) -> dict[str, Column]:
        """The columns of a program. Raises TableError that names what is missing."""
        self.refuse_missing(program)
        return {ident: self._get_column(axis) for ident, axis in program.axes.items()}

    def refuse_missing(self, program: Program) -> None:
        """Raises TableError where a fact of the program has no column here."""
        present = (*self.codes, *self.numbers)
        missing = [ident for ident in program.facts if ident not in present]
        if missing:
            raise TableError(
                [describe_missing_column(program, ident, present) for ident in missing]
            )

    def _get_column(self, axis: Axis) -> Column:
        if axis.cuts is None:
            return self.codes[axis.fact.id]
        key = (axis.fact.id, axis.cuts)
        if key not in self._coded:
            while len(self._coded) >= _MOST_CODED:
                self._coded.pop(next(iter(self._coded)))
            self._coded[key] = self._by_cuts(axis, axis.cuts)
        return self._coded[key]

    def _by_cuts(self, axis: Axis, cuts: tuple[Cut, ...]) -> Column:
        values = self.numbers[axis.fact.id]
        codes = allocate_aligned(self.count, axis.dtype, len(self._coded))
        for start in range(0, self.count, _BLOCK):
            some, block_codes = values[start : start + _BLOCK], codes[start : start + _BLOCK]
            encode_by_cuts(cuts, NumberColumn(some, 0), block_codes)
            block_codes[some == NOT_APPLICABLE_NUMBER] = NOT_APPLICABLE
            block_codes[np.isnan(some)] = axis.absent
        return codes

    def find_unknown_rows(self, program: Program) -> NDArray[np.intp]:
        """The rows in which a fact of the program is absent."""
        mask = np.zeros(self.count, bool)
        for ident in program.facts:
            if ident in self.with_absent:
                axis = program.axes[ident]
                mask |= self._get_column(axis) == axis.absent
        return np.flatnonzero(mask)

    @cached_property
    def with_absent(self) -> frozenset[str]:
        """The facts that are absent of somebody."""
        with_absent = {i for i, c in self.codes.items() if (c == np.iinfo(c.dtype).max).any()}
        return frozenset(with_absent | {i for i, n in self.numbers.items() if np.isnan(n).any()})

    def group_by(self, name: str) -> Grouping:
        """Groups by a fact (`education`), by bands of a number (`age:10`, `age:25,35,45`) or by a
        further column. Raises TableError where there is no such column or too many groups."""
        name, _, bands = name.partition(":")
        if name in self.other:
            codes, labels = self.other[name]
            called = tuple(describe_answer(name, answer) for answer in labels)
            return Grouping(name, describe_column(name).label, codes, called, labels)
        if name not in self.codes or name not in self.vocabulary:
            raise TableError([_no_group(name, (*self.facts, *self.other))])
        axis = Axis(self.vocabulary[name])
        return _fact_groups(axis, self.codes[name], bands)


_BLOCK, _MOST_CODES = 1 << 18, 60_000
_MOST_CODED = 32
"""Wide numbers coded for different cuts that are kept: who types tries many."""


def _no_group(name: str, known: Sequence[str]) -> Text:
    return say(
        "population.people.cannot_group_by_there",
        name=name,
        known=Text("、".join(known), ", ".join(known)),
    )


def _fact_groups(axis: Axis, codes: Column, bands: str) -> Grouping:
    """The code of each group by a table over the codes of the fact."""
    fact = axis.fact
    values: list[Any] = [None]
    if fact.type == "bool":
        values = [False, True]
    elif fact.type == "choice":
        values += list(fact.ids)
    else:
        return _group_by_bands(axis, codes, bands)
    labels = [fact.describe_value(value) for value in values] + [_UNKNOWN]
    answers = tuple("" if value is None else str(value).lower() for value in values)
    table = np.full(axis.absent + 1, len(values), np.uint8)
    table[: len(values)] = np.arange(len(values))
    return Grouping(fact.id, fact.label, table[codes], tuple(labels), answers)


_UNKNOWN = say("population.people.unknown")


def _group_by_bands(axis: Axis, codes: Column, bands: str) -> Grouping:
    fact, edges = axis.fact, _find_band_edges(axis, bands)
    if len(edges) + 2 > MOST_GROUPS:
        raise TableError([_too_many(fact.id, len(edges) + 2)])
    least = int(fact.least)
    table = np.full(axis.absent + 1, len(edges) + 2, np.uint8)
    values = np.arange(axis.size - 1) + least
    table[1 : axis.size] = np.searchsorted(edges, values, side="right")
    table[0] = len(edges) + 1
    ends = [least, *edges, int(fact.most) + 1]
    labels = [_format_band(low, high - 1, int(fact.most)) for low, high in pairwise(ends)]
    return Grouping(
        fact.id, fact.label, table[codes], (*labels, fact.describe_value(None), _UNKNOWN)
    )


def _find_band_edges(axis: Axis, bands: str) -> list[int]:
    words = [word for word in bands.split(",") if word]
    if not all(word.isdigit() for word in words):
        wrong = say("population.people.the_bands_should_be_whole", bands=bands)
        raise TableError([wrong])
    numbers = [int(word) for word in words]
    if len(numbers) > 1:
        return sorted(set(numbers))
    width = numbers[0] if numbers else _choose_band_width(axis)
    least, most = int(axis.fact.least), int(axis.fact.most)
    return list(range(least + width, most + 1, max(width, 1)))


def _choose_band_width(axis: Axis) -> int:
    """A width that gives about ten bands: 10 years, 60 months, 1 for short ranges."""
    span = int(axis.fact.most) - int(axis.fact.least)
    return next((w for w in (1, 2, 5, 10, 12, 20, 60, 120, 600) if span / w <= 12), span)


def _format_band(low: int, high: int, most: int) -> Text:
    if high >= most:
        return say("population.people.or_more", low=low)
    return Text(f"{low}–{high}", f"{low}–{high}") if low != high else Text(f"{low}", f"{low}")


def _too_many(name: str, groups: int) -> Text:
    return say(
        "population.people.makes_groups_at_most_give",
        name=name,
        groups=groups,
        most_groups=MOST_GROUPS,
    )
