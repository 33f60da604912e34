"""The questions of the lab on a `Population`: each is one that `jifen lab` asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jifen.lab.analysis import analyse_people, find_threshold_for_quota
from jifen.lab.disclosure.notes import mark_protection
from jifen.lab.disclosure.protection import protect_comparisons
from jifen.lab.library.answers import answer_quota, answer_run, answer_sweep
from jifen.lab.library.changes import Change, apply_change, to_plain_value, write_document
from jifen.lab.library.figure_labels import label_figures
from jifen.lab.library.people import Population
from jifen.lab.library.results import Result
from jifen.lab.proposals import check_proposals, check_sweep
from jifen.lab.reforms import compare_reforms
from jifen.lab.reforms import serialization as reform_words
from jifen.lab.reports import reform as reform_report
from jifen.lab.sweeps.sweep_file import Sweep, read_sweep
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.lab.sweeps.sweeper import run_sweep
from jifen.policy.policy import Policy
from jifen.policy.source import parse_yaml


def ask_run(people: Population, policy: Policy, on: date, by: Sequence[str] = ()) -> Result:
    """The population as it stands. Raises TableError."""
    counted = analyse_people(people.people, policy, on, groups=by)
    return answer_run(people.people, policy, counted, on)


def ask_quota(people: Population, policy: Policy, on: date, admit: int) -> Result:
    """The line that admits so many people. Raises TableError."""
    counted = find_threshold_for_quota(people.people, policy, on, admit)
    return answer_quota(people.people, policy, counted, on)


def ask_reform(
    people: Population,
    policy: Policy,
    on: date,
    change: Change,
    by: Sequence[str] = (),
    *,
    unchecked: bool = False,
) -> Result:
    """Today's rules and a reform on the same people. Raises PolicyError where the reform does not
    fit or fails the static checks (`unchecked`: simulated all the same), TableError."""
    changed = apply_change(policy, change)
    checked = check_proposals([changed], [on], unchecked=unchecked)
    compared = compare_reforms(people.people, policy, [changed], on, groups=by)
    [result] = protect_comparisons(compared, people.people)
    marks = {**mark_protection(people.people), **checked.to_dict("en")}
    return Result(
        "reform",
        {**marks, **reform_words.reform_to_dict(result)},
        checked.mark_tables(reform_words.reforms_to_tables([result])),
        lambda lang: reform_words.format_reform(result, lang),
        report=lambda: reform_report.build_report(
            people.people, policy, [changed], [result], on, checked
        ),
    )


def ask_sweep(
    people: Population,
    policy: Policy,
    on: date,
    vary: Mapping[str, Sequence[Any]] | str | Path,
    by: str | None = None,
    *,
    unchecked: bool = False,
) -> Result:
    """Every combination of values of some figures (path → values), or a sweep file. Raises
    PolicyError, TableError."""
    plan = _read_sweep_plan(policy, on, vary)
    checked = check_sweep(plan, policy, on, unchecked=unchecked)
    swept = run_sweep(people.people, list(plan.list_variants(policy)), on, group=by)
    return answer_sweep(people.people, policy, plan, swept, on, checked)


def _read_sweep_plan(
    policy: Policy, on: date, vary: Mapping[str, Sequence[Any]] | str | Path
) -> Sweep:
    if isinstance(vary, str | Path):
        return load_sweep(Path(vary), policy)
    labels = label_figures(policy, on, vary)
    figures = [
        {
            "id": f"figure_{number}",
            "label": {"zh": labels[path].zh, "en": labels[path].en},
            "paths": [path],
            "values": [to_plain_value(value) for value in values],
        }
        for number, (path, values) in enumerate(vary.items(), start=1)
    ]
    text = write_document(policy, {"sweep": "sweep", "vary": figures})
    return read_sweep(parse_yaml(text, "vary"), tuple(text.splitlines()))
