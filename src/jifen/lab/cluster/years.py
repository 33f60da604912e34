"""Years ahead on a cluster: each worker walks cohorts, whose whole counts are added up.

A person's luck hangs on the seed and the person's number only: who walks a cohort changes nothing.
"""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from jifen.lab.cluster.parts import WorkerMeasure, name_measure, run_tasks
from jifen.lab.cluster.runner import ClusterFault
from jifen.lab.population import People, open_packed
from jifen.lab.population.source import refuse_other_weights
from jifen.lab.population.store import is_packed
from jifen.lab.words import say
from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.cohort_block import Cohort
from jifen.lab.years.cohort_path import ProjectionPlan
from jifen.lab.years.projection import build_plan, count_cohort, prepare_cohorts
from jifen.lab.years.results import YearsResult
from jifen.lab.years.tally import Tally
from jifen.policy.policy import Policy, Reform


@dataclass(frozen=True, slots=True)
class _ProjectionTask:
    """What a worker needs; equal ones (by `digest`) are made into a plan once."""

    digest: str
    folder: Path
    measure: WorkerMeasure
    years: int
    seed: int
    by: str | None
    reforms: tuple[Reform | None, ...] = field(compare=False)
    assumptions: Assumptions = field(compare=False)


def project_on_cluster(
    address: str,
    folder: Path,
    policies: Sequence[Policy],
    on: date,
    years: int,
    assumptions: Assumptions,
    *,
    seed: int = 7,
    by: str | None = None,
    weight: str = "",
) -> YearsResult:
    """As `project`, of a packed folder that all workers see. `policies` are one measure and reforms
    of it. Raises StoreFault, TableError, ClusterFault, and ValueError as `project` does."""
    refuse_unpacked(folder)
    people = open_packed(folder, policies[0].vocabulary)
    refuse_other_weights(people, folder, weight)
    plan = build_plan(policies, on, years, assumptions, by, seed)
    labels, cohorts = prepare_cohorts(people, plan)
    reforms = tuple(policy.reforms[-1] if policy.reforms else None for policy in policies)
    digest = hashlib.sha256(pickle.dumps((reforms, assumptions))).hexdigest()
    measure = name_measure(policies[0], on)
    task = _ProjectionTask(digest, folder.resolve(), measure, years, seed, by, reforms, assumptions)
    weighted = people.weights is not None
    tally = Tally.make_empty(len(policies), years, len(labels), weighted=weighted)
    for counted in run_tasks(address, _count_cohort_part, ((task, cohort) for cohort in cohorts)):
        tally.add_tally(counted)
    return YearsResult(people, tuple(policies), plan, labels, tally)


def refuse_unpacked(folder: Path) -> None:
    """Every worker looks up all people, so they must be packed. Raises ClusterFault."""
    if not is_packed(folder):
        raise ClusterFault(str(folder), say("cluster.years.is_not_packed"))


def _count_cohort_part(task: _ProjectionTask, cohort: Cohort) -> Tally:
    """What a worker does."""
    people, plan = _build_task_plan(task)
    return count_cohort(people, cohort, plan)


@lru_cache(maxsize=2)
def _build_task_plan(task: _ProjectionTask) -> tuple[People, ProjectionPlan]:
    policy = task.measure.load_policy()
    policies = [policy.apply_reform(reform) if reform else policy for reform in task.reforms]
    plan = build_plan(policies, task.measure.on, task.years, task.assumptions, task.by, task.seed)
    return open_packed(task.folder, policy.vocabulary), plan
