"""The only ways into the log of acts (those into the log of accesses are in `accesses.py`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from jifen.office.audit.chain import hash_entry
from jifen.office.audit.models import Entry, Head

SYSTEM = "system"


class NotInTransaction(RuntimeError):
    """An entry must stand or fall with what it records."""


def record(
    act: str,
    *,
    actor: str,
    subject: str = "",
    city: str = "",
    on_behalf_of: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry in the transaction of the act itself. Raises NotInTransaction outside of one.

    Call it last: the head of the log stays locked until the transaction ends.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"'{act}' was recorded outside of a transaction")
    act_fields = {
        "act": act,
        "subject": subject,
        "city": city,
        "on_behalf_of": on_behalf_of,
        "details": dict(details or {}),
    }
    return append_entries(_locked_head(), [act_fields], actor)[0]


def record_many(acts: Sequence[Mapping[str, Any]], *, actor: str) -> None:
    """Add entries for many acts of one transaction: `acts` has act, subject, city and details of
    each. Raises NotInTransaction."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{len(acts)} acts were recorded outside of a transaction")
    append_entries(_locked_head(), acts, actor)


def append_entries(head: Head, acts: Sequence[Mapping[str, Any]], actor: str) -> list[Entry]:
    """Chain entries to the head, which the transaction has locked."""
    at, entries = timezone.now(), []
    for act_fields in acts:
        entry_fields: dict[str, Any] = {"number": head.number + 1, "at": at, "actor": actor}
        entry_fields |= {"on_behalf_of": "", "subject": "", "city": "", "details": {}} | dict(
            act_fields
        )
        hashed = hash_entry(head.hash, entry_fields)
        entries.append(Entry(**entry_fields, previous=head.hash, hash=hashed))
        head.number, head.hash = head.number + 1, hashed
    Entry.objects.bulk_create(entries)
    head.save(update_fields=("number", "hash"))
    return entries


def _locked_head() -> Head:
    head = Head.objects.select_for_update().filter(pk=1).first()
    if head is None:
        Head.create_if_missing()
        head = Head.objects.select_for_update().get(pk=1)
    return head
