"""People with what was worked out of them kept: groups, the column of every table, the results of
the last programs. A draft that changes one table costs the column of that table, and two passes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import Grouping, People
from jifen.lab.reforms.compare import ReformResult, build_result, compare_scored, mark_known
from jifen.lab.reforms.crossing_loop import (
    CountedCrossings,
    JointGroups,
    TotalRange,
    count_crossings,
    join_groupings,
)
from jifen.lab.scoring import ScoredPeople, bound_rows, bound_scored, score_people
from jifen.lab.warm.draft_counting import (
    Bounded,
    CountedVersion,
    DraftedPoints,
    ScoredDraft,
    count_draft,
)
from jifen.lab.warm.point_columns import TableLookUp, column_of_table, prepare_look_up
from jifen.lab.warm.tally_loop import Adding, can_be_tallied, tally_columns
from jifen.policy.policy import Policy
from jifen.scoring.population.derived_numbers import DerivedAxis
from jifen.scoring.population.kernel import count_processors
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.program import Program, build_programs
from jifen.scoring.population.tables import OutcomeTable
from jifen.scoring.tree import GroupNode

Column = NDArray[Any]
Value = TypeVar("Value")
MOST_COLUMNS, MOST_SCORED, MOST_GROUPINGS = 48, 4, 12
"""What is kept of one population: at ten million people about 10, 30 and 10 MB each."""


class _Kept(Generic[Value]):
    """The last values that were asked for, by what they follow from."""

    def __init__(self, most: int) -> None:
        self._most, self._values = most, OrderedDict[Hashable, Value]()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def find(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """The value of a key, worked out where it is not kept."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = work_out()
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value


class WarmPeople:
    """A population that is asked again and again (`People` alone is asked once). Not for several
    threads at a time."""

    def __init__(self, people: People, threads: int | None = None) -> None:
        self.people, self._threads = people, threads or count_processors()
        self._columns = _Kept[Column](MOST_COLUMNS)
        self._scored = _Kept[ScoredPeople](MOST_SCORED)
        self._gates, self._rests = _Kept[Column](MOST_SCORED), _Kept[Column](MOST_SCORED)
        self._groupings = _Kept[Grouping](MOST_GROUPINGS)
        self._counted = _Kept[CountedCrossings](MOST_SCORED)
        self._joints = _Kept[list[JointGroups]](MOST_SCORED)
        self._states = _Kept[NDArray[np.uint8] | None](MOST_SCORED)
        self._rows = _Kept[NDArray[np.intp]](MOST_SCORED)
        self._asked = _Kept[None](MOST_COLUMNS)

    def group_by(self, name: str) -> Grouping:
        """The groups of `People.group_by`, kept."""
        return self._groupings.find(name, lambda: self.people.group_by(name))

    def learn_facts(self, policy: Policy) -> None:
        """What a draft asks beside the facts of its city is not known of these people."""
        self.people = self.people.with_own_facts(policy.vocabulary)

    def compare_reform(
        self, policy: Policy, reform: Policy, on: date, *, groups: Sequence[str] = ()
    ) -> ReformResult:
        """What `compare_reforms` gives of one reform. Raises TableError where a fact is missing."""
        self.learn_facts(reform)
        base, draft = build_programs((policy.rules_on(on), reform.rules_on(on)))
        groupings = [self.group_by(name) for name in groups]
        if not groups or self.people.weights is not None:
            before, after = self.score_pair(base, draft, on)
            return compare_scored(
                self.people, before, after, reform, groupings, on, threads=self._threads
            )
        totals_range = _range_of(base, draft)
        counted = self._count(base, draft, totals_range, on, tuple(groups))
        asked = len(groups)
        programs = base, draft
        return build_result(
            self.people, programs, reform, groupings, on, totals_range, counted, asked
        )

    def _count(
        self,
        base: Program,
        draft: Program,
        totals_range: TotalRange,
        on: date,
        groups: tuple[str, ...],
    ) -> CountedCrossings:
        """The counts of a draft from those of its version, which are kept."""
        before = self._score(base, base, on)
        state = self._states.find(before, lambda: mark_known(before))
        joints = self._joints.find(
            groups, lambda: join_groupings([self.group_by(name) for name in groups])
        )
        own_range = _range_of(base)
        own = self._counted.find(
            (before, groups),
            lambda: count_crossings(
                (before.total, before.total),
                (before.flags, before.flags),
                joints,
                own_range,
                state,
                self._threads,
            ),
        )
        counts = own if own_range == totals_range else own.widen(own_range, totals_range)
        version = CountedVersion(before.total, before.flags, state, joints, counts)
        drafted = self._drafted(base, draft, on)
        return count_draft(version, drafted, totals_range, self._threads)

    def _drafted(self, base: Program, draft: Program, on: date) -> DraftedPoints | ScoredDraft:
        line = draft.threshold_on(on)
        if not can_be_tallied(draft):
            after = self._score(draft, base, on)
            return ScoredDraft(after.total, after.flags)
        tree, rest = self._without_rest(draft, self._same_groups(draft, base))
        columns: dict[int, Column | TableLookUp] = {
            number: self._points_or_look_up(draft, number)
            for number in sorted(tree.all_lines())
            if number < len(draft.points)
        }
        if rest is not None:
            columns[len(draft.points)] = rest
        gates = self._gates_of(draft)
        adding = Adding(tree, draft.floor, line, draft.total_dtype)
        return DraftedPoints(adding, columns, gates, self._bound_draft(draft, line))

    def _points_or_look_up(self, program: Program, number: int) -> Column | TableLookUp:
        """The points of a table: kept where they are asked for again (a draft of which another cell
        is typed into), and looked up block by block the first time."""
        table = program.points[number]
        key = self._column_key(program, table)
        is_plain = bool(table.facts) and not any(fact in program.derived for fact in table.facts)
        if key in self._columns or not is_plain or key in self._asked:
            return self.points_of(program, table)
        self._asked.find(key, lambda: None)
        return prepare_look_up(table, self.people.get_columns(program), program.axes)

    def _bound_draft(self, program: Program, line: int) -> Bounded | None:
        rows = self._unknown_rows(program)
        if self.people.faulty is not None:
            rows = rows[~self.people.faulty[rows]]
        if not len(rows):
            return None
        bounds = bound_rows(program, self.people.get_columns(program), rows, line)
        return Bounded(rows, bounds.least, bounds.flags)

    def _unknown_rows(self, program: Program) -> NDArray[np.intp]:
        facts = tuple(fact for fact in program.facts if fact in self.people.with_absent)
        return self._rows.find(facts, lambda: self.people.find_unknown_rows(program))

    def score_pair(
        self, base: Program, draft: Program, on: date
    ) -> tuple[ScoredPeople, ScoredPeople]:
        """Everybody under a version and under a draft of it. Raises TableError where a fact is
        missing."""
        return self._score(base, base, on), self._score(draft, base, on)

    def _score(self, program: Program, base: Program, on: date) -> ScoredPeople:
        line = program.threshold_on(on)
        key = (program.fingerprint, line)
        return self._scored.find(key, lambda: self._score_anew(program, base, line, on))

    def _score_anew(self, program: Program, base: Program, line: int, on: date) -> ScoredPeople:
        if not can_be_tallied(program):
            return score_people(self.people, [program], on, threads=self._threads)[0]
        points = [self.points_of(program, table) for table in program.points]
        return self.tally(program, line, points, self._same_groups(program, base))

    def _same_groups(self, program: Program, base: Program) -> list[GroupNode]:
        """The groups below the root to which the draft does nothing."""
        before = {self._group_key(group, base) for group in base.tree.groups}
        return [g for g in program.tree.groups if self._group_key(g, program) in before]

    def _group_key(self, node: GroupNode, program: Program) -> Hashable:
        lines = tuple(self._column_key(program, program.points[line]) for line in node.lines)
        inner = tuple(self._group_key(group, program) for group in node.groups)
        return node.best, node.most, lines, inner

    def tally(
        self,
        program: Program,
        line: int,
        points: Sequence[Column],
        same: Sequence[GroupNode] = (),
    ) -> ScoredPeople:
        """Everybody with these points of each indicator, and the conditions of the program. What
        the groups `same` give together is kept for the next draft."""
        codes, rows = self.people.get_columns(program), self._unknown_rows(program)
        tree, columns = program.tree, list(points)
        if same:
            tree, rest = self._without_rest(program, same)
            columns += [] if rest is None else [rest]
        adding = Adding(tree, program.floor, line, program.total_dtype)
        arrays = tally_columns(
            adding, columns, self._gates_of(program), self.people.count, self._threads
        )
        return bound_scored(self.people, program, list(arrays), line, codes, rows)

    def _gates_of(self, program: Program) -> tuple[Column, Column]:
        """Who meets the conditions, and who has a veto."""
        eligible = self._gate(program, program.conditions, every=True)
        return eligible, self._gate(program, program.vetoes, every=False)

    def _without_rest(
        self, program: Program, same: Sequence[GroupNode]
    ) -> tuple[GroupNode, Column | None]:
        """The tree of the other groups, with a line more for all that `same` give (the column of
        it); the whole tree where they cannot be summed apart."""
        if not same or program.tree.best or program.tree.most is not None:
            return program.tree, None
        key = tuple(self._group_key(group, program) for group in same)
        rest = self._rests.find(
            (key, program.total_dtype.str), lambda: self._sum_groups(program, same)
        )
        tree = GroupNode(None, program.scale)
        others = [group for group in program.tree.groups if group not in same]
        tree.lines, tree.groups = [*program.tree.lines, len(program.points)], others
        return tree, rest

    def _sum_groups(self, program: Program, groups: Sequence[GroupNode]) -> Column:
        tree = GroupNode(None, program.scale)
        tree.groups = list(groups)
        lines = set(tree.all_lines())
        nothing = np.zeros(0, np.uint8)
        points = [
            self.points_of(program, table) if number in lines else nothing
            for number, table in enumerate(program.points)
        ]
        nobody = np.zeros(-(-self.people.count // LANES) * LANES, np.uint8)
        adding = Adding(tree, None, 0, program.total_dtype)
        return tally_columns(adding, points, (nobody, nobody), len(nobody), self._threads)[0]

    def points_of(self, program: Program, table: OutcomeTable) -> Column:
        """What a table of a program gives each person, as long as whole vectors need."""
        key = self._column_key(program, table)
        return self._columns.find(key, lambda: self._work_out_points(program, table))

    def _column_key(self, program: Program, table: OutcomeTable) -> Hashable:
        facts = tuple(
            (ident, program.axes[ident].cuts if ident in program.axes else None)
            for ident in table.facts
        )
        return facts, table.starts, table.cells.tobytes(), table.cells.shape

    def _work_out_points(self, program: Program, table: OutcomeTable) -> Column:
        columns, axes = self.people.get_columns(program), dict(program.axes)
        for ident in table.facts:
            if ident in program.derived:
                derived = program.derived[ident]
                columns[ident], axes[ident] = self._derived(program, derived), derived.axis
        return column_of_table(table, columns, axes, self.people.count, self._threads)

    def _derived(self, program: Program, derived: DerivedAxis) -> Column:
        columns = self.people.get_columns(program)
        codes = derived.compute_codes(columns, program.axes)
        return np.clip(codes, 0, derived.axis.absent).astype(derived.axis.dtype)

    def _gate(self, program: Program, tables: Sequence[OutcomeTable], *, every: bool) -> Column:
        """Of whom every one of some tables holds, or any of them: a byte for each person."""
        key = (every, tuple(self._column_key(program, table) for table in tables))

        def work_out() -> Column:
            size = -(-self.people.count // LANES) * LANES
            found = np.full(size, every, np.uint8)
            for table in tables:
                holds = self.points_of(program, table) != 0
                found = found & holds if every else found | holds
            return found

        return self._gates.find(key, work_out)


def _range_of(*programs: Program) -> TotalRange:
    """A range for the totals of some programs, wide enough that most drafts share it."""
    least = min(program.least for program in programs) // _BINS * _BINS
    most = -(-(max(program.most for program in programs) + 1) // _BINS) * _BINS
    return TotalRange(least, most - least)


_BINS = 512
