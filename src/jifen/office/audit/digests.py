"""The digest of a day: the end of the log, signed; each names the one before."""

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from jifen.office.audit.chain import START, build_digest_message, build_first_digest_message
from jifen.office.audit.models import Digest, Entry
from jifen.office.vault.signing import get_signer

SCHEMA = "jifen.audit-anchor.v1"


def sign_day(day: date) -> Digest | None:
    """The digest of a day that has ended, made now or before. None for an empty log, for a day that
    has not ended, and for a day before one that was signed."""
    if existing := Digest.objects.filter(day=day).first():
        return existing
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    if timezone.now() < end:
        return None
    last = Entry.objects.filter(at__lt=end).order_by("-number").first()
    previous_digest = Digest.objects.order_by("-day").first()
    if last is None or (previous_digest and previous_digest.day > day):
        return None
    signing_key, previous = (
        get_signer(),
        hash_digest_file(previous_digest) if previous_digest else START,
    )
    message = build_digest_message(
        day.isoformat(), last.number, last.hash, previous, signing_key.key_id
    )
    digest, _ = Digest.objects.get_or_create(
        day=day,
        defaults={
            "number": last.number,
            "hash": last.hash,
            "previous": previous,
            "key_id": signing_key.key_id,
            "signature": signing_key.sign(message).hex(),
            "made_at": timezone.now(),
        },
    )
    return digest


def get_signed_message(digest: Digest) -> bytes:
    """What is signed for a digest."""
    day = digest.day.isoformat()
    if not digest.previous:
        return build_first_digest_message(day, digest.number, digest.hash)
    return build_digest_message(day, digest.number, digest.hash, digest.previous, digest.key_id)


def render_digest_file(digest: Digest) -> bytes:
    """The file of a digest, the same bytes whenever it is written."""
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "day": digest.day.isoformat(),
        "number": digest.number,
        "hash": digest.hash,
        "previous": digest.previous,
        "key": digest.key_id,
        "signature": digest.signature,
    }
    return (json.dumps(fields, indent=1) + "\n").encode()


def hash_digest_file(digest: Digest) -> str:
    """SHA-256 of the file of a digest: what the next one names."""
    return hashlib.sha256(render_digest_file(digest)).hexdigest()


def is_signed(message: bytes, signature: str) -> bool:
    """Whether a signature in hexadecimal is of this key; one that is no hexadecimal is of none."""
    try:
        return get_signer().verify(message, bytes.fromhex(signature))
    except ValueError:
        return False
