"""How many people of a table stand within one move of the line.

For each person below the line and each move that they can begin on the day: would they be at the
line once the move is done and has its whole effect, that much older, with what they pay going on?
What cannot be known from totals is taken for the worse (windows keep their months and are filled
by the move alone, records do not expire), so the counts are lower bounds. Unknown counts as no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.planning.model import Move, Moves
from jifen.planning.read import moves_of
from jifen.policy.condition import Both, Condition, Either, Not, facts_of
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis
from jifen.scoring.population.coding import Coded
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.score import Scorer

YEAR = 12
Mask = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Near:
    """Of `people`: how many are at the line, how many would be by one move (`within`), and by each
    move (`by_move`); `open`: rows in which something is unknown or faulty. `rows` marks, for each
    move, whom it would bring there."""

    people: int
    reached: int
    within: int
    by_move: Mapping[str, int]
    open: int
    rows: Mapping[str, Mask]


def within_one_move(
    policy: Policy, table: pa.Table, *, on: date, readings: Mapping[str, str] | None = None
) -> Near:
    """Count them. The table is one of people, as for `score_population`. Raises TableError where a
    column is missing, NoMoves where the city has no moves."""
    scorer = Scorer(policy.at(on, readings), on)
    plan = scorer.plan(table.column_names, bounds=False)
    coded = scorer.coder(plan).code(table)
    return _Counting(scorer, coded, moves_of(policy.city), on).counted()


def added(several: Iterable[Near]) -> Near:
    """The counts of several tables together; their rows are let go."""
    found = list(several)
    names = dict.fromkeys(ident for near in found for ident in near.by_move)
    return Near(
        sum(near.people for near in found),
        sum(near.reached for near in found),
        sum(near.within for near in found),
        {ident: sum(near.by_move[ident] for near in found) for ident in names},
        sum(near.open for near in found),
        {},
    )


class _Counting:
    def __init__(self, scorer: Scorer, coded: Coded, moves: Moves, on: date) -> None:
        self._scorer, self._coded, self._moves, self._on = scorer, coded, moves, on
        self._axes = scorer.program.axes
        self._known = np.ones(coded.people, bool)
        for mask in (coded.unknown, coded.faulty):
            if mask is not None:
                self._known &= ~mask

    def counted(self) -> Near:
        """Every move in turn."""
        today = self._reached(self._coded.columns)
        below, rows = self._known & ~today, dict[str, Mask]()
        for move in self._moves.moves:
            able = below & self._able(move)
            rows[move.id] = able & self._reached(self._done(move)) if able.any() else able
        return Near(
            self._coded.people,
            int(today.sum()),
            int(np.logical_or.reduce(list(rows.values())).sum()),
            {ident: int(there.sum()) for ident, there in rows.items()},
            int((~self._known).sum()),
            rows,
        )

    def _reached(self, columns: Columns) -> Mask:
        """Rows of which all is known and which are at the line."""
        scores = self._scorer.score(Coded(self._coded.people, columns))
        found: Mask = ((scores.flags & REACHED) != 0) & self._known
        return found

    def _able(self, move: Move) -> Mask:
        if not move.open_on(self._on):
            return np.zeros(self._coded.people, bool)
        if move.needs is None:
            return np.ones(self._coded.people, bool)
        return self._holds(move.needs)

    def _holds(self, condition: Condition) -> Mask:
        """Where a condition holds; a fact without a column is not known, and its test fails."""
        if isinstance(condition, Not):
            return ~self._holds(condition.inner) & self._there(condition.inner)
        if isinstance(condition, Both):
            return self._holds(condition.left) & self._holds(condition.right)
        if isinstance(condition, Either):
            return self._holds(condition.left) | self._holds(condition.right)
        axis, codes = self._axes.get(condition.fact), self._coded.columns.get(condition.fact)
        if axis is None or codes is None:
            return np.zeros(self._coded.people, bool)
        test, fact = condition.test(), condition.fact
        answers = [test({fact: _value(axis, code)}) for code in range(axis.size)]
        table = np.zeros(axis.absent + 1, bool)
        table[: axis.size] = answers
        found: Mask = table[codes]
        return found

    def _there(self, condition: Condition) -> Mask:
        """Where the facts of a condition have a column at all."""
        known = all(ident in self._coded.columns for ident in facts_of(condition))
        return np.full(self._coded.people, known)

    def _done(self, move: Move) -> Columns:
        """The columns once a move has its whole effect."""
        columns, months = dict(self._coded.columns), move.shortest + move.settles
        for ident, axis in self._axes.items():
            derive = axis.fact.derive
            if derive and derive.measure == "completed_years":
                columns[ident] = _more(axis, columns[ident], -(-months // YEAR))
            elif derive and derive.measure in ("valid_months", "unbroken_months"):
                columns[ident] = self._insured(axis, columns[ident], move, months)
            elif derive and derive.measure == "months_at_base" and move.contribute is not None:
                if derive.multiple is None or move.contribute >= derive.multiple:
                    paid = min(move.settles, derive.window or move.settles)
                    columns[ident] = _at_least(axis, columns[ident], paid)
            elif ident in move.sets:
                columns[ident] = np.full_like(columns[ident], axis.code(move.sets[ident]))
            elif ident in move.starts:
                columns[ident] = np.full_like(columns[ident], axis.code(move.settles))
        for gift in move.gives:
            if gift.fact in columns:
                again = (1 + move.settles // gift.every) if gift.every else 1
                amount = int(gift.amount) * again
                columns[gift.fact] = _given(self._axes[gift.fact], columns[gift.fact], amount)
        return columns

    def _insured(self, axis: Axis, codes: NDArray[Any], move: Move, months: int) -> NDArray[Any]:
        """Months that go on: for those who are insured, or from the move on."""
        window = axis.fact.derive.window if axis.fact.derive else None
        if move.contribute is not None and self._moves.insured_by in move.sets:
            return _at_least(axis, codes, min(move.settles, window or move.settles))
        if window is not None:
            return codes
        insured = self._coded.columns.get(self._moves.insured_by)
        more = _more(axis, codes, months)
        if insured is None:
            going = codes > axis.code(0)
        else:
            going = insured == self._axes[self._moves.insured_by].code(True)
        return np.where(going, more, codes)


def _value(axis: Axis, code: int) -> Any:
    """A value that a code stands for: of a stretch its first."""
    fact: Fact = axis.fact
    if fact.type == "bool":
        return code == 1
    if code == NOT_APPLICABLE:
        return None
    if fact.type == "choice":
        return fact.ids[code - 1]
    if axis.cuts is None:
        return int(fact.least) + code - 1
    return fact.least if code == 1 else axis.cuts[code - 2].value


def _more(axis: Axis, codes: NDArray[Any], amount: int) -> NDArray[Any]:
    """A number grown by an amount, at most to the most of its fact; of wide ones stretch by
    stretch, from its first value."""
    if axis.cuts is None:
        last = axis.size - 1
        grown = np.minimum(codes.astype(np.int32) + amount, last)
        keeps = (codes == NOT_APPLICABLE) | (codes == axis.absent)
        return np.where(keeps, codes, grown).astype(axis.dtype)
    table = np.arange(axis.absent + 1).astype(axis.dtype)
    for code in range(axis.size):
        start = _value(axis, code)
        table[code] = axis.code((start or 0) + amount)
    found: NDArray[Any] = table[codes]
    return found


def _given(axis: Axis, codes: NDArray[Any], amount: int) -> NDArray[Any]:
    """A gift: where the fact did not apply it is all there is."""
    first = np.where(codes == NOT_APPLICABLE, axis.code(0), codes).astype(axis.dtype)
    return _more(axis, first, amount)


def _at_least(axis: Axis, codes: NDArray[Any], months: int) -> NDArray[Any]:
    """A number of months that is at least so many."""
    return np.where(codes == axis.absent, codes, np.maximum(codes, axis.code(months))).astype(
        axis.dtype
    )
