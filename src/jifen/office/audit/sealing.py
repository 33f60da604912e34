"""The sealer, which chains accesses: one entry of the log stands for a portion of accesses."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from jifen.office.audit.actions import SYSTEM, append_entries
from jifen.office.audit.chain import hash_accesses
from jifen.office.audit.models import Access, Head
from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.audit.spool import import_spooled

SEALED = "log.sealed"
PORTION = 1000
PATIENCE = timedelta(seconds=10)
"""How long accesses wait for more of them, so that a portion is not one row."""


def seal_due_accesses(at: datetime) -> int:
    """Chain the next portion if it is full or its first access has waited. Returns how many."""
    import_spooled()
    head = Head.objects.filter(pk=1).first()
    waiting = Access.objects.filter(id__gt=head.sealed if head else 0)
    first = waiting.order_by("id").first()
    if first is None:
        return 0
    if first.at > at - PATIENCE and waiting[PORTION - 1 : PORTION].first() is None:
        return 0
    return seal_portion()


def seal_portion() -> int:
    """Chain one portion. Returns how many accesses: 0 where somebody holds the head or a writer is
    slow, so that the next run chains them."""
    until = find_last_settled_id(Access)
    with transaction.atomic():
        head = _lock_free_head()
        if head is None:
            return 0
        waiting = Access.objects.filter(id__gt=head.sealed, id__lte=until).order_by("id")
        rows = list(waiting[:PORTION])
        if not rows:
            return 0
        last = rows[-1].pk
        details = {"last": last, "count": len(rows), "hash": hash_accesses(rows)}
        subject = f"accesses:{rows[0].pk}-{last}"
        append_entries(head, [{"act": SEALED, "subject": subject, "details": details}], SYSTEM)
        head.sealed = last
        head.save(update_fields=("sealed",))
        return len(rows)


def _lock_free_head() -> Head | None:
    """The head, locked; None where somebody else holds it."""
    if not Head.objects.filter(pk=1).exists():
        Head.create_if_missing()
    if connection.vendor == "sqlite":
        return Head.objects.get(pk=1)
    return Head.objects.select_for_update(skip_locked=True).filter(pk=1).first()
