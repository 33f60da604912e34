"""Whether the log is whole: every change, gap and reorder is found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from jifen.office.audit import triggers
from jifen.office.audit.anchors import Anchor, against_log, among_themselves
from jifen.office.audit.chain import FIELDS, START, hash_of
from jifen.office.audit.digests import file_hash, is_signed, message_of
from jifen.office.audit.models import Digest, Entry, Head
from jifen.office.audit.sealed import Portions
from jifen.office.audit.words import Broken, broken


@dataclass(slots=True)
class _Walk:
    """What is seen on the way through the entries."""

    wanted: frozenset[int]
    """Entries that a digest or an anchor stands for."""
    read: int = 0
    number: int = 0
    last: str = START
    hashes: dict[int, str] = field(default_factory=dict)
    portions: Portions = field(default_factory=Portions)

    def through(self, entries: Iterable[Entry]) -> Iterator[Broken]:
        """All entries in their order."""
        for entry in entries:
            yield from _entry(entry, self.number, self.last)
            yield from self.portions.check(entry)
            self.read, self.number, self.last = self.read + 1, entry.number, entry.hash
            if entry.number in self.wanted:
                self.hashes[entry.number] = entry.hash


def verify(
    anchors: Sequence[Anchor] | None = None, today: date | None = None
) -> tuple[int, list[Broken]]:
    """How many entries were read, and all that is broken: first the chain, then accesses, digests,
    head and triggers. With `anchors`, files of digests that were kept elsewhere: also whether they
    hang together, and whether the log is the one that they were made of."""
    digests = list(Digest.objects.order_by("day"))
    of_anchors = [anchor.number for anchor in anchors or ()]
    walk = _Walk(frozenset([*(digest.number for digest in digests), *of_anchors]))
    found = list(walk.through(Entry.objects.order_by("number").iterator(chunk_size=2000)))
    found += walk.portions.after()
    found += _digests(digests, walk.hashes)
    found += _head(walk)
    found += [broken("JF-D005", "trigger", name=name) for name in triggers.missing(connection)]
    if anchors is not None:
        found += among_themselves(anchors)
        found += against_log(anchors, digests, walk.hashes, today)
    return walk.read, found


def _entry(entry: Entry, number: int, last: str) -> Iterator[Broken]:
    if entry.number != number + 1:
        gap = {"first": number + 1, "last": entry.number - 1}
        yield broken("JF-D001", "gone", entry.number, **gap)
    elif entry.previous != last:
        yield broken("JF-D001", "order", entry.number)
    if hash_of(entry.previous, {name: getattr(entry, name) for name in FIELDS}) != entry.hash:
        yield broken("JF-D001", "changed", entry.number)


def _digests(digests: list[Digest], hashes: dict[int, str]) -> Iterator[Broken]:
    before = START
    for digest in digests:
        number, day = digest.number, digest.day
        if number not in hashes:
            yield broken("JF-D003", "entry", number, day=day)
        elif digest.hash != hashes[number]:
            yield broken("JF-D003", "hash", number, day=day)
        if not is_signed(message_of(digest), digest.signature):
            yield broken("JF-D003", "signature", number, day=day)
        if digest.previous and digest.previous != before:
            yield broken("JF-D003", "previous", number, day=day)
        before = file_hash(digest)


def _head(walk: _Walk) -> Iterator[Broken]:
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if walk.number:
            yield broken("JF-D002", "gone", walk.number)
        return
    if (head.number, head.hash) != (walk.number, walk.last):
        yield broken("JF-D002", "other", head.number, last=walk.number, named=head.number)
    if head.sealed != walk.portions.last:
        last, named = walk.portions.last, head.sealed
        yield broken("JF-D002", "sealed", head.number, last=last, named=named)
