"""Whole files sealed with AES-256-GCM, each under a key of its own that stands sealed at its head.

A sealed file is: the mark `JFS1`, a line break, the sealed key of the file (`k1.<base64>`), a line
break, 12 bytes of nonce, the sealed content. Both seals are bound to the place of the file, so that
a file under another name cannot be opened. Only the head is written anew when keys are rotated.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable, seal, unseal

_MARK = b"JFS1\n"
_NONCE = 12
_LONGEST_HEAD = 400
"""Bytes within which the sealed key ends."""


def seal_file(content: bytes, place: str) -> bytes:
    """The content as it is kept at a place."""
    file_key, nonce = AESGCM.generate_key(bit_length=256), secrets.token_bytes(_NONCE)
    sealed = AESGCM(file_key).encrypt(nonce, content, place.encode())
    return _build_head(file_key, place) + nonce + sealed


def open_file(kept: bytes, place: str) -> bytes:
    """The content of what is kept at a place; a file that is not sealed is its own content. Raises
    Unreadable."""
    if not kept.startswith(_MARK):
        return kept
    file_key, body = _open_head(kept, place)
    try:
        return AESGCM(file_key).decrypt(body[:_NONCE], body[_NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"the file at {place} was changed or belongs elsewhere") from None


def reseal_file(kept: bytes, place: str) -> bytes | None:
    """The same file under the key in use, sealed now where it was not; None where nothing has to
    be done. Raises Unreadable."""
    if not kept.startswith(_MARK):
        return seal_file(kept, place)
    if name_key_of(kept) == keys().current:
        return None
    file_key, body = _open_head(kept, place)
    return _build_head(file_key, place) + body


def name_key_of(kept: bytes) -> str:
    """The name of the key that seals the key of a file; '' for a file that is not sealed."""
    if not kept.startswith(_MARK):
        return ""
    return kept[len(_MARK) : _LONGEST_HEAD].split(b".", 1)[0].decode(errors="replace")


def _build_head(file_key: bytes, place: str) -> bytes:
    sealed_key = seal(base64.b64encode(file_key).decode(), _bind_head(place))
    return _MARK + sealed_key.encode() + b"\n"


def _open_head(kept: bytes, place: str) -> tuple[bytes, bytes]:
    """The key of a file, and what follows its head. Raises Unreadable."""
    end = kept.find(b"\n", len(_MARK), _LONGEST_HEAD)
    if end < 0:
        raise Unreadable(f"the head of the file at {place} was changed")
    sealed_key = kept[len(_MARK) : end].decode(errors="replace")
    return base64.b64decode(unseal(sealed_key, _bind_head(place))), kept[end + 1 :]


def _bind_head(place: str) -> str:
    return f"file:{place}"
