"""The keys of an installation: some to seal with, one to look up by, one to sign with.

They stand in one file outside the database (JIFEN_KEYS, by default var/keys.json), readable by its
user only: {"seal": {"k1": base64 of 32 bytes, ...}, "current": "k1", "index": base64, "sign":
base64}. Keys to seal with are named k1, k2 (AES-256) or m1, m2 (SM4, 16 bytes).
 `jifen keys rotate` replaces keys (vault/rotation.py): then older ones stand beside them
("older_index", "older_sign": public keys by name), and one that is announced but not used yet.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.vault.ciphers import CIPHER_OF_SUITE, DEFAULT, decode_key, generate_key
from jifen.office.vault.reloaded_file import ReloadedFile
from jifen.office.vault.secret_files import write_once


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal`: AES-256 or SM4 keys by name; `index`: HMAC key; `sign`: Ed25519 seed, named
    `sign_id`.

    `other_index`: keys of rows that are not indexed anew yet, and one that is announced;
    `other_sign`: public keys, by name, of signatures made before."""

    seal: dict[str, bytes]
    current: str
    index: bytes
    sign: bytes
    sign_id: str = "s1"
    other_index: tuple[bytes, ...] = ()
    other_sign: Mapping[str, bytes] = field(default_factory=dict)


def _get_key_file() -> Path:
    return Path(settings.JIFEN_KEYS)


def _read_or_create(path: Path) -> Keys:
    if not path.exists():
        if settings.JIFEN_MODE == "production":
            raise ImproperlyConfigured(
                f"JIFEN_KEYS names no file ({path}), and production makes no keys by itself: "
                "write one with `jifen keys new FILE`, keep it outside the database's backup."
            )
        write_once(path, new_keys(settings.JIFEN_SUITE))
    return _read_key_file(path)


def new_key() -> str:
    """A new key of 32 random bytes, as it stands in the file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_seal_key(suite: str) -> str:
    """A new key to seal with, as it stands in the file."""
    return base64.b64encode(generate_key(CIPHER_OF_SUITE[suite])).decode()


def new_keys(suite: str = DEFAULT) -> str:
    """The text of a new key file."""
    name = f"{CIPHER_OF_SUITE[suite]}1"
    keys_by_use = {"seal": {name: new_seal_key(suite)}, "current": name, "index": new_key()}
    return json.dumps(keys_by_use | {"sign": new_key()}, indent=1)


def _read_key_file(path: Path) -> Keys:
    try:
        parsed = parse_keys(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ImproperlyConfigured(
            f"{path} is not a file of keys ({type(error).__name__}); expected what "
            "`jifen keys new FILE` writes. Restore it from its backup: without the old keys "
            "what is sealed cannot be read."
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others: chmod 600 {path.name}")
    return parsed


def parse_keys(written: Any) -> Keys:
    """The keys that a file says. Raises KeyError, TypeError, ValueError, AttributeError."""
    announced = written.get("announced", {})
    index = [*written.get("older_index", []), *filter(None, [announced.get("index")])]
    sign = {name: _decode_key(text) for name, text in written.get("older_sign", {}).items()}
    if "sign" in announced:
        sign[announced["sign_id"]] = derive_public_key(_decode_key(announced["sign"]))
    parsed = Keys(
        seal={name: decode_key(name, text) for name, text in written["seal"].items()},
        current=written["current"],
        index=_decode_key(written["index"]),
        sign=_decode_key(written["sign"]),
        sign_id=written.get("sign_id", "s1"),
        other_index=tuple(map(_decode_key, index)),
        other_sign=sign,
    )
    _ = parsed.seal[parsed.current]
    return parsed


def derive_public_key(seed: bytes) -> bytes:
    """The public key of an Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _decode_key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key of 32 bytes was expected")
    return key


def _can_replace(old: Keys, new: Keys) -> bool:
    """Whether a file still opens and finds what the one before it did."""
    opens = new.seal.get(old.current) == old.seal[old.current]
    return opens and old.index in (new.index, *new.other_index)


keys = ReloadedFile(_get_key_file, _read_or_create, _can_replace)
"""The keys of this installation; the embedded mode makes them once. Raises ImproperlyConfigured
where production has none, or the file is not such a file."""
