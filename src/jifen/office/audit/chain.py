"""The hash chain of entries: pure functions over the fields of an entry."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
"""The previous hash of the first entry."""
ACCESS_FIELDS = ("id", "at", "act", "actor", "subject", "city", "source", "details")
FIELDS = ("number", "at", "actor", "on_behalf_of", "act", "subject", "city", "details")


def hash_entry(previous: str, entry_fields: Mapping[str, Any]) -> str:
    """SHA-256 of an entry and of the hash before it."""
    return _hash_link(previous, {name: entry_fields[name] for name in FIELDS})


def hash_accesses(rows: Iterable[Any]) -> str:
    """SHA-256 over accesses in their order, each chained to the one before."""
    last = START
    for row in rows:
        last = _hash_link(last, {name: getattr(row, name) for name in ACCESS_FIELDS})
    return last


def _hash_link(previous: str, fields: Mapping[str, Any]) -> str:
    hashed_fields = {**fields, "at": format_moment(fields["at"])}
    text = json.dumps(hashed_fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def format_moment(at: datetime) -> str:
    """A time as it is hashed: UTC with microseconds, on every database the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def build_digest_message(
    day: str, number: int, last_hash: str, previous: str, key_id: str
) -> bytes:
    """What is signed for a day; `previous`: SHA-256 of the file of the digest before."""
    return f"jifen audit 2 {day} {number} {last_hash} {previous} {key_id}".encode()


def build_first_digest_message(day: str, number: int, last_hash: str) -> bytes:
    """What was signed before digests named the one before."""
    return f"jifen audit {day} {number} {last_hash}".encode()
