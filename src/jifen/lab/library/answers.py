"""What was counted, as the answer that the library gives and `jifen lab` prints: protected, in
words, as tables, as a document, as a report. One place for both, whoever did the counting (this
process or the workers of a cluster)."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from jifen.lab.analysis import run_serialization as run_words
from jifen.lab.analysis.quota import QuotaResult
from jifen.lab.analysis.quota_serialization import format_quota, quota_to_dict
from jifen.lab.analysis.run import RunResult
from jifen.lab.disclosure.notes import mark_protection
from jifen.lab.disclosure.protection import protect_result
from jifen.lab.fairness import FairnessResult
from jifen.lab.fairness import serialization as fairness_words
from jifen.lab.fairness.district_tiles import DistrictTiles
from jifen.lab.library.results import Result
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.reports import fairness as fairness_report
from jifen.lab.reports import quota as quota_report
from jifen.lab.reports import run as run_report
from jifen.lab.reports import sweep as sweep_report
from jifen.lab.sweeps import serialization as sweep_words
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.lab.sweeps.sweeper import SweepResult
from jifen.policy.policy import Policy


def answer_run(people: People, policy: Policy, counted: RunResult, on: date) -> Result:
    """The population as it stands."""
    result = protect_result(counted, people)
    return Result(
        "run",
        {**mark_protection(people), **run_words.run_to_dict(result)},
        run_words.run_to_tables(result),
        lambda lang: run_words.format_run(result, lang),
        report=lambda: run_report.build_report(people, policy, result, on),
    )


def answer_quota(people: People, policy: Policy, counted: QuotaResult, on: date) -> Result:
    """The line that admits so many people."""
    result = protect_result(counted, people)
    document = quota_to_dict(result)
    rows = [
        {
            "line": float(threshold["line"]),
            **{f"admitted_{k}": v for k, v in threshold["admitted"].items()},
        }
        for threshold in document["around"]
    ]
    return Result(
        "quota",
        {**mark_protection(people), **document},
        {"around": pa.Table.from_pylist(rows)} if rows else {},
        lambda lang: format_quota(result, lang),
        report=lambda: quota_report.build_report(people, policy, result, on),
    )


def answer_sweep(
    people: People,
    policy: Policy,
    plan: Sweep,
    counted: SweepResult,
    on: date,
    checked: CheckedRules,
) -> Result:
    """Every variant of a plan."""
    result = protect_result(counted, people)
    marks = {**mark_protection(people), **checked.to_dict("en")}
    return Result(
        "sweep",
        {**marks, **sweep_words.sweep_to_dict(plan, result)},
        checked.mark_tables({"sweep": sweep_words.to_table(plan, result)}),
        lambda lang: sweep_words.format_sweep(plan, result, lang),
        report=lambda: sweep_report.build_report(people, policy, plan, result, on, checked),
    )


def answer_fairness(
    people: People,
    policies: Sequence[Policy],
    counted: FairnessResult,
    on: date,
    checked: CheckedRules,
    tiles: DistrictTiles | None,
) -> Result:
    """Whom today's rules reach, and a reform where it is the second of the `policies`."""
    result = protect_result(counted, people)
    marks = {**mark_protection(people), **checked.to_dict("en")}
    return Result(
        "fairness",
        {**marks, **fairness_words.to_dict(result)},
        checked.mark_tables(fairness_words.to_tables(result)),
        lambda lang: fairness_words.format_fairness(result, lang),
        report=lambda: fairness_report.build_report(people, list(policies), result, on, tiles),
    )
