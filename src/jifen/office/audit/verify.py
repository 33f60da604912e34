"""Whether the log is whole: every change, gap and reorder is found."""

from collections.abc import Iterator
from dataclasses import dataclass

from jifen.office.audit.chain import FIELDS, START, digest_message, hash_of
from jifen.office.audit.models import Digest, Entry, Head
from jifen.office.vault.signing import signer


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the log is not what was recorded, and how that shows."""

    number: int
    why: str


def verify() -> tuple[int, list[Broken]]:
    """How many entries were read, and all that is broken: first the chain, then digests, head."""
    digests = {digest.number: digest for digest in Digest.objects.all()}
    broken: list[Broken] = []
    read, number, last = 0, 0, START
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        broken += _entry(entry, number, last)
        read, number, last = read + 1, entry.number, entry.hash
        if digest := digests.pop(number, None):
            broken += _digest(digest, last)
    broken += [Broken(n, "a signed digest stands for an entry that is gone") for n in digests]
    broken += _head(number, last)
    return read, broken


def _entry(entry: Entry, number: int, last: str) -> Iterator[Broken]:
    if entry.number != number + 1:
        yield Broken(entry.number, f"entries {number + 1} to {entry.number - 1} are gone")
    elif entry.previous != last:
        yield Broken(entry.number, "it does not follow the entry before it")
    if hash_of(entry.previous, {name: getattr(entry, name) for name in FIELDS}) != entry.hash:
        yield Broken(entry.number, "what it says was changed")


def _digest(digest: Digest, found: str) -> Iterator[Broken]:
    message = digest_message(digest.day.isoformat(), digest.number, digest.hash)
    if digest.hash != found:
        yield Broken(digest.number, f"the digest of {digest.day} has another hash")
    if not _is_signed(message, digest.signature):
        yield Broken(digest.number, f"the digest of {digest.day} is not signed by this key")


def _is_signed(message: bytes, signature: str) -> bool:
    """Whether a signature in hexadecimal is of this key; one that is no hexadecimal is of none."""
    try:
        return signer().verify(message, bytes.fromhex(signature))
    except ValueError:
        return False


def _head(number: int, last: str) -> Iterator[Broken]:
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if number:
            yield Broken(number, "the head of the log is gone")
    elif (head.number, head.hash) != (number, last):
        yield Broken(head.number, f"the log ends at entry {number}, its head says {head.number}")
