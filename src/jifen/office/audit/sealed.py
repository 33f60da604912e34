"""Whether accesses are what the portions of them were when they were chained."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jifen.office.audit.chain import hash_of_accesses
from jifen.office.audit.models import Access, Entry
from jifen.office.audit.sealing import SEALED
from jifen.office.audit.words import Broken, broken

LONGEST = timedelta(days=1)
"""How long accesses may wait for the sealer before that is told."""


@dataclass(slots=True)
class Portions:
    """Goes through the entries of portions in their order. `last`: the last access that one of
    them stands for."""

    last: int = 0

    def check(self, entry: Entry) -> Iterator[Broken]:
        """An entry of the log; most are of no portion."""
        if entry.act != SEALED:
            return
        named: dict[str, Any] = entry.details
        first, last = self.last + 1, int(named["last"])
        rows = list(Access.objects.filter(id__gte=first, id__lte=last).order_by("id"))
        if len(rows) != named["count"]:
            counts = {"found": len(rows), "count": named["count"]}
            yield broken("JF-D004", "count", entry.number, first=first, last=last, **counts)
        elif hash_of_accesses(rows) != named["hash"]:
            yield broken("JF-D004", "changed", entry.number, first=first, last=last)
        self.last = max(self.last, last)

    def after(self) -> Iterator[Broken]:
        """What waits for the sealer too long."""
        waiting = Access.objects.filter(id__gt=self.last).order_by("id")
        first = waiting.first()
        if first and first.at < timezone.now() - LONGEST:
            yield broken("JF-D004", "waiting", count=waiting.count(), since=f"{first.at:%Y-%m-%d}")
