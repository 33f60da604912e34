"""What stands for a claim about safety: a file or a test of this repository."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_there(evidence: str) -> bool:
    path, _, name = evidence.partition("::")
    return (ROOT / path).is_file() and (not name or name in functions(path))
