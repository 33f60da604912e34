"""Who read which personal data."""

from typing import Any

from jifen.office.audit.models import Access, Entry


def list_reads_of(subject: str) -> list[dict[str, Any]]:
    """When personal data of a subject were read, and which kind; the oldest first. Reads from
    before accesses had a log of their own stand in the log of acts."""
    from_act_log = Entry.objects.filter(subject=subject, act="read")
    rows: list[Entry | Access] = [
        *from_act_log,
        *Access.objects.filter(subject=subject, act="read"),
    ]
    return [{"at": row.at, "what": row.details.get("what", row.act)} for row in rows]


def list_looks_at(subjects: list[str], most: int) -> list[Entry | Access]:
    """The newest looks at any of these subjects, and at whole identity numbers; the newest first.
    Looks from before accesses had a log of their own stand in the log of acts."""
    acts = ("read", "read.revealed")
    rows: list[Entry | Access] = [
        *Access.objects.filter(subject__in=subjects, act__in=acts).order_by("-pk")[:most],
        *Entry.objects.filter(subject__in=subjects, act__in=acts).order_by("-pk")[:most],
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:most]
