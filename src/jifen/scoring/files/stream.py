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
from jifen.drafts import move_together
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.policy.policy import Policy
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.duplicates import DuplicateFinder, find_key_column
from jifen.scoring.files.fault_table import FaultTable
from jifen.scoring.files.file_faults import ExtractFault, FileFault
from jifen.scoring.files.finished_parts import FinishedParts
from jifen.scoring.files.inputs import FilePart, PeopleFile, open_people
from jifen.scoring.files.jobs import PendingPart, Runner, ScoredPart, ScoringJob, run_in_threads
from jifen.scoring.files.locations import measure_file
from jifen.scoring.files.outputs import ResultFile
from jifen.scoring.files.sample_check import CheckSample
from jifen.scoring.files.tally import (
    RunSummary,
    RunTally,
    list_misfit_faults,
    list_ragged_row_faults,
)
from jifen.scoring.population.coding import CellFault
from jifen.scoring.population.columns import ColumnPlan
from jifen.scoring.population.kernel import count_processors
from jifen.scoring.population.results import result_schema
from jifen.scoring.population.scorer import BatchScorer, CellFaults
from jifen.scoring.words import say

Progress = Callable[[int, int | None], None]
"""Called with the people done and the people in all (None: not known)."""


@dataclass(frozen=True)
class ScoringOrder:
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
    mapping: ExtractMapping | None = None
    resume: bool = False
    """Keep finished parts beside the target until all are, so that the same order goes on."""


def score_file(
    order: ScoringOrder, progress: Progress | None = None, runner: Runner = run_in_threads
) -> RunSummary:
    """Score a file. Nothing is left where it fails, except with `resume` the parts that are
    finished. `runner` says where the parts are scored: by threads of this process, or on a cluster.
    Raises FileFault, TableError, CellFaults (strict), Disagreement (check), and ExtractFault
    (JF-F077) where no row can be scored; the side table is written all the same."""
    people = open_people(order.people, build_reading((order.policy.vocabulary,), order.mapping))
    _refuse_input_as_target(order, people)
    job = _build_job(order, people)
    threads = order.threads or count_processors()
    finished_parts = (
        FinishedParts(order.target, _describe_run(order, people, job)) if order.resume else None
    )
    with ExitStack() as stack:
        target = stack.enter_context(ResultFile(order.target, job.schema))
        faults = stack.enter_context(FaultTable(order.target))
        repeated = stack.enter_context(DuplicateFinder(job.key)) if job.key else None
        if finished_parts:
            finished_parts.open_folder()
        target.open()
        sample = CheckSample(order.check, order.policy, order.on, order.readings, job.plan)
        tally = RunTally()
        for part, scored in _score_in_order(runner, job, people, threads, finished_parts):
            _refuse_faults(order, scored.faults, tally.people)
            target.write(scored.table)
            _record_faults(faults, part, scored, tally, job)
            if scored.read is not None:
                sample.draw_from(scored.read, scored.table, tally.people)
            if repeated and scored.keys is not None:
                repeated.add_keys(part, scored.keys)
            tally.add_part(part, scored)
            if progress:
                progress(tally.people, _estimate_people(people, part, tally.people))
        duplicate_count, duplicates = repeated.find_duplicates() if repeated else (0, [])
        for file, fault in duplicates:
            faults.append_faults(file, [fault], 0)
        target.finish()
        faults.finish()
        sample.compare_scores()
        if tally.people == tally.faulty:
            faults.keep()
            raise _nothing_scored_fault(order, tally, faults.written_path)
        move_together(faults, target)
    if finished_parts:
        finished_parts.remove_folder()
    return tally.summarize(faults.written_path, len(sample), duplicate_count)


def _build_job(order: ScoringOrder, people: PeopleFile) -> ScoringJob:
    """The work to be done with every part. Raises TableError."""
    mapping, names = order.mapping, people.schema.names
    if mapping:
        order = replace(order, assume={**mapping.assume, **order.assume})
    rules = order.policy.rules_on(order.on, order.readings)
    scorer = BatchScorer(rules, order.on, lines=order.lines, threads=1)
    bounds = (
        order.bounds if order.bounds is not None else _may_have_unknown_facts(order, people, scorer)
    )
    plan = scorer.plan_columns(names, assume=order.assume, keep=order.keep, bounds=bounds)
    schema = _output_schema(
        people, plan, result_schema(scorer.program, lines=order.lines, bounds=bounds)
    )
    key = people.reading.rename_column(mapping.key) if mapping and mapping.key else ""
    return ScoringJob(
        order.policy,
        order.on,
        dict(order.readings),
        order.lines,
        bounds,
        plan,
        tuple(names),
        schema,
        bool(order.check),
        find_key_column(names, key),
    )


def _record_faults(
    faults: FaultTable, part: FilePart, scored: ScoredPart, tally: RunTally, job: ScoringJob
) -> None:
    """Put into the side table what cannot be used of a part."""
    misfits = list_misfit_faults(part, job.plan.kept)
    tally.misfits += len(misfits)
    rows = list_ragged_row_faults(part, len(job.names))
    part_faults = [*rows, *scored.faults, *scored.contradictions, *misfits]
    faults.append_faults(part.file, part_faults, tally.people)


def _estimate_people(people: PeopleFile, part: FilePart, done: int) -> int | None:
    """How many people there are, or how many there seem to be."""
    if people.people is not None or not part.share or len(people.files) > 1:
        return people.people
    return max(done, int(done / part.share))


def _nothing_scored_fault(order: ScoringOrder, tally: RunTally, table: Path | None) -> ExtractFault:
    if not tally.people and not table:
        return ExtractFault("JF-F077", "no_rows", order.people)
    faults_place = table.name if table else order.people.name
    return ExtractFault("JF-F077", "nobody", order.people, people=tally.people, faults=faults_place)


def _describe_run(order: ScoringOrder, people: PeopleFile, job: ScoringJob) -> dict[str, Any]:
    """Everything on which the result of a run depends, for `resume`."""
    files = [(f.name, *measure_file(f)) for f in people.files]
    mapping = order.mapping.path.read_bytes().hex() if order.mapping else ""
    return {
        "jifen": __version__,
        "policy": order.policy.hash,
        "on": order.on,
        "files": files,
        "mapping": mapping,
        "options": [job.lines, job.bounds, job.readings, job.plan, job.key, str(job.schema)],
    }


def _score_in_order(
    runner: Runner,
    job: ScoringJob,
    people: PeopleFile,
    threads: int,
    finished_parts: FinishedParts | None,
) -> Iterator[tuple[FilePart, ScoredPart]]:
    """Every part with its result, in the order of the file; a few parts ahead, no more."""
    waiting: deque[tuple[int, FilePart, PendingPart | None]] = deque()

    def next_result() -> tuple[FilePart, ScoredPart]:
        number, part, pending = waiting.popleft()
        if pending is None and finished_parts:
            return part, finished_parts.load_part(number, job.schema)
        if pending is None:
            raise LookupError(number)
        scored = pending.result()
        if finished_parts:
            finished_parts.store_part(number, scored)
        return part, scored

    with runner(job, threads) as (submit, most_waiting):
        for number, part in enumerate(people.split_into_parts()):
            is_finished = finished_parts is not None and finished_parts.has_part(number)
            waiting.append((number, part, None if is_finished else submit(part)))
            if len(waiting) > most_waiting:
                yield next_result()
        while waiting:
            yield next_result()


def _output_schema(people: PeopleFile, plan: ColumnPlan, results: pa.Schema) -> pa.Schema:
    kept_fields = [people.schema.field(name) for name in plan.kept]
    return pa.schema([*kept_fields, *results], metadata=_inherited_metadata(people.schema))


def _inherited_metadata(schema: pa.Schema) -> dict[bytes, bytes]:
    """What a file says of itself, above all that its people are synthetic, is carried on."""
    metadata: dict[bytes, bytes] = schema.metadata or {}
    return {key: value for key, value in metadata.items() if key.startswith(b"jifen.")}


def _may_have_unknown_facts(order: ScoringOrder, people: PeopleFile, scorer: BatchScorer) -> bool:
    facts = set(scorer.program.facts)
    return bool((facts - order.assume.keys()) - people.no_nulls) or any(
        value is ... for value in order.assume.values()
    )


def _refuse_input_as_target(order: ScoringOrder, people: PeopleFile) -> None:
    target = order.target.resolve()
    if any(file.resolve() == target for file in people.files):
        raise FileFault(order.target, say("files.stream.is_also_read_write"))


def _refuse_faults(order: ScoringOrder, faults: Sequence[CellFault], before: int) -> None:
    if order.strict and faults:
        raise CellFaults([replace(f, row=f.row + before) for f in faults])
