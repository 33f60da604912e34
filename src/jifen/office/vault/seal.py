"""Text sealed with AES-256-GCM, bound to the place where it stands; and an index to find it by."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jifen.office.vault.keys import keys

_NONCE = 12


class Unreadable(Exception):
    """Sealed text that was changed, moved to another place, or sealed with a key not at hand."""


def seal(text: str, place: str) -> str:
    """'k1.<base64>': readable only as what stands at `place` (a model's field)."""
    held = keys()
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(held.seal[held.current]).encrypt(nonce, text.encode(), place.encode())
    return f"{held.current}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, place: str) -> str:
    """The text. Raises Unreadable."""
    name, _, body = sealed.partition(".")
    key = keys().seal.get(name)
    if key is None:
        raise Unreadable(f"sealed with the key '{name[:12]}', which is not in the file of keys")
    try:
        raw = base64.b64decode(body, validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(f"what stands at {place} was changed or belongs elsewhere") from None


def blind_index(text: str, purpose: str) -> str:
    """64 hex digits: the same for the same text and purpose, telling nothing without the key."""
    said = f"{purpose}\0{text.strip().upper()}".encode()
    return hmac.new(keys().index, said, hashlib.sha256).hexdigest()
