"""Digests kept outside of the database, a file a day, each naming the one before.

With an older copy of these files one can prove that the log was cut, hashed anew or emptied, even
by somebody with all rights to the database.
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
from jifen.office.audit.digests import SCHEMA, get_signed_message, is_signed, render_digest_file
from jifen.office.audit.faults import LogFault, build_log_fault
from jifen.office.audit.models import Digest

NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
LARGEST = 10_000
OLDEST = timedelta(days=2)
"""How old the newest file may be: the file of a day is made on the next day."""


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


def read_anchors(folder: Path) -> tuple[list[Anchor], list[LogFault]]:
    """The files of a folder by day, and those that cannot be read. Raises OSError."""
    anchors, unreadable = list[Anchor](), list[LogFault]()
    for path in sorted(folder.iterdir()):
        if not NAME.fullmatch(path.name):
            continue
        with path.open("rb") as file:
            content = file.read(LARGEST)
        try:
            digest = _parse_digest(content)
        except (ValueError, KeyError, TypeError, RecursionError):
            unreadable.append(build_log_fault("JF-J006", "unreadable", file=path.name))
            continue
        if path.name != f"{digest.day}.json" or render_digest_file(digest) != content:
            unreadable.append(build_log_fault("JF-J006", "other", file=path.name))
            continue
        anchors.append(Anchor(digest, content))
    return anchors, unreadable


def _parse_digest(content: bytes) -> Digest:
    """What a file says. Raises ValueError, KeyError or TypeError."""
    fields: dict[str, Any] = json.loads(content)
    if fields["schema"] != SCHEMA:
        raise ValueError(fields["schema"])
    texts = {name: str(fields[name]) for name in ("hash", "previous", "signature")}
    day, number = date.fromisoformat(fields["day"]), int(fields["number"])
    return Digest(day=day, number=number, key_id=str(fields["key"]), **texts)


def check_anchor_chain(anchors: Sequence[Anchor]) -> Iterator[LogFault]:
    """Whether each file is signed and names the one before."""
    previous_hash, previous_day = START, ""
    for anchor in anchors:
        digest, day = anchor.digest, anchor.day
        if not is_signed(get_signed_message(digest), digest.signature):
            yield build_log_fault("JF-J006", "signature", anchor.number, day=day, key=digest.key_id)
        if digest.previous and digest.previous != previous_hash:
            kind = "previous" if previous_day else "first"
            yield build_log_fault("JF-J006", kind, anchor.number, day=day, before=previous_day)
        previous_hash, previous_day = hashlib.sha256(anchor.content).hexdigest(), str(day)


def check_anchors_against_log(
    anchors: Sequence[Anchor],
    digests: Sequence[Digest],
    hashes: Mapping[int, str],
    today: date | None = None,
) -> Iterator[LogFault]:
    """Whether the log is still the one of which the files were made. `hashes`: hash by number of
    the entries that are in the log."""
    digest_of_day = {digest.day: digest for digest in digests}
    for anchor in anchors:
        number, day = anchor.number, anchor.day
        if number not in hashes:
            yield build_log_fault("JF-J007", "entry", number, day=day)
        elif hashes[number] != anchor.digest.hash:
            yield build_log_fault("JF-J007", "hash", number, day=day)
        if day not in digest_of_day:
            yield build_log_fault("JF-J007", "digest_gone", number, day=day)
        elif render_digest_file(digest_of_day[day]) != anchor.content:
            yield build_log_fault("JF-J007", "digest_other", number, day=day)
    yield from _find_missing_files(anchors, digests, today or timezone.localdate())


def _find_missing_files(
    anchors: Sequence[Anchor], digests: Sequence[Digest], today: date
) -> Iterator[LogFault]:
    days = {anchor.day for anchor in anchors}
    for digest in digests:
        if digest.day not in days:
            yield build_log_fault("JF-J007", "no_file", digest.number, day=digest.day)
    if not days:
        yield build_log_fault("JF-J007", "none")
    elif max(days) < today - OLDEST:
        yield build_log_fault("JF-J007", "old", day=max(days))
