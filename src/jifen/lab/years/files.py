"""The tables of a projection in a folder: Parquet, and CSV for a spreadsheet."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from jifen.lab import output
from jifen.lab.proposals import CheckedRules
from jifen.lab.years.results import YearsResult


def write_tables(
    result: YearsResult,
    folder: Path,
    checked: CheckedRules | None = None,
    more: Mapping[str, pa.Table] = MappingProxyType({}),
) -> list[Path]:
    """Write `years`, `groups`, `first` and `why` (and `more`), all of them or none. The metadata
    of the Parquet files says whether the people are synthetic. Raises FileFault."""
    labels = {
        "jifen.assumptions": f"{result.assumptions.id} {result.assumptions.as_of}",
        "jifen.synthetic": "true" if result.people.synthetic else "false",
        "jifen.seed": str(result.plan.seed),
    }
    tables = (checked or CheckedRules()).mark_tables({**result.to_tables(), **more})
    tables = {name: table.replace_schema_metadata(labels) for name, table in tables.items()}
    return output.write_tables(folder, tables, *output.KINDS)
