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
from jifen.office.vault.signing import get_signer
from jifen.policy.quantity import format_number
from jifen.statements.faults import StatementFault
from jifen.statements.keys import name_key
from jifen.statements.list_statement import ListStatement, check_list

LIST_SCHEMA, RUN_SCHEMA = "jifen.list.v1", "jifen.run.v1"


def format_exact(value: Decimal) -> str:
    """A number as it is written: 123.4, 120."""
    return format_number(value.normalize())


def make_list_document(
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
    people = [
        [entry.place, entry.number, entry.name, format_exact(entry.total)] for entry in entries
    ]
    document: dict[str, Any] = {
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
    return to_canonical_json(document)


def new_salt() -> str:
    """16 random bytes in hexadecimal, for one list."""
    return secrets.token_hex(16)


def make_run_statement(run: Run, places: Iterable[RunPlace]) -> str:
    """A run as canonical JSON, without names: what `Run.digest` is the SHA-256 of."""
    people = [
        [
            place.place,
            place.level,
            place.number,
            format_exact(place.total),
            list(place.keys),
            place.admitted,
        ]
        for place in places
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


def compute_digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sign_list(public_list: PublicList) -> None:
    """Sign its bytes with the key of notices, which is published: anybody can check it."""
    key = load_notice_keys()
    public_list.key_id, public_list.signature = key.key_id, _to_listed(public_list).sign_with(key)


def is_genuine(public_list: PublicList) -> bool:
    """Whether the kept bytes are those that were signed, under a key that is published."""
    if not public_list.is_checkable:
        message = f"{LIST_SCHEMA}\n{public_list.digest}".encode()
        is_same_digest = compute_digest(public_list.document) == public_list.digest
        return is_same_digest and get_signer().verify(message, bytes.fromhex(public_list.signature))
    keys = {name_key(key): key for key in load_notice_keys().public()}
    try:
        check = check_list(public_list.signature, keys, public_list.document.encode())
    except StatementFault:
        return False
    return check.state == "genuine" and check.listed == _to_listed(public_list)


def _to_listed(public_list: PublicList) -> ListStatement:
    until = public_list.until.isoformat() if public_list.until else ""
    on, digest = public_list.on.isoformat(), compute_digest(public_list.document)
    return ListStatement(
        public_list.name, public_list.city, public_list.kind, on, until, public_list.people, digest
    )
