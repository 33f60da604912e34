"""What tests of the lab ask of packed people, and policies with changed paths."""

from collections.abc import Callable
from datetime import date

from jifen.cities import load
from jifen.lab.population import People
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text

Packed = Callable[..., People]
SHANGHAI, ON = load("shanghai", "2018"), date(2025, 6, 1)


def change_policy(policy: Policy, **change: str) -> Policy:
    """A policy with some paths changed (`__` for a dot)."""
    nodes = {path.replace("__", "."): parse_yaml(value, "change") for path, value in change.items()}
    return policy.apply_reform(Reform("try", Text("试行", "try"), nodes))
