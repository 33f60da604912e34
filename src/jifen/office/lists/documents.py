"""The bytes of a published list and of a run, and their signatures."""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.office.casework.actions.decide import written
from jifen.office.lists.models import Entry, PublicList, Run, RunPlace
from jifen.office.vault.signing import signer
from jifen.policy.quantity import plain

LIST_SCHEMA, RUN_SCHEMA = "jifen.list.v1", "jifen.run.v1"


def exact(value: Decimal) -> str:
    """A number as it is written: 123.4, 120."""
    return plain(value.normalize())


def list_document(
    *,
    city: str,
    name: str,
    rules: str,
    kind: str,
    on: date,
    until: date | None,
    run: str,
    entries: Iterable[Entry],
) -> str:
    """A list as canonical JSON: of each person the place (a ranking), the number of the receipt,
    the masked name and the points. The same list gives the same bytes."""
    people = [[e.place, e.number, e.name, exact(e.total)] for e in entries]
    said: dict[str, Any] = {
        "schema": LIST_SCHEMA,
        "city": city,
        "list": name,
        "rules": rules,
        "kind": kind,
        "on": on.isoformat(),
        "until": until.isoformat() if until else None,
        "run": run or None,
        "people": people,
    }
    return written(said)


def statement_of(run: Run, places: Iterable[RunPlace]) -> str:
    """A run as canonical JSON, without names: what `Run.digest` is the SHA-256 of."""
    people = [
        [p.place, p.level, p.number, exact(p.total), list(p.keys), p.admitted] for p in places
    ]
    return written(
        {
            "schema": RUN_SCHEMA,
            "run": run.name,
            "city": run.city,
            "rules": run.rules,
            "year": run.year,
            "policy": run.policy,
            "policy_version": run.policy_version,
            "policy_hash": run.policy_hash,
            "quota": run.quota,
            "level": run.level,
            "ties": list(run.ties),
            "people": people,
        }
    )


def digest_of(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def signed(digest: str) -> tuple[str, str]:
    """Key id and signature over a digest."""
    by = signer()
    return by.key_id, by.sign(_message(digest)).hex()


def holds(row: PublicList) -> bool:
    """Whether the kept bytes are those that were signed."""
    if digest_of(row.document) != row.digest:
        return False
    return signer().verify(_message(row.digest), bytes.fromhex(row.signature))


def _message(digest: str) -> bytes:
    return f"{LIST_SCHEMA}\n{digest}".encode()
