"""Sweep files: read, and checked against the policy that they vary."""

from pathlib import Path

from jifen.lab.sweeps.sweep_file import Sweep, read_sweep
from jifen.policy.policy import Policy
from jifen.policy.reform import refuse_other_policy
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.scoring.files.file_faults import unreadable_file_fault


def load_sweep(path: Path, policy: Policy) -> Sweep:
    """The sweep of a file. Raises FileFault where there is no such file, PolicyError
    (file:line:column) where it does not fit."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise unreadable_file_fault(path, error) from error
    node = parse_yaml(text, path.name)
    lines = tuple(text.splitlines())
    sweep = read_sweep(node, lines)
    refuse_other_policy(policy, sweep.policy, node, lines)
    return sweep
