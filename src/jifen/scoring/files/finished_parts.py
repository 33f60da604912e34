"""Stores scored parts beside the result, so that an interrupted run can be resumed.

A folder `<result>.resume` holds each part as one Arrow file, which gets its name when it is
complete, and the hash of the run. It exists only while a run with `--resume` is not finished.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from jifen.drafts import Draft
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.fault import FactFault
from jifen.policy.text import Text
from jifen.scoring.files.jobs import ScoredPart
from jifen.scoring.population.coding import CellFault

_RUN_FILE, _KEY_COLUMN, _METADATA_KEY = "run.json", "#key", b"jifen.part"
_COUNTS = ("reached", "perhaps", "unknown", "faulty", "contradicting", "day_numbers")


class FinishedParts:
    """The finished parts of one run."""

    def __init__(self, result: Path, run: Mapping[str, Any]) -> None:
        """`run` says everything on which the result depends. Raises ExtractFault where the folder
        holds parts of another run."""
        self.folder = result.with_name(f"{result.name}.resume")
        text = json.dumps(run, sort_keys=True, default=str)
        self._hash = hashlib.sha256(text.encode()).hexdigest()
        self.before = 0
        """How many parts an earlier run has stored."""

    def open_folder(self) -> None:
        """Create the folder, or check that an existing one belongs to this run."""
        run_file = self.folder / _RUN_FILE
        if run_file.is_file():
            if json.loads(run_file.read_text("utf-8")).get("run") != self._hash:
                raise ExtractFault("JF-F079", "other_run", self.folder, folder=self.folder.name)
            self.before = sum(1 for _ in self.folder.glob("*.arrow"))
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with Draft(run_file) as draft:
            draft.write(json.dumps({"run": self._hash}).encode())
            draft.keep()

    def has_part(self, number: int) -> bool:
        """Whether a part is finished."""
        return self._part_path(number).is_file()

    def _part_path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.arrow"

    def store_part(self, number: int, scored: ScoredPart) -> None:
        """Store a part; an interruption leaves no incomplete file."""
        table = scored.table
        if scored.keys is not None:
            table = table.append_column(_KEY_COLUMN, pa.array(scored.keys, pa.uint64()))
        metadata_values = {name: getattr(scored, name) for name in _COUNTS}
        metadata_values |= {
            name: _faults_to_dicts(getattr(scored, name)) for name in ("faults", "contradictions")
        }
        metadata = (table.schema.metadata or {}) | {
            _METADATA_KEY: json.dumps(metadata_values).encode()
        }
        with Draft(self._part_path(number)) as draft:
            with pa.ipc.new_file(str(draft.path), table.schema.with_metadata(metadata)) as writer:
                writer.write_table(table)
            draft.keep()

    def load_part(self, number: int, schema: pa.Schema) -> ScoredPart:
        """Read a stored part."""
        with pa.OSFile(str(self._part_path(number))) as file:
            table = pa.ipc.open_file(file).read_all()
        metadata_values = json.loads(table.schema.metadata[_METADATA_KEY])
        keys = None
        if _KEY_COLUMN in table.column_names:
            keys = table.column(_KEY_COLUMN).to_numpy().astype(np.uint64)
            table = table.drop_columns([_KEY_COLUMN])
        counts: dict[str, Any] = {name: metadata_values[name] for name in _COUNTS}
        counts |= {
            name: _faults_from_dicts(metadata_values[name]) for name in ("faults", "contradictions")
        }
        return ScoredPart(read=None, table=table.cast(schema), keys=keys, **counts)

    def remove_folder(self) -> None:
        """Delete the folder when the run is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _faults_to_dicts(faults: Sequence[CellFault]) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in faults]


def _faults_from_dicts(plain: Sequence[Mapping[str, Any]]) -> list[CellFault]:
    return [CellFault(**{**row, "fault": _fact_fault_from_dict(row["fault"])}) for row in plain]


def _fact_fault_from_dict(plain: Mapping[str, Any]) -> FactFault:
    texts = {
        name: Text(*value) if isinstance(value, list) else Text(**value)
        for name in ("found", "expected", "remedy", "sentence")
        if (value := plain[name]) is not None
    }
    return FactFault(**({**plain, "sentence": None} | texts))
