"""How entries hang together: pure functions over what an entry says."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
"""What stands before the first entry."""
ACCESS_FIELDS = ("id", "at", "act", "actor", "subject", "city", "source", "details")
FIELDS = ("number", "at", "actor", "on_behalf_of", "act", "subject", "city", "details")


def hash_of(previous: str, said: Mapping[str, Any]) -> str:
    """SHA-256 of an entry and of what stands before it."""
    return _hash(previous, {name: said[name] for name in FIELDS})


def hash_of_accesses(rows: Iterable[Any]) -> str:
    """SHA-256 over accesses in their order, each with what stands before it."""
    last = START
    for row in rows:
        last = _hash(last, {name: getattr(row, name) for name in ACCESS_FIELDS})
    return last


def _hash(previous: str, said: Mapping[str, Any]) -> str:
    plain = {**said, "at": moment(said["at"])}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def moment(at: datetime) -> str:
    """A time as it is hashed: UTC with microseconds, on every database the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_message(day: str, number: int, last_hash: str, previous: str, key_id: str) -> bytes:
    """What is signed for a day; `previous`: SHA-256 of the file of the digest before."""
    return f"jifen audit 2 {day} {number} {last_hash} {previous} {key_id}".encode()


def first_digest_message(day: str, number: int, last_hash: str) -> bytes:
    """What was signed before digests named the one before."""
    return f"jifen audit {day} {number} {last_hash}".encode()
