"""Text sealed by the cipher of the key in use (vault/ciphers.py), bound to the place where it
stands; and an index to find it by."""

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidTag

from jifen.office.vault.ciphers import cipher_of, decrypt, encrypt
from jifen.office.vault.keys import keys

reread_keys = keys.reread


class Unreadable(Exception):
    """Sealed text that was changed, moved to another place, or sealed with a key not at hand."""


def seal(text: str, place: str) -> str:
    """'k1.<base64>': readable only as what stands at `place` (a model's field)."""
    current_keys = keys()
    name = current_keys.current
    sealed = encrypt(cipher_of(name), current_keys.seal[name], text.encode(), place)
    return f"{name}.{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, place: str) -> str:
    """The text. Raises Unreadable."""
    name, _, body = sealed.partition(".")
    key = keys().seal.get(name) or reread_keys().seal.get(name)
    if key is None:
        raise Unreadable(f"sealed with the key '{name[:12]}', which is not in the file of keys")
    try:
        raw = base64.b64decode(body, validate=True)
        return decrypt(cipher_of(name), key, raw, place).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(f"what stands at {place} was changed or belongs elsewhere") from None


def blind_index(text: str, purpose: str) -> str:
    """64 hex digits: the same for the same text and purpose, telling nothing without the key. What
    is written has this one; what is looked up, any of `blind_indexes`."""
    return _compute_index(keys().index, text, purpose)


def blind_indexes(text: str, purpose: str) -> list[str]:
    """What a row of that text may have: by the key in use first, then by those before it and one
    that is announced. Several while keys are rotated, and after it for what cannot be told anew."""
    current_keys = keys()
    return [
        _compute_index(key, text, purpose)
        for key in (current_keys.index, *current_keys.other_index)
    ]


def _compute_index(key: bytes, text: str, purpose: str) -> str:
    message = f"{purpose}\0{text.strip().upper()}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
