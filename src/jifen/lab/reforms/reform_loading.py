"""Reform files: read, and laid over the policy that they name."""

from pathlib import Path

from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform, refuse_change_of_records, refuse_other_policy
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.scoring.files.file_faults import unreadable_file_fault


def load_reform(path: Path, policy: Policy) -> Policy:
    """The policy with the reform of a file on top. Raises FileFault where there is no such file,
    PolicyError (file:line:column) where it does not fit; faults of the changed rules show in
    `Policy.at`."""
    try:
        text = decode_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise unreadable_file_fault(path, error) from error
    node = parse_yaml(text, path.name)
    lines = tuple(text.splitlines())
    reform, ident = read_reform(node, lines)
    refuse_other_policy(policy, ident, node, lines)
    refuse_change_of_records(reform)
    return policy.apply_reform(reform)
