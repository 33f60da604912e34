"""Parts of a file scored by dask workers.

A worker loads the measure from its own copy of Jifen and checks its hash, so that no rule travels
unseen; the data are read by the workers themselves, from storage that all of them share.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jifen import __version__, cities
from jifen.lab.words import say
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.files.jobs import PartScorer, PendingPart, Runner, ScoredPart, ScoringJob, Submit
from jifen.scoring.population.machine_code import ENGINE

SECONDS_TO_CONNECT = 10
_AHEAD = 3
"""Parts that wait for each worker thread, so that none idles and memory stays bounded."""


class ClusterFault(FileFault):
    """A cluster that cannot be reached, or whose workers cannot do the work."""


@dataclass(frozen=True)
class SentJob:
    """A job without its policy, which each worker has of its own: `hash` says which it must be."""

    job: ScoringJob
    city: str
    version: str
    hash: str
    engine: tuple[str, int]
    path: str = ""


def make_cluster_runner(address: str) -> Runner:
    """A runner for `score_file`: the address of a scheduler, or `local:N` for N processes here."""

    @contextmanager
    def run_on_cluster(job: ScoringJob, threads: int) -> Iterator[tuple[Submit, int]]:
        del threads
        with connect_cluster(address) as client:
            sent = client.scatter(_make_sent_job(job), broadcast=True, hash=False)
            workers = sum(client.nthreads().values())

            def submit_part(part: FilePart) -> PendingPart:
                # tried again elsewhere where a worker dies: a part is pure
                future = client.submit(_score_part, sent, part, pure=False, retries=2)
                return _PendingFuture(address, future)

            yield submit_part, max(workers, 1) * _AHEAD

    return run_on_cluster


def _make_sent_job(job: ScoringJob) -> SentJob:
    policy = job.policy
    if policy.reforms:
        raise ClusterFault("--cluster", say("cluster.runner.does_not_take_reforms"))
    empty: Any = None
    return SentJob(
        replace(job, policy=empty),
        policy.city,
        policy.version,
        policy.hash,
        (__version__, ENGINE),
        find_shared_path(policy),
    )


@dataclass(frozen=True, slots=True)
class _PendingFuture:
    address: str
    future: Any

    def result(self) -> ScoredPart:
        scored: ScoredPart = wait_for_outcome(self.address, self.future)
        return scored


def wait_for_outcome(address: str, future: Any) -> Any:
    """What a worker answered. Raises what it raised, and ClusterFault where workers keep dying."""
    killed: Any = import_module("distributed.scheduler").KilledWorker
    try:
        answer = future.result()
    except killed as error:
        raise ClusterFault(address, say("cluster.runner.workers_died_again_and_again")) from error
    future.release()
    return answer


def _score_part(sent: SentJob, part: FilePart) -> ScoredPart:
    """What a worker does."""
    return _get_part_scorer(sent).score_part(part)


@lru_cache(maxsize=4)
def _get_part_scorer(sent: SentJob) -> PartScorer:
    """A job is unpacked once on a worker, and made ready once."""
    policy = load_same_policy(sent.city, sent.version, sent.path, sent.hash, sent.engine)
    return PartScorer(replace(sent.job, policy=policy))


def find_shared_path(policy: Policy) -> str:
    """The file of a measure that does not come with Jifen, for workers that share the storage;
    empty for the others."""
    inside = policy.path is None or policy.path.is_relative_to(cities.ROOT)
    return "" if inside else str(policy.path.resolve())  # type: ignore[union-attr]


def load_same_policy(
    city: str, version: str, path: str, digest: str, engine: tuple[str, int]
) -> Policy:
    """The measure as a worker has it: from the file of the client where it can be read, else from
    the worker's own cities. A worker with another Jifen or other rules must not take part. Raises
    ClusterFault."""
    is_local = bool(path) and Path(path).is_file()
    try:
        policy = cities.load_policy_file(Path(path)) if is_local else cities.load(city, version)
    except PolicyError as error:
        raise ClusterFault(
            "worker", say("cluster.runner.has_no_name_its_folder", city=city, version=version)
        ) from error
    local_versions = (__version__, ENGINE)
    if local_versions != engine or policy.hash != digest:
        raise ClusterFault(
            "worker",
            say(
                "cluster.runner.has_jifen_and_rules",
                local_versions=local_versions,
                hash=policy.hash[:19],
                engine=engine,
                digest=digest[:19],
            ),
        )
    return policy


@contextmanager
def connect_cluster(address: str) -> Iterator[Any]:
    """A connection; processes that were started for it end with it."""
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise ClusterFault(
            "--cluster",
            say("cluster.runner.needs_pip_install_jifen_cluster", error_name=error.name),
        ) from None
    kind, _, number = address.partition(":")
    if kind == "local":
        if not number.isdigit() or not 0 < int(number) <= 256:
            raise ClusterFault(address, say("cluster.runner.should_be_local_n_such"))
        options = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
        with (
            distributed.LocalCluster(n_workers=int(number), **options) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=SECONDS_TO_CONNECT)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterFault(
            address, say("cluster.runner.no_scheduler_answers_there", error=error)
        ) from error
    with client:
        if not client.nthreads():
            raise ClusterFault(address, say("cluster.runner.the_cluster_has_no_workers"))
        yield client
