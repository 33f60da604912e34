"""What can be asked of a reading process. Each job takes a file and plain values, and gives plain
values and bytes; it raises NotRead."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Job = Callable[..., tuple[dict[str, Any], bytes]]
_PLACES = {
    "look at a pdf": ("pdf", "look"),
    "draw a pdf": ("pdf", "draw"),
    "look at a picture": ("pictures", "look"),
    "draw a picture": ("pictures", "draw"),
    "read a workbook": ("workbooks", "read"),
    "read a sheet as text": ("sheets", "read"),
}


def _known() -> dict[str, Job]:
    """Every job whose library is installed: the lab has none for documents and pictures."""
    jobs = dict[str, Job]()
    for name, (module, function) in _PLACES.items():
        try:
            jobs[name] = getattr(import_module(f"{__name__}.{module}"), function)
        except ModuleNotFoundError:
            continue
    return jobs


JOBS: dict[str, Job] = _known()
