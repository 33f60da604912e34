"""What can be asked of a reading process. Each job takes a file and plain values, and gives plain
values and bytes; it raises NotRead."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Job = Callable[..., tuple[dict[str, Any], bytes]]
_JOB_FUNCTIONS = {
    "look at a pdf": ("pdf", "inspect_pdf"),
    "draw a pdf": ("pdf", "draw_pdf_page"),
    "read the text of a pdf": ("pdf", "read_pdf_text"),
    "look at a picture": ("pictures", "inspect_picture"),
    "draw a picture": ("pictures", "draw_picture"),
    "read a workbook": ("workbooks", "read_workbook"),
    "read a sheet as text": ("sheets", "read_sheet_as_text"),
}


def _load_jobs() -> dict[str, Job]:
    """Every job whose library is installed: the lab has none for documents and pictures."""
    jobs = dict[str, Job]()
    for name, (module, function) in _JOB_FUNCTIONS.items():
        try:
            jobs[name] = getattr(import_module(f"{__name__}.{module}"), function)
        except ModuleNotFoundError:
            continue
    return jobs


JOBS: dict[str, Job] = _load_jobs()
