"""The questions of the lab on a `Population`: each is one that `jifen lab` asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from jifen.lab.analysis import analyse_people, find_threshold_for_quota
from jifen.lab.analysis import run_serialization as run_words
from jifen.lab.analysis.quota_serialization import format_quota, quota_to_dict
from jifen.lab.disclosure.notes import mark_protection
from jifen.lab.disclosure.protection import protect_comparisons, protect_result
from jifen.lab.library.people import Population
from jifen.lab.library.results import Result
from jifen.lab.proposals import check_proposals, check_sweep
from jifen.lab.reforms import compare_reforms, load_reform
from jifen.lab.reforms import serialization as reform_words
from jifen.lab.reports import quota as quota_report
from jifen.lab.reports import reform as reform_report
from jifen.lab.reports import run as run_report
from jifen.lab.reports import sweep as sweep_report
from jifen.lab.sweeps import serialization as sweep_words
from jifen.lab.sweeps.sweep_file import Sweep, read_sweep
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.lab.sweeps.sweeper import run_sweep
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform
from jifen.policy.source import parse_yaml

Change = Mapping[str, Any] | str | Path | Policy
"""A reform: paths into the policy with their new values (None takes away), a file, or a policy."""
_CHANGE = say("library.questions.the_change")
_LABEL = {"zh": _CHANGE.zh, "en": _CHANGE.en}


def ask_run(people: Population, policy: Policy, on: date, by: Sequence[str] = ()) -> Result:
    """The population as it stands. Raises TableError."""
    result = protect_result(analyse_people(people.people, policy, on, groups=by), people.people)
    return Result(
        "run",
        {**mark_protection(people.people), **run_words.run_to_dict(result)},
        run_words.run_to_tables(result),
        lambda lang: run_words.format_run(result, lang),
        report=lambda: run_report.build_report(people.people, policy, result, on),
    )


def ask_quota(people: Population, policy: Policy, on: date, admit: int) -> Result:
    """The line that admits so many people. Raises TableError."""
    found = find_threshold_for_quota(people.people, policy, on, admit)
    result = protect_result(found, people.people)
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
        {**mark_protection(people.people), **document},
        {"around": pa.Table.from_pylist(rows)} if rows else {},
        lambda lang: format_quota(result, lang),
        report=lambda: quota_report.build_report(people.people, policy, result, on),
    )


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


def apply_change(policy: Policy, change: Change, name: str = "change") -> Policy:
    """The policy with a change on top; `name` is that of a mapping. Raises PolicyError,
    FileFault."""
    if isinstance(change, Policy):
        return change
    if isinstance(change, str | Path):
        return load_reform(Path(change), policy)
    change_entry = {
        "reform": name,
        "change": {path: _to_plain_value(new) for path, new in change.items()},
    }
    text = _write_document(policy, change_entry)
    reform, _ = read_reform(parse_yaml(text, "change"), tuple(text.splitlines()))
    return policy.apply_reform(reform)


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
    plan = _read_sweep_plan(policy, vary)
    checked = check_sweep(plan, policy, on, unchecked=unchecked)
    swept = run_sweep(people.people, list(plan.list_variants(policy)), on, group=by)
    result = protect_result(swept, people.people)
    marks = {**mark_protection(people.people), **checked.to_dict("en")}
    return Result(
        "sweep",
        {**marks, **sweep_words.sweep_to_dict(plan, result)},
        checked.mark_tables({"sweep": sweep_words.to_table(plan, result)}),
        lambda lang: sweep_words.format_sweep(plan, result, lang),
        report=lambda: sweep_report.build_report(people.people, policy, plan, result, on, checked),
    )


def _read_sweep_plan(policy: Policy, vary: Mapping[str, Sequence[Any]] | str | Path) -> Sweep:
    if isinstance(vary, str | Path):
        return load_sweep(Path(vary), policy)
    figures = [
        {
            "id": f"figure_{number}",
            "label": {"zh": path, "en": path},
            "paths": [path],
            "values": [_to_plain_value(value) for value in values],
        }
        for number, (path, values) in enumerate(vary.items(), start=1)
    ]
    text = _write_document(policy, {"sweep": "sweep", "vary": figures})
    return read_sweep(parse_yaml(text, "vary"), tuple(text.splitlines()))


def _write_document(policy: Policy, entry: Mapping[str, Any]) -> str:
    """A file as an analyst would write it, so that it is read as strictly."""
    head = {"language": "1", "label": _LABEL, "policy": policy.id}
    return str(yaml.safe_dump({**head, **entry}, allow_unicode=True, sort_keys=False))


def _to_plain_value(value: Any) -> Any:
    """A value as YAML writes it: decimals and NumPy's numbers as plain ones."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _to_plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_plain_value(item) for item in value]
    return yaml.safe_load(str(value))
