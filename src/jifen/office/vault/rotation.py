"""Replacing a key in the file of keys, in three steps: announce it, activate it, finish.

Announced: every process reads the new key and none writes with it. Active: every process writes
with it, and reads what the older ones wrote. Finished: nothing depends on the older key. Between
two steps the caller waits until all processes hold the same file (vault/reloaded_file.py), so that
no process meets what it cannot read. The file itself says how far the rotation is ("announced",
"used"), so that a rotation that was stopped goes on from there.
"""

import base64
from typing import Any

from jifen.office.vault.ciphers import CIPHER_OF_SUITE, DEFAULT
from jifen.office.vault.keys import derive_public_key, new_key, new_seal_key

KeyFile = dict[str, Any]
"""A file of keys as JSON."""

SEAL, INDEX, SIGNATURE = "seal", "index", "signature"
KINDS = (SEAL, INDEX, SIGNATURE)


def is_announced(written: KeyFile, kind: str) -> bool:
    """Whether a new key of that kind stands in the file, and is not used yet."""
    return _FIELDS[kind] in written.get("announced", {})


def is_unfinished(written: KeyFile, kind: str) -> bool:
    """Whether a key of that kind is in use, and something may still depend on the older one."""
    return kind in written.get("used", [])


def announce_key(written: KeyFile, kind: str, suite: str = DEFAULT) -> KeyFile:
    """The file with a new key that nothing is written with yet; a seal is of the suite."""
    announced = dict(written.get("announced", {}))
    if kind == SEAL:
        name = _next_name(CIPHER_OF_SUITE[suite], written["seal"])
        announced["seal"] = name
        return written | {
            "announced": announced,
            "seal": written["seal"] | {name: new_seal_key(suite)},
        }
    if kind == INDEX:
        announced["index"] = new_key()
    else:
        used_names = [written.get("sign_id", "s1"), *written.get("older_sign", {})]
        announced |= {"sign": new_key(), "sign_id": _next_name("s", used_names)}
    return written | {"announced": announced}


def activate_key(written: KeyFile, kind: str) -> KeyFile:
    """The file with the announced key in use, and the one before it among the older ones."""
    announced = dict(written["announced"])
    changes: KeyFile = {}
    if kind == SEAL:
        changes["current"] = announced.pop("seal")
    elif kind == INDEX:
        changes["older_index"] = [written["index"], *written.get("older_index", [])]
        changes["index"] = announced.pop("index")
    else:
        public = base64.b64encode(derive_public_key(base64.b64decode(written["sign"]))).decode()
        older = written.get("older_sign", {})
        changes["older_sign"] = {written.get("sign_id", "s1"): public} | older
        changes |= {"sign": announced.pop("sign"), "sign_id": announced.pop("sign_id")}
    return written | changes | {"announced": announced, "used": [*written.get("used", []), kind]}


def finish_rotation(written: KeyFile, kind: str) -> KeyFile:
    """The file when nothing is left to do under the older key."""
    return written | {
        "used": [used_kind for used_kind in written.get("used", []) if used_kind != kind]
    }


def drop_older_keys(written: KeyFile) -> tuple[KeyFile, list[str]]:
    """The file without the older keys to seal with, and their names."""
    needed = {written["current"], written.get("announced", {}).get("seal")}
    older = [name for name in written["seal"] if name not in needed]
    seal = {name: key for name, key in written["seal"].items() if name in needed}
    return written | {"seal": seal}, older


_FIELDS = {SEAL: "seal", INDEX: "index", SIGNATURE: "sign"}


def _next_name(letter: str, taken: Any) -> str:
    numbers = [int(name[1:]) for name in taken if name[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"
