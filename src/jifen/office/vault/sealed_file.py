"""Whole files sealed, each under a key of its own that stands sealed at its head.

A sealed file is: the mark, a line break, the sealed key of the file (`k1.<base64>`), a line break,
12 bytes of nonce, the sealed content. The mark says the cipher of the content: `JFS1` AES-256-GCM,
`JFS2` SM4-GCM. Both seals are bound to the place of the file, so that a file under another name
cannot be opened. Only the head is written anew when keys are rotated, the whole file when the
cipher is another one.
"""

import base64

from cryptography.exceptions import InvalidTag

from jifen.office.vault.ciphers import AES, SM4, cipher_of, decrypt, encrypt, generate_key
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable, seal, unseal

_MARKS = {AES: b"JFS1\n", SM4: b"JFS2\n"}
_MARK_BYTES = 5
_LONGEST_HEAD = 400
"""Bytes within which the sealed key ends."""


def seal_file(content: bytes, place: str) -> bytes:
    """The content as it is kept at a place."""
    cipher = cipher_of(keys().current)
    file_key = generate_key(cipher)
    return _build_head(cipher, file_key, place) + encrypt(cipher, file_key, content, place)


def open_file(kept: bytes, place: str) -> bytes:
    """The content of what is kept at a place; a file that is not sealed is its own content. Raises
    Unreadable."""
    cipher = _find_cipher(kept)
    if cipher is None:
        return kept
    file_key, body = _open_head(kept, place)
    try:
        return decrypt(cipher, file_key, body, place)
    except (InvalidTag, ValueError):
        raise Unreadable(f"the file at {place} was changed or belongs elsewhere") from None


def reseal_file(kept: bytes, place: str) -> bytes | None:
    """The same file under the key in use, sealed now where it was not; None where nothing has to
    be done. Raises Unreadable."""
    cipher, current = _find_cipher(kept), keys().current
    if cipher is None:
        return seal_file(kept, place)
    if name_key_of(kept) == current:
        return None
    if cipher != cipher_of(current):
        return seal_file(open_file(kept, place), place)
    file_key, body = _open_head(kept, place)
    return _build_head(cipher, file_key, place) + body


def name_key_of(kept: bytes) -> str:
    """The name of the key that seals the key of a file; '' for a file that is not sealed."""
    if _find_cipher(kept) is None:
        return ""
    return kept[_MARK_BYTES:_LONGEST_HEAD].split(b".", 1)[0].decode(errors="replace")


def _find_cipher(kept: bytes) -> str | None:
    """The cipher that a file says; None where it is not sealed."""
    return next((name for name, mark in _MARKS.items() if kept.startswith(mark)), None)


def _build_head(cipher: str, file_key: bytes, place: str) -> bytes:
    sealed_key = seal(base64.b64encode(file_key).decode(), _bind_head(place))
    return _MARKS[cipher] + sealed_key.encode() + b"\n"


def _open_head(kept: bytes, place: str) -> tuple[bytes, bytes]:
    """The key of a file, and what follows its head. Raises Unreadable."""
    end = kept.find(b"\n", _MARK_BYTES, _LONGEST_HEAD)
    if end < 0:
        raise Unreadable(f"the head of the file at {place} was changed")
    sealed_key = kept[_MARK_BYTES:end].decode(errors="replace")
    return base64.b64decode(unseal(sealed_key, _bind_head(place))), kept[end + 1 :]


def _bind_head(place: str) -> str:
    return f"file:{place}"
