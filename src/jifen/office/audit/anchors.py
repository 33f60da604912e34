"""Digests kept outside of the database, a file a day, each naming the one before.

Whoever holds an older copy of these files can prove that the log was cut, hashed anew or emptied,
whatever rights somebody has to the database.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from jifen.office.audit.chain import START
from jifen.office.audit.digests import SCHEMA, file_of, is_signed, message_of
from jifen.office.audit.models import Digest
from jifen.office.audit.words import Broken, broken

NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
LARGEST = 10_000
OLDEST = timedelta(days=2)
"""How old the newest file may be: that of yesterday is made today."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A file of a digest: what it says of the log, and its bytes."""

    digest: Digest
    content: bytes

    @property
    def day(self) -> date:
        """The day that it ends."""
        day: date = self.digest.day
        return day

    @property
    def number(self) -> int:
        """The last entry that it stands for."""
        return int(self.digest.number)


def read_anchors(folder: Path) -> tuple[list[Anchor], list[Broken]]:
    """The files of a folder by day, and those that cannot be read. Raises OSError."""
    anchors, unreadable = list[Anchor](), list[Broken]()
    for path in sorted(folder.iterdir()):
        if not NAME.fullmatch(path.name):
            continue
        with path.open("rb") as file:
            content = file.read(LARGEST)
        try:
            digest = _digest(content)
        except (ValueError, KeyError, TypeError, RecursionError):
            unreadable.append(broken("JF-D006", "unreadable", file=path.name))
            continue
        if path.name != f"{digest.day}.json" or file_of(digest) != content:
            unreadable.append(broken("JF-D006", "other", file=path.name))
            continue
        anchors.append(Anchor(digest, content))
    return anchors, unreadable


def _digest(content: bytes) -> Digest:
    """What a file says. Raises ValueError, KeyError or TypeError."""
    plain: dict[str, Any] = json.loads(content)
    if plain["schema"] != SCHEMA:
        raise ValueError(plain["schema"])
    texts = {name: str(plain[name]) for name in ("hash", "previous", "signature")}
    day, number = date.fromisoformat(plain["day"]), int(plain["number"])
    return Digest(day=day, number=number, key_id=str(plain["key"]), **texts)


def among_themselves(anchors: Sequence[Anchor]) -> Iterator[Broken]:
    """Whether each is signed and names the one before."""
    before, day_before = START, ""
    for anchor in anchors:
        digest, day = anchor.digest, anchor.day
        if not is_signed(message_of(digest), digest.signature):
            yield broken("JF-D006", "signature", anchor.number, day=day, key=digest.key_id)
        if digest.previous and digest.previous != before:
            kind = "previous" if day_before else "first"
            yield broken("JF-D006", kind, anchor.number, day=day, before=day_before)
        before, day_before = hashlib.sha256(anchor.content).hexdigest(), str(day)


def against_log(
    anchors: Sequence[Anchor],
    digests: Sequence[Digest],
    hashes: Mapping[int, str],
    today: date | None = None,
) -> Iterator[Broken]:
    """Whether the log still is the one that they were made of. `hashes`: of the entries that are
    there."""
    kept = {digest.day: digest for digest in digests}
    for anchor in anchors:
        number, day = anchor.number, anchor.day
        if number not in hashes:
            yield broken("JF-D007", "entry", number, day=day)
        elif hashes[number] != anchor.digest.hash:
            yield broken("JF-D007", "hash", number, day=day)
        if day not in kept:
            yield broken("JF-D007", "digest_gone", number, day=day)
        elif file_of(kept[day]) != anchor.content:
            yield broken("JF-D007", "digest_other", number, day=day)
    yield from _lacking(anchors, digests, today or timezone.localdate())


def _lacking(anchors: Sequence[Anchor], digests: Sequence[Digest], today: date) -> Iterator[Broken]:
    days = {anchor.day for anchor in anchors}
    for digest in digests:
        if digest.day not in days:
            yield broken("JF-D007", "no_file", digest.number, day=digest.day)
    if not days:
        yield broken("JF-D007", "none")
    elif max(days) < today - OLDEST:
        yield broken("JF-D007", "old", day=max(days))
