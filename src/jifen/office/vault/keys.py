"""The keys of an installation: some to seal with, one to look up by, one to sign with.

They stand in one file outside the database (JIFEN_KEYS, by default var/keys.json), readable by its
user only: {"seal": {"k1": base64 of 32 bytes, ...}, "current": "k1", "index": base64, "sign":
base64}. A new key is added under a new name and made current; older ones stay to read with.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.vault.kept import write_once


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal`: AES-256 keys by name; `index`: HMAC key; `sign`: Ed25519 seed, named `sign_id`."""

    seal: dict[str, bytes]
    current: str
    index: bytes
    sign: bytes
    sign_id: str = "s1"


@cache
def keys() -> Keys:
    """The keys of this installation; the embedded mode makes them once. Raises
    ImproperlyConfigured where production has none, or the file is not such a file."""
    path = Path(settings.JIFEN_KEYS)
    if not path.exists():
        if settings.JIFEN_MODE == "production":
            raise ImproperlyConfigured(
                f"JIFEN_KEYS names no file ({path}), and production makes no keys by itself: "
                "write one with `jifen keys new FILE`, keep it outside the database's backup."
            )
        write_once(path, new_keys())
    return _read(path)


def new_keys() -> str:
    """The text of a new key file."""

    def made() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return json.dumps(
        {"seal": {"k1": made()}, "current": "k1", "index": made(), "sign": made()}, indent=1
    )


def _read(path: Path) -> Keys:
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        seal = {name: _key(text) for name, text in said["seal"].items()}
        found = Keys(seal, said["current"], _key(said["index"]), _key(said["sign"]))
        _ = seal[found.current]
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ImproperlyConfigured(
            f"{path} is not a file of keys ({type(error).__name__}); expected what "
            "`jifen keys new FILE` writes. Restore it from its backup: without the old keys "
            "what is sealed cannot be read."
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others: chmod 600 {path.name}")
    return found


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key of 32 bytes was expected")
    return key
