"""The measure of a city as a browser scores it: one document per version, day and readings.

It holds no personal data and is the same for everybody. Its address carries the digest of its
bytes, so that a browser keeps it for good; without it the browser asks each time for changes.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode

from jifen.policy.model import Rules
from jifen.scoring.device import (
    FORMAT,
    NotRepresentable,
    serialize_device_document,
    write_fault_sentences,
)


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """The document of some rules on a day: its bytes, the same packed, and their digest."""

    content: bytes
    packed: bytes
    digest: str


@lru_cache(maxsize=64)
def device_file(rules: Rules, on: date) -> DeviceFile:
    """The document; where the measure cannot be carried it says so, and a page asks the server."""
    try:
        content = serialize_device_document(rules, on)
    except NotRepresentable as error:
        content = _refusal(rules, on, error)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return DeviceFile(content, gzip.compress(content, mtime=0), digest)


def _refusal(rules: Rules, on: date, error: NotRepresentable) -> bytes:
    document = {
        "format": FORMAT,
        "city": rules.city,
        "version": rules.version,
        "on": on.isoformat(),
        "ask": fault_document("JF-Z001", "not_carried", what=error.element),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def device_address(rules: Rules, on: date) -> str:
    """Where a page finds the document of its rules, for good: with day, readings and digest."""
    readings = [(f"reading.{switch}", reading) for switch, reading in rules.readings]
    query = [("on", on.isoformat()), *readings, ("v", device_file(rules, on).digest)]
    return f"{reverse('device', args=[rules.city])}?{urlencode(query)}"


def fault_document(code: str, kind: str, **values: object) -> dict[str, object]:
    """A fault for a program: its code and a sentence in both languages."""
    chinese, english = (
        template.format(**values) for template in write_fault_sentences()[code][kind]
    )
    return {"code": code, "words": {"zh": chinese, "en": english}}
