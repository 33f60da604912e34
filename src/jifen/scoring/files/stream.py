"""A file of people → a file of points, larger than memory: parts are read, coded and scored by
several threads at once, and written in their order.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen import __version__
from jifen.drafts import keep_together
from jifen.facts.extracts.mapping import ExtractMap
from jifen.policy.policy import Policy
from jifen.scoring.files.check import Sample
from jifen.scoring.files.fault import ExtractFault, FileFault
from jifen.scoring.files.faults import FaultTable
from jifen.scoring.files.finished_parts import KeptParts
from jifen.scoring.files.inputs import Part, People, open_people
from jifen.scoring.files.outputs import Target
from jifen.scoring.files.reading import reading_of
from jifen.scoring.files.repeated import Repeated, key_column
from jifen.scoring.files.tally import Summary, Tally, faults_of_kept, faults_of_rows
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
    mapping: ExtractMap | None = None
    resume: bool = False
    """Keep finished parts beside the target until all are, so that the same order goes on."""


def score_file(
    order: Order, progress: Progress | None = None, runner: Runner = by_threads
) -> Summary:
    """Score a file. Nothing is left where it fails, except with `resume` the parts that are
    finished. `runner` says where the parts are scored: by threads of this process, or on a cluster.
    Raises FileFault, TableError, CellFaults (strict), Disagreement (check), and ExtractFault
    (JF-F077) where no row can be scored; the side table is written all the same."""
    people = open_people(order.people, reading_of((order.policy.vocabulary,), order.mapping))
    _refuse_same(order, people)
    job = _job(order, people)
    threads = order.threads or processors()
    kept = KeptParts(order.target, _said(order, people, job)) if order.resume else None
    with ExitStack() as stack:
        target = stack.enter_context(Target(order.target, job.schema))
        faults = stack.enter_context(FaultTable(order.target))
        repeated = stack.enter_context(Repeated(job.key)) if job.key else None
        if kept:
            kept.open()
        target.open()
        sample = Sample(order.check, order.policy, order.on, order.readings, job.plan)
        done = Tally()
        for part, scored in _in_order(runner, job, people, threads, kept):
            _refuse_faults(order, scored.faults, done.people)
            target.write(scored.table)
            _tell(faults, part, scored, done, job)
            if scored.read is not None:
                sample.offer(scored.read, scored.table, done.people)
            if repeated and scored.keys is not None:
                repeated.add(part, scored.keys)
            done.add(part, scored)
            if progress:
                progress(done.people, _expected(people, part, done.people))
        doubles, told = repeated.found() if repeated else (0, [])
        for file, fault in told:
            faults.add(file, [fault], 0)
        target.finish()
        faults.finish()
        sample.compare()
        if done.people == done.faulty:
            faults.keep()
            raise _nobody(order, done, faults.written)
        keep_together(faults, target)
    if kept:
        kept.remove()
    return done.summary(faults.written, len(sample), doubles)


def _job(order: Order, people: People) -> Job:
    """The work to be done with every part. Raises TableError."""
    mapping, names = order.mapping, people.schema.names
    if mapping:
        order = replace(order, assume={**mapping.assume, **order.assume})
    rules = order.policy.rules_on(order.on, order.readings)
    scorer = Scorer(rules, order.on, lines=order.lines, threads=1)
    bounds = order.bounds if order.bounds is not None else _may_be_unknown(order, people, scorer)
    plan = scorer.plan(names, assume=order.assume, keep=order.keep, bounds=bounds)
    schema = _schema(people, plan, result_schema(scorer.program, lines=order.lines, bounds=bounds))
    key = people.reading.called(mapping.key) if mapping and mapping.key else ""
    return Job(
        order.policy,
        order.on,
        dict(order.readings),
        order.lines,
        bounds,
        plan,
        tuple(names),
        schema,
        bool(order.check),
        key_column(names, key),
    )


def _tell(faults: FaultTable, part: Part, scored: Scored, done: Tally, job: Job) -> None:
    """Put into the side table what cannot be used of a part."""
    misfits = faults_of_kept(part, job.plan.kept)
    done.misfits += len(misfits)
    rows = faults_of_rows(part, len(job.names))
    said = [*rows, *scored.faults, *scored.contradictions, *misfits]
    faults.add(part.file, said, done.people)


def _expected(people: People, part: Part, done: int) -> int | None:
    """How many people there are, or how many there seem to be."""
    if people.people is not None or not part.share or len(people.files) > 1:
        return people.people
    return max(done, int(done / part.share))


def _nobody(order: Order, done: Tally, table: Path | None) -> ExtractFault:
    if not done.people and not table:
        return ExtractFault("JF-F077", "no_rows", order.people)
    where = table.name if table else order.people.name
    return ExtractFault("JF-F077", "nobody", order.people, people=done.people, faults=where)


def _said(order: Order, people: People, job: Job) -> dict[str, Any]:
    """Everything on which the result of a run depends, for `resume`."""
    files = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in people.files]
    mapping = order.mapping.path.read_bytes().hex() if order.mapping else ""
    return {
        "jifen": __version__,
        "policy": order.policy.hash,
        "on": order.on,
        "files": files,
        "mapping": mapping,
        "options": [job.lines, job.bounds, job.readings, job.plan, job.key, str(job.schema)],
    }


def _in_order(
    runner: Runner, job: Job, people: People, threads: int, kept: KeptParts | None
) -> Iterator[tuple[Part, Scored]]:
    """Every part with its result, in the order of the file; a few parts ahead, no more."""
    waiting: deque[tuple[int, Part, Pending | None]] = deque()

    def result() -> tuple[Part, Scored]:
        number, part, pending = waiting.popleft()
        if pending is None and kept:
            return part, kept.load(number, job.schema)
        if pending is None:
            raise LookupError(number)
        scored = pending.result()
        if kept:
            kept.store(number, scored)
        return part, scored

    with runner(job, threads) as (submit, ahead):
        for number, part in enumerate(people.parts()):
            there = kept is not None and kept.has(number)
            waiting.append((number, part, None if there else submit(part)))
            if len(waiting) > ahead:
                yield result()
        while waiting:
            yield result()


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
        raise CellFaults([replace(f, row=f.row + before) for f in faults])
