"""The manifest of a backup: what it is of, and each of its parts with size and SHA-256."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from jifen.office.operate.backup.faults import BackupFault

SCHEMA: Final = "jifen.backup.v1"
NAME: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed file. `kind`: "database" or "files"; `size` in bytes, as it is stored; `files`:
    how many documents are in it."""

    name: str
    kind: str
    size: int
    sha256: str
    files: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of. `made_at` is ISO text in UTC; `database` "sqlite" or "postgresql";
    `migrations` the last migration of each app; `log_entries` how many entries the log had before
    the database was read."""

    made_at: str
    jifen: str
    mode: str
    database: str
    migrations: dict[str, str]
    log_entries: int
    parts: tuple[Part, ...]

    def to_bytes(self) -> bytes:
        """The text that is kept and signed."""
        content: dict[str, Any] = {"schema": SCHEMA, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_manifest(folder: Path) -> tuple[Manifest, bytes, bytes]:
    """The manifest of a folder, its text and its signature. Raises BackupFault (JF-O003)."""
    place = folder / NAME
    try:
        text, signature = place.read_bytes(), (folder / SIGNATURE).read_bytes()
        content: dict[str, Any] = json.loads(text)
        schema = content.pop("schema")
        if schema != SCHEMA:
            raise BackupFault("JF-O003", "version", place=place, given=schema, known=SCHEMA)
        parts = tuple(Part(**part) for part in content.pop("parts"))
        return Manifest(parts=parts, **content), text, bytes.fromhex(signature.decode())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BackupFault("JF-O003", "unreadable", place=place, why=why) from None
