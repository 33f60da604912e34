"""Who looked at what."""

from typing import Any

from jifen.office.audit.models import Access, Entry


def looks_at(subject: str) -> list[dict[str, Any]]:
    """When somebody looked at a subject, and what was shown; the oldest first. Looks from before
    accesses had a log of their own stand in the log of acts."""
    earlier = Entry.objects.filter(subject=subject, act="read")
    rows: list[Entry | Access] = [*earlier, *Access.objects.filter(subject=subject, act="read")]
    return [{"at": row.at, "what": row.details.get("what", row.act)} for row in rows]
