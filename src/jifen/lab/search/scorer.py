"""Many choices of a space scored on a population at once: who reaches the line, who loses it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jifen.lab.fault_catalogue import LAB
from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import score_people
from jifen.lab.search.brief import Brief, GroupLimit
from jifen.lab.search.programs import VariantPrograms
from jifen.lab.search.space import Choice, Space
from jifen.lab.sweeps.sweeper import SweepResult, sweep_programs
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.policy.catalogue import join_list, join_with_and
from jifen.policy.fault import Fault, Place, PolicyError
from jifen.policy.text import EMPTY, Text

MOST_GROUPS = 256
_NOBODY_APART = say("search.scorer.nobody_apart")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class GroupLoss:
    """Of a group's people at the line today, those who lose it."""

    by: Text
    label: Text
    today: Count
    lost: Count

    @property
    def share(self) -> float:
        """The share that loses the line; 0 where nobody of the group is at it."""
        return self.lost / self.today if self.today else 0.0


@dataclass(frozen=True, slots=True)
class VariantScore:
    """What a choice does: people surely and perhaps at the line, those of today's who lose it and
    others who newly reach it, and the losses of the limited groups."""

    choice: Choice
    reached: Count
    perhaps: Count
    lost: Count
    gained: Count
    losses: tuple[GroupLoss, ...]
    keeps_groups: bool

    @property
    def worst(self) -> GroupLoss | None:
        """The group that loses the largest share."""
        return max(self.losses, key=lambda loss: loss.share, default=None)

    @property
    def worst_loss(self) -> float:
        """The largest share that a group loses."""
        return self.worst.share if self.worst else 0.0


@dataclass(frozen=True, eq=False)
class _Cells:
    """Groups of all groupings together, each apart by who is at the line today."""

    grouping: Grouping
    at_the_line: NDArray[np.bool_]
    """For each cell, whether its people are at the line today."""
    members: tuple[tuple[GroupLimit, Text, Text, NDArray[np.bool_]], ...]
    """(limit, grouping, group, its cells) of each limited group."""


class Scorer:
    """Scores choices in batches and keeps what it scored. `scored` counts the variants."""

    def __init__(
        self, people: People, programs: VariantPrograms, *, threads: int | None = None
    ) -> None:
        """Raises PolicyError where a limit names a group that there is not, TableError for a column
        that there is not."""
        self.space, self._programs, self._people = programs.space, programs, people
        self._threads = threads
        self._scores: dict[Choice, VariantScore] = {}
        [today] = score_people(people, [programs.today], programs.on, threads=threads)
        self._cells = _build_cells(people, self.space.brief, np.asarray(today.reached))
        self.today = self.score_choices([self.space.today])[0]

    @property
    def scored(self) -> int:
        """How many variants were scored."""
        return len(self._scores)

    @property
    def scores(self) -> Iterable[VariantScore]:
        """All that was scored, in the order in which it was asked for."""
        return self._scores.values()

    def score_choices(self, choices: Sequence[Choice]) -> list[VariantScore]:
        """The scores of some choices; those that are known are not scored again."""
        new = [choice for choice in dict.fromkeys(choices) if choice not in self._scores]
        if new:
            programs = [self._programs.build_program(choice) for choice in new]
            # the two extremes keep the structure of the compiled loop the same in every batch
            result = sweep_programs(
                self._people,
                (*programs, *self._programs.extremes),
                self._programs.on,
                self._cells.grouping,
                threads=self._threads,
            )
            self._scores |= {
                choice: self._read_variant(result, number, choice)
                for number, choice in enumerate(new)
            }
        return [self._scores[choice] for choice in choices]

    def _read_variant(self, result: SweepResult, number: int, choice: Choice) -> VariantScore:
        reached = result.reached[number]
        today_by_cell = self._today_by_cell(result) if not self._scores else self._now
        lost = np.where(self._cells.at_the_line, today_by_cell - reached, 0)
        losses = tuple(
            GroupLoss(by, label, to_count(today_by_cell[cells].sum()), to_count(lost[cells].sum()))
            for _, by, label, cells in self._cells.members
        )
        limits = zip(self._cells.members, losses, strict=True)
        return VariantScore(
            choice,
            to_count(reached.sum()),
            to_count(result.perhaps[number].sum()),
            to_count(lost.sum()),
            to_count(reached[~self._cells.at_the_line].sum()),
            losses,
            all(loss.share <= float(member[0].most_loss) + 1e-12 for member, loss in limits),
        )

    def _today_by_cell(self, result: SweepResult) -> NDArray[np.float64]:
        """People at the line today by cell: of the first variant scored, which is today's."""
        self._now = np.where(self._cells.at_the_line, result.reached[0], 0)
        return self._now


def _build_cells(people: People, brief: Brief, reached: NDArray[np.bool_]) -> _Cells:
    """The cells of all groupings of a brief. Raises PolicyError, TableError."""
    names = list(dict.fromkeys(limit.by for limit in brief.groups))
    groupings = [people.group_by(name) for name in names]
    codes = reached.astype(np.int64)
    for grouping in groupings:
        codes = codes * len(grouping.labels) + grouping.codes
    codes_present, cell = np.unique(codes, return_inverse=True)
    if len(codes_present) > MOST_GROUPS:
        words = LAB.fault_words(
            "JF-L007",
            "too_many_groups",
            by=join_with_and(names),
            groups=len(codes_present),
            most=MOST_GROUPS,
        )
        raise PolicyError([Fault.from_words("JF-L007", Place(brief.file, 1, 1), words)])
    group_of: dict[str, NDArray[np.int64]] = {}
    rest = codes_present
    for name, grouping in zip(reversed(names), reversed(groupings), strict=True):
        rest, group_of[name] = np.divmod(rest, len(grouping.labels))
    labels = tuple(_NOBODY_APART for _ in codes_present)
    return _Cells(
        Grouping("cells", EMPTY, cell.astype(np.uint8), labels),
        rest.astype(bool),
        tuple(_list_members(brief, dict(zip(names, groupings, strict=True)), group_of)),
    )


def _list_members(
    brief: Brief, groupings: dict[str, Grouping], group_of: dict[str, NDArray[np.int64]]
) -> Iterable[tuple[GroupLimit, Text, Text, NDArray[np.bool_]]]:
    for limit in brief.groups:
        grouping = groupings[limit.by]
        names = grouping.list_names()
        known = [name for label in grouping.labels for name in (label.zh, label.en)]
        for name in limit.only:
            if not any(name in of_group for of_group in names):
                words = LAB.fault_words(
                    "JF-L007", "unknown_group", by=limit.by, label=name, known=join_list(known)
                )
                raise PolicyError([Fault.from_words("JF-L007", Place(brief.file, 1, 1), words)])
        for number, label in enumerate(grouping.labels):
            if not limit.only or names[number] & set(limit.only):
                yield limit, grouping.label, label, group_of[limit.by] == number


__all__ = ["GroupLoss", "Scorer", "Space", "VariantScore"]
