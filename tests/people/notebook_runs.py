"""Runs a notebook as a kernel does, cell by cell in one namespace, and gives what each cell shows.

Our notebooks are plain Python, without magics or widgets. Jupyter's own runner would bring a kernel
process, ZeroMQ and some twenty packages to run the same lines.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


def read_notebook(path: Path) -> Notebook:
    """The notebook as its JSON says."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def run_notebook(path: Path) -> Iterator[tuple[str, object]]:
    """The id of every code cell, and the value of its last line (None: it shows nothing). A cell
    that fails raises, with file and line of the cell in the traceback."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "code":
            yield cell["id"], _run_cell("".join(cell["source"]), f"{path.name}:{cell['id']}", names)


def _run_cell(source: str, place: str, names: dict[str, Any]) -> object:
    body = ast.parse(source, place).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), place, "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), place, "eval"), names)
