"""How entries hang together: pure functions over what an entry says."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
"""What stands before the first entry."""
FIELDS = ("number", "at", "actor", "on_behalf_of", "act", "subject", "city", "details")


def hash_of(previous: str, said: Mapping[str, Any]) -> str:
    """SHA-256 of an entry and of what stands before it."""
    plain = {name: said[name] for name in FIELDS} | {"at": moment(said["at"])}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def moment(at: datetime) -> str:
    """A time as it is hashed: UTC with microseconds, on every database the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_message(day: str, number: int, last_hash: str) -> bytes:
    """What is signed for a day."""
    return f"jifen audit {day} {number} {last_hash}".encode()
