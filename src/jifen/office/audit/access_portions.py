"""Whether accesses are unchanged since their portions were chained."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jifen.office.audit.chain import hash_accesses
from jifen.office.audit.faults import LogFault, build_log_fault
from jifen.office.audit.models import Access, Entry
from jifen.office.audit.sealing import SEALED

LONGEST_WAIT = timedelta(days=1)
"""How long accesses may wait for the sealer before that is a fault."""


@dataclass(slots=True)
class PortionChecker:
    """Checks entries of portions in their order. `last`: the id of the last access of the portions
    so far."""

    last: int = 0

    def check_entry(self, entry: Entry) -> Iterator[LogFault]:
        """Check an entry of the log; most entries stand for no portion."""
        if entry.act != SEALED:
            return
        portion: dict[str, Any] = entry.details
        first, last = self.last + 1, int(portion["last"])
        rows = list(Access.objects.filter(id__gte=first, id__lte=last).order_by("id"))
        if len(rows) != portion["count"]:
            counts = {"found": len(rows), "count": portion["count"]}
            yield build_log_fault(
                "JF-J004", "count", entry.number, first=first, last=last, **counts
            )
        elif hash_accesses(rows) != portion["hash"]:
            yield build_log_fault("JF-J004", "changed", entry.number, first=first, last=last)
        self.last = max(self.last, last)

    def find_overdue(self) -> Iterator[LogFault]:
        """A fault where accesses wait for the sealer too long."""
        waiting = Access.objects.filter(id__gt=self.last).order_by("id")
        first = waiting.first()
        if first and first.at < timezone.now() - LONGEST_WAIT:
            yield build_log_fault(
                "JF-J004", "waiting", count=waiting.count(), since=f"{first.at:%Y-%m-%d}"
            )
