"""The only ways into the log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jifen.office.audit.chain import START, digest_message, hash_of
from jifen.office.audit.models import Digest, Entry, Head
from jifen.office.vault.signing import signer

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
    head = _locked_head()
    said: dict[str, Any] = {
        "number": head.number + 1,
        "at": timezone.now(),
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "act": act,
        "subject": subject,
        "city": city,
        "details": dict(details or {}),
    }
    found = hash_of(head.hash, said)
    entry = Entry.objects.create(**said, previous=head.hash, hash=found)
    head.number, head.hash = entry.number, found
    head.save(update_fields=("number", "hash"))
    return entry


def record_many(said: Sequence[Mapping[str, Any]], *, actor: str) -> None:
    """The same for many acts of one transaction: `said` has act, subject, city and details of
    each. Raises NotInTransaction."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{len(said)} acts were recorded outside of a transaction")
    head, at, made = _locked_head(), timezone.now(), []
    for one in said:
        plain: dict[str, Any] = {"number": head.number + 1, "at": at, "actor": actor}
        plain |= {"on_behalf_of": "", "subject": "", "city": "", "details": {}} | dict(one)
        found = hash_of(head.hash, plain)
        made.append(Entry(**plain, previous=head.hash, hash=found))
        head.number, head.hash = head.number + 1, found
    Entry.objects.bulk_create(made)
    head.save(update_fields=("number", "hash"))


def record_read(actor: str, subject: str, what: str, *, city: str = "") -> None:
    """That personal data were shown to somebody; `what` names the kind, never the data."""
    with transaction.atomic():
        record("read", actor=actor, subject=subject, city=city, details={"what": what})


def _locked_head() -> Head:
    head = Head.objects.select_for_update().filter(pk=1).first()
    if head is None:
        Head.objects.get_or_create(pk=1, defaults={"number": 0, "hash": START})
        head = Head.objects.select_for_update().get(pk=1)
    return head


def sign_day(day: date) -> Digest | None:
    """The digest of a day that has ended; the one that is there already; None for an empty log."""
    if there := Digest.objects.filter(day=day).first():
        return there
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    last = Entry.objects.filter(at__lt=end).order_by("-number").first()
    if last is None or timezone.now() < end:
        return None
    by = signer()
    signature = by.sign(digest_message(day.isoformat(), last.number, last.hash)).hex()
    made, _ = Digest.objects.get_or_create(
        day=day,
        defaults={
            "number": last.number,
            "hash": last.hash,
            "key_id": by.key_id,
            "signature": signature,
            "made_at": timezone.now(),
        },
    )
    return made
