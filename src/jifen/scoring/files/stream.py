"""A file of people → a file of points, larger than memory: parts are read, coded and scored by
several threads at once, and written in their order.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jifen.policy.policy import Policy
from jifen.scoring.files.check import Sample
from jifen.scoring.files.fault import FileFault
from jifen.scoring.files.faults import FaultTable
from jifen.scoring.files.inputs import Part, People, open_people
from jifen.scoring.files.outputs import Target
from jifen.scoring.population.coding import CellFault
from jifen.scoring.population.columns import Plan
from jifen.scoring.population.kernel import processors
from jifen.scoring.population.results import result_schema, result_table
from jifen.scoring.population.score import CellFaults, Scorer

Progress = Callable[[int, int | None], None]
"""Called with the people done and the people in all (None: not known)."""


@dataclass(frozen=True)
class Order:
    """What to score and how."""

    policy: Policy
    on: date
    people: Path
    target: Path
    lines: bool = False
    bounds: bool | None = None
    """Whether to write bounds; None: where the file may hold unknown facts."""
    readings: Mapping[str, str] = field(default_factory=dict)
    assume: Mapping[str, Any] = field(default_factory=dict)
    keep: Sequence[str] | None = None
    strict: bool = False
    check: int = 0
    """How many people to score again with the plain evaluator."""
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done."""

    people: int
    reached: int
    unknown: int
    faulty_rows: int
    faults: int
    faults_file: Path | None
    checked: int


def score_file(order: Order, progress: Progress | None = None) -> Summary:
    """Score a file. Nothing is left where it fails. Raises FileFault, TableError, CellFaults
    (strict), Disagreement (check)."""
    people = open_people(order.people)
    _refuse_same(order, people)
    threads = order.threads or processors()
    rules = order.policy.at(order.on, order.readings)
    scorer = Scorer(rules, order.on, lines=order.lines, threads=1)
    bounds = order.bounds if order.bounds is not None else _may_be_unknown(order, people, scorer)
    names = people.schema.names
    plan = scorer.plan(names, assume=order.assume, keep=order.keep, bounds=bounds)
    schema = _schema(people, plan, result_schema(scorer.program, lines=order.lines, bounds=bounds))
    work = _Work(scorer, plan, names, schema, bounds=bounds)
    with ExitStack() as stack:
        target = stack.enter_context(Target(order.target, schema))
        faults = stack.enter_context(FaultTable(order.target))
        sample = Sample(order.check, order.policy, order.on, order.readings, plan)
        done = _Tally()
        for part, scored in _in_order(work, people, threads):
            _refuse_faults(order, scored.faults, done.people)
            target.write(scored.table)
            faults.add(part.file, scored.faults, done.people)
            sample.offer(scored.read, scored.table, done.people)
            done.add(scored)
            if progress:
                progress(done.people, people.people)
        target.finish()
        faults.finish()
        sample.compare()
        kept = faults.keep()
        target.keep()
    return Summary(
        done.people, done.reached, done.unknown, done.faulty, done.faults, kept, len(sample)
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    read: pa.Table
    table: pa.Table
    reached: int
    unknown: int
    faulty: int
    faults: list[CellFault]


@dataclass(slots=True)
class _Tally:
    people: int = 0
    reached: int = 0
    unknown: int = 0
    faulty: int = 0
    faults: int = 0

    def add(self, scored: _Scored) -> None:
        self.people += scored.table.num_rows
        self.reached += scored.reached
        self.unknown += scored.unknown
        self.faulty += scored.faulty
        self.faults += len(scored.faults)


class _Work:
    """What is done with one part, in any thread."""

    def __init__(
        self,
        scorer: Scorer,
        plan: Plan,
        names: Sequence[str],
        schema: pa.Schema,
        *,
        bounds: bool,
    ) -> None:
        self._scorer, self._plan, self._schema = scorer, plan, schema
        self._bounds, self._coder = bounds, scorer.coder(plan)
        read = [column for columns in plan.sources.values() for column in columns]
        read += [f"{ident}_not_applicable" for ident in plan.sources]
        self.text = [name for name in names if name in read]
        self._names = tuple(dict.fromkeys([*self.text, *plan.kept]))

    def do(self, part: Part) -> _Scored:
        table = part.read(self._names)
        scores = self._scorer.score(self._coder.code(table))
        result = result_table(self._scorer.program, scores, bounds=self._bounds)
        columns = [table.column(name) for name in self._plan.kept] + result.columns
        kept = pa.Table.from_arrays(columns, names=self._schema.names)
        return _Scored(
            table,
            _as(kept, self._schema, part.file),
            int(pc.sum(result.column("reached")).as_py() or 0),
            result.column("total").null_count,
            len(scores.faulty_rows),
            scores.faults,
        )


def _as(table: pa.Table, schema: pa.Schema, file: Path) -> pa.Table:
    """The table in the types of the first part. Raises FileFault."""
    if table.schema.equals(schema):
        return table
    try:
        return table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        why = str(error).splitlines()[0][:200]
        raise FileFault(
            file,
            f"列的类型与第一个文件不同（{why}）",
            f"has columns of other types than the first part ({why})",
        ) from error


def _in_order(work: _Work, people: People, threads: int) -> Iterator[tuple[Part, _Scored]]:
    """Every part with its result, in the order of the file; a few parts ahead, no more."""
    waiting: deque[tuple[Part, Future[_Scored]]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="jifen-file")
    try:
        for part in people.parts(work.text):
            waiting.append((part, pool.submit(work.do, part)))
            if len(waiting) > threads + 1:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _schema(people: People, plan: Plan, results: pa.Schema) -> pa.Schema:
    kept = [people.schema.field(name) for name in plan.kept]
    return pa.schema([*kept, *results], metadata=_labels(people.schema))


def _labels(schema: pa.Schema) -> dict[bytes, bytes]:
    """What a file says of itself, above all that its people are synthetic, is carried on."""
    said: dict[bytes, bytes] = schema.metadata or {}
    return {key: value for key, value in said.items() if key.startswith(b"jifen.")}


def _may_be_unknown(order: Order, people: People, scorer: Scorer) -> bool:
    facts = set(scorer.program.facts)
    return bool((facts - order.assume.keys()) - people.no_nulls) or any(
        value is ... for value in order.assume.values()
    )


def _refuse_same(order: Order, people: People) -> None:
    here = order.target.resolve()
    if any(file.resolve() == here for file in people.files):
        raise FileFault(
            order.target, "结果不能写到原文件上", "is also read; write the result elsewhere"
        )


def _refuse_faults(order: Order, faults: Sequence[CellFault], before: int) -> None:
    if order.strict and faults:
        raise CellFaults([CellFault(f.row + before, f.column, f.value, f.fault) for f in faults])
