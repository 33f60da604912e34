"""The log of accesses: signing in, refusals, and every look at personal data.

An access belongs to no transaction of an act, so nothing is locked for it: whoever looks at a case
waits for nobody who files another. One sealer chains accesses in portions (`sealing.py`,
decision 0023).
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from jifen.office.audit import spool
from jifen.office.audit.models import Access
from jifen.office.audit.writing import if_free


def record_access(
    act: str,
    *,
    actor: str,
    subject: str = "",
    city: str = "",
    source: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note an access, now and for good; `source`: the address that it came from. Where it cannot be
    noted (OSError, DatabaseError) nothing may be shown."""
    access = Access(
        at=timezone.now(),
        act=act,
        actor=actor,
        subject=subject,
        city=city,
        source=source,
        details=dict(details or {}),
    )
    if not if_free(lambda: access.save(force_insert=True)):
        spool.append(access)


def record_read(actor: str, subject: str, what: str, *, city: str = "", source: str = "") -> None:
    """That personal data were shown to somebody; `what` names the kind, never the data."""
    record_access(
        "read", actor=actor, subject=subject, city=city, source=source, details={"what": what}
    )
