"""Parts that are scored already, kept beside the result so that an interrupted run goes on.

A folder `<result>.resume` holds each part as one Arrow file, moved to its name when it is whole,
and what run they belong to. It is there only while a run with `--resume` is not finished.
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
        """How many parts an earlier run has left."""

    def open_folder(self) -> None:
        """Make the folder, or look at the one that is there."""
        said = self.folder / _RUN_FILE
        if said.is_file():
            if json.loads(said.read_text("utf-8")).get("run") != self._hash:
                raise ExtractFault("JF-F079", "other_run", self.folder, folder=self.folder.name)
            self.before = sum(1 for _ in self.folder.glob("*.arrow"))
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with Draft(said) as draft:
            draft.write(json.dumps({"run": self._hash}).encode())
            draft.keep()

    def has_part(self, number: int) -> bool:
        """Whether a part is finished."""
        return self._part_path(number).is_file()

    def _part_path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.arrow"

    def store_part(self, number: int, scored: ScoredPart) -> None:
        """Keep a part, whole or not at all."""
        table = scored.table
        if scored.keys is not None:
            table = table.append_column(_KEY_COLUMN, pa.array(scored.keys, pa.uint64()))
        told = {name: getattr(scored, name) for name in _COUNTS}
        told |= {
            name: _faults_to_dicts(getattr(scored, name)) for name in ("faults", "contradictions")
        }
        metadata = (table.schema.metadata or {}) | {_METADATA_KEY: json.dumps(told).encode()}
        with Draft(self._part_path(number)) as draft:
            with pa.ipc.new_file(str(draft.path), table.schema.with_metadata(metadata)) as writer:
                writer.write_table(table)
            draft.keep()

    def load_part(self, number: int, schema: pa.Schema) -> ScoredPart:
        """A part that was kept."""
        with pa.OSFile(str(self._part_path(number))) as file:
            table = pa.ipc.open_file(file).read_all()
        told = json.loads(table.schema.metadata[_METADATA_KEY])
        keys = None
        if _KEY_COLUMN in table.column_names:
            keys = table.column(_KEY_COLUMN).to_numpy().astype(np.uint64)
            table = table.drop_columns([_KEY_COLUMN])
        counts: dict[str, Any] = {name: told[name] for name in _COUNTS}
        counts |= {name: _faults_from_dicts(told[name]) for name in ("faults", "contradictions")}
        return ScoredPart(read=None, table=table.cast(schema), keys=keys, **counts)

    def remove_folder(self) -> None:
        """The run is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _faults_to_dicts(faults: Sequence[CellFault]) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in faults]


def _faults_from_dicts(plain: Sequence[Mapping[str, Any]]) -> list[CellFault]:
    return [CellFault(**{**one, "fault": _fact_fault_from_dict(one["fault"])}) for one in plain]


def _fact_fault_from_dict(plain: Mapping[str, Any]) -> FactFault:
    texts = {
        name: Text(*value) if isinstance(value, list) else Text(**value)
        for name in ("found", "expected", "remedy", "sentence")
        if (value := plain[name]) is not None
    }
    return FactFault(**({**plain, "sentence": None} | texts))
