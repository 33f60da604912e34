"""The scoring of one part of a file, described as a plain value, so that a thread, a process or
another machine with the same rules can do it.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jifen.policy.policy import Policy
from jifen.scoring.files.duplicates import hash_keys
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.inputs import FilePart, place_fault
from jifen.scoring.population.coding import CellFault, list_contradictions
from jifen.scoring.population.columns import ColumnPlan, name_not_applicable_column
from jifen.scoring.population.results import result_table
from jifen.scoring.population.scorer import BatchScorer
from jifen.scoring.words import say


@dataclass(frozen=True, eq=False)
class ScoringJob:
    """The rules and the columns: the same for every part. `read_too` sends what was read along
    with the result, for a sample to be scored again."""

    policy: Policy
    on: date
    readings: Mapping[str, str]
    lines: bool
    bounds: bool
    plan: ColumnPlan
    names: tuple[str, ...]
    schema: pa.Schema
    returns_input: bool
    key: str | None = None
    """The column that says who a row is about."""

    @property
    def text_columns(self) -> list[str]:
        """The columns that facts are read from: of a CSV file, value by value."""
        read = [column for columns in self.plan.sources.values() for column in columns]
        read += [name_not_applicable_column(name) for name in read]
        return [name for name in self.names if name in read]


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """A part scored: its rows of the result, and counts: who surely reaches the line, who could,
    settled not, whose total is not definite, and rows that cannot be used."""

    read: pa.Table | None
    table: pa.Table
    reached: int
    perhaps: int
    unknown: int
    faulty: int
    faults: list[CellFault]
    contradictions: list[CellFault]
    contradicting: int
    day_numbers: int = 0
    keys: NDArray[np.uint64] | None = None


class PendingPart(Protocol):
    """A part that is being scored."""

    def result(self) -> ScoredPart: ...


Submit = Callable[[FilePart], PendingPart]
Runner = Callable[[ScoringJob, int], AbstractContextManager[tuple[Submit, int]]]
"""(job, threads) → how to hand in a part, and how many may be waiting."""


@contextmanager
def run_in_threads(job: ScoringJob, threads: int) -> Iterator[tuple[Submit, int]]:
    """Threads of this process."""
    work = PartScorer(job)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="jifen-file")
    try:
        yield (lambda part: pool.submit(work.score_part, part)), threads + 1
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class PartScorer:
    """Scores parts of one job; several threads may use it at once."""

    def __init__(self, job: ScoringJob) -> None:
        self._job = job
        rules = job.policy.rules_on(job.on, job.readings)
        self._scorer = BatchScorer(rules, job.on, lines=job.lines, threads=1)
        self._coder = self._scorer.build_coder(job.plan)
        key = [job.key] if job.key else []
        self._columns = tuple(dict.fromkeys([*job.text_columns, *job.plan.kept, *key]))

    def score_part(self, part: FilePart) -> ScoredPart:
        """Read, code and score one part. Raises FileFault."""
        job = self._job
        table = part.read_columns(self._columns, job.text_columns)
        scores = self._scorer.score(self._coder.encode(table))
        result = result_table(self._scorer.program, scores, bounds=job.bounds)
        columns = [table.column(name) for name in job.plan.kept] + result.columns
        part_table = pa.Table.from_arrays(columns, names=job.schema.names)
        return ScoredPart(
            table if job.returns_input else None,
            _cast_to_schema(part_table, job.schema, part.file),
            int(pc.sum(result.column("reached")).as_py() or 0),
            result.column("reached").null_count - len(scores.faulty_rows),
            result.column("total").null_count - len(scores.faulty_rows),
            len(scores.faulty_rows),
            [place_fault(fault, part, 0) for fault in scores.faults],
            [
                place_fault(fault, part, 0)
                for fault in list_contradictions(scores.contradicting_rows)
            ],
            sum(group.count for group in scores.contradicting_rows),
            part.count_day_numbers(),
            hash_keys(table.column(job.key)) if job.key else None,
        )


def _cast_to_schema(table: pa.Table, schema: pa.Schema, file: Path) -> pa.Table:
    """The table in the types of the first part. Raises FileFault."""
    if table.schema.equals(schema):
        return table
    try:
        return table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        why = str(error).splitlines()[0][:200]
        raise FileFault(file, say("files.jobs.has_columns_of_other_types", why=why)) from error
