"""A table of people → a table of their points. `score_population` is the whole way; a `Scorer`
does the same for one batch after another.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict, Unpack

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.facts.values import BadValue, coerce_value
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.bounds import BatchBounds, get_bounder
from jifen.scoring.population.coding import CellFault, CodedPeople, Coder, ContradictingRows
from jifen.scoring.population.columns import ColumnPlan, TableError, plan_columns
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.results import result_names, result_table
from jifen.scoring.population.source_columns import CountingRule
from jifen.scoring.words import say

ASSUMED_UNKNOWN = ...
"""In `assume`: nobody's fact is known. (None says that it applies to nobody.)"""
_BOUNDED_ROWS = 1 << 16


@dataclass(slots=True)
class BatchScores:
    """The results of one batch, as arrays over its people. `total` and `flags` hold for the rows
    outside `open_rows` (something is unknown: `bounds` has them) and `faulty_rows` (nothing)."""

    people: int
    total: NDArray[Any]
    flags: NDArray[np.uint8]
    lines: list[NDArray[Any]]
    open_rows: NDArray[np.intp]
    bounds: BatchBounds | None
    faulty_rows: NDArray[np.intp]
    faults: list[CellFault] = field(default_factory=list)
    contradicting_rows: list[ContradictingRows] = field(default_factory=list)


class BatchScorer:
    """Scores batches of people under some rules on a day."""

    def __init__(
        self,
        rules: Rules,
        on: date,
        *,
        lines: bool = False,
        threads: int | None = None,
    ) -> None:
        self.program: Program = build_program(rules)
        self.on, self.lines = on, lines
        self.threshold = self.program.threshold_on(on)
        self._threads = threads or count_processors()

    def plan_columns(
        self,
        names: Sequence[str],
        *,
        assume: Mapping[str, Any] | None = None,
        keep: Sequence[str] | None = None,
        bounds: bool,
    ) -> ColumnPlan:
        """Which columns of a table are read, and which are carried through."""
        results = result_names(self.program, lines=self.lines, bounds=bounds)
        return plan_columns(self.program, names, assumed=assume or {}, keep=keep, results=results)

    def build_coder(self, plan: ColumnPlan) -> Coder:
        """What turns batches with the planned columns into codes."""
        axes = self.program.axes
        same = {
            fact_id: encode_assumed(axes[fact_id], plan.assumed[fact_id])
            for fact_id, columns in plan.sources.items()
            if not columns
        }
        counting = build_counting_rule(self.program.rules, self.on)
        return Coder(axes, counting, plan.sources, same, self.program.rules.vocabulary)

    def score(self, coded: CodedPeople) -> BatchScores:
        """Score coded people."""
        kernel = get_kernel((self.program,), lines=self.lines, people=coded.people)
        outputs = kernel.allocate_outputs(coded.people)
        kernel.score(
            order_columns(self.program, coded.columns), outputs, [self.threshold], self._threads
        )
        total, flags, *lines = outputs[0]
        open_rows = coded.marked_rows(coded.unknown)
        bounds = self._bound_open_rows(coded, open_rows) if len(open_rows) else None
        faulty = coded.marked_rows(coded.faulty)
        return BatchScores(
            coded.people,
            total,
            flags,
            lines,
            open_rows,
            bounds,
            faulty,
            coded.faults,
            coded.contradicting_rows,
        )

    def _bound_open_rows(self, coded: CodedPeople, rows: NDArray[np.intp]) -> BatchBounds:
        bounder = get_bounder(self.program)
        parts = [
            bounder.bound_scores(
                {fact_id: codes[row_slice] for fact_id, codes in coded.columns.items()},
                self.threshold,
            )
            for row_slice in np.array_split(rows, len(rows) // _BOUNDED_ROWS + 1)
        ]
        return BatchBounds.concatenate(parts)


def build_counting_rule(rules: Rules, on: date) -> CountingRule:
    """To which day rules count on a day, and how."""
    reference = rules.reference
    return CountingRule(reference.day_for(on), reference.kind != "on_the_day")


def encode_assumed(axis: Any, value: Any) -> int:
    """The code of a fact that is the same for everybody (Ellipsis: unknown). Raises TableError."""
    if value is ASSUMED_UNKNOWN:
        return int(axis.absent)
    try:
        return int(axis.encode(coerce_value(axis.fact, value)))
    except BadValue as error:
        fault = error.to_fault(axis.fact.id)
        raise TableError(
            [
                say(
                    "population.scorer.assume",
                    fact_id=axis.fact.id,
                    sentence=Text(fault.to_sentence("zh"), fault.to_sentence("en")),
                )
            ]
        ) from None


class CellFaults(ValueError):
    """Values of a table that cannot be used, where nothing faulty is to be scored."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        self.faults = tuple(faults)
        first = faults[0]
        super().__init__(
            f"{len(faults)} values cannot be used; the first: row {first.row}, "
            f"column '{first.column}'. {first.fault.to_sentence('en')}"
        )


class ScoringOptions(TypedDict, total=False):
    """What may be said beside policy, table and day; see `score_population`."""

    lines: bool
    readings: Mapping[str, str] | None
    assume: Mapping[str, Any] | None
    keep: Sequence[str] | None
    strict: bool
    threads: int | None


def score_population(
    policy: Policy, table: pa.Table, *, on: date, **options: Unpack[ScoringOptions]
) -> pa.Table:
    """Score everybody of a table on a day.

    `table` has one column per fact (docs/population.md); a null is an absent fact, and a boolean
    column `<fact>_not_applicable` says where a fact does not apply. The result has `total` (null
    while unknown), `eligible`, `vetoed`, `reached` (three-valued), and with `lines` one column
    `points_<indicator>` each; where facts are absent also `total_least` and `total_most` (and the
    same for each line). Columns that are not read are kept through, or those that `keep` names.
    `assume` gives facts without a column a value for everybody (Ellipsis: unknown). A row with a
    value that cannot be used has null results (`score_with_faults` names them); `strict` raises
    CellFaults.
    Raises TableError where a column is missing.
    """
    return score_with_faults(policy, table, on=on, **options)[0]


def score_with_faults(
    policy: Policy,
    table: pa.Table,
    *,
    on: date,
    lines: bool = False,
    readings: Mapping[str, str] | None = None,
    assume: Mapping[str, Any] | None = None,
    keep: Sequence[str] | None = None,
    strict: bool = False,
    threads: int | None = None,
) -> tuple[pa.Table, list[CellFault]]:
    """As `score_population`, with the values that could not be used."""
    scorer = BatchScorer(policy.rules_on(on, readings), on, lines=lines, threads=1)
    plan = scorer.plan_columns(table.column_names, assume=assume, keep=keep, bounds=True)
    parts = _score_in_slices(scorer, scorer.build_coder(plan), table, threads or count_processors())
    faults = [
        CellFault(f.row + n * _SLICE, f.column, f.value, f.fault)
        for n, scores in enumerate(parts)
        for f in scores.faults
    ]
    if strict and faults:
        raise CellFaults(faults)
    bounds = any(len(scores.open_rows) for scores in parts)
    result = pa.concat_tables(
        result_table(scorer.program, batch_scores, bounds=bounds) for batch_scores in parts
    )
    for name in reversed(plan.kept):
        result = result.add_column(0, table.schema.field(name), table.column(name))
    return result, faults


_SLICE = 1 << 20


def _score_in_slices(
    scorer: BatchScorer, coder: Coder, table: pa.Table, threads: int
) -> list[BatchScores]:
    """Slice after slice, each coded and scored while it is in the caches, by all threads."""

    def score_slice(start: int) -> BatchScores:
        return scorer.score(coder.encode(table.slice(start, _SLICE)))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(score_slice, range(0, max(table.num_rows, 1), _SLICE)))
