"""The digest of a day: the end of the log, signed; each names the one before."""

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from jifen.office.audit.chain import START, digest_message, first_digest_message
from jifen.office.audit.models import Digest, Entry
from jifen.office.vault.signing import get_signer

SCHEMA = "jifen.audit-anchor.v1"


def sign_day(day: date) -> Digest | None:
    """The digest of a day that has ended; the one that is there already; None for an empty log, and
    for a day before one that was signed."""
    if there := Digest.objects.filter(day=day).first():
        return there
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    if timezone.now() < end:
        return None
    last = Entry.objects.filter(at__lt=end).order_by("-number").first()
    before = Digest.objects.order_by("-day").first()
    if last is None or (before and before.day > day):
        return None
    by, previous = get_signer(), file_hash(before) if before else START
    message = digest_message(day.isoformat(), last.number, last.hash, previous, by.key_id)
    made, _ = Digest.objects.get_or_create(
        day=day,
        defaults={
            "number": last.number,
            "hash": last.hash,
            "previous": previous,
            "key_id": by.key_id,
            "signature": by.sign(message).hex(),
            "made_at": timezone.now(),
        },
    )
    return made


def message_of(digest: Digest) -> bytes:
    """What is signed for a digest."""
    day = digest.day.isoformat()
    if not digest.previous:
        return first_digest_message(day, digest.number, digest.hash)
    return digest_message(day, digest.number, digest.hash, digest.previous, digest.key_id)


def file_of(digest: Digest) -> bytes:
    """The file of a digest, the same bytes whenever it is written."""
    plain: dict[str, Any] = {
        "schema": SCHEMA,
        "day": digest.day.isoformat(),
        "number": digest.number,
        "hash": digest.hash,
        "previous": digest.previous,
        "key": digest.key_id,
        "signature": digest.signature,
    }
    return (json.dumps(plain, indent=1) + "\n").encode()


def file_hash(digest: Digest) -> str:
    """SHA-256 of the file of a digest: what the next one names."""
    return hashlib.sha256(file_of(digest)).hexdigest()


def is_signed(message: bytes, signature: str) -> bool:
    """Whether a signature in hexadecimal is of this key; one that is no hexadecimal is of none."""
    try:
        return get_signer().verify(message, bytes.fromhex(signature))
    except ValueError:
        return False
