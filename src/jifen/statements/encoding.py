"""Base64url without padding, and JSON that is the same for the same value."""

import base64
import binascii
import json
from typing import Any


def encode_base64url(raw: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """The bytes. Raises ValueError."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if encode_base64url(raw) != text:
        raise ValueError("not the one way to write these bytes")
    return raw


def to_json(value: Any) -> bytes:
    """Compact, in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(text: str | bytes) -> Any:
    """What it says. Raises ValueError, also where it is nested beyond what can be read."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
