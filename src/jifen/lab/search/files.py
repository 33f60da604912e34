"""Brief files: read, and checked against the measure of which they speak."""

from pathlib import Path

from jifen.lab.search.brief import Brief, read_brief
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.policy.policy import Policy
from jifen.policy.reform import refuse_other_policy
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.scoring.files.file_faults import unreadable_file_fault


def load_brief(path: Path, policy: Policy) -> Brief:
    """The brief of a file. Raises FileFault where there is no such file, PolicyError
    (file:line:column) where it does not fit."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise unreadable_file_fault(path, error) from error
    return read_brief_text(text, path.name, policy)


def read_brief_text(text: str, name: str, policy: Policy) -> Brief:
    """The brief of a text that has a name in its faults. Raises PolicyError."""
    node = parse_yaml(text, name)
    lines = tuple(text.splitlines())
    brief = read_brief(node, lines)
    refuse_other_policy(policy, brief.policy, node, lines)
    return brief


def sweep_of(brief: Brief) -> Sweep:
    """The grid of all its values, for the static checks of every value (`check_sweep`)."""
    return Sweep(brief.id, brief.label, brief.policy, True, brief.vary, brief.file, brief.lines)
