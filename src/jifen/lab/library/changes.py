"""A reform given as a mapping, a file or a policy, and its document as an analyst writes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from jifen.lab.reforms import load_reform
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform
from jifen.policy.source import parse_yaml

Change = Mapping[str, Any] | str | Path | Policy
"""A reform: paths into the policy with their new values (None takes away), a file, or a policy."""
_CHANGE = say("library.changes.the_change")
_LABEL = {"zh": _CHANGE.zh, "en": _CHANGE.en}


def apply_change(policy: Policy, change: Change, name: str = "change") -> Policy:
    """The policy with a change on top; `name` is that of a mapping. Raises PolicyError,
    FileFault."""
    if isinstance(change, Policy):
        return change
    if isinstance(change, str | Path):
        return load_reform(Path(change), policy)
    change_entry = {
        "reform": name,
        "change": {path: to_plain_value(new) for path, new in change.items()},
    }
    text = write_document(policy, change_entry)
    reform, _ = read_reform(parse_yaml(text, "change"), tuple(text.splitlines()))
    return policy.apply_reform(reform)


def write_document(policy: Policy, entry: Mapping[str, Any]) -> str:
    """A file as an analyst would write it, so that it is read as strictly."""
    head = {"language": "1", "label": _LABEL, "policy": policy.id}
    return str(yaml.safe_dump({**head, **entry}, allow_unicode=True, sort_keys=False))


def to_plain_value(value: Any) -> Any:
    """A value as YAML writes it: decimals and NumPy's numbers as plain ones."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_value(item) for item in value]
    return yaml.safe_load(str(value))
