"""A file of people → a file of points, larger than memory: parts are read, coded and scored by
several threads at once, and written in their order.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen.drafts import keep_together
from jifen.policy.policy import Policy
from jifen.scoring.files.check import Sample
from jifen.scoring.files.fault import FileFault
from jifen.scoring.files.faults import FaultTable
from jifen.scoring.files.inputs import Part, People, open_people
from jifen.scoring.files.outputs import Target
from jifen.scoring.files.work import Job, Pending, Runner, Scored, by_threads
from jifen.scoring.population.coding import CellFault
from jifen.scoring.population.columns import Plan
from jifen.scoring.population.kernel import processors
from jifen.scoring.population.results import result_schema
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
    """What was done: who surely reaches the line, who could, settled not (`perhaps`); whose total
    is not definite (`unknown`), and rows that cannot be used."""

    people: int
    reached: int
    perhaps: int
    unknown: int
    faulty_rows: int
    faults: int
    faults_file: Path | None
    checked: int
    contradictions: int = 0
    """Totals that contradict one another, in rows that are scored as they are."""


def score_file(
    order: Order, progress: Progress | None = None, runner: Runner = by_threads
) -> Summary:
    """Score a file. Nothing is left where it fails. `runner` says where the parts are scored: by
    threads of this process, or on a cluster. Raises FileFault, TableError, CellFaults (strict),
    Disagreement (check)."""
    people = open_people(order.people)
    _refuse_same(order, people)
    threads = order.threads or processors()
    rules = order.policy.at(order.on, order.readings)
    scorer = Scorer(rules, order.on, lines=order.lines, threads=1)
    bounds = order.bounds if order.bounds is not None else _may_be_unknown(order, people, scorer)
    names = people.schema.names
    plan = scorer.plan(names, assume=order.assume, keep=order.keep, bounds=bounds)
    schema = _schema(people, plan, result_schema(scorer.program, lines=order.lines, bounds=bounds))
    job = Job(
        order.policy,
        order.on,
        dict(order.readings),
        order.lines,
        bounds,
        plan,
        tuple(names),
        schema,
        bool(order.check),
    )
    with ExitStack() as stack:
        target = stack.enter_context(Target(order.target, schema))
        faults = stack.enter_context(FaultTable(order.target))
        target.open()
        sample = Sample(order.check, order.policy, order.on, order.readings, plan)
        done = _Tally()
        for part, scored in _in_order(runner, job, people, threads):
            _refuse_faults(order, scored.faults, done.people)
            target.write(scored.table)
            faults.add(part.file, [*scored.faults, *scored.contradictions], done.people)
            if scored.read is not None:
                sample.offer(scored.read, scored.table, done.people)
            done.add(scored)
            if progress:
                progress(done.people, people.people)
        target.finish()
        faults.finish()
        sample.compare()
        keep_together(faults, target)
    return Summary(
        done.people,
        done.reached,
        done.perhaps,
        done.unknown,
        done.faulty,
        done.faults,
        faults.written,
        len(sample),
        done.contradictions,
    )


@dataclass(slots=True)
class _Tally:
    people: int = 0
    reached: int = 0
    perhaps: int = 0
    unknown: int = 0
    faulty: int = 0
    faults: int = 0
    contradictions: int = 0

    def add(self, scored: Scored) -> None:
        self.people += scored.table.num_rows
        self.reached += scored.reached
        self.perhaps += scored.perhaps
        self.unknown += scored.unknown
        self.faulty += scored.faulty
        self.faults += len(scored.faults)
        self.contradictions += scored.contradicting


def _in_order(
    runner: Runner, job: Job, people: People, threads: int
) -> Iterator[tuple[Part, Scored]]:
    """Every part with its result, in the order of the file; a few parts ahead, no more."""
    waiting: deque[tuple[Part, Pending]] = deque()
    with runner(job, threads) as (submit, ahead):
        for part in people.parts(job.text):
            waiting.append((part, submit(part)))
            if len(waiting) > ahead:
                first, pending = waiting.popleft()
                yield first, pending.result()
        while waiting:
            first, pending = waiting.popleft()
            yield first, pending.result()


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
