"""The log of accesses: signing in, refusals, and every read of personal data.

An access is written outside of the transactions of acts and locks nothing, so that reading a case
never waits for somebody who files another. One sealer chains accesses in portions (`sealing.py`,
decision 0023).
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from jifen.office.audit import spool
from jifen.office.audit.models import Access
from jifen.office.audit.writing import write_if_free


def record_access(
    act: str,
    *,
    actor: str,
    subject: str = "",
    city: str = "",
    source: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record an access at once; `source`: the network address that it came from. Where it cannot be
    recorded (OSError, DatabaseError), nothing may be shown."""
    access = Access(
        at=timezone.now(),
        act=act,
        actor=actor,
        subject=subject,
        city=city,
        source=source,
        details=dict(details or {}),
    )
    if not write_if_free(lambda: access.save(force_insert=True)):
        spool.append_access(access)


def record_read(
    actor: str, subject: str, shown_kind: str, *, city: str = "", source: str = ""
) -> None:
    """Record that personal data were shown to somebody. `shown_kind` names their kind, never the
    data."""
    record_access(
        "read", actor=actor, subject=subject, city=city, source=source, details={"what": shown_kind}
    )
