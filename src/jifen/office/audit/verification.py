"""Whether the log is whole: every change, gap and reorder is found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from jifen.office.audit import triggers
from jifen.office.audit.access_portions import PortionChecker
from jifen.office.audit.anchors import Anchor, check_anchor_chain, check_anchors_against_log
from jifen.office.audit.chain import FIELDS, START, hash_entry
from jifen.office.audit.digests import get_signed_message, hash_digest_file, is_signed
from jifen.office.audit.faults import LogFault, build_log_fault
from jifen.office.audit.models import Digest, Entry, Head


@dataclass(slots=True)
class _EntryWalk:
    """The state of one pass over the entries."""

    kept_numbers: frozenset[int]
    """Numbers of the entries that a digest or an anchor names; their hashes are kept."""
    read: int = 0
    number: int = 0
    last: str = START
    hashes: dict[int, str] = field(default_factory=dict)
    portions: PortionChecker = field(default_factory=PortionChecker)

    def check_entries(self, entries: Iterable[Entry]) -> Iterator[LogFault]:
        """Check all entries in their order."""
        for entry in entries:
            yield from _check_entry(entry, self.number, self.last)
            yield from self.portions.check_entry(entry)
            self.read, self.number, self.last = self.read + 1, entry.number, entry.hash
            if entry.number in self.kept_numbers:
                self.hashes[entry.number] = entry.hash


def verify_log(
    anchors: Sequence[Anchor] | None = None, today: date | None = None
) -> tuple[int, list[LogFault]]:
    """Verify the log. Returns how many entries were read, and all faults: of the chain, then of
    accesses, digests, head and triggers. With `anchors` (files of digests stored elsewhere): also
    of the chain of these files, and where the log differs from them."""
    digests = list(Digest.objects.order_by("day"))
    anchor_numbers = [anchor.number for anchor in anchors or ()]
    walk = _EntryWalk(frozenset([*(digest.number for digest in digests), *anchor_numbers]))
    faults = list(walk.check_entries(Entry.objects.order_by("number").iterator(chunk_size=2000)))
    faults += walk.portions.find_overdue()
    faults += _check_digests(digests, walk.hashes)
    faults += _check_head(walk)
    faults += [
        build_log_fault("JF-J005", "trigger", name=name)
        for name in triggers.list_missing_triggers(connection)
    ]
    if anchors is not None:
        faults += check_anchor_chain(anchors)
        faults += check_anchors_against_log(anchors, digests, walk.hashes, today)
    return walk.read, faults


def _check_entry(entry: Entry, number: int, last: str) -> Iterator[LogFault]:
    if entry.number != number + 1:
        gap = {"first": number + 1, "last": entry.number - 1}
        yield build_log_fault("JF-J001", "gone", entry.number, **gap)
    elif entry.previous != last:
        yield build_log_fault("JF-J001", "order", entry.number)
    if hash_entry(entry.previous, {name: getattr(entry, name) for name in FIELDS}) != entry.hash:
        yield build_log_fault("JF-J001", "changed", entry.number)


def _check_digests(digests: list[Digest], hashes: dict[int, str]) -> Iterator[LogFault]:
    previous_hash = START
    for digest in digests:
        number, day = digest.number, digest.day
        if number not in hashes:
            yield build_log_fault("JF-J003", "entry", number, day=day)
        elif digest.hash != hashes[number]:
            yield build_log_fault("JF-J003", "hash", number, day=day)
        if not is_signed(get_signed_message(digest), digest.signature):
            yield build_log_fault("JF-J003", "signature", number, day=day)
        if digest.previous and digest.previous != previous_hash:
            yield build_log_fault("JF-J003", "previous", number, day=day)
        previous_hash = hash_digest_file(digest)


def _check_head(walk: _EntryWalk) -> Iterator[LogFault]:
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if walk.number:
            yield build_log_fault("JF-J002", "gone", walk.number)
        return
    if (head.number, head.hash) != (walk.number, walk.last):
        yield build_log_fault("JF-J002", "other", head.number, last=walk.number, named=head.number)
    if head.sealed != walk.portions.last:
        last, named = walk.portions.last, head.sealed
        yield build_log_fault("JF-J002", "sealed", head.number, last=last, named=named)
