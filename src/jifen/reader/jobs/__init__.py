"""What can be asked of a reading process. Each job takes a file and plain values, and gives plain
values and bytes; it raises NotRead."""

from collections.abc import Callable
from typing import Any

from jifen.reader.jobs import pdf, pictures, workbooks

Job = Callable[..., tuple[dict[str, Any], bytes]]
JOBS: dict[str, Job] = {
    "look at a pdf": pdf.look,
    "draw a pdf": pdf.draw,
    "look at a picture": pictures.look,
    "draw a picture": pictures.draw,
    "read a workbook": workbooks.read,
}
