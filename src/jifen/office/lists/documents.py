"""The bytes of a published list and of a run, and their signatures."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.office.casework.actions.decisions import to_canonical_json
from jifen.office.lists.models import Entry, PublicList, Run, RunPlace
from jifen.office.notices.keys import load_notice_keys
from jifen.office.vault.signing import signer
from jifen.policy.quantity import format_number
from jifen.statements.faults import StatementFault
from jifen.statements.keys import name_key
from jifen.statements.list_statement import ListStatement, check_list

LIST_SCHEMA, RUN_SCHEMA = "jifen.list.v1", "jifen.run.v1"


def exact(value: Decimal) -> str:
    """A number as it is written: 123.4, 120."""
    return format_number(value.normalize())


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
    salt: str,
) -> str:
    """A list as canonical JSON: of each person the place (a ranking), the number of the receipt,
    the masked name and the points. The same list under the same salt gives the same bytes.

    `salt`: random and not public, as the bytes are not. The hash is public; without it, numbers and
    masked names of a small list could be tried against the hash until they fit."""
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
        "salt": salt,
    }
    return to_canonical_json(said)


def new_salt() -> str:
    """16 random bytes in hexadecimal, for one list."""
    return secrets.token_hex(16)


def statement_of(run: Run, places: Iterable[RunPlace]) -> str:
    """A run as canonical JSON, without names: what `Run.digest` is the SHA-256 of."""
    people = [
        [p.place, p.level, p.number, exact(p.total), list(p.keys), p.admitted] for p in places
    ]
    base = {"supplements": run.supplements.name} if run.supplements else {}
    return to_canonical_json(
        base
        | {
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


def sign(row: PublicList) -> None:
    """Sign its bytes with the key of notices, which is published: anybody can check it."""
    by = load_notice_keys()
    row.key_id, row.signature = by.key_id, _said(row).sign_with(by)


def holds(row: PublicList) -> bool:
    """Whether the kept bytes are those that were signed, under a key that is published."""
    if not row.is_checkable:
        message = f"{LIST_SCHEMA}\n{row.digest}".encode()
        same = digest_of(row.document) == row.digest
        return same and signer().verify(message, bytes.fromhex(row.signature))
    keys = {name_key(key): key for key in load_notice_keys().public()}
    try:
        found = check_list(row.signature, keys, row.document.encode())
    except StatementFault:
        return False
    return found.state == "genuine" and found.listed == _said(row)


def _said(row: PublicList) -> ListStatement:
    until = row.until.isoformat() if row.until else ""
    on, digest = row.on.isoformat(), digest_of(row.document)
    return ListStatement(row.name, row.city, row.kind, on, until, row.people, digest)
